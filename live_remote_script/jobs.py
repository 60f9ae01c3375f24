"""Work that lasts several of Live's ticks, as generators: each `yield` means 'go on in a later tick'.

Live defers many writes to its next tick, so a command is written as one readable generator, and other commands are
served between its ticks. A tick has a budget of seconds; what it does not reach comes first in the next one.
"""

from __future__ import annotations

import time
from collections import deque
from contextlib import ExitStack, contextmanager
from typing import Any, Callable, Deque, Dict, Generator, Hashable, Iterator, List

Steps = Generator[None, None, List[Any]]
"""A command at work; what it returns are the values of its reply."""
Wait = Generator[None, None, None]

TICK_BUDGET_SECONDS = 0.005
PATIENCE_TICKS = 100


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


class Jobs:
    """The commands at work. `clock` gives seconds."""

    def __init__(
        self, clock: Callable[[], float] = time.perf_counter, budget_seconds: float = TICK_BUDGET_SECONDS
    ) -> None:
        self._clock = clock
        self._budget_seconds = budget_seconds
        self._waiting: Deque[Job] = deque()

    def add(self, job: Job) -> None:
        self._waiting.append(job)

    @property
    def unfinished(self) -> int:
        return len(self._waiting)

    @property
    def unfinished_writes(self) -> int:
        return sum(1 for job in self._waiting if job.writes)

    def run_tick(self, song: Callable[[], Any]) -> None:
        """Every job goes on to its next `yield`, as far as the budget reaches (one at least).

        All that writes in this tick is one undo step of Live's, closed in this tick: one left open would swallow the
        user's edits.
        """
        deadline = self._clock() + self._budget_seconds
        with ExitStack() as tick:
            in_undo_step = False
            for _ in range(len(self._waiting)):
                job = self._waiting.popleft()
                try:
                    if job.writes and not in_undo_step:
                        tick.enter_context(_undo_step(song()))
                        in_undo_step = True
                except Exception as why:  # told to the asker: e.g. the set is being closed
                    job.failed(why)
                    continue
                self._go_on(job)
                if self._clock() >= deadline:
                    return

    def close(self, why: Exception) -> None:
        """Ends every job with `why`."""
        while self._waiting:
            job = self._waiting.popleft()
            try:
                job.steps.close()
            except Exception as worse:  # told to the asker, and logged there; the others must end too
                job.failed(worse)
            else:
                job.failed(why)

    def _go_on(self, job: Job) -> None:
        try:
            next(job.steps)
        except StopIteration as end:
            job.done(end.value)
        except Exception as why:  # told to the asker, and logged there
            job.failed(why)
        else:
            self._waiting.append(job)


class Turns:
    """Who may work on a thing that one job at a time may work on, in order of arrival."""

    def __init__(self) -> None:
        self._lines: Dict[Hashable, Deque[object]] = {}

    def take(self, thing: Hashable) -> Wait:
        """Waits for its turn. To be followed by `try: ... finally: give_back(thing)`."""
        line = self._lines.setdefault(thing, deque())
        ticket = object()
        line.append(ticket)
        while line[0] is not ticket:
            yield

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


@contextmanager
def _undo_step(song: Any) -> Iterator[None]:
    song.begin_undo_step()
    try:
        yield
    finally:
        song.end_undo_step()
