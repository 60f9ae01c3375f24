"""What a producer wants of any arrangement, and whether a clip may go into one.

The rules bind what a search adds or changes. What stood in the set before it counts, and stays until it is edited.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from search.arrangement import TOUCH_SECONDS, Arrangement, Clip, Sample, Track
from search.grid import Grid, Lines
from search.locks import NO_LOCKS, Locks


@dataclass(frozen=True)
class Span:
    """A stretch of the arrangement, from `begin_seconds` up to `end_seconds`."""

    begin_seconds: float
    end_seconds: float

    def sounds(self, clip: Clip) -> bool:
        """Whether any of `clip` sounds within it."""
        begins_before = clip.start_seconds < self.end_seconds - TOUCH_SECONDS
        return begins_before and clip.end_seconds > self.begin_seconds + TOUCH_SECONDS


@dataclass(frozen=True)
class Selection:
    """Samples: those at `paths`, and those whose instrument or role is one of `names` (in small letters)."""

    paths: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def holds(self, path: str, *names: str) -> bool:
        return path in self.paths or any(name.casefold() in self.names for name in names)


def within(semitones: int) -> tuple[int, ...]:
    """The transpositions up and down to so many semitones."""
    return tuple(range(-semitones, semitones + 1))


@dataclass(frozen=True)
class Rules:
    """`None` is no limit. Seconds count from the arrangement's 0 s."""

    most_tracks: int = 24
    most_at_once: int | None = None
    """Clips that sound together."""
    most_per_second: int | None = None
    """Clips that start within any one second."""
    most_of_a_sample: int | None = None
    """Clips of the same sample."""
    shortest_seconds: float = 0.0
    """No clip is shorter; samples that are shorter themselves are not used."""
    quietest_db: float = -30.0
    """No clip's loudest 50 ms lie more below those of the target while it sounds; -inf: no limit."""
    transpositions: tuple[int, ...] = within(12)
    grid: Grid | None = None
    only: Selection | None = None
    """The samples that may be used; None: all."""
    forbidden: Selection = Selection()
    forbidden_spans: tuple[Span, ...] = ()
    """Nothing sounds there."""
    keep: tuple[Selection, ...] = ()
    """What stands of each stays as it is; of which nothing stands, it is used at least once."""
    kept_spans: tuple[Span, ...] = ()
    """What sounds there stays as it is, and nothing is added."""

    def allows_sample(self, path: str, *names: str) -> bool:
        """Of a sample with the `names` of its instrument and role."""
        return not self.forbidden.holds(path, *names) and (self.only is None or self.only.holds(path, *names))

    def may_allow_path(self, path: str) -> bool:
        """Whether a sample at `path` may be used for all that its path tells."""
        named = self.only is None or bool(self.only.names) or path in self.only.paths
        return named and path not in self.forbidden.paths

    def asks_for(self, sample: Sample) -> bool:
        """Whether the sample, or its instrument, is one of those to be used."""
        wanted = (*self.keep, *((self.only,) if self.only is not None else ()))
        return any(one.holds(sample.path, sample.instrument) for one in wanted)

    @property
    def closed_spans(self) -> tuple[Span, ...]:
        """Where nothing is added."""
        return self.forbidden_spans + self.kept_spans


def _no_limit(_clip: Clip) -> float:
    return float("-inf")


