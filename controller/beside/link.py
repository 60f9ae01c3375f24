"""The way to the script in Live: found anew each time, as Live may have been closed, or have opened another set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from controller.config import Settings
from controller.stage import Stage, connect
from controller.token import read_or_make_token, token_path
from live_remote_script.protocol import DEFAULT_HOST

PATIENCE_SECONDS = 10.0
"""Live may be busy with opening a set; whoever presses a button waits no longer."""


@contextmanager
def connected(settings: Settings, proceed: Callable[[], None] = lambda: None) -> Iterator[Stage]:
    """The set that is open now; files of the libraries may be placed there. What `proceed` raises ends what is asked of
    Live. StageError where no Live answers."""
    stage = connect(
        DEFAULT_HOST,
        settings.osc.script_port,
        settings.samples_folder,
        read_or_make_token(token_path(settings.osc.token_file)),
        settings.library.folders,
        patience_seconds=PATIENCE_SECONDS,
        proceed=proceed,
    )
    with stage:
        yield stage
