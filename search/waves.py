"""Tree search of a whole recording in waves: its stretches are played side by side, then put together.

All tasks of a wave begin with the same arrangement, and what each has changed is merged into it, so that the result
does not depend on how many processes work, nor on which is first. Between two passes over the recording the stretches
move by half their length: what was a seam then lies within one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from search.arrangement import Arrangement, Clip
from search.editing import insert, remove, role_of_track
from search.locks import NO_LOCKS, Locks
from search.response import FLAT, Response
from search.rules import Rulebook
from search.tree import Settings

STRETCH_SECONDS = 5.0
TASKS_AT_ONCE = 8
TASK_EVALUATIONS = 160
TASK_SECONDS = 3.0
LEAST_TASK_SECONDS = 0.25


@dataclass(frozen=True)
class Task:
    """Play from moment number `cursor` on, up to `end`: so many simulations a move, until so many evaluations or
    seconds are spent."""

    arrangement: Arrangement
    cursor: int
    end: int
    simulations_per_move: int
    evaluations: int
    seconds: float
    seed: tuple[int, ...]
    response: Response = FLAT
    """With which all is judged."""
    locks: Locks = NO_LOCKS
    """Which hold."""


@dataclass(frozen=True)
class Outcome:
    """The best arrangement found, the moment that was reached, the evaluations that were spent."""

    arrangement: Arrangement
    cursor: int
    evaluations: int


class Works(Protocol):
    def work(self, task: Task, stop: Callable[[], bool]) -> Outcome: ...


class Crew(Protocol):
    """Who works on a wave's tasks."""

    @property
    def size(self) -> int: ...
    def run(self, tasks: Sequence[Task], stop: Callable[[], bool]) -> list[Outcome | None]:
        """In the order of the tasks, which end early once `stop` says so; None for those that were not begun."""


@dataclass(frozen=True)
class Alone:
    """A crew of one, in this process."""

    planner: Works
    size: int = 1

    def run(self, tasks: Sequence[Task], stop: Callable[[], bool]) -> list[Outcome | None]:
        return [None if stop() else self.planner.work(task, stop) for task in tasks]


@dataclass
class Stretch:
    """Where a pass stands in one of its parts: the next moment to be played, and the one behind its last."""

    cursor: int
    end: int


@dataclass
class Course:
    """How far a search has come: its sketch, the pass that it is in, and how many waves it has played in all."""

    parts: list[Stretch]
    is_sketched: bool = False
    settings: Settings = field(default_factory=Settings)
    is_shifted: bool = False
    waves: int = 0

    def next_pass(self, moments_seconds: npt.NDArray[np.float64]) -> None:
        self.settings, self.is_shifted = self.settings.doubled(), not self.is_shifted
        self.parts = stretches(moments_seconds, self.is_shifted)


def stretches(moments_seconds: npt.NDArray[np.float64], shifted: bool) -> list[Stretch]:
    """The parts of a pass, in numbers of moments; `shifted` by half their length."""
    first = STRETCH_SECONDS / 2.0 if shifted else STRETCH_SECONDS
    last = float(moments_seconds[-1])
    borders = np.arange(first, max(first, last - STRETCH_SECONDS / 2.0) + 1e-9, STRETCH_SECONDS)
    inner = borders[borders < last - STRETCH_SECONDS / 4.0]
    numbers = [0, *np.searchsorted(moments_seconds, inner).tolist(), len(moments_seconds)]
    return [Stretch(begin, end) for begin, end in pairwise(numbers) if begin < end]


def waves_of(parts: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """The parts to be played next, until each has been played through."""
    while unfinished := [part for part in parts if part.cursor < part.end]:
        yield unfinished[:TASKS_AT_ONCE]


def seconds_each(tasks: int, crew_size: int, seconds_left: float) -> float:
    """How long each of a wave's tasks may take."""
    return min(TASK_SECONDS, seconds_left / -(-tasks // crew_size))


def merged(standing: Arrangement, base: Arrangement, changed: Arrangement, book: Rulebook) -> Arrangement:
    """`standing` with what `changed` has changed of `base`; an edit of a clip that does not stand any more is left out,
    and so is a clip for which there is no room. What is there already is edited also where the user's locks would not
    let it be added."""
    unlocked = replace(book, locks=NO_LOCKS)
    for number in range(max(len(base.tracks), len(changed.tracks))):
        old = base.tracks[number].clips if number < len(base.tracks) else ()
        new = changed.tracks[number].clips if number < len(changed.tracks) else ()
        if old == new:
            continue
        stood, stands = set(old), set(new)
        edited = {clip.place: clip for clip in old if clip not in stands}
        for clip in edited.values():
            where = _track_of(standing, clip)
            if where is not None:
                standing = remove(standing, where, clip)
                continue
            stood.add(clip)
            stands -= {after for after in stands - stood if after.place == clip.place}
        role = role_of_track((changed if number < len(changed.tracks) else base).tracks[number])
        for clip in sorted(stands - stood):
            standing = insert(standing, clip, role, unlocked if clip.place in edited else book) or standing
    return standing


def _track_of(arrangement: Arrangement, clip: Clip) -> int | None:
    return next((number for number, track in enumerate(arrangement.tracks) if clip in track.clips), None)
