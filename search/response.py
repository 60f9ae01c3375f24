"""What Live adds to the mix before it is heard: a filter, as measured from what Live really played."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import scipy.fft

from embedding.analysis import FFT_SAMPLES, SAMPLE_RATE_HZ, mel_filters
from embedding.kernels import FloatArray

KEPT = 8
"""So many responses' spectra, and levels, are kept."""


@dataclass(frozen=True, eq=False)
class Response:
    """A causal FIR at 22.05 kHz: `kernel` float32 [n], n >= 1. Two with the same kernel are equal.

    ValueError where the kernel is empty, not finite or all zero.
    """

    kernel: FloatArray

    def __post_init__(self) -> None:
        kernel = np.array(self.kernel, dtype=np.float32)
        if kernel.ndim != 1 or not kernel.any() or not np.isfinite(kernel).all():
            raise ValueError(f"a response of shape {kernel.shape}: must be a row of finite taps that are not all 0")
        kernel.flags.writeable = False
        object.__setattr__(self, "kernel", kernel)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Response) and np.array_equal(self.kernel, other.kernel)

    def __hash__(self) -> int:
        return hash(self.kernel.tobytes())

    @property
    def reach_samples(self) -> int:
        """How far back it hears."""
        return self.kernel.size - 1

    @property
    def is_flat(self) -> bool:
        return self.kernel.size == 1 and self.kernel[0] == 1.0

    @property
    def level(self) -> float:
        """By how much, as a factor, it changes the level: the median over the reward's 128 mel bands."""
        return _level(self)

    @property
    def shape(self) -> Response:
        """What it does besides changing the level."""
        return Response(self.kernel / np.float32(self.level))

    def heard(self, mono: FloatArray) -> FloatArray:
        """[n - reach_samples]: `mono` [n] as heard, without its first samples, of which something before is heard."""
        if self.is_flat:
            return mono
        if self.kernel.size == 1:
            return np.asarray(mono * self.kernel[0], dtype=np.float32)
        spectrum, size = _spectrum(self, mono.size)
        filtered = scipy.fft.irfft(scipy.fft.rfft(mono, size) * spectrum, size)
        return np.asarray(filtered[self.reach_samples : mono.size], dtype=np.float32)

    def gains(self, hz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The factors by which tones of these frequencies are heard."""
        turns = np.exp(-2j * np.pi * np.outer(hz / SAMPLE_RATE_HZ, np.arange(self.kernel.size)))
        return np.asarray(np.abs(turns @ self.kernel.astype(np.float64)), dtype=np.float64)


FLAT = Response(np.ones(1, np.float32))


@lru_cache(KEPT)
def _spectrum(response: Response, samples: int) -> tuple[npt.NDArray[np.complex64], int]:
    """The kernel's spectrum for so many samples; as the first ones are left out, circular convolution is enough."""
    size = scipy.fft.next_fast_len(samples, real=True)
    return scipy.fft.rfft(response.kernel, size), size


@lru_cache(KEPT)
def _level(response: Response) -> float:
    if response.kernel.size == 1:
        return abs(float(response.kernel[0]))
    centres = mel_filters().argmax(axis=0) * (SAMPLE_RATE_HZ / FFT_SAMPLES)
    return float(np.median(response.gains(centres)))
