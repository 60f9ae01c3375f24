"""Loudness of stereo sound: LUFS after ITU-R BS.1770, by RMS where there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from embedding.analysis import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from embedding.kernels import FloatArray, gain_to_db, resample

BLOCK_SECONDS = 0.4
"""ITU-R BS.1770's gating block: what is shorter has no LUFS."""
QUIETEST_LUFS = -70.0
LOWEST_RATE_HZ = 8000
"""The weighting's treble shelf begins at 1.5 kHz; its filter is unstable at some rates below 3 kHz."""
WINDOW_SECONDS = 3


@dataclass(frozen=True)
class Loudness:
    """`lufs` integrated, -inf where a sound is shorter than a gating block or all below the gate; `rms_db` in dBFS."""

    lufs: float
    rms_db: float

    def above_db(self, other: Loudness) -> float:
        """By how many dB this is louder; by RMS where one of both has no LUFS. Both have to be of some sound."""
        if min(self.lufs, other.lufs) > QUIETEST_LUFS:
            return self.lufs - other.lufs
        return self.rms_db - other.rms_db


def short_term_lufs(stereo: FloatArray, sample_rate_hz: int, windows: int) -> FloatArray:
    """[windows]: loudness of each window of 3 s (EBU Tech 3341's short-term) of `stereo` [2, n] and silence behind it,
    at least -70. Windows begin every 43 frames of `embedding.analysis`."""
    import pyloudnorm

    stereo, sample_rate_hz = _measurable(stereo, sample_rate_hz)
    length = WINDOW_SECONDS * sample_rate_hz
    starts = [round(window * BLOCK_SAMPLES * sample_rate_hz / SAMPLE_RATE_HZ) for window in range(windows)]
    padded = np.pad(stereo.T.astype(np.float64), ((0, max(0, starts[-1] + length - stereo.shape[1])), (0, 0)))
    meter = pyloudnorm.Meter(sample_rate_hz, block_size=WINDOW_SECONDS)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = [float(meter.integrated_loudness(padded[start : start + length])) for start in starts]
    return np.maximum(np.array(found, dtype=np.float32), np.float32(QUIETEST_LUFS))


def loudness_of(stereo: FloatArray, sample_rate_hz: int) -> Loudness:
    """Of `stereo` [2, n]."""
    import pyloudnorm

    stereo, sample_rate_hz = _measurable(stereo, sample_rate_hz)
    rms_db = gain_to_db(float(np.sqrt(np.square(stereo, dtype=np.float64).mean())))
    if stereo.shape[1] < BLOCK_SECONDS * sample_rate_hz or rms_db < QUIETEST_LUFS:
        return Loudness(-math.inf, rms_db)
    with np.errstate(divide="ignore", invalid="ignore"):
        meter = pyloudnorm.Meter(sample_rate_hz)
        return Loudness(float(meter.integrated_loudness(stereo.T.astype(np.float64))), rms_db)


def _measurable(stereo: FloatArray, sample_rate_hz: int) -> tuple[FloatArray, int]:
    """The same sound, at 8 kHz where its rate is lower."""
    rate_hz = max(sample_rate_hz, LOWEST_RATE_HZ)
    return resample(stereo, sample_rate_hz, rate_hz), rate_hz
