"""The audio arithmetic that the planner and the simulated Live share: resample, gain, pan.

Nothing else is shared between them, so that comparing the two means something.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import soxr

FloatArray = npt.NDArray[np.float32]


def db_to_gain(level_db: float) -> float:
    """Linear factor of a level in dB; -inf gives 0."""
    return 0.0 if level_db == -math.inf else float(10.0 ** (level_db / 20.0))


def gain_to_db(gain: float) -> float:
    """Level in dB of a linear factor >= 0; 0 gives -inf."""
    return -math.inf if gain <= 0.0 else 20.0 * math.log10(gain)


def semitones_to_ratio(semitones: float) -> float:
    """Speed of a repitch: 12 semitones up plays twice as fast, so half as long."""
    return float(2.0 ** (semitones / 12.0))


def resample(samples: FloatArray, from_hz: float, to_hz: float, transpose_semitones: float = 0.0) -> FloatArray:
    """`samples` [channels, n] at `from_hz`, as heard at `to_hz` when played transposed by repitch.

    Band-limited (soxr, HQ: 20 bit). The result has round(n * to_hz / (from_hz * ratio)) samples and is
    aligned with its source: output sample k is the source at k * from_hz * ratio / to_hz.
    """
    played_hz = from_hz * semitones_to_ratio(transpose_semitones)
    if played_hz == to_hz or samples.shape[1] == 0:
        return samples
    return np.ascontiguousarray(soxr.resample(samples.T, played_hz, to_hz, quality="HQ").T, dtype=np.float32)


def pan_gains(pan: float) -> tuple[float, float]:
    """Left and right factors of `pan` in [-1, 1]: constant power, 0 dB in the centre, +3 dB at a side.

    That is Live's law (Live manual, Audio Fact Sheet: "Panning"): sqrt(2) cos, sqrt(2) sin of (pan + 1) pi / 4.
    """
    angle = (pan + 1.0) * math.pi / 4.0
    return math.sqrt(2.0) * math.cos(angle), math.sqrt(2.0) * math.sin(angle)


def as_stereo(samples: FloatArray) -> FloatArray:
    """[2, n] of [channels, n]: mono goes to both sides unchanged; of more channels the first two are taken."""
    return np.repeat(samples, 2, axis=0) if samples.shape[0] == 1 else samples[:2]
