"""Lanes: which clips share a track. As few as clips overlap, each with clips of one role and few samples."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise, permutations
from typing import NamedTuple

from search.arrangement import Clip
from search.editing import TOUCH_SECONDS
from search.roles import COLORS

ROLE_ORDER = {role: place for place, role in enumerate(COLORS)}


class Placed(NamedTuple):
    """A clip, the role of its sample, and the pan of its track."""

    clip: Clip
    role: str
    pan: float


Lane = list[Placed]
"""In time order, without overlaps, of one pan."""


def lanes_of(placed: Iterable[Placed]) -> list[Lane]:
    """Clips of one pan on as many lanes as sound at once: in time order each on the free lane whose clips are most like
    it, then gathered by sample."""
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


def fewer(lanes: Sequence[Lane], most: int) -> list[Lane]:
    """At most so many lanes, or as few as can be: those of the fewest clips are given up where there is room for their
    clips on others; where there is none, all lanes of a pan are laid anew, whatever their roles."""
    left = [list(lane) for lane in lanes]
    while len(left) > most:
        by_size = sorted(range(len(left)), key=lambda number: len(left[number]))
        without = (_without(left, number) for number in by_size)
        found = next((others for others in without if others is not None), None)
        if found is None:
            pans = {lane[0].pan for lane in left}
            return [lane for pan in sorted(pans) for lane in lanes_of(one for x in left for one in x if one.pan == pan)]
        left = found
    return left


def role_of_lane(lane: Lane) -> str:
    """What most of its clips are."""
    counts = Counter(one.role for one in lane)
    return max(counts, key=lambda role: (counts[role], role))


def _without(lanes: Sequence[Lane], number: int) -> list[Lane] | None:
    """The other lanes, with the clips of that one where there is room, those of a near role first; None where there is
    not room for all."""
    others = [list(lane) for place, lane in enumerate(lanes) if place != number]
    roles = [role_of_lane(lane) for lane in others]
    for one in lanes[number]:
        free = [place for place, lane in enumerate(others) if lane[0].pan == one.pan and is_free(lane, one)]
        if not free:
            return None
        insort(others[min(free, key=lambda place: (_apart(roles[place], one.role), len(others[place])))], one)
    return others


def _apart(role: str, other: str) -> int:
    """How far from one another two roles are, as producers order them; the user's own are far from all."""
    if role == other:
        return 0
    far = len(ROLE_ORDER)
    return abs(ROLE_ORDER.get(role, -far) - ROLE_ORDER.get(other, 2 * far))


def _gathered(lanes: list[Lane]) -> list[Lane]:
    """A lane's clips of a sample change places with what is in their way on another lane that has the sample, too,
    while that makes lanes of fewer roles and samples."""
    changed = True
    while changed:
        changed = False
        for sample in sorted({one.clip.sample for lane in lanes for one in lane}):
            having = [number for number, lane in enumerate(lanes) if any(one.clip.sample == sample for one in lane)]
            for source, goal in permutations(having, 2):
                after = _exchanged(lanes[source], lanes[goal], sample)
                if after and sum(map(_kinds, after)) < _kinds(lanes[source]) + _kinds(lanes[goal]):
                    lanes[source], lanes[goal] = after
                    changed = True
    return [lane for lane in lanes if lane]


def _exchanged(source: Lane, goal: Lane, sample: str) -> tuple[Lane, Lane] | None:
    """Both lanes after all clips of `sample` went from one to the other, and what they overlap there the other way;
    None where that has no room."""
    moving = [one for one in source if one.clip.sample == sample]
    in_way = {one for one in goal if not is_free(moving, one)}
    new_source = sorted([*(one for one in source if one.clip.sample != sample), *in_way])
    if any(
        after.clip.start_seconds < before.clip.end_seconds - TOUCH_SECONDS for before, after in pairwise(new_source)
    ):
        return None
    return new_source, sorted([*(one for one in goal if one not in in_way), *moving])


def is_free(lane: Sequence[Placed], one: Placed) -> bool:
    at = bisect_left(lane, one.clip.start_seconds, key=lambda other: other.clip.start_seconds)
    if at < len(lane) and lane[at].clip.start_seconds < one.clip.end_seconds - TOUCH_SECONDS:
        return False
    return at == 0 or lane[at - 1].clip.end_seconds <= one.clip.start_seconds + TOUCH_SECONDS


def _kinds(lane: Lane) -> int:
    return len({(one.role, one.clip.sample) for one in lane}) + len({one.role for one in lane})
