"""`jacqueesbot run`: everything is got ready once, then it waits for triggers until it is ended."""

from __future__ import annotations

import logging
import logging.handlers
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from platformdirs import user_log_path
from threadpoolctl import threadpool_limits

from controller.beside.desk import Desk
from controller.beside.workshop import Workshop
from controller.config import APP_NAME, Settings
from controller.live_checks import open_live
from controller.progress import Progress
from controller.triggers.allowed import readable
from controller.triggers.server import opened_server

_log = logging.getLogger(__name__)
LOG_BYTES, LOG_FILES = 2**20, 3
LOOK_SECONDS = 5.0
"""Between two looks at whether a library has changed."""


def run(settings: Settings, verbose: bool, progress: Progress, say: Callable[[str], None]) -> None:
    """Until it is interrupted or asked to end. `say` is told where it listens, once it does. JacqueesError."""
    log_to(log_file(), verbose)
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _signal, _frame: ended.set())
    with opened_server(settings.osc) as server, Workshop(settings) as workshop, threadpool_limits(limits=1):
        workshop.studio(None, progress)
        desk = Desk(settings, workshop, server.answers, readable(settings), datetime.now)
        try:
            server.start(desk.handle, lambda: desk.board.status)
            say(f"listening on {settings.osc.host}:{server.port}; Live: {_found(settings)}")
            desk.resume()
            while not ended.wait(LOOK_SECONDS):
                if workshop.libraries.is_stale:
                    workshop.libraries.library(progress)
        finally:
            desk.close()


def log_file() -> Path:
    return user_log_path(APP_NAME, appauthor=False) / "run.log"


def log_to(file: Path, verbose: bool) -> None:
    """What JacqueesBot does goes into `file`, which never grows beyond a few MiB; with `verbose` to standard error,
    too, each message included."""
    file.parent.mkdir(parents=True, exist_ok=True)
    to_file = logging.handlers.RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    to_file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handlers: list[logging.Handler] = [to_file]
    if verbose:
        to_screen = logging.StreamHandler(sys.stderr)
        to_screen.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
        handlers.append(to_screen)
    ours = logging.getLogger("controller")
    ours.setLevel(logging.DEBUG if verbose else logging.INFO)
    ours.handlers = handlers
    ours.propagate = False


def _found(settings: Settings) -> str:
    live = open_live(settings)
    return live.found if live.ok else f"{live.found} ({live.mend})"
