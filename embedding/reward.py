"""The reward: how much a cover O sounds like its target I. Higher is better, 1 is identical.

After Howard and Chuba (2019), made exact. On windows of 3 s (see `embedding.blocks`), O padded or cut to |I|:

    total = L * sum over terms of weight * mean similarity,   L = max(0, 1 - | |I| - |O| | / |I|)

`paper` has two terms of weight 1/2: timbre (embeddings) and pitch (chromagrams). Both divide each window by its own
maximum, so it hears neither level, polarity nor stereo. `default` adds balance, which is as deaf to level, and two that
hear level and detail:

    timbre    (1 - |a - b| / (|a| + |b|))^2 of the windows' embeddings, which are centred; with `MfccEars` in place of
              the network's, what `embedding.mfcc` says
    pitch     (1 - |a/|a| - b/|b|| / 2)^2 of the windows' chromagrams less what is common to all 12 pitch classes;
              windows count as tonal as the target is in them
    balance   exp(-D / 3.5) of the windows' mean spectra, D the mean difference in dB of 16 bands, each relative to the
              loudest
    spectrum  exp(-D / 9) of each block of 1 s, D the mean difference of the log-mel levels in dB, floor 60 dB below
              the target's loudest
    onsets    1 - sum |f - g| / sum (f + g) of each block, f and g by how much more than 7 dB the log-mel levels
              rise within 70 ms

Two silent windows are identical, 1; a silent and a sounding one are 0, and so is the spectrum of a block in which only
the target sounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from embedding.analysis import BLOCK_FRAMES, SAMPLE_RATE_HZ, divisors_of, frame_count, log_mel
from embedding.audio import Audio
from embedding.blocks import Block, blocks_of, is_silent, window_chroma, window_maxima, window_mel
from embedding.errors import BadAudio, BadOption
from embedding.kernels import FloatArray
from embedding.similarity import direction_similarity
from embedding.terms import (
    balance_db,
    balance_similarity,
    levels_db,
    onset_similarity,
    pitch_vector,
    rises_db,
    spectrum_similarity,
)

BoolArray = npt.NDArray[np.bool_]
FLOOR_DB = -60.0
LEAST_PITCH_WEIGHT = 0.1
TERMS = ("timbre", "pitch", "balance", "spectrum", "onsets")
NAMED_WEIGHTS: Mapping[str, tuple[float, ...]] = {
    "paper": (0.5, 0.5, 0.0, 0.0, 0.0),
    "default": (0.15, 0.25, 0.1, 0.35, 0.15),
}


class HasEmbeddings(Protocol):
    @property
    def embeddings(self) -> FloatArray:
        """[n, d]"""


class Hears(Protocol):
    """What the reward needs of the ears."""

    def hear(self, windows: FloatArray) -> HasEmbeddings:
        """Embeddings of log-mel windows [n, 130, 128]."""

    def similarity(self, a: FloatArray, b: FloatArray) -> FloatArray:
        """[n] in [0, 1], of the timbres of embeddings [n, d] and [n, d]."""


@dataclass(frozen=True)
class Score:
    """Each term's mean similarity in [0, 1], the length coefficient and the weighted total."""

    total: float
    timbre: float
    pitch: float
    balance: float
    spectrum: float
    onsets: float
    length_coefficient: float

    def as_dict(self) -> dict[str, float]:
        return {name: round(value, 6) for name, value in asdict(self).items()}


@dataclass(frozen=True, eq=False)
class Target:
    """A heard target: what every cover of it is compared with. W windows, B = W + 3 blocks."""

    samples: int
    """Length at 22.05 kHz."""
    floor_magnitude: float
    silent: BoolArray
    """[W]"""
    embeddings: FloatArray
    """[W, d]"""
    pitch: FloatArray
    """[W, 130 * 12]: see `pitch_vector`."""
    pitch_weights: FloatArray
    """[W]: each window's tonalness, at least 0.1; 1 where it is silent."""
    balance_db: FloatArray
    """[W, 16]"""
    levels_db: tuple[FloatArray, ...]
    """B times [43, 128]: see `levels_db`."""
    rises_db: tuple[FloatArray, ...]
    """B times [43]: see `rises_db`."""
    block_frames: tuple[int, ...]
    """B: how many frames of each block lie within the recording."""

    @property
    def seconds(self) -> float:
        return self.samples / SAMPLE_RATE_HZ


