"""The filter through which true copies of a sample stand out: the inverse of the recording's own mean spectrum.

A matched filter finds a known sound best in noise whose spectrum it divides by (Turin 1960). Here the noise is all else
that sounds, so its spectrum is near that of the recording. Resolved finely, the filter also takes down the partials
of held notes, at which one tone fits another's period just as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.fft
from scipy.ndimage import uniform_filter1d

from embedding.kernels import FloatArray

RESOLUTION_SAMPLES = 8192
SMOOTHING_BINS = 5
FLOOR = 1e-5
"""Of the strongest bin's power."""
REACH_SAMPLES = 4096
"""How far the filter rings on either side."""


@dataclass(frozen=True, eq=False)
class Whitening:
    """`magnitude` [m]: the filter's, from 0 Hz to half the sample rate; it has no phase."""

    magnitude: FloatArray

    def at(self, samples: int) -> FloatArray:
        """[samples // 2 + 1]: of a transform of so many samples."""
        bins = np.linspace(0.0, len(self.magnitude) - 1.0, samples // 2 + 1)
        return np.interp(bins, np.arange(len(self.magnitude)), self.magnitude).astype(np.float32)


def whitening_of(mono: FloatArray) -> Whitening:
    """Of a recording [n] that is not silent."""
    half = RESOLUTION_SAMPLES // 2
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(mono, half), RESOLUTION_SAMPLES)[:: half // 2]
    window = np.hanning(RESOLUTION_SAMPLES).astype(np.float32)
    power = np.zeros(half + 1)
    for frame in frames:
        power += np.square(np.abs(scipy.fft.rfft(frame * window)))
    smooth = uniform_filter1d(power, SMOOTHING_BINS)
    magnitude = 1.0 / np.sqrt(smooth + FLOOR * smooth.max())
    magnitude[0] = 0.0
    return Whitening(np.asarray(magnitude / np.sqrt(np.square(magnitude).mean()), dtype=np.float32))
