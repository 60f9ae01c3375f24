"""What is heard of a warped clip's file: its warp markers as a map from beats to seconds, and its sound along it.

A file is played in parts of one speed each, from marker to marker. Each part begins on the sample where the map puts
it, so that what lies at a marker is heard there, however many parts came before.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from controller.stage_values import WarpMarker
from embedding.audio import Audio
from embedding.errors import StageError
from embedding.kernels import FloatArray, resample, semitones_to_ratio

SAME_SPEED = 1e-6
"""Relative: after ten minutes it is a thirtieth of a sample."""
SAME_BEATS = 1e-6
JOINT_SECONDS = 0.01
"""A part fades in over the end of the one before it, so that its own beginning is heard whole."""
REPITCH_MARGIN_SECONDS = 0.05
STRETCH_MARGIN_SECONDS = 0.25
"""Of the file around what is resampled or stretched, twice the stretcher's window of 0.12 s: its edges are cut off."""
FASTEST = 16.0
"""Beyond this speed the margin does not grow any more, and the onsets of what rushes by may be some ms off."""
SILENCE_SAMPLES = 2**16
SEED = 0
"""Of the stretcher's random phases: the same clip sounds the same each time."""


@dataclass(frozen=True)
class Part:
    """A piece of a file that is played at one speed: from there to there of it, heard for `heard_seconds`. It may lie
    before the file's beginning or behind its end, where there is silence."""

    from_seconds: float
    to_seconds: float
    heard_seconds: float

    @property
    def speed(self) -> float:
        """Seconds of the file per second heard."""
        return (self.to_seconds - self.from_seconds) / self.heard_seconds


class WarpMap:
    """Beats of a clip's content to seconds of its file and back: straight between two markers, and beyond the outermost
    on as between the nearest two. Live's last marker gives the tempo behind the one before it.

    StageError for fewer than two markers, or some that do not ascend in both.
    """

    def __init__(self, markers: Sequence[WarpMarker]) -> None:
        self.markers = tuple(markers)
        self._seconds = [marker.sample_seconds for marker in markers]
        self._beats = [marker.beats for marker in markers]
        ascend = all(
            before < after for positions in (self._seconds, self._beats) for before, after in pairwise(positions)
        )
        finite = all(map(math.isfinite, (*self._seconds, *self._beats)))
        if len(self.markers) < 2 or not ascend or not finite:
            raise StageError(
                f"Live tells {len(self.markers)} warp markers of the selected clip that cannot be: at least two, which "
                "ascend in the file and in beats (switch its Warp off and on again)"
            )

    def to_seconds(self, beats: float) -> float:
        return _along(self._beats, self._seconds, beats)

    def to_beats(self, seconds: float) -> float:
        return _along(self._seconds, self._beats, seconds)

    def parts(self, from_beats: float, to_beats: float, tempo_bpm: float) -> tuple[Part, ...]:
        """What plays between these beats, at least one; neighbours of one speed are one part."""
        within = [beats for beats in self._beats[1:-1] if from_beats + SAME_BEATS < beats < to_beats - SAME_BEATS]
        edges = [(beats, self.to_seconds(beats)) for beats in (from_beats, *within, to_beats)]
        found: list[Part] = []
        for (begin_beats, begin_seconds), (end_beats, end_seconds) in pairwise(edges):
            part = Part(begin_seconds, end_seconds, (end_beats - begin_beats) * 60.0 / tempo_bpm)
            if found and math.isclose(found[-1].speed, part.speed, rel_tol=SAME_SPEED):
                before = found.pop()
                part = Part(before.from_seconds, end_seconds, before.heard_seconds + part.heard_seconds)
            found.append(part)
        return tuple(found)


def repitched(audio: Audio, parts: Sequence[Part]) -> FloatArray:
    """[channels, n] of `parts` after each other, their speed heard as pitch: as a tape's, band-limited. n is the sum of
    what is heard of them, rounded up."""

    def make(part: Part, lead_samples: int, length_samples: int) -> FloatArray:
        first = round(part.from_seconds * audio.sample_rate_hz) - round(lead_samples * part.speed)
        if _is_one(part.speed):
            return _cut(audio.samples, first, length_samples)
        margin = round(REPITCH_MARGIN_SECONDS * audio.sample_rate_hz)
        source = _source(audio.samples, first, math.ceil(length_samples * part.speed) + margin)
        return _cut(_repitch(source, audio.sample_rate_hz, part.speed), 0, length_samples)

    return _joined(audio, parts, make)