@dataclass(frozen=True, eq=False)
class Rated:
    """A cover as the reward heard it; blocks that two covers share are the same objects."""

    blocks: tuple[Block, ...]
    divisors: FloatArray
    silent: BoolArray
    timbre: FloatArray
    """[W], and so are pitch and balance."""
    pitch: FloatArray
    balance: FloatArray
    spectrum: FloatArray
    """[B], and so is onsets."""
    onsets: FloatArray
    score: Score


class Candidate(NamedTuple):
    """A cover to be rated: its blocks, its length, and a rated one that shares most of its blocks (or none)."""

    blocks: tuple[Block, ...]
    samples: int
    relative: Rated | None = None


def weights_named(name: str) -> tuple[float, ...]:
    """Weights in the order of TERMS. BadOption where no reward has that name."""
    if name not in NAMED_WEIGHTS:
        raise BadOption(f"reward {name!r}: must be one of {', '.join(NAMED_WEIGHTS)}")
    return NAMED_WEIGHTS[name]


def hear_target(audio: Audio, ears: Hears) -> Target:
    """The target's side of all comparisons; less than 3 s are one window, padded with silence.

    BadAudio where it has no samples, or some that are NaN, infinite or above 1e7.
    """
    mono = audio.at_rate(SAMPLE_RATE_HZ).mono()
    if mono.size == 0:
        raise BadAudio("the target: holds no samples; at least one is needed (cut to nothing?)")
    blocks = blocks_of(mono, mono.size)
    maxima = window_maxima(blocks)
    divisors = divisors_of(maxima, _peak(blocks))
    windows = range(len(maxima))
    loudest = max(float(block.mel.max()) for block in blocks)
    floor = max(loudest * 10.0 ** (FLOOR_DB / 20.0), 1e-9)
    inside = np.clip(frame_count(mono.size) - BLOCK_FRAMES * np.arange(len(blocks)), 0, BLOCK_FRAMES)
    levels = tuple(levels_db(block, floor) for block in blocks)
    silent = is_silent(maxima)
    vectors, tonalness = zip(*(pitch_vector(window_chroma(blocks, w)) for w in windows), strict=True)
    return Target(
        samples=mono.size,
        floor_magnitude=floor,
        silent=silent,
        embeddings=ears.hear(np.stack([log_mel(window_mel(blocks, w), divisors[w]) for w in windows])).embeddings,
        pitch=np.stack(vectors),
        pitch_weights=np.where(silent, 1.0, np.maximum(tonalness, LEAST_PITCH_WEIGHT)).astype(np.float32),
        balance_db=np.stack([balance_db(window_mel(blocks, w)) for w in windows]),
        levels_db=levels,
        rises_db=tuple(rises_db(levels[b - 1] if b else None, levels[b]) for b in range(len(blocks))),
        block_frames=tuple(int(frames) for frames in inside),
    )


def score_recordings(target: Audio, cover: Audio, ears: Hears, weights: Sequence[float]) -> Score:
    """The Score of `cover` against `target`, each as long as its file is; of a cover without samples it is 0.

    BadAudio as `hear_target`, also for what is in the cover.
    """
    heard = hear_target(target, ears)
    mono = cover.at_rate(SAMPLE_RATE_HZ).mono()
    return rate(heard, [Candidate(blocks_of(mono, heard.samples), mono.size)], ears, weights)[0].score


def rate(target: Target, candidates: Sequence[Candidate], ears: Hears, weights: Sequence[float]) -> list[Rated]:
    """Each candidate rated. What it shares with its relative is taken over, the windows of all others are
    embedded in one batch: the result is that of rating from scratch."""
    if not candidates:
        return []
    plans = [_plan(target, candidate) for candidate in candidates]
    inputs = [
        log_mel(window_mel(candidate.blocks, w), plan.divisors[w])
        for candidate, plan in zip(candidates, plans, strict=True)
        for w in plan.windows
    ]
    embedded = ears.hear(np.stack(inputs)).embeddings if inputs else target.embeddings[:0]
    ends = np.cumsum([len(plan.windows) for plan in plans])
    parts = np.split(embedded, ends[:-1])
    return [
        _finish(target, candidate, plan, part, ears, weights)
        for candidate, plan, part in zip(candidates, plans, parts, strict=True)
    ]


