"""How alike two sounds are in timbre, by their embeddings."""

from __future__ import annotations

import numpy as np

from embedding.kernels import FloatArray


def timbre_similarity(a: FloatArray, b: FloatArray) -> FloatArray:
    """[n] in [0, 1] of centred embeddings [n, d] and [n, d]: (1 - |a - b| / (|a| + |b|))^2.

    1 only where both are the same, .09 where they are equally long and at right angles, 0 only where they point in
    opposite directions. Two that are both 0 are the same.
    """
    apart = np.linalg.norm(a - b, axis=-1)
    most = np.linalg.norm(a, axis=-1) + np.linalg.norm(b, axis=-1)
    alike = 1.0 - apart / np.maximum(most, np.finfo(np.float32).tiny)
    return np.asarray(np.square(alike.clip(0.0, 1.0)), dtype=np.float32)
