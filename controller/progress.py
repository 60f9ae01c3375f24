"""What the user sees of long work: a bar on a terminal, nothing on a pipe. And how Ctrl-C is heard."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol, TextIO


class Progress(Protocol):
    """Whom the flow tells how far it is, and whom it asks whether to stop."""

    @property
    def stop_requested(self) -> bool:
        """True once the user wants the best so far; polled by the search."""

    def show(self, stage: str, fraction: float, score: float | None = None, seconds_left: float | None = None) -> None:
        """`stage` in a word (listening, indexing, searching, building, capturing), `fraction` of it done, 0 to 1;
        the best score so far and the seconds left where they are known."""

    def note(self, line: str) -> None:
        """Something good to know, e.g. how long this will take."""

    def warn(self, line: str) -> None:
        """Something that went wrong without ending the work."""


class QuietProgress:
    """For pipes and tests: warnings go to `stream`, the rest nowhere."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._stop = False

    @property
    def stop_requested(self) -> bool:
        return self._stop

    def request_stop(self) -> None:
        self._stop = True

    def show(self, stage: str, fraction: float, score: float | None = None, seconds_left: float | None = None) -> None:
        pass

    def note(self, line: str) -> None:
        pass

    def warn(self, line: str) -> None:
        print(f"jacqueesbot: warning: {line}", file=self._stream)


class LoggedProgress(QuietProgress):
    """For what goes on unseen: notes and warnings go to `log`."""

    def __init__(self, log: logging.Logger) -> None:
        super().__init__()
        self._log = log

    def note(self, line: str) -> None:
        self._log.info("%s", line)

    def warn(self, line: str) -> None:
        self._log.warning("%s", line)


class TerminalProgress(QuietProgress):
    """One bar on the terminal `stream`: stage, best score, time left. A context manager."""

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__(stream)
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[score]}"),
            TextColumn("{task.fields[left]}"),
            console=Console(file=self._stream),
            transient=True,
        )
        self._task = self._bar.add_task("starting", total=1.0, score="", left="")

    def __enter__(self) -> TerminalProgress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def request_stop(self) -> None:
        super().request_stop()
        self.note("stopping; what is best so far is kept (Ctrl-C again ends at once)")

    def show(self, stage: str, fraction: float, score: float | None = None, seconds_left: float | None = None) -> None:
        self._bar.update(
            self._task,
            description=stage,
            completed=min(1.0, max(0.0, fraction)),
            score="" if score is None else f"best {score:.3f}",
            left="" if seconds_left is None else f"{_clock(seconds_left)} left",
        )

    def note(self, line: str) -> None:
        self._bar.console.print(line, markup=False, highlight=False)

    def warn(self, line: str) -> None:
        self._bar.console.print(f"warning: {line}", markup=False, highlight=False)


@contextmanager
def watched(stream: TextIO | None = None) -> Iterator[QuietProgress]:
    """The progress that fits `stream` (standard error): a bar if it is a terminal."""
    stream = stream or sys.stderr
    if stream.isatty():
        with TerminalProgress(stream) as bar:
            yield bar
    else:
        yield QuietProgress(stream)


@contextmanager
def first_interrupt_stops(progress: QuietProgress) -> Iterator[None]:
    """Within, the first Ctrl-C only asks `progress` to stop; a second one is a KeyboardInterrupt."""

    def on_interrupt(_signal: int, _frame: FrameType | None) -> None:
        if progress.stop_requested:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            raise KeyboardInterrupt
        progress.request_stop()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02d}"
