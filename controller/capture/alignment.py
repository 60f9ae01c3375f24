"""Where a sound lies in a recording of it: offset, speed (two clocks), and jumps (time was lost or put in). Pure.

`expected` and `recorded` are [channels, n], of the same number of channels and nominal rate. What is simplest is tried
first: one offset of whole samples; then one straight line through the places of segments; then lines that jump.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d

from controller.capture.correlation import (
    best_offset,
    delay_between,
    energy_of,
    fitted_gain,
    left_at_one_gain,
    likeness,
    peak_between,
    response,
    segments_of,
)
from controller.capture.reading import FRACTION_SAMPLES, Alignment, Jump, aligned, cut, read, stretched
from embedding.kernels import FloatArray

EXACT_DB = -80.0
"""What is left of a take without the sound is no difference below this level of the sound, or below ..."""
EXACT_DBFS = -95.0
"""... this one: rounding to 16 bit leaves -101 dBFS."""
QUICK_SAMPLES = 2**18
"""Where nothing happened to the sound, it will be found by so much of its beginning, but for a loop."""
REACH_SAMPLES = 2**16
"""So far from where it should be, either way, a part of the sound is looked for."""
MOST_DRIFT = 1e-3
"""Of two clocks; those of audio devices differ by up to 1e-4."""
OTHER_SPEEDS = (44100 / 48000, 48000 / 44100, 0.5, 2.0, 44100 / 96000, 96000 / 44100)
"""Of a sound that is played at another rate than it was made for."""
FEW_SEGMENTS = 4
"""Will do to find such a speed."""
CLEAR_PEAK = 7.0
"""Of a response, above its root mean square; the highest of a million random numbers is 5."""
LEAST_HEARD = 1 / 3
"""Of the segments, so many at least must be in the recording, or the sound is not."""
PREFERENCE = 0.3
"""Of the votes, for the offset that fits the whole sound best: a loop is found at every repetition of it."""
WELL_LIKE = 0.7
"""The correlation coefficient of the whole from which on other speeds are not tried."""
LIKE = 0.5
"""The correlation coefficient that will do where no peak is clear, as with a tone that sounds on and on."""
SAME_PLACE = 0.9
"""Of a segment's highest peak, one that is so high counts as well if it fits to the other segments."""
JUMP_SAMPLES = (8.0, 2.0, 0.75)
"""Segments further off the line than this have jumped; it gets finer as the speed is known better."""
WORTH = 0.5
"""A speed or a jump that does not lower what is left to this part of its energy is none."""


Left = Callable[[FloatArray, FloatArray], float]
"""left_at_one_gain or left_of_coloured."""


