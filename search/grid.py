"""The grid on which a producer wants sounds: lines of a fixed distance that fit the recording's onsets best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embedding.analysis import HOP_SAMPLES, SAMPLE_RATE_HZ
from embedding.hearing import Hearing

BEATS_PER_WHOLE = 4.0
FINEST_PARTS_OF_A_BEAT = 4
WIDEST_CORRECTION = 0.02
WHOLE_TEMPO_SHARE = 0.98
"""A whole number of beats per minute is taken where it fits at least this share of how the best tempo does."""
LEAST_FIT = 0.25
"""Below it the onsets lie on no lines, and the tempo stays as heard."""
AT_ZERO_SECONDS = 0.015
"""Lines begin at 0 s where they fit that to so little, so that they are Live's, too."""


@dataclass(frozen=True)
class Grid:
    """Lines every 1/`parts` of a whole note; `strength` 1 moves sounds onto them, 0.5 half way."""

    parts: int
    strength: float = 1.0


@dataclass(frozen=True)
class Lines:
    """Lines at `first_seconds` + k * `apart_seconds`, for all whole k."""

    first_seconds: float
    apart_seconds: float
    strength: float

    def nearest(self, seconds: float) -> float:
        """The line nearest to `seconds` that is not before 0 s."""
        number = round((seconds - self.first_seconds) / self.apart_seconds)
        line = self.first_seconds + number * self.apart_seconds
        return line if line >= 0.0 else line + self.apart_seconds

    def moved(self, seconds: float) -> float:
        return seconds + self.strength * (self.nearest(seconds) - seconds)


def fitted_lines(hearing: Hearing, grid: Grid) -> tuple[Lines, float]:
    """The lines of `grid`, and the tempo in beats per minute that they are of: `hearing.tempo_bpm` within 2 %, and the
    phase, that fit the onsets best, by the length of their mean vector on the circle of a line's distance (Rayleigh's
    measure); stronger onsets count more. Without onsets from 0 s on at the tempo as heard."""
    beats_apart = BEATS_PER_WHOLE / grid.parts
    onsets, weights = _weighted_onsets(hearing)
    if onsets.size < 2:
        return Lines(0.0, 60.0 / hearing.tempo_bpm * beats_apart, grid.strength), hearing.tempo_bpm
    fine_beats = min(beats_apart, 1.0 / FINEST_PARTS_OF_A_BEAT)
    tempo = _finer(hearing.tempo_bpm, onsets, weights, fine_beats)
    fine_seconds = 60.0 / tempo * fine_beats
    phase = float(np.angle(_mean_vector(onsets, weights, np.array([fine_seconds]))[0])) / (2.0 * np.pi) * fine_seconds
    first = 0.0 if abs(phase) <= min(AT_ZERO_SECONDS, fine_seconds / 4.0) else phase
    apart = 60.0 / tempo * beats_apart
    firsts = first + fine_seconds * np.arange(max(1, round(apart / fine_seconds)))
    fits = [float((weights * np.cos(2.0 * np.pi * (onsets - one) / apart)).sum()) for one in firsts]
    return Lines(float(firsts[int(np.argmax(fits))]) % apart, apart, grid.strength), tempo


def _weighted_onsets(hearing: Hearing) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    onsets = np.asarray(hearing.onsets_seconds, dtype=np.float64)
    frames = np.round(onsets * SAMPLE_RATE_HZ / HOP_SAMPLES).astype(np.intp)
    strength = np.pad(hearing.onset_strength, (1, 2))
    frames = np.clip(frames, 0, strength.size - 3)
    return onsets, np.maximum.reduce([strength[frames], strength[frames + 1], strength[frames + 2]]).astype(np.float64)


def _mean_vector(
    onsets: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], apart_seconds: npt.NDArray[np.float64]
) -> npt.NDArray[np.complex128]:
    """[n]: of the onsets on circles of n circumferences; its length is 1 where all fall on one point."""
    vectors = [(weights * np.exp(2j * np.pi * onsets / apart)).sum() for apart in apart_seconds]
    return np.array(vectors, dtype=np.complex128) / max(float(weights.sum()), 1e-12)


def _finer(
    heard_bpm: float, onsets: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], fine_beats: float
) -> float:
    lines = float(onsets.max()) / (60.0 / heard_bpm * fine_beats)
    # from one tempo to the next the last onset moves by a fiftieth of the lines' distance
    steps = int(np.clip(50.0 * WIDEST_CORRECTION * lines, 50, 5000))
    tempos = heard_bpm * (1.0 + WIDEST_CORRECTION * np.linspace(-1.0, 1.0, 2 * steps + 1))
    fits = np.abs(_mean_vector(onsets, weights, 60.0 / tempos * fine_beats))
    best = int(np.argmax(fits))
    if fits[best] < LEAST_FIT:
        return heard_bpm
    whole = float(round(tempos[best]))
    whole_fit = float(np.abs(_mean_vector(onsets, weights, np.array([60.0 / whole * fine_beats])))[0])
    return whole if whole_fit >= WHOLE_TEMPO_SHARE * fits[best] else round(float(tempos[best]), 3)
