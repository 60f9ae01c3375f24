"""Lanes: which clips share a track. As few lanes as clips overlap, each with clips of few roles and samples."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise, permutations
from typing import NamedTuple

from search.arrangement import Clip
from search.editing import TOUCH_SECONDS

ROLE_COST = 4
"""A lane with clips of two roles is as bad as one of so many more samples."""


class Placed(NamedTuple):
    """A clip and the role of its sample."""

    clip: Clip
    role: str


Lane = list[Placed]
"""In time order, without overlaps."""


def lane_count(placed: Iterable[Placed]) -> int:
    """How many lanes the clips need: as many as sound at once."""
    ends: list[float] = []
    most = 0
    for one in sorted(placed):
        ends = [end for end in ends if end > one.clip.start_seconds + TOUCH_SECONDS]
        ends.append(one.clip.end_seconds)
        most = max(most, len(ends))
    return most


def lanes_of(placed: Iterable[Placed]) -> list[Lane]:
    """The clips on `lane_count` lanes: in time order each on the free lane whose clips are most like it, then gathered
    by role and sample."""
    lanes: list[Lane] = []
    kinds: list[set[str]] = []
    for one in sorted(placed):
        start = one.clip.start_seconds + TOUCH_SECONDS
        free = [number for number, lane in enumerate(lanes) if lane[-1].clip.end_seconds <= start]
        if not free:
            free = [len(lanes)]
            lanes.append([])
            kinds.append(set())
        number = min(free, key=lambda n: (one.role not in kinds[n], one.clip.sample not in kinds[n]))
        lanes[number].append(one)
        kinds[number] |= {one.role, one.clip.sample}
    return _gathered(lanes)


def _gathered(lanes: list[Lane]) -> list[Lane]:
    """A lane's clips of a sample change places with what is in their way on another lane that has the sample, too,
    while that makes lanes of fewer samples."""
    changed = True
    while changed:
        changed = False
        for sample in sorted({one.clip.sample for lane in lanes for one in lane}):
            having = [number for number, lane in enumerate(lanes) if any(one.clip.sample == sample for one in lane)]
            for source, goal in permutations(having, 2):
                after = _exchanged(lanes[source], lanes[goal], sample)
                if after and sum(map(_cost, after)) < _cost(lanes[source]) + _cost(lanes[goal]):
                    lanes[source], lanes[goal] = after
                    changed = True
    return [lane for lane in lanes if lane]


def _exchanged(source: Lane, goal: Lane, sample: str) -> tuple[Lane, Lane] | None:
    """Both lanes after all clips of `sample` went from one to the other, and what they overlap there the other way;
    None where that has no room."""
    moving = [one for one in source if one.clip.sample == sample]
    in_way = {one for one in goal if not _is_free(moving, one)}
    new_source = sorted([*(one for one in source if one.clip.sample != sample), *in_way])
    if any(
        after.clip.start_seconds < before.clip.end_seconds - TOUCH_SECONDS for before, after in pairwise(new_source)
    ):
        return None
    return new_source, sorted([*(one for one in goal if one not in in_way), *moving])


def _is_free(lane: Sequence[Placed], one: Placed) -> bool:
    at = bisect_left(lane, one.clip.start_seconds, key=lambda other: other.clip.start_seconds)
    if at < len(lane) and lane[at].clip.start_seconds < one.clip.end_seconds - TOUCH_SECONDS:
        return False
    return at == 0 or lane[at - 1].clip.end_seconds <= one.clip.start_seconds + TOUCH_SECONDS


def _cost(lane: Lane) -> int:
    return len({one.clip.sample for one in lane}) + ROLE_COST * len({one.role for one in lane})
