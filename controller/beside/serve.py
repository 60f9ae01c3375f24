"""`jacqueesbot run`: everything is got ready once, then it waits for triggers until it is ended."""

from __future__ import annotations

import logging
import logging.handlers
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TextIO

from platformdirs import user_log_path
from threadpoolctl import threadpool_limits

from controller.beside.desk import Desk
from controller.beside.libraries import Libraries
from controller.beside.workshop import Workshop
from controller.config import APP_NAME, Settings
from controller.live_checks import open_live
from controller.progress import LoggedProgress, Progress, watched
from controller.triggers.allowed import readable
from controller.triggers.server import opened_server
from embedding.errors import JacqueesError

_log = logging.getLogger(__name__)
LOG_BYTES, LOG_FILES = 2**20, 3
LOGGED = ("controller", "search", "embedding", "py.warnings")
LOOK_SECONDS = 5.0
"""Between two looks at whether a library has changed."""
SWITCH_SECONDS = 0.0005
"""Python's threads take turns that often: whoever asks for the status waits for the search that long."""


def run(settings: Settings, verbose: bool, say: Callable[[str], None]) -> None:
    """Until it is interrupted or asked to end; KeyboardInterrupt where it was interrupted once more while it ended.
    `say` is told where it listens, once it does. JacqueesError."""
    log_to(log_file(), verbose)
    interrupts = Interrupts()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupts)
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        with opened_server(settings.osc) as server, Workshop(settings) as workshop, threadpool_limits(limits=1):
            with watched() as progress:
                workshop.studio(None, progress)
            desk = Desk(settings, workshop, server.answers, readable(settings), datetime.now)
            try:
                desk.resume()  # first: whoever asks then is told so
                server.start(desk.handle, lambda: desk.board.status)
                say(f"listening on {settings.osc.host}:{server.port}; Live: {_found(settings)}")
                _wait(desk, workshop.libraries)
            finally:
                desk.close()
    except KeyboardInterrupt:
        _log.info("ended")
        if interrupts.count > 1:
            raise


class Interrupts:
    """A handler of signals. The first one ends what is at work, the next ones the tidying up: KeyboardInterrupt."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        self.count += 1
        raise KeyboardInterrupt


def _wait(desk: Desk, libraries: Libraries) -> None:
    """Until KeyboardInterrupt."""
    progress = LoggedProgress(_log)
    while True:
        time.sleep(LOOK_SECONDS)
        desk.resume_later()
        refresh(libraries, progress)


def refresh(libraries: Libraries, progress: Progress) -> None:
    """Hears what has changed in them. What goes wrong ends nothing: where it lasts, the next job tells of it."""
    try:
        if libraries.is_stale:
            libraries.library(progress)
    except JacqueesError as why:  # a folder is gone, for a while perhaps
        _log.warning("%s", why)
    except Exception:
        _log.exception("a defect: the sample folders are not up to date")


def log_file() -> Path:
    return user_log_path(APP_NAME, appauthor=False) / "run.log"


def log_to(file: Path, verbose: bool) -> None:
    """What JacqueesBot does, and what Python warns of, goes into `file`, which never grows beyond a few MiB; with
    `verbose` to standard error, too, each message included."""
    file.parent.mkdir(parents=True, exist_ok=True)
    to_file = logging.handlers.RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    to_file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handlers: list[logging.Handler] = [to_file]
    if verbose:
        to_screen = ToScreen()
        to_screen.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
        handlers.append(to_screen)
    logging.captureWarnings(True)
    for name in LOGGED:
        logger = logging.getLogger(name)
        logger.setLevel(logging.DEBUG if verbose else logging.INFO)
        logger.handlers = list(handlers)
        logger.propagate = False


class ToScreen(logging.StreamHandler[TextIO]):
    """To standard error as it is at that moment: while a bar stands there, lines go above it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.setStream(sys.stderr)
        super().emit(record)


def _found(settings: Settings) -> str:
    live = open_live(settings)
    return live.found if live.ok else f"{live.found} ({live.mend})"
