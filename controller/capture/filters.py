"""What a filter can make of one stereo sound to be like another, by least squares. Pure.

Each side of what is heard is taken for a sum of the expected sound's middle and side, each through a finite response.
The normal equations are solved by conjugate gradients, the products by fast Fourier transforms. Music has few
frequencies at a time, so that much of a response cannot be known; what is looked for first is therefore given by the
preconditioner: the circulant of the inputs' spectra, times a weight that falls with the distance from the response's
main point. A short solution is found first, longer ones from what it leaves. A long sound is taken section by section.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import fft
from scipy.signal import oaconvolve

from embedding.kernels import FloatArray

SECTION_SAMPLES = 400_000
ENOUGH = 1e-9
"""Of the gradient's first size."""
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """A response of `taps` samples, `before` of them ahead of time. Its weight at a distance of d samples is
    (1 + d / near_samples) ** -fall; frequencies of less than `floor` of the mean power are not whitened."""

    taps: int
    before: int
    near_samples: float
    fall: float
    floor: float
    steps: int


EQUALISER = (Way(4096, 1024, 16.0, 1.5, 1e-2, 12), Way(4096, 1024, 64.0, 0.5, 1e-1, 12))


def tail(sound_samples: int) -> Way:
    """Of a reverb: as long as can be known from a sound of that length."""
    return Way(min(sound_samples, SECTION_SAMPLES) // 4, 256, 1.0, 0.0, 1e-1, 24)


def explained(wanted: FloatArray, heard: FloatArray, ways: Sequence[Way]) -> FloatArray:
    """[2, n]: what is like `heard` of what filters make of `wanted`; each way is tried on what those before leave."""
    inputs = np.stack([wanted[0] + wanted[1], wanted[0] - wanted[1]]).astype(np.float64) / 2
    count = wanted.shape[1]
    left = heard.astype(np.float64)
    for way in ways:
        padded = np.pad(inputs, ((0, 0), (way.taps - 1 - way.before, way.before)))
        edges = np.linspace(0, count, -(-count // SECTION_SAMPLES) + 1).astype(int)
        for begin, end in pairwise(edges):
            around = padded[:, begin : end + way.taps - 1]
            system = _System(around, way)
            for side in left:
                side[begin:end] -= oaconvolve(around, system.solved(side[begin:end]), mode="valid", axes=1).sum(axis=0)
    return np.asarray(heard - left, dtype=np.float32)


class _System:
    """Inputs [2, length + taps - 1] as spectra, and the products with them."""

    def __init__(self, inputs: Doubles, way: Way) -> None:
        self._way = way
        self._length = inputs.shape[1] - way.taps + 1
        self._size: int = fft.next_fast_len(self._length + 2 * way.taps, real=True)
        self._spectra: Any = fft.rfft(inputs, self._size, axis=1)
        self._powers = self._smoothed(np.square(np.abs(self._spectra)))
        distances = np.abs(np.arange(way.taps) - way.before)
        self._weights = (1.0 + distances / way.near_samples) ** -way.fall

    def solved(self, heard: Doubles) -> Doubles:
        """[2, taps] by preconditioned conjugate gradients, from 0."""
        response = np.zeros((2, self._way.taps))
        gradient = self._correlated(heard)
        step = ready = self._ready(gradient)
        size = first = float(np.vdot(gradient, ready))
        for _ in range(self._way.steps):
            if size <= ENOUGH**2 * first:
                break
            turned = self._correlated(self._made(step))
            way = size / float(np.vdot(step, turned))
            response += way * step
            gradient = gradient - way * turned
            ready = self._ready(gradient)
            size, last = float(np.vdot(gradient, ready)), size
            step = ready + size / last * step
        return response

    def _made(self, response: Doubles) -> Doubles:
        """[length]: what the response makes of the inputs."""
        made: Doubles = fft.irfft((self._spectra * fft.rfft(response, self._size, axis=1)).sum(axis=0), self._size)
        return made[self._way.taps - 1 : self._way.taps - 1 + self._length]

    def _correlated(self, error: Doubles) -> Doubles:
        """[2, taps]: `_made`'s transpose."""
        there = np.zeros(self._size)
        there[self._way.taps - 1 : self._way.taps - 1 + self._length] = error
        found: Doubles = fft.irfft(np.conj(self._spectra) * fft.rfft(there), self._size, axis=1)
        return found[:, : self._way.taps]

    def _ready(self, gradient: Doubles) -> Doubles:
        size = 2 * (self._powers.shape[1] - 1)
        whitened: Doubles = fft.irfft(fft.rfft(gradient * self._weights, size, axis=1) / self._powers, size, axis=1)
        return whitened[:, : self._way.taps] * self._weights

    def _smoothed(self, powers: Doubles) -> Doubles:
        """[2, bins]: at the resolution of the response, by the autocorrelation; of a size that holds it twice."""
        reach = 2 * self._way.taps
        likeness = fft.irfft(powers, self._size, axis=1)[:, : reach + 1]
        kept = np.zeros((2, reach + 1))
        kept[:, : likeness.shape[1]] = likeness
        kept *= np.hanning(2 * reach + 1)[reach:]
        smooth = np.abs(fft.rfft(np.concatenate([kept, kept[:, reach - 1 : 0 : -1]], axis=1), axis=1))
        return np.asarray(smooth + self._way.floor * smooth.mean() + 1e-12)