class _Plan(NamedTuple):
    divisors: FloatArray
    silent: BoolArray
    windows: list[int]
    """Those to embed."""
    blocks: list[int]
    """Those whose terms are to be found."""


def _plan(target: Target, candidate: Candidate) -> _Plan:
    blocks, relative = candidate.blocks, candidate.relative
    maxima = window_maxima(blocks)
    divisors, silent = divisors_of(maxima, _peak(blocks)), is_silent(maxima)
    windows, numbers = range(len(maxima)), range(len(blocks))
    if relative is None:
        return _Plan(divisors, silent, list(windows), list(numbers))
    fresh = [new is not old for new, old in zip(blocks, relative.blocks, strict=True)]
    same = (divisors == relative.divisors) & (silent == relative.silent)
    # of its fourth block a window has the first frame only
    heads = [new is not old and not _begin_alike(new, old) for new, old in zip(blocks, relative.blocks, strict=True)]
    return _Plan(
        divisors,
        silent,
        [w for w in windows if not same[w] or any(fresh[w : w + 3]) or heads[w + 3]],
        [b for b in numbers if fresh[b] or fresh[max(0, b - 1)]],
    )


def _begin_alike(a: Block, b: Block) -> bool:
    """Whether their first frames are the same, bit for bit."""
    return np.array_equal(a.mel[0], b.mel[0]) and np.array_equal(a.chroma[0], b.chroma[0])


def _finish(
    target: Target,
    candidate: Candidate,
    plan: _Plan,
    embeddings: FloatArray,
    ears: Hears,
    weights: Sequence[float],
) -> Rated:
    blocks, relative = candidate.blocks, candidate.relative
    if relative is None:
        timbre, pitch, balance = np.zeros((3, len(plan.divisors)), np.float32)
        spectrum, onsets = np.zeros((2, len(blocks)), np.float32)
    else:
        timbre, pitch, balance = relative.timbre.copy(), relative.pitch.copy(), relative.balance.copy()
        spectrum, onsets = relative.spectrum.copy(), relative.onsets.copy()
    if plan.windows:
        at = np.array(plan.windows)
        timbre[at] = ears.similarity(target.embeddings[at], embeddings)
        vectors = np.stack([pitch_vector(window_chroma(blocks, w))[0] for w in plan.windows])
        pitch[at] = direction_similarity(target.pitch[at], vectors)
        levels_of_bands = np.stack([balance_db(window_mel(blocks, w)) for w in plan.windows])
        balance[at] = balance_similarity(target.balance_db[at], levels_of_bands)
        for terms in (timbre, pitch, balance):
            terms[at[target.silent[at] != plan.silent[at]]] = 0.0
            terms[at[target.silent[at] & plan.silent[at]]] = 1.0
    levels = {
        b: levels_db(blocks[b], target.floor_magnitude) for b in {max(0, c - 1) for c in plan.blocks} | set(plan.blocks)
    }
    for b in plan.blocks:
        frames = target.block_frames[b]
        if frames:
            spectrum[b] = spectrum_similarity(target.levels_db[b][:frames], levels[b][:frames])
            rises = rises_db(levels[b - 1] if b else None, levels[b])
            onsets[b] = onset_similarity(target.rises_db[b][:frames], rises[:frames])
    shares = np.array(target.block_frames, dtype=np.float64) / sum(target.block_frames)
    weighted_pitch = float((pitch * target.pitch_weights).sum() / target.pitch_weights.sum())
    by_window = (float(timbre.mean()), weighted_pitch, float(balance.mean()))
    means = (*by_window, float(spectrum @ shares), float(onsets @ shares))
    length = max(0.0, 1.0 - abs(target.samples - candidate.samples) / target.samples)
    total = length * sum(weight * mean for weight, mean in zip(weights, means, strict=True)) / sum(weights)
    score = Score(total, *means, length_coefficient=length)
    return Rated(blocks, plan.divisors, plan.silent, timbre, pitch, balance, spectrum, onsets, score)


def _peak(blocks: Sequence[Block]) -> float:
    return max(block.peak for block in blocks)
