"""Planners in processes of their own, which work on a wave's tasks side by side."""

from __future__ import annotations

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from search.planner import Planner
from search.waves import TASKS_AT_ONCE, Alone, Crew, Outcome, Task, stretches

LOG = logging.getLogger(__name__)
POLL_SECONDS = 0.05
MOST_ENDING_SECONDS = 2.0
"""Tasks that are told to stop do so within a few evaluations."""
_planners: dict[Path, Planner] = {}
"""In a process of the crew: the planner, once it has been read."""


class Turn(Protocol):
    """The number of the wave that may be played, in memory that all processes share."""

    value: int


_turns: list[Turn] = []
"""In a process of the crew: its one turn."""


@dataclass(eq=False)
class ProcessCrew:
    """Processes that have each read the planner from `file` and end their tasks when it is another's `turn`. Should one
    of them end, all is done in this one."""

    executor: ProcessPoolExecutor
    file: Path
    turn: Turn
    size: int
    alone: Alone

    def run(self, tasks: Sequence[Task], stop: Callable[[], bool]) -> list[Outcome | None]:
        try:
            return self._run(tasks, stop)
        except BrokenProcessPool:
            if self.size > 1:
                LOG.warning("a process of the search has ended (out of memory?); going on with one")
            self.size = 1
            return self.alone.run(tasks, stop)

    def _run(self, tasks: Sequence[Task], stop: Callable[[], bool]) -> list[Outcome | None]:
        futures = [self.executor.submit(_work, self.file, task, self.turn.value) for task in tasks]
        waiting: set[Future[Outcome]] = set(futures)
        while waiting:
            _, waiting = wait(waiting, POLL_SECONDS)
            if waiting and stop():
                self.turn.value += 1
                wait([future for future in waiting if not future.cancel()], MOST_ENDING_SECONDS)
                break
        return [future.result() if future.done() and not future.cancelled() else None for future in futures]


@contextmanager
def crew_of(planner: Planner, processes: int) -> Iterator[Crew]:
    """So many processes with a copy of `planner` each, no more than can be busy; for one, this process itself. They
    start in the background."""
    processes = min(processes, TASKS_AT_ONCE, len(stretches(planner.matcher.moments_seconds, True)))
    if processes < 2:
        yield Alone(planner)
        return
    import joblib

    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="jacqueesbot-crew-", ignore_cleanup_errors=True))
        file = Path(folder, "planner")
        joblib.dump(_without_memories(planner), file)
        context = multiprocessing.get_context("spawn")
        turn: Turn = context.RawValue("Q", 0)
        executor = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(file, turn))
        stack.callback(executor.shutdown, wait=True, cancel_futures=True)
        with _interrupts_ignored():
            for _ in range(processes):
                executor.submit(os.getpid)  # a process is started for each task that waits
        yield ProcessCrew(executor, file, turn, processes, Alone(planner))


def _without_memories(planner: Planner) -> Planner:
    """The same planner that has not remembered anything yet."""
    return replace(planner, matcher=replace(planner.matcher))


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """What is started here ignores the user's interrupt from its first moment on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin(file: Path, turn: Turn) -> None:
    """In a new process: the user's interrupt is the parent's affair, and without a parent there is nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None, "the crew's processes are started by another one"

    def end_with_parent() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()
    _turns.append(turn)
    _planner(file)


def _planner(file: Path) -> Planner:
    if file not in _planners:
        import joblib
        from threadpoolctl import threadpool_limits

        planner: Planner = joblib.load(file, mmap_mode="r")
        threadpool_limits(limits=1)
        _planners[file] = planner
    return _planners[file]


def _work(file: Path, task: Task, turn: int) -> Outcome:
    return _planner(file).work(task, lambda: _turns[0].value != turn)
