"""How well the ears name the instruments of recordings: from windows to instruments, from instruments to F1.

From windows to instruments by the second strategy (S2) of Han, Kim and Lee (2016, arXiv:1605.09507), whose network
Howard and Chuba (2019) take over: the sigmoid outputs of an excerpt's windows are summed class by class, the sums are
divided by the largest of them, and what then reaches a threshold is heard. The threshold is relative to the strongest
class, so that something is heard in every excerpt that is not silent.

Ours, not theirs: windows of 3 s, one every 0.998 s, a tail shorter than that left out (`embedding.analysis`); silent
windows left out; the threshold fixed beforehand, where they compare several.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embedding.kernels import FloatArray

THRESHOLD = 0.5

Instruments = npt.NDArray[np.bool_]


def instruments_heard(probabilities: FloatArray, threshold: float = THRESHOLD) -> Instruments:
    """bool [classes]: which predominate, by the `probabilities` [windows, classes] of an excerpt's sounding windows.

    None where there is no window or every probability is 0.
    """
    sums = probabilities.sum(axis=0, dtype=np.float64)
    strongest = float(sums.max())
    heard: Instruments = (sums >= threshold * strongest) & (strongest > 0.0)
    return heard


@dataclass(frozen=True)
class F1:
    """Each in [0, 1]. `per_class` is None for a class that was neither present nor heard in any excerpt."""

    micro: float
    macro: float
    per_class: tuple[float | None, ...]


def f1_scores(present: npt.ArrayLike, heard: npt.ArrayLike) -> F1:
    """F1 of what was `heard` against what was `present`, both bool [excerpts, classes].

    Of one class F1 = 2 hits / (2 hits + false alarms + misses), the harmonic mean of precision and recall. Micro: hits,
    false alarms and misses summed over the classes before, so that frequent classes weigh more. Macro: the mean of the
    classes' F1, each weighing the same; a class without any of the three has no F1 and is no part of the mean.
    ValueError where nothing was present at all: then there is nothing to measure.
    """
    was, now = np.asarray(present, np.bool_), np.asarray(heard, np.bool_)
    if was.shape != now.shape or was.ndim != 2:
        raise ValueError(f"present {was.shape} and heard {now.shape} must be alike: [excerpts, classes]")
    if not was.any():
        raise ValueError("no class is present in any excerpt; at least one must be")
    hits, wrong = (was & now).sum(axis=0), (was ^ now).sum(axis=0)
    per_class = tuple(_f1(h, w) if h + w else None for h, w in zip(hits.tolist(), wrong.tolist(), strict=True))
    known = [score for score in per_class if score is not None]
    return F1(_f1(int(hits.sum()), int(wrong.sum())), sum(known) / len(known), per_class)


def _f1(hits: int, wrong: int) -> float:
    """`wrong`: false alarms and misses."""
    return 2 * hits / (2 * hits + wrong)
