"""How the job at work stands, for whoever asks, and told to whoever listens."""

from __future__ import annotations

import logging
import queue
import threading
import time
from dataclasses import replace
from pathlib import Path

from controller.triggers.answers import Answer, Answers, Progress, ScoreTold, Sender, State, StatusTold
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


class JobProgress:
    """A controller.progress.Progress for one job, of which `asker` is to hear; of its end `stopper`, too."""

    def __init__(self, board: Board, target: str, asker: Sender | None) -> None:
        self.asker = asker
        self.stopper: Sender | None = None
        self.status = StatusTold("searching", target, 0.0, 0.0)
        self._board = board
        self._told_seconds = 0.0
        self._is_searching = False
        self._stop = threading.Event()
        self._over: queue.SimpleQueue[None] = queue.SimpleQueue()

    @property
    def stop_requested(self) -> bool:
        return self._stop.is_set()

    def request_stop(self, stopper: Sender | None = None) -> None:
        self.stopper = stopper or self.stopper
        self._stop.set()
        self._over.put(None)

    def work_is_over(self) -> None:
        self._over.put(None)

    def await_stop_or_end(self) -> None:
        """Returns once either is there."""
        self._over.get()

    @property
    def ends_by_itself(self) -> bool:
        """It searches: a stop ends that with what it has, which is built. Other work ends where it is."""
        return self._is_searching

    def proceed(self) -> None:
        """JobStopped, if the user has asked for that, and it does not end by itself."""
        if self.stop_requested and not self._is_searching:
            raise JobStopped(f"{Path(self.status.target).name}: stopped; what stands in the set stays")

    def show(self, stage: str, fraction: float, score: float | None = None, seconds_left: float | None = None) -> None:
        """As `proceed`."""
        state, now, before = STATES[stage], time.monotonic(), self.status
        self._is_searching = state == "searching"
        self.proceed()
        best = before.score if score is None else score
        self.status = replace(before, state=state, progress=min(1.0, max(0.0, fraction)), score=best)
        if before.state != state:
            self._board.tell(self, self.status)
        if before.state != state or now - self._told_seconds >= TELL_SECONDS:
            self._told_seconds = now
            self._board.tell(self, Progress(self.status.progress, stage))
        if best != before.score:
            self._board.tell(self, ScoreTold(best))

    def note(self, line: str) -> None:
        _log.info("%s", line)

    def warn(self, line: str) -> None:
        if not self.stop_requested:
            _log.warning("%s", line)


class Board:
    """Shows one job after the other. Any thread may ask for its `status`."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._lock = threading.Lock()
        self._shown: JobProgress | None = None

    @property
    def status(self) -> StatusTold:
        shown = self._shown
        return IDLE if shown is None else shown.status

    def begin(self, job: JobProgress) -> None:
        if self._shown is not job:
            self._shown = job
            self.tell(job, job.status)

    def tell(self, job: JobProgress, answer: Answer) -> None:
        """Of the job that is shown; what others have to tell that were stopped is of no interest any more."""
        with self._lock:
            if self._shown is job:
                if isinstance(answer, StatusTold):
                    _log.info("%s %s", answer.state, answer.target)
                self._answers.tell(answer, job.asker)

    def rest(self, job: JobProgress) -> None:
        """Idle from now on: nobody need wait for what is left to be done of a job that was stopped."""
        with self._lock:
            if self._shown is job:
                self._shown = None
                self._answers.tell(IDLE, job.asker, job.stopper)

    def end(self, job: JobProgress, answer: Answer) -> None:
        """`answer` is what became of it, also of one that was never shown."""
        with self._lock:
            self._answers.tell(answer, job.asker, job.stopper)
            if self._shown in (job, None):
                self._shown = None
                self._answers.tell(IDLE, job.asker, job.stopper)
