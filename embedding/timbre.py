"""How alike two sounds are in timbre, by their embeddings."""

from __future__ import annotations

import numpy as np

from embedding.kernels import FloatArray


def timbre_similarity(a: FloatArray, b: FloatArray) -> FloatArray:
    """[n] in [0, 1] of centred embeddings [n, d] and [n, d]: 1 - |a - b| / (|a| + |b|).

    1 only where both are the same, 0 only where they point in opposite directions. For embeddings of equal length it is
    1 less half the distance of their directions. Two that are both 0 are the same.
    """
    apart = np.linalg.norm(a - b, axis=-1)
    most = np.linalg.norm(a, axis=-1) + np.linalg.norm(b, axis=-1)
    return np.asarray(1.0 - apart / np.maximum(most, np.finfo(np.float32).tiny), dtype=np.float32).clip(0.0, 1.0)
