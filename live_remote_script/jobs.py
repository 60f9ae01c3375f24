"""Work that lasts several of Live's ticks, as generators: each bare `yield` means 'go on in a later tick'.

Live defers many writes to its next tick, so a command is written as one readable generator, and other commands are
served between its ticks. Some of Live's calls block it for more than ten milliseconds (making, copying, deleting clips
and tracks): before each of them a job says `yield COSTLY`, and goes on when there is room for it. A job that only looks
on for long, as while something is recorded, says `yield WATCHING`: no undo step is opened for that.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Any, Callable, Deque, Dict, Generator, Hashable, List

Steps = Generator[Any, None, List[Any]]
"""A command at work; what it returns are the values of its reply."""
Wait = Generator[Any, None, None]

COSTLY = "costly"
"""What a job yields before a call that blocks Live: its next stretch begins with that call."""
WATCHING = "watching"
"""What a job yields before a stretch that writes nothing."""
BUDGET_SECONDS = 0.005
"""Of a tick, for all that is not costly."""
LATEST_START_SECONDS = 0.01
"""After the tick's start; a costly call that comes later waits, and is the next tick's first."""
PATIENCE_TICKS = 100
TICKS_A_SECOND = 100
"""At most: Live's timer is no quicker."""
FEWEST_TICKS = 10


class Refused(Exception):
    """A command is refused with one of protocol.ERRORS."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Job:
    def __init__(
        self,
        steps: Steps,
        writes: bool,
        done: Callable[[List[Any]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self.steps = steps
        self.writes = writes
        self.done = done
        self.failed = failed
        self.writes_next = writes
        """In its next stretch."""


class Jobs:
    """The commands at work. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self._waiting: Deque[Job] = deque()
        self._costly: Deque[Job] = deque()
        self._costly_is_overdue = False

    def add(self, job: Job) -> None:
        self._waiting.append(job)

    @property
    def unfinished(self) -> int:
        return len(self._waiting) + len(self._costly)

    @property
    def unfinished_writes(self) -> int:
        return sum(1 for job in [*self._waiting, *self._costly] if job.writes)

    def run_tick(self, song: Callable[[], Any]) -> None:
        """Every job goes on to its next `yield`, as far as the budget reaches (one at least), then costly calls are made
        as long as they begin early enough.

        All that writes in this tick is one undo step of Live's, closed in this tick: one left open would swallow the
        user's edits.
        """
        began = self.clock()
        step = _UndoStep(song)
        try:
            made = self._run_costly(began, step) if self._costly_is_overdue else 0
            for count in range(len(self._waiting)):
                if count and self.clock() - began >= BUDGET_SECONDS:
                    break
                self._go_on(self._waiting.popleft(), step)
            made += self._run_costly(began, step)
            self._costly_is_overdue = bool(self._costly) and not made
        finally:
            step.close()

    def close(self, why: Exception) -> None:
        """Ends every job with `why`."""
        while self._waiting or self._costly:
            job = (self._waiting or self._costly).popleft()
            try:
                job.steps.close()
            except Exception as worse:  # told to the asker, and logged there; the others must end too
                job.failed(worse)
            else:
                job.failed(why)

    def _run_costly(self, began: float, step: _UndoStep) -> int:
        made = 0
        while self._costly and self.clock() - began < LATEST_START_SECONDS:
            self._go_on(self._costly.popleft(), step)
            made += 1
        return made

    def _go_on(self, job: Job, step: _UndoStep) -> None:
        try:
            if job.writes_next:
                step.open()
            what_next = next(job.steps)
            job.writes_next = job.writes and what_next != WATCHING
        except StopIteration as end:
            job.done(end.value)
        except Exception as why:  # told to the asker, and logged there; e.g. the set is being closed
            job.failed(why)
        else:
            (self._costly if what_next == COSTLY else self._waiting).append(job)


class _UndoStep:
    """Of one tick: opened by the first job that writes."""

    def __init__(self, song: Callable[[], Any]) -> None:
        self._song = song
        self._opened: Any = None

    def open(self) -> None:
        if self._opened is None:
            song = self._song()
            song.begin_undo_step()
            self._opened = song

    def close(self) -> None:
        if self._opened is not None:
            self._opened.end_undo_step()


class Turns:
    """Who may work on a thing that one job at a time may work on, in order of arrival."""

    def __init__(self) -> None:
        self._lines: Dict[Hashable, Deque[object]] = {}

    def take(self, thing: Hashable) -> Wait:
        """Waits for its turn. To be followed by `try: ... finally: give_back(thing)`."""
        line = self._lines.setdefault(thing, deque())
        ticket = object()
        line.append(ticket)
        if line[0] is ticket:
            return
        try:
            while line[0] is not ticket:
                yield WATCHING
            yield  # what comes next may write
        except GeneratorExit:
            line.remove(ticket)
            raise

    def give_back(self, thing: Hashable) -> None:
        line = self._lines[thing]
        line.popleft()
        if not line:
            del self._lines[thing]


def wait_until(reached: Callable[[], bool], otherwise: Callable[[], Refused], ticks: int = PATIENCE_TICKS) -> Wait:
    """Goes on in the first later tick in which `reached()`; raises `otherwise()` after so many ticks."""
    for _ in range(ticks):
        yield
        if reached():
            return
    raise otherwise()


class Patience:
    """How long something may take: so many seconds by `clock`, but not before FEWEST_TICKS, as Live may have stood still
    meanwhile; by no clock more ticks than Live has in that time."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._began = clock()
        self._ticks = 0

    def is_over(self) -> bool:
        """To be asked once a tick."""
        self._ticks += 1
        late = self._clock() - self._began >= self._seconds
        return self._ticks > self._seconds * TICKS_A_SECOND or (late and self._ticks > FEWEST_TICKS)


def wait_patiently(reached: Callable[[], bool], otherwise: Callable[[], Refused], patience: Patience) -> Wait:
    """Goes on in the first later tick in which `reached()`; raises `otherwise()` where the patience is over."""
    while not patience.is_over():
        yield
        if reached():
            return
    raise otherwise()
