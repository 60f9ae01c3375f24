"""Moments of the target at which a sample may sound: its onsets, and between them where they lie far apart."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from embedding.kernels import FloatArray

WIDEST_GAP_SECONDS = 0.25
CLOSEST_SECONDS = 0.04


def moments_seconds(onsets_seconds: FloatArray, seconds: float) -> npt.NDArray[np.float64]:
    """[n] ascending from 0, of a recording of so many seconds: its onsets, none nearer than 40 ms to the one before,
    gaps filled to at most 0.25 s."""
    kept = [0.0]
    for onset in onsets_seconds:
        if onset - kept[-1] >= CLOSEST_SECONDS and onset < seconds - CLOSEST_SECONDS:
            kept.append(float(onset))
    filled: list[float] = []
    for begin, end in zip(kept, [*kept[1:], seconds], strict=True):
        parts = max(1, int(np.ceil((end - begin) / WIDEST_GAP_SECONDS - 1e-6)))
        filled.extend(begin + (end - begin) * part / parts for part in range(parts))
    return np.array(filled, dtype=np.float64)
