"""Timbre without a network: how alike the Gaussians of two windows' mel-frequency cepstral coefficients are.

The measure of Mandel and Ellis (2005) as Jensen, Christensen, Ellis and Jensen examine it ("Quantitative analysis of
a common audio similarity measure", IEEE TASLP 17(4), 2009): one Gaussian with a full covariance for the coefficients
of an excerpt's frames, compared by the symmetrised Kullback-Leibler divergence. It knows nothing of the frames' order.
Here an excerpt is a window of 3 s, and its frames are the log-mel frames that the network hears.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import prod

import numpy as np
import numpy.typing as npt
import scipy.fft

from embedding.analysis import MEL_BINS
from embedding.kernels import FloatArray

COEFFICIENTS = 8
"""c0 to c7. More of them follow the pitch: docs/ears.md has the figures."""
LEAST_VARIANCE = 1.0
"""Added to each coefficient's variance, in squared nepers; in c0 it is a deviation of 0.8 dB in all bands. Silence and
steady sounds have no variance of their own."""
DIVERGENCE_SCALE = 16.0
"""Random covers so are less than .35 alike in the median, found ones above .7, pairs of a library .03."""
_SQUARE = COEFFICIENTS * COEFFICIENTS


@dataclass(frozen=True, eq=False)
class Gaussians:
    """embeddings: float32 [n, 8 + 64 + 64]: mean, covariance and its inverse, flattened."""

    embeddings: FloatArray


@dataclass(frozen=True)
class MfccEars:
    """In place of the network's ears where the reward compares timbre by MFCCs."""

    def hear(self, windows: FloatArray) -> Gaussians:
        """The Gaussians of log-mel `windows` [n, frames, 128]; n may be 0."""
        coefficients = mfcc(windows).astype(np.float64)
        means = coefficients.mean(axis=1, keepdims=True)
        apart = coefficients - means
        covariances = apart.transpose(0, 2, 1) @ apart / apart.shape[1] + LEAST_VARIANCE * np.eye(COEFFICIENTS)
        parts = (means, covariances, np.linalg.inv(covariances))
        return Gaussians(
            np.concatenate(
                [part.reshape(len(windows), prod(part.shape[1:])) for part in parts], axis=1, dtype=np.float32
            )
        )

    def similarity(self, a: FloatArray, b: FloatArray) -> FloatArray:
        """[n] in [0, 1] of Gaussians [n, 136] and [n, 136]: exp(-divergence / 16), 1 only where both are the same."""
        return np.asarray(np.exp(-divergence(a, b) / DIVERGENCE_SCALE), dtype=np.float32)


@cache
def _cosines() -> FloatArray:
    """[128, 8]: the first columns of the orthonormal DCT-II."""
    return np.ascontiguousarray(scipy.fft.dct(np.eye(MEL_BINS), norm="ortho")[:, :COEFFICIENTS], dtype=np.float32)


def mfcc(log_mel: FloatArray) -> FloatArray:
    """[..., 8] of log-mel frames [..., 128] in nepers: 0.115 times what a library makes of levels in dB."""
    return np.asarray(log_mel @ _cosines(), dtype=np.float32)


def divergence(a: FloatArray, b: FloatArray) -> npt.NDArray[np.float64]:
    """[n]: KL(a, b) + KL(b, a) of Gaussians [n, 136] and [n, 136], 0 or more.

    In closed form tr((A - B)(B' - A')) / 2 + d (A' + B') d / 2, d the difference of the means, A' the inverse of A: the
    logarithms of both directions cancel, and so do the constants, which leaves exactly 0 for what is the same.
    """
    (mean_a, cov_a, inv_a), (mean_b, cov_b, inv_b) = (_parts(one.astype(np.float64)) for one in (a, b))
    spread = np.einsum("ni,ni->n", cov_a - cov_b, inv_b - inv_a)
    apart = mean_a - mean_b
    between = np.einsum("ni,nij,nj->n", apart, (inv_a + inv_b).reshape(-1, COEFFICIENTS, COEFFICIENTS), apart)
    return np.asarray(np.maximum((spread + between) / 2.0, 0.0))


def _parts(gaussians: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
    """Means [n, 8], covariances [n, 64], inverses [n, 64]."""
    return np.split(gaussians, [COEFFICIENTS, COEFFICIENTS + _SQUARE], axis=1)
