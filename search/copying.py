"""Copying: where a recording repeats, the clips of one stretch stand in the other too, as a producer copies a bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from search.arrangement import TOUCH_SECONDS, Arrangement, Clip, Track
from search.editing import insert, is_free, role_of_track, with_track
from search.evaluator import Evaluation, Evaluator
from search.matching import Matcher
from search.repetition import SHORTEST_SECONDS, Repeat

LOST_AT_MOST = 0.01
"""So much of its own score a stretch may lose when it is copied over."""


def with_repeats(
    evaluation: Evaluation,
    repeats: Sequence[Repeat],
    matcher: Matcher,
    evaluator: Evaluator,
    lost_at_most: float = LOST_AT_MOST,
) -> Evaluation:
    """The arrangement with as much of the `repeats` copied as the exact score allows, in time order: the earlier
    stretch over the later or, where it does not belong to another repeat yet, the other way round, whichever scores
    better; where neither will do, each half for itself."""
    waiting = sorted(repeats, reverse=True)
    settled: list[Repeat] = []
    while waiting:
        repeat = waiting.pop()
        ways = [repeat] if any(_touch(repeat, other) for other in settled) else [repeat, _reversed(repeat)]
        changed = [copied(evaluation.arrangement, way, matcher) for way in ways]
        evaluated = evaluator.after([(evaluation, one) for one in changed if one is not None])
        best = max(evaluated, key=lambda one: one.value, default=evaluation)
        if best.value >= evaluation.value - lost_at_most * repeat.seconds / matcher.target_seconds:
            evaluation = best
            settled.append(repeat)
        elif repeat.seconds >= 2.0 * SHORTEST_SECONDS:
            waiting += reversed(_halves(repeat))
    return evaluation


def copied(arrangement: Arrangement, repeat: Repeat, matcher: Matcher) -> Arrangement | None:
    """The clips that start in the stretch at `to_seconds` give way to those of the one at `from_seconds`, on the same
    tracks where these are free, else on others. Held clips stay; a copy for which there is no room is left out. None
    where nothing would change."""
    lag_seconds = _lag_seconds(repeat, matcher)
    after = _without(arrangement, repeat.to_seconds, repeat.to_seconds + repeat.seconds, matcher)
    for number, track in enumerate(arrangement.tracks):
        for clip in _starting(track, repeat.from_seconds, repeat.from_seconds + repeat.seconds):
            copy = replace(clip, start_seconds=matcher.on_grid(clip.start_seconds + lag_seconds))
            left_seconds = matcher.target_seconds + matcher.tail_seconds - copy.start_seconds
            fitting = copy if copy.length_seconds <= left_seconds + TOUCH_SECONDS else matcher.cut(copy, left_seconds)
            if copy.start_seconds >= 0.0 and fitting is not None:
                after = _with_copy(after, number, fitting, matcher)
    return None if set(after.clips()) == set(arrangement.clips()) else after


def _with_copy(arrangement: Arrangement, number: int, copy: Clip, matcher: Matcher) -> Arrangement:
    book, track = matcher.book, arrangement.tracks[number]
    if is_free(track, copy) and book.allows(arrangement, copy) and not book.is_too_quiet(copy, track.volume_db):
        clips = tuple(sorted([*track.clips, copy]))
        return with_track(arrangement, number, replace(track, clips=clips))
    return insert(arrangement, copy, role_of_track(track), book) or arrangement


def _without(arrangement: Arrangement, begin_seconds: float, end_seconds: float, matcher: Matcher) -> Arrangement:
    """Without the clips that start there."""
    tracks = []
    for track in arrangement.tracks:
        gone = set(_starting(track, begin_seconds, end_seconds)) - matcher.book.held
        tracks.append(replace(track, clips=tuple(c for c in track.clips if c not in gone)) if gone else track)
    return replace(arrangement, tracks=tuple(tracks))


def _starting(track: Track, begin_seconds: float, end_seconds: float) -> Iterator[Clip]:
    return (clip for clip in track.clips if begin_seconds <= clip.start_seconds < end_seconds)


def _lag_seconds(repeat: Repeat, matcher: Matcher) -> float:
    """By how much clips are moved: the lag, drawn to whole steps of the grid on which they are to lie."""
    lag, lines = repeat.lag_seconds, matcher.book.lines
    if lines is None:
        return lag
    return lag + lines.strength * (round(lag / lines.apart_seconds) * lines.apart_seconds - lag)


def _reversed(repeat: Repeat) -> Repeat:
    return replace(repeat, to_seconds=repeat.from_seconds, from_seconds=repeat.to_seconds)


def _halves(repeat: Repeat) -> list[Repeat]:
    half = repeat.seconds / 2.0
    second = replace(repeat, to_seconds=repeat.to_seconds + half, from_seconds=repeat.from_seconds + half, seconds=half)
    return [replace(repeat, seconds=half), second]


def _touch(one: Repeat, other: Repeat) -> bool:
    """Whether the earlier stretch of `one` overlaps either of the other's."""
    first = min(one.from_seconds, one.to_seconds)
    return any(
        first < begin + other.seconds and begin < first + one.seconds
        for begin in (other.from_seconds, other.to_seconds)
    )
