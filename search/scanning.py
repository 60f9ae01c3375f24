"""How much each atom would explain at a moment, and how long it should last: products of matrices, nothing else."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from embedding.analysis import HOP_SAMPLES, SAMPLE_RATE_HZ
from embedding.kernels import FloatArray
from search.bands import BANDS, POOL_FRAMES

CUT_STEPS = (4, 8, 12, 16, 22, 30, 40, 53)
"""Time steps after which a clip may end: .09, .19, .37, .56, 1.1, 1.9, 2.8 and 4 s."""
CUT_PREFERENCE = (1.0, 1.0, 1.0, 1.0, 0.9, 0.75, 0.6, 0.5)
"""What a clip of each length explains counts so much: the longer, the more it may fit by being everywhere a little."""
CUT_SECONDS = tuple(float(POOL_FRAMES[:cut].sum()) * HOP_SAMPLES / SAMPLE_RATE_HZ for cut in CUT_STEPS)
_COLUMNS = tuple(slice(begin * BANDS, end * BANDS) for begin, end in zip((0, *CUT_STEPS[:-1]), CUT_STEPS, strict=True))


class Scan(NamedTuple):
    """[q, n] each: for q moments and n atoms what the atom explains at its best length, its gain, the cut's number."""

    explained: FloatArray
    gain: FloatArray
    cut: npt.NDArray[np.int8]


def scan(
    weighted: FloatArray, norms: FloatArray, magnitudes: FloatArray, preference: FloatArray, first_cut: int = 0
) -> Scan:
    """Of `weighted` residuals W (T - C) [q, 3180], `norms` [q, 8, n] (see `norms_of`) and atoms [n, 3180]; what an atom
    explains counts times its `preference` [n]. Of the cuts none before number `first_cut` is chosen."""
    shape = (len(weighted), len(magnitudes))
    best = Scan(np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.zeros(shape, np.int8))
    dots = np.zeros(shape, np.float32)
    for number, columns in enumerate(_COLUMNS):
        dots += weighted[:, columns] @ magnitudes[:, columns].T
        if number < first_cut:
            continue
        positive = np.maximum(dots, 0.0)
        gain = positive / norms[:, number]
        explained = positive * gain * np.float32(CUT_PREFERENCE[number])
        better = explained > best.explained
        np.copyto(best.explained, explained, where=better)
        np.copyto(best.gain, gain, where=better)
        best.cut[better] = number
    return best._replace(explained=best.explained * preference)


def norms_of(weights: FloatArray, squares: FloatArray) -> FloatArray:
    """[q, 8, n]: sum W A^2 up to each cut, of weights [q, 3180] and squared atoms [n, 3180]; never 0."""
    norms = np.stack([weights[:, columns] @ squares[:, columns].T for columns in _COLUMNS], axis=1)
    return np.maximum(np.cumsum(norms, axis=1, out=norms), np.float32(1e-12))


def best_of(explained: FloatArray, most: int) -> npt.NDArray[np.intp]:
    """Places of the `most` largest of `explained` [n], largest first; equal ones in their order."""
    wide = min(most, explained.size)
    order = np.argpartition(explained, -wide)[-wide:]
    return order[np.lexsort((order, -explained[order]))]