def align(expected: FloatArray, recorded: FloatArray, left: Left | None = None) -> Alignment | None:
    """None where the sound is not in the recording. `left` judges between offset, line and jumps."""
    for count in (QUICK_SAMPLES, expected.shape[1]):
        spare = max(0, recorded.shape[1] - expected.shape[1])
        plain = Alignment(float(best_offset(expected[:, :count], recorded[:, : count + spare])))
        if _is_exact(expected, aligned(recorded, plain, expected.shape[1])):
            return plain
    segments = segments_of(expected)
    heard = _heard(expected, recorded, segments, plain) if segments else None
    options = [] if heard is None else [_simplest(expected, recorded, plain, heard, left or left_at_one_gain)]
    if not options or _likeness(expected, recorded, options[0]) < WELL_LIKE:
        few = segments[:: max(1, len(segments) // FEW_SEGMENTS)]
        others = [_heard(expected, recorded, few, replace(plain, speed=speed)) for speed in OTHER_SPEEDS if few]
        options += [_line(other) for other in others if other is not None]
    return max(options, key=lambda option: _likeness(expected, recorded, option), default=None)


@dataclass(frozen=True)
class _Heard:
    """Segments that were heard: expected sample `starts[k]` is at recorded position `places[k]`, at about `speed`."""

    starts: npt.NDArray[np.float64]
    places: npt.NDArray[np.float64]
    length: int
    speed: float

    def piece(self, expected: FloatArray, k: int) -> FloatArray:
        return expected[:, int(self.starts[k]) : int(self.starts[k]) + self.length]


def _heard(expected: FloatArray, recorded: FloatArray, segments: Sequence[slice], about: Alignment) -> _Heard | None:
    """Each segment votes for the offsets at which it could be; it is where most agree, or else at its own best."""
    speed = about.speed
    pieces = [stretched(expected[:, one], speed) for one in segments]
    origins = [round(one.start * speed) - REACH_SAMPLES for one in segments]
    shifts = max(0, recorded.shape[1] - round(expected.shape[1] * speed)) + 2 * REACH_SAMPLES
    heights = [
        _clearness(response(piece, cut(recorded, origin, shifts + piece.shape[1])), origin, recorded.shape[1])
        for piece, origin in zip(pieces, origins, strict=True)
    ]
    slacks = [1 + round(MOST_DRIFT * abs(one.start - expected.shape[1] / 2)) for one in segments]
    votes = np.sum([maximum_filter1d(one, 2 * slack + 1) for one, slack in zip(heights, slacks, strict=True)], axis=0)
    away = np.abs(np.arange(votes.size) - REACH_SAMPLES - about.offset_samples)
    common = int(np.argmax(votes * (1.0 - PREFERENCE * np.minimum(1.0, away / REACH_SAMPLES))))
    found = []
    for one, piece, origin, height, slack in zip(segments, pieces, origins, heights, slacks, strict=True):
        best = int(np.argmax(height))
        low = max(0, common - slack)
        near = low + int(np.argmax(height[low : common + slack + 1]))
        best = near if height[near] >= SAME_PLACE * height[best] else best
        place = origin + best
        if height[best] >= CLEAR_PEAK or likeness(piece, cut(recorded, place, piece.shape[1])) >= LIKE:
            found.append((one.start, place))
    if len(found) < LEAST_HEARD * len(segments):
        return None
    starts, places = np.array(found, dtype=np.float64).T
    return _Heard(starts, places, segments[0].stop - segments[0].start, speed)


def _clearness(heights: FloatArray, origin: int, recorded_samples: int) -> FloatArray:
    """In root mean squares of those shifts at which something was recorded at all."""
    inside = np.square(heights[max(0, -origin) : max(0, recorded_samples - origin)], dtype=np.float64)
    return heights / np.float32(np.sqrt(inside.mean()) + 1e-30) if inside.size else heights


def _simplest(expected: FloatArray, recorded: FloatArray, plain: Alignment, heard: _Heard, left: Left) -> Alignment:
    best, least = plain, left(expected, aligned(recorded, plain, expected.shape[1]))
    for other in _candidates(expected, recorded, heard):
        now = left(expected, aligned(recorded, other, expected.shape[1]))
        if now < least * WORTH:
            best, least = other, now
    return best


def _candidates(expected: FloatArray, recorded: FloatArray, heard: _Heard) -> Iterator[Alignment]:
    for allowed_samples, again in zip(JUMP_SAMPLES, (_placed_near, _placed_between, _placed_between), strict=True):
        heard = replace(heard, speed=_slope(heard, _groups(heard, allowed_samples)))
        heard = again(expected, recorded, heard)
    heard = _without_excursions(heard, _groups(heard, JUMP_SAMPLES[-1]))
    groups = _groups(heard, JUMP_SAMPLES[-1])
    heard = replace(heard, speed=_slope(heard, groups))
    steady = replace(heard, speed=1.0)
    yield _line(steady)
    if abs(heard.speed - 1.0) * expected.shape[1] >= FRACTION_SAMPLES:
        yield _line(heard)
    if len(groups) > 1:
        yield _jumping(expected, recorded, steady, groups)
        yield _jumping(expected, recorded, heard, groups)


def _placed_near(expected: FloatArray, recorded: FloatArray, heard: _Heard, reach: int = 32) -> _Heard:
    """The same segments, stretched by what is known of the speed, to a part of a sample."""
    places = []
    for k, place in enumerate(heard.places):
        piece = stretched(heard.piece(expected, k), heard.speed)
        first = round(place) - reach
        places.append(first + peak_between(response(piece, cut(recorded, first, piece.shape[1] + 2 * reach))))
    return replace(heard, places=np.array(places))


def _placed_between(expected: FloatArray, recorded: FloatArray, heard: _Heard) -> _Heard:
    """The same segments, by their phases, to a small part of a sample."""
    delays = [
        delay_between(heard.piece(expected, k), read(recorded, place, heard.speed, heard.length))
        for k, place in enumerate(heard.places)
    ]
    return replace(heard, places=heard.places + np.array(delays) * heard.speed)


def _groups(heard: _Heard, allowed_samples: float) -> list[slice]:
    """Segments that follow each other on one line."""
    steps, ways = np.diff(heard.places), np.diff(heard.starts)
    usual = float(np.median(steps / ways)) if steps.size else heard.speed
    leaps = np.abs(steps - _believable(usual, heard.speed) * ways) > allowed_samples
    edges = [0, *(int(edge) for edge in np.flatnonzero(leaps) + 1), heard.starts.size]
    return [slice(begin, end) for begin, end in pairwise(edges)]


def _without_excursions(heard: _Heard, groups: Sequence[slice]) -> _Heard:
    """Without segments between two groups on one line: they were disturbed, and seem to be at another repetition."""
    offsets = heard.places - heard.speed * heard.starts
    kept = np.ones(offsets.size, dtype=np.bool_)
    for before, between, after in zip(groups[:-2], groups[1:-1], groups[2:], strict=True):
        if abs(float(np.median(offsets[before])) - float(np.median(offsets[after]))) < JUMP_SAMPLES[0]:
            kept[between] = False
    return replace(heard, starts=heard.starts[kept], places=heard.places[kept])


def _slope(heard: _Heard, groups: Sequence[slice]) -> float:
    """The speed that fits all groups best by least squares, each with an offset of its own."""
    starts = np.concatenate([heard.starts[group] - heard.starts[group].mean() for group in groups])
    places = np.concatenate([heard.places[group] - heard.places[group].mean() for group in groups])
    spread = float(starts @ starts)
    return _believable(float(starts @ places) / spread, heard.speed) if spread > 0 else heard.speed


def _believable(speed: float, nominal: float) -> float:
    return speed if abs(speed - nominal) <= MOST_DRIFT * nominal else nominal


def _line(heard: _Heard) -> Alignment:
    return Alignment(_offset(heard, slice(None)), heard.speed)


def _offset(heard: _Heard, group: slice) -> float:
    """A whole number where it is one but for what cannot be measured."""
    offset = float(np.median((heard.places - heard.speed * heard.starts)[group]))
    whole = heard.speed == 1.0 and abs(offset - round(offset)) < FRACTION_SAMPLES
    return float(round(offset)) if whole else offset


def _jumping(expected: FloatArray, recorded: FloatArray, heard: _Heard, groups: Sequence[slice]) -> Alignment:
    """Between two groups the jump is where least is left; of time that was lost nothing can be left."""
    offsets = [_offset(heard, group) for group in groups]
    gain = np.float32(_gain(expected, recorded, heard))
    jumps = []
    for before, after, one, other in zip(groups[:-1], groups[1:], offsets[:-1], offsets[1:], strict=True):
        begin = int(heard.starts[before.stop - 1])
        span = expected[:, begin : int(heard.starts[after.start]) + heard.length]
        errors = [
            np.square(
                read(recorded, offset + begin * heard.speed, heard.speed, span.shape[1]) - gain * span,
                dtype=np.float64,
            ).sum(axis=0)
            for offset in (one, other)
        ]
        lost = min(max(0, round((one - other) / heard.speed)), span.shape[1])
        left_before = np.concatenate([[0.0], np.cumsum(errors[0])])
        left_after = np.concatenate([np.cumsum(errors[1][::-1])[::-1], [0.0]])
        at = int(np.argmin(left_before[: left_before.size - lost] + left_after[lost:]))
        jumps.append(Jump(begin + at, other - one))
    return Alignment(offsets[0], heard.speed, tuple(jumps))


def _gain(expected: FloatArray, recorded: FloatArray, heard: _Heard) -> float:
    pieces = [heard.piece(expected, k) for k in range(heard.starts.size)]
    return float(
        np.median(
            [
                fitted_gain(piece, read(recorded, place, heard.speed, heard.length))
                for piece, place in zip(pieces, heard.places, strict=True)
            ]
        )
    )


def _is_exact(expected: FloatArray, heard: FloatArray) -> bool:
    """Is it the sound at some level, and nothing else?"""
    energy = energy_of(heard)
    left = energy_of(heard - np.float32(fitted_gain(expected, heard)) * expected)
    return energy > 0 and left <= max(energy * 10 ** (EXACT_DB / 10), heard.size * 10 ** (EXACT_DBFS / 10))


def _likeness(expected: FloatArray, recorded: FloatArray, found: Alignment) -> float:
    return likeness(expected, aligned(recorded, found, expected.shape[1]))
