"""A recording read by where a sound lies in it: between its samples, by another clock. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr
from scipy.signal import oaconvolve

from embedding.kernels import FloatArray

FRACTION_SAMPLES = 0.005
"""Positions that lie so near to whole samples are those."""
SINC_SAMPLES = 64


@dataclass(frozen=True)
class Jump:
    """From expected sample `at_sample` on, the sound comes `by_samples` later than before; negative: earlier."""

    at_sample: int
    by_samples: float


@dataclass(frozen=True)
class Alignment:
    """Expected sample n is heard at recorded position offset + n * speed, plus the jumps up to n."""

    offset_samples: float
    speed: float = 1.0
    jumps: tuple[Jump, ...] = ()

    @property
    def drift_ppm(self) -> float:
        """Above 0: the recorder's clock is the faster one."""
        return (self.speed - 1.0) * 1e6


def aligned(recorded: FloatArray, found: Alignment, count: int) -> FloatArray:
    """[channels, count]: the recording by the sound's own clock from its first sample on; 0 where it does not reach.

    Without drift and fraction these are the recording's very samples. Drift is removed by soxr (HQ, 20 bit).
    """
    edges = [0, *(min(max(jump.at_sample, 0), count) for jump in found.jumps), count]
    offsets = found.offset_samples + np.cumsum([0.0, *(jump.by_samples for jump in found.jumps)])
    parts = [
        read(recorded, float(offset) + begin * found.speed, found.speed, max(0, end - begin))
        for begin, end, offset in zip(edges[:-1], edges[1:], offsets, strict=True)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)[:, :count]


def read(recorded: FloatArray, position: float, speed: float, count: int) -> FloatArray:
    """[channels, count] at positions `position + k * speed`; 0 outside.

    At whole positions and speed 1 these are the samples themselves. Another speed is made by soxr (HQ, 20 bit), a
    fraction of a sample by a windowed sinc.
    """
    first = int(np.floor(position)) - 2 * SINC_SAMPLES
    if speed == 1.0:
        whole = round(position)
        if abs(position - whole) < FRACTION_SAMPLES:
            return cut(recorded, whole, count)
        even = cut(recorded, first, count + 4 * SINC_SAMPLES)
    else:
        source = cut(recorded, first, int(np.ceil((count + 4 * SINC_SAMPLES) * speed)) + 4 * SINC_SAMPLES)
        even = stretched(source, 1.0 / speed)
    at = (position - first) / speed
    whole = round(at)
    return cut(_shifted(even, at - whole), whole, count)


def _shifted(samples: FloatArray, fraction: float) -> FloatArray:
    """Sample k is what lies at k + fraction, |fraction| <= 1/2: by a windowed sinc."""
    taps = np.arange(-SINC_SAMPLES, SINC_SAMPLES + 1)
    kernel = np.sinc(taps + fraction) * np.kaiser(taps.size, 12.0)
    return np.asarray(oaconvolve(samples, kernel[None, :], mode="same", axes=1), dtype=np.float32)


def stretched(samples: FloatArray, factor: float) -> FloatArray:
    """So many times as long."""
    if factor == 1.0 or samples.shape[1] == 0:
        return samples
    return np.ascontiguousarray(soxr.resample(samples.T, 1.0, factor, quality="HQ").T, dtype=np.float32)


def cut(samples: FloatArray, first: int, count: int) -> FloatArray:
    """[channels, count] from sample `first` on, which may be negative; 0 where there is none."""
    have = samples[:, max(0, first) : max(0, first + count)]
    if have.shape[1] == count:
        return have
    filled = np.zeros((samples.shape[0], count), dtype=np.float32)
    begin = min(count, max(0, -first))
    filled[:, begin : begin + have.shape[1]] = have
    return filled
