"""How much of what a target was made of an arrangement has found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from embedding.kernels import FloatArray, semitones_to_ratio
from search.arrangement import Clip
from tests.benchmarks.case_sounds import prepared
from tests.benchmarks.cases import Placed

WITHIN_SECONDS = 0.02
WITHIN_SEMITONES = 0.5
LEAST_CORRELATION = 0.95
PREFERRED = 1e-3
"""Of two matchings with as many hits, the one with more right transpositions counts."""
Alike = Callable[[Path, Path], bool]


@dataclass(frozen=True)
class Recovered:
    """`repitched_right`: the share of the hits whose transposition is right within half a semitone."""

    hits: int
    placed: int
    true: int
    repitched_right: float

    @property
    def precision(self) -> float:
        return self.hits / self.placed if self.placed else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.true

    @property
    def f1(self) -> float:
        return 2 * self.hits / (self.placed + self.true)


@dataclass(eq=False)
class NearIdentical:
    """Whether two files hold almost the same sound: aligned, they correlate by over .95."""

    _known: dict[frozenset[Path], bool] = field(default_factory=dict, repr=False)

    def __call__(self, one: Path, other: Path) -> bool:
        pair = frozenset((one, other))
        if one == other:
            return True
        if pair not in self._known:
            self._known[pair] = aligned_correlation(prepared(one), prepared(other)) > LEAST_CORRELATION
        return self._known[pair]


def recovered(truth: Sequence[Placed], clips: Sequence[Clip], alike: Alike) -> Recovered:
    """Each true clip is matched with at most one of `clips`, so that as many as possible match. Two match where they
    are `alike` and the first frame of the clip's sample would sound within 20 ms of the truth."""
    weights = np.zeros((len(truth), len(clips)))
    for column, clip in enumerate(clips):
        first_seconds = clip.start_seconds - clip.offset_seconds / semitones_to_ratio(clip.transpose_semitones)
        for row, true in enumerate(truth):
            if abs(first_seconds - true.start_seconds) <= WITHIN_SECONDS and alike(true.path, Path(clip.sample)):
                weights[row, column] = 1.0 + PREFERRED * _same_pitch(true, clip)
    matched = [(r, c) for r, c in zip(*linear_sum_assignment(weights, maximize=True), strict=True) if weights[r, c] > 0]
    right = sum(_same_pitch(truth[row], clips[column]) for row, column in matched)
    return Recovered(len(matched), len(clips), len(truth), right / len(matched) if matched else 0.0)


def aligned_correlation(one: FloatArray, other: FloatArray) -> float:
    """The greatest of the normalised cross-correlation, over all lags."""
    size = 2 ** int(np.ceil(np.log2(one.size + other.size)))
    products = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
    return float(products.max() / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-12))


def _same_pitch(true: Placed, clip: Clip) -> bool:
    return abs(true.semitones - clip.transpose_semitones) <= WITHIN_SEMITONES
