"""How alike two directions are: chromagrams are compared by it."""

from __future__ import annotations

import numpy as np

from embedding.kernels import FloatArray


def direction_similarity(a: FloatArray, b: FloatArray) -> FloatArray:
    """[n] in [0, 1] of rows [n, d]: (1 - |a/|a| - b/|b|| / 2)^2. 1 where they point the same way, .09 at right
    angles, 0 where opposite. Two zero rows are the same, a zero and another one at right angles."""
    lengths = [np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True) for rows in (a, b)]
    # The difference is taken of unit vectors: by way of the cosine, rounding would cost what is identical 0.0004.
    one, other = (rows / np.where(length > 0.0, length, 1.0) for rows, length in zip((a, b), lengths, strict=True))
    apart = np.linalg.norm(one - other, axis=1)
    only_one_is_zero = (lengths[0] > 0.0)[:, 0] != (lengths[1] > 0.0)[:, 0]
    apart = np.where(only_one_is_zero, np.sqrt(2.0), np.minimum(apart, 2.0))
    return np.asarray(np.square(1.0 - apart / 2.0), dtype=np.float32)
