"""Loudness of stereo sound: LUFS after ITU-R BS.1770, by RMS where there is none."""

from __future__ import annotations

import math

import numpy as np

from embedding.kernels import FloatArray, gain_to_db

BLOCK_SECONDS = 0.4
"""ITU-R BS.1770's gating block: what is shorter has no LUFS."""
QUIETEST_LUFS = -70.0


def louder_by_db(one: FloatArray, one_rate_hz: int, other: FloatArray, other_rate_hz: int) -> float:
    """By how many dB `one` [2, n] is louder than `other`; both have to hold sound. Where one of them is too short or
    quiet for LUFS, both are compared by RMS."""
    levels = lufs(one, one_rate_hz), lufs(other, other_rate_hz)
    if not all(math.isfinite(level) and level > QUIETEST_LUFS for level in levels):
        levels = rms_db(one), rms_db(other)
    return levels[0] - levels[1]


def lufs(stereo: FloatArray, sample_rate_hz: int) -> float:
    """Integrated loudness of `stereo` [2, n]; -inf where it is shorter than a block or all below the gate."""
    import pyloudnorm

    if stereo.shape[1] < BLOCK_SECONDS * sample_rate_hz or rms_db(stereo) < QUIETEST_LUFS:
        return -math.inf
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(pyloudnorm.Meter(sample_rate_hz).integrated_loudness(stereo.T.astype(np.float64)))


def rms_db(samples: FloatArray) -> float:
    """dBFS of the root mean square over all of `samples`."""
    return gain_to_db(float(np.sqrt(np.square(samples, dtype=np.float64).mean())))
