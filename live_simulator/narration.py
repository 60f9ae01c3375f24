"""Tells a person what happens in the simulated Live: what the script did and what the user did, tick by tick."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from live_simulator.runtime import Runtime

MOST_LINES_A_TICK = 6
LONGEST_VALUE = 60
UNTOLD = ("begin_undo_step()", "end_undo_step()")
"""They mean nothing to a person."""


class Narration:
    """`write` takes lines such as "1.23 s, tick 120: script: Track '5-Audio'.mute = True".

    Of a tick in which more happens than `most_lines`, the rest is counted; None: all is told.
    """

    def __init__(self, runtime: Runtime, write: Callable[[str], None], most_lines: int | None) -> None:
        self._runtime = runtime
        self._write = write
        self._most_lines = most_lines
        self._told = 0

    def note(self, what: str) -> None:
        if what.endswith(UNTOLD):
            return
        self._told += 1
        if self._most_lines is None or self._told <= self._most_lines:
            self._say(what)

    def end_tick(self) -> None:
        if self._most_lines is not None and self._told > self._most_lines:
            self._say(f"... and {self._told - self._most_lines} more changes")
        self._told = 0

    def _say(self, what: str) -> None:
        self._write(f"{self._runtime.now_ms / 1000.0:.2f} s, tick {self._runtime.tick}: {what}")


def write_in_words(wrapper: Any, name: str, value: Any) -> str:
    return f"{_title(wrapper)}.{name} = {_shown(value)}"


def call_in_words(wrapper: Any, name: str, arguments: Sequence[Any]) -> str:
    return f"{_title(wrapper)}.{name}({', '.join(_shown(value) for value in arguments)})"


def _title(wrapper: Any) -> str:
    name = getattr(wrapper, "name", "")
    return f"{type(wrapper).__name__} {_shown(name)}" if name else type(wrapper).__name__


def _shown(value: Any) -> str:
    if hasattr(value, "_node"):
        return _title(value)
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:8]}...{text[11 - LONGEST_VALUE :]}"