@dataclass(frozen=True, eq=False)
class Rulebook:
    """The rules as they bind one search: `lowest_gain_db` is the least gain, on a track at 0 dB, at which a clip is not
    too quiet; `kept` are the clips that the rules keep, `locks` what the user has done to clips meanwhile."""

    rules: Rules = Rules()
    lowest_gain_db: Callable[[Clip], float] = _no_limit
    lines: Lines | None = None
    kept: frozenset[Clip] = frozenset()
    locks: Locks = NO_LOCKS

    @cached_property
    def held(self) -> frozenset[Clip]:
        """The clips that stay as they are."""
        return self.kept | self.locks.held

    def moved(self, moment_seconds: float) -> float:
        """Where what is heard at that moment is to sound: nearer to the grid, if there is one."""
        return self.lines.moved(moment_seconds) if self.lines is not None else moment_seconds

    def is_too_quiet(self, clip: Clip, volume_db: float = 0.0) -> bool:
        return clip.gain_db + volume_db < self.lowest_gain_db(clip) - TOUCH_SECONDS

    def allows(self, arrangement: Arrangement, clip: Clip, instead_of: Clip | None = None) -> bool:
        """Whether `clip` may be added to `arrangement`, there instead of `instead_of`; of tracks and how loud it is on
        one only the editor knows. An edit has to keep only the rules that it touches."""
        rules, old = self.rules, instead_of
        if old is not None and old in self.held:
            return False
        if (old is None or clip.place != old.place) and self.locks.bars(clip):
            return False
        if clip.length_seconds < rules.shortest_seconds - TOUCH_SECONDS and (
            old is None or clip.length_seconds < old.length_seconds
        ):
            return False
        if (old is None or clip.transpose_semitones != old.transpose_semitones) and (
            clip.transpose_semitones not in rules.transpositions
        ):
            return False
        if (old is None or clip.sample != old.sample) and clip.sample in self.used_up(arrangement, old):
            return False
        if (old is None or clip.start_seconds != old.start_seconds) and self._is_crowded(arrangement, clip, old):
            return False
        longer = old is None or clip.start_seconds < old.start_seconds or clip.end_seconds > old.end_seconds
        return not longer or self.room_seconds(arrangement, clip, old) >= clip.length_seconds - TOUCH_SECONDS

    def room_seconds(self, arrangement: Arrangement, clip: Clip, instead_of: Clip | None = None) -> float:
        """For how long `clip` may sound from its start on; infinite where nothing in its length is in the way."""
        ends = [
            max(span.begin_seconds, clip.start_seconds)
            for span in self.rules.closed_spans
            if span.sounds(clip) and not (instead_of is not None and span.sounds(instead_of))
        ]
        if self.rules.most_at_once is not None:
            ends.append(_full_from(arrangement, clip, instead_of, self.rules.most_at_once))
        return min(ends, default=float("inf")) - clip.start_seconds

    def used_up(self, arrangement: Arrangement, without: Clip | None = None) -> frozenset[str]:
        """Paths of the samples that may not be used once more."""
        most = self.rules.most_of_a_sample
        if most is None:
            return frozenset()
        uses = Counter(clip.sample for _, clip in arrangement.clips())
        if without is not None:
            uses[without.sample] -= 1
        return frozenset(path for path, count in uses.items() if count >= most)

    def _is_crowded(self, arrangement: Arrangement, clip: Clip, without: Clip | None) -> bool:
        """Whether with `clip` more clips than allowed would start within some second."""
        most = self.rules.most_per_second
        if most is None:
            return False
        start = clip.start_seconds
        starts = [start]
        for track in arrangement.tracks:
            first = bisect_left(track.clips, start - 1.0, key=_start)
            behind = bisect_right(track.clips, start + 1.0, key=_start)
            starts += [other.start_seconds for other in track.clips[first:behind] if other != without]
        starts.sort()
        return any(last - first < 1.0 - TOUCH_SECONDS for first, last in zip(starts, starts[most:], strict=False))


def _start(clip: Clip) -> float:
    return clip.start_seconds


def _beside(track: Track, clip: Clip) -> Iterator[Clip]:
    """The clips of a track that sound while `clip` does, last first."""
    for number in range(bisect_left(track.clips, clip.end_seconds - TOUCH_SECONDS, key=_start) - 1, -1, -1):
        other = track.clips[number]
        if other.end_seconds <= clip.start_seconds + TOUCH_SECONDS:
            return
        yield other


def _full_from(arrangement: Arrangement, clip: Clip, without: Clip | None, most: int) -> float:
    """From when on, while `clip` sounds, `most` others sound together; infinite: never."""
    others = [other for track in arrangement.tracks for other in _beside(track, clip) if other != without]
    if len(others) < most:
        return float("inf")
    for at in sorted({max(clip.start_seconds, other.start_seconds) for other in others}):
        sounding = (
            other.start_seconds <= at + TOUCH_SECONDS and other.end_seconds > at + TOUCH_SECONDS for other in others
        )
        if sum(sounding) >= most:
            return at
    return float("inf")
