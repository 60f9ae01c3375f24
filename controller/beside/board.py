"""How the job stands, for whoever asks, and told to whoever listens."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from pathlib import Path

from controller.triggers.answers import Answers, Progress, ScoreTold, Sender, State, StatusTold
from embedding.errors import JacqueesError

_log = logging.getLogger(__name__)
IDLE = StatusTold("idle", "", 0.0, 0.0)
TELL_SECONDS = 0.1
"""Between two messages of progress."""
STATES: dict[str, State] = {
    "listening": "listening",
    "indexing": "listening",
    "searching": "searching",
    "building": "building",
    "capturing": "capturing",
}
"""By what `controller.progress` calls the stages of work."""


class JobStopped(JacqueesError):
    """The user has stopped the job; what stands in the set by then stays."""


class Board:
    """A controller.progress.Progress for one job after the other. Any thread may ask for its `status`."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._lock = threading.Lock()
        self._status = IDLE
        self._asker: Sender | None = None
        self._stop = threading.Event()
        self._told_seconds = 0.0

    @property
    def status(self) -> StatusTold:
        with self._lock:
            return self._status

    @property
    def stop_requested(self) -> bool:
        return self._stop.is_set()

    def request_stop(self) -> None:
        self._stop.set()

    def begin(self, target: str, asker: Sender | None) -> None:
        """A job of which `asker` is to hear."""
        self._stop.clear()
        with self._lock:
            self._asker, self._status = asker, StatusTold("searching", target, 0.0, 0.0)
        self._answers.tell(self.status, asker)

    def end(self) -> None:
        with self._lock:
            asker, self._asker, self._status = self._asker, None, IDLE
        self._answers.tell(IDLE, asker)

    def show(self, stage: str, fraction: float, score: float | None = None, seconds_left: float | None = None) -> None:
        """JobStopped behind the search, if the user has asked for that: the search itself ends with what it has."""
        state, now = STATES[stage], time.monotonic()
        with self._lock:
            before, asker = self._status, self._asker
            best = before.score if score is None else score
            self._status = replace(before, state=state, progress=min(1.0, max(0.0, fraction)), score=best)
            is_due = before.state != state or now - self._told_seconds >= TELL_SECONDS
            self._told_seconds = now if is_due else self._told_seconds
        if before.state != state:
            _log.info("%s", stage)
            self._answers.tell(self.status, asker)
        if is_due:
            self._answers.tell(Progress(self.status.progress, stage), asker)
        if best != before.score:
            self._answers.tell(ScoreTold(best), asker)
        if self.stop_requested and state != "searching":
            raise JobStopped(f"{Path(before.target).name}: stopped; what stands in the set stays")

    def note(self, line: str) -> None:
        _log.info("%s", line)

    def warn(self, line: str) -> None:
        _log.warning("%s", line)
