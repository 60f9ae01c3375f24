"""Loudness of stereo sound: LUFS after ITU-R BS.1770, by RMS where there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from embedding.kernels import FloatArray, gain_to_db

BLOCK_SECONDS = 0.4
"""ITU-R BS.1770's gating block: what is shorter has no LUFS."""
QUIETEST_LUFS = -70.0


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


def loudness_of(stereo: FloatArray, sample_rate_hz: int) -> Loudness:
    """Of `stereo` [2, n]."""
    import pyloudnorm

    rms_db = gain_to_db(float(np.sqrt(np.square(stereo, dtype=np.float64).mean())))
    if stereo.shape[1] < BLOCK_SECONDS * sample_rate_hz or rms_db < QUIETEST_LUFS:
        return Loudness(-math.inf, rms_db)
    with np.errstate(divide="ignore", invalid="ignore"):
        meter = pyloudnorm.Meter(sample_rate_hz)
        return Loudness(float(meter.integrated_loudness(stereo.T.astype(np.float64))), rms_db)
