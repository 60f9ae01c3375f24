"""Similarity of two directions, which both of the paper's terms use."""

from __future__ import annotations

import numpy as np

from embedding.kernels import FloatArray


def direction_similarity(a: FloatArray, b: FloatArray) -> FloatArray:
    """[n] in [0, 1] of rows [n, d]: 1 - |a/|a| - b/|b|| / 2. 1 where they point the same way, .29 at right angles, 0 where
    opposite. Two zero rows are the same, a zero and another one at right angles."""
    cosine = np.sum(a * b, axis=1, dtype=np.float64)
    norms = np.linalg.norm(a, axis=1).astype(np.float64) * np.linalg.norm(b, axis=1)
    both_zero = ~a.any(axis=1) & ~b.any(axis=1)
    cosine = np.where(both_zero, 1.0, cosine / np.maximum(norms, 1e-30))
    return np.asarray(1.0 - np.sqrt(np.maximum(0.0, 2.0 - 2.0 * cosine)) / 2.0, dtype=np.float32)