def stretched(audio: Audio, parts: Sequence[Part], semitones: float) -> FloatArray:
    """[channels, n] of `parts` after each other, transposed whatever their speed; n as of `repitched`. The samples
    themselves where neither speed nor pitch are changed. StageError where the stretcher is not installed."""
    ratio = semitones_to_ratio(semitones)

    def make(part: Part, lead_samples: int, length_samples: int) -> FloatArray:
        first = round(part.from_seconds * audio.sample_rate_hz) - round(lead_samples * part.speed)
        if _is_one(part.speed) and semitones == 0.0:
            return _cut(audio.samples, first, length_samples)
        stretch_speed = part.speed / ratio
        margin_seconds = STRETCH_MARGIN_SECONDS * ratio * min(max(1.0, stretch_speed), FASTEST)
        margin = round(margin_seconds * audio.sample_rate_hz)
        count = math.ceil(length_samples * part.speed)
        source = _repitch(_source(audio.samples, first - margin, count + 2 * margin), audio.sample_rate_hz, ratio)
        return _cut(_stretch(source, audio.sample_rate_hz, stretch_speed), round(margin / part.speed), length_samples)

    return _joined(audio, parts, make)


def _joined(audio: Audio, parts: Sequence[Part], make: Callable[[Part, int, int], FloatArray]) -> FloatArray:
    """`make` gives a part from so many samples before its beginning on, and how many in all. The last one is rounded
    up, so that a loop's passes leave no gap."""
    behind = [at * audio.sample_rate_hz for at in accumulate(part.heard_seconds for part in parts)]
    edges = [0, *map(round, behind[:-1]), math.ceil(behind[-1])]
    joined = np.zeros((audio.samples.shape[0], edges[-1]), np.float32)
    longest = round(JOINT_SECONDS * audio.sample_rate_hz)
    for part, before, begin, end in zip(parts, [0, *edges], edges, edges[1:], strict=False):
        if begin == end:
            continue
        lead = min(longest, begin - before)
        made = make(part, lead, lead + end - begin)
        rising = (np.arange(lead, dtype=np.float32) + 0.5) / max(1, lead)
        joined[:, begin - lead : begin] *= 1.0 - rising
        joined[:, begin - lead : begin] += made[:, :lead] * rising
        joined[:, begin:end] = made[:, lead:]
    return joined


def _along(positions: Sequence[float], values: Sequence[float], position: float) -> float:
    """At a marker exactly its own value, so that there and back is the same."""
    after = min(max(bisect_right(positions, position), 1), len(positions) - 1)
    begin, end = positions[after - 1], positions[after]
    return values[after - 1] + (position - begin) * ((values[after] - values[after - 1]) / (end - begin))


def _is_one(speed: float) -> bool:
    return math.isclose(speed, 1.0, rel_tol=SAME_SPEED)


def _repitch(samples: FloatArray, rate_hz: int, speed: float) -> FloatArray:
    return resample(samples, rate_hz, rate_hz, 12.0 * math.log2(speed))


def _stretch(samples: FloatArray, rate_hz: int, speed: float) -> FloatArray:
    """[channels, round(n / speed)], of the same pitch."""
    if _is_one(speed):
        return samples
    try:
        from python_stretch.Signalsmith import Stretch
    except ImportError as why:
        raise StageError(
            "the selected clip is warped and has to be stretched, for which python-stretch is missing (pip install "
            "python-stretch; or choose the warp mode Re-Pitch, or switch Warp off)"
        ) from why
    stretcher = Stretch(SEED)
    stretcher.preset(samples.shape[0], rate_hz)
    stretcher.setTimeFactor(speed)
    return np.asarray(stretcher.process(np.ascontiguousarray(samples)), np.float32)


def _source(samples: FloatArray, first: int, count: int) -> FloatArray:
    """As `_cut`, but little of the silence behind the file's end: however much of it is played, it is not
    worked on."""
    return _cut(samples, first, max(1, min(count, samples.shape[1] - first + SILENCE_SAMPLES)))


def _cut(samples: FloatArray, first: int, count: int) -> FloatArray:
    """[channels, count] from there on, silent where there is nothing."""
    cut = np.zeros((samples.shape[0], count), np.float32)
    begin, end = max(0, first), min(samples.shape[1], first + count)
    if begin < end:
        cut[:, begin - first : end - first] = samples[:, begin:end]
    return cut
