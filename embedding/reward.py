"""The reward: how much a cover O sounds like its target I. Higher is better, 1 is identical.

After Howard and Chuba (2019), made exact. On windows of 3 s (see `embedding.blocks`), O padded or cut to |I|:

    total = L * sum over terms of weight * mean similarity,   L = max(0, 1 - | |I| - |O| | / |I|)

`paper` has two terms of weight 1/2: timbre (embeddings) and pitch (chromagrams). Both divide each window by its own
maximum, so it hears neither level, polarity nor stereo. `default` adds two that do hear level and detail:

    timbre    1 - |a - b| / (|a| + |b|) of the windows' embeddings, which are centred; with `MfccEars` in place of the
              network's, what `embedding.mfcc` says
    pitch     1 - |a/|a| - b/|b|| / 2 of the windows' chromagrams, in which what is common to all 12 pitch classes
              counts half
    spectrum  exp(-D / 10) of each block of 1 s, D the mean difference of the log-mel levels in dB, floor 60 dB below
              the target's loudest
    onsets    1 - sum |f - g| / sum (f + g) of each block, f and g the rises of the log-mel levels from frame to frame

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
from embedding.errors import BadOption
from embedding.kernels import FloatArray
from embedding.similarity import direction_similarity

BoolArray = npt.NDArray[np.bool_]
FLOOR_DB = -60.0
SPECTRUM_SCALE_DB = 10.0
COMMON_CHROMA_WEIGHT = 0.5
TERMS = ("timbre", "pitch", "spectrum", "onsets")
NAMED_WEIGHTS: Mapping[str, tuple[float, ...]] = {
    "paper": (0.5, 0.5, 0.0, 0.0),
    "default": (0.2, 0.25, 0.4, 0.15),
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
    """[W, 130 * 13]: see `pitch_vector`."""
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
    """[W], and so is pitch."""
    pitch: FloatArray
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
    """The target's side of all comparisons."""
    mono = audio.at_rate(SAMPLE_RATE_HZ).mono()
    blocks = blocks_of(mono, mono.size)
    maxima = window_maxima(blocks)
    divisors = divisors_of(maxima, _peak(blocks))
    windows = range(len(maxima))
    loudest = max(float(block.mel.max()) for block in blocks)
    floor = max(loudest * 10.0 ** (FLOOR_DB / 20.0), 1e-9)
    inside = np.clip(frame_count(mono.size) - BLOCK_FRAMES * np.arange(len(blocks)), 0, BLOCK_FRAMES)
    levels = tuple(levels_db(block, floor) for block in blocks)
    return Target(
        samples=mono.size,
        floor_magnitude=floor,
        silent=is_silent(maxima),
        embeddings=ears.hear(np.stack([log_mel(window_mel(blocks, w), divisors[w]) for w in windows])).embeddings,
        pitch=np.stack([pitch_vector(blocks, w) for w in windows]),
        levels_db=levels,
        rises_db=tuple(rises_db(levels[b - 1] if b else None, levels[b]) for b in range(len(blocks))),
        block_frames=tuple(int(frames) for frames in inside),
    )


def score_recordings(target: Audio, cover: Audio, ears: Hears, weights: Sequence[float]) -> Score:
    """The Score of `cover` against `target`, each as long as its file is."""
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
        timbre, pitch = np.zeros(len(plan.divisors), np.float32), np.zeros(len(plan.divisors), np.float32)
        spectrum, onsets = np.zeros(len(blocks), np.float32), np.zeros(len(blocks), np.float32)
    else:
        timbre, pitch = relative.timbre.copy(), relative.pitch.copy()
        spectrum, onsets = relative.spectrum.copy(), relative.onsets.copy()
    if plan.windows:
        at = np.array(plan.windows)
        timbre[at] = ears.similarity(target.embeddings[at], embeddings)
        vectors = np.stack([pitch_vector(blocks, w) for w in plan.windows])
        pitch[at] = direction_similarity(target.pitch[at], vectors)
        for terms in (timbre, pitch):
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
    means = (float(timbre.mean()), float(pitch.mean()), float(spectrum @ shares), float(onsets @ shares))
    length = max(0.0, 1.0 - abs(target.samples - candidate.samples) / target.samples)
    total = length * sum(weight * mean for weight, mean in zip(weights, means, strict=True)) / sum(weights)
    score = Score(total, *means, length_coefficient=length)
    return Rated(blocks, plan.divisors, plan.silent, timbre, pitch, spectrum, onsets, score)


def _peak(blocks: Sequence[Block]) -> float:
    return max(block.peak for block in blocks)


def pitch_vector(blocks: Sequence[Block], window: int) -> FloatArray:
    """[130 * 13]: chroma amplitudes with their common part split off and weighted, flattened."""
    amplitudes = np.sqrt(window_chroma(blocks, window))
    common = amplitudes.mean(axis=1, keepdims=True)
    scale = np.float32(COMMON_CHROMA_WEIGHT * np.sqrt(amplitudes.shape[1]))
    return np.concatenate([amplitudes - common, common * scale], axis=1).ravel()


def levels_db(block: Block, floor_magnitude: float) -> FloatArray:
    """[43, 128]: mel levels in dB above the floor, 0 at and below it."""
    above = np.maximum(block.mel * np.float32(1.0 / floor_magnitude), np.float32(1.0))
    return np.asarray(np.float32(20.0) * np.log10(above), dtype=np.float32)


def rises_db(before: FloatArray | None, levels: FloatArray) -> FloatArray:
    """[43]: by how much `levels` [43, 128] rise from frame to frame, mean over bins; `before` is the block
    that precedes, without one the first frame is no rise."""
    first = levels[:1] if before is None else before[-1:]
    rises = np.maximum(levels - np.concatenate([first, levels[:-1]]), np.float32(0.0))
    return np.asarray(rises.mean(axis=1), dtype=np.float32)


def spectrum_similarity(target_db: FloatArray, cover_db: FloatArray) -> float:
    """exp(-D / 10 dB), D the mean absolute difference; 0 where only the target sounds."""
    if target_db.any() and not cover_db.any():
        return 0.0
    return float(np.exp(-np.abs(target_db - cover_db).mean() / SPECTRUM_SCALE_DB))


def onset_similarity(target_db: FloatArray, cover_db: FloatArray) -> float:
    """1 - sum |f - g| / sum (f + g) (Bray and Curtis); 1 where neither rises."""
    both = float((target_db + cover_db).sum())
    return 1.0 if both < 1e-6 else 1.0 - float(np.abs(target_db - cover_db).sum()) / both
