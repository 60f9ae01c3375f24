"""Exact scores of arrangements as they are heard, found incrementally: an edit re-renders, re-analyses and re-embeds
only what it touches.

What Live adds to the mix has a level and a shape (`search.response`). The shape is taken into account wherever
arrangements are compared. The level is not: a fader that the user has pulled down stays down, as all that is built is
as loud as its target before it, so louder clips would gain nothing. It is heard in the score alone. Nor is it
counted by how much longer than the target the clips last that must stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.blocks import Block, block_count
from embedding.reward import Candidate, Hears, Rated, Score, Target, rate
from search.arrangement import Arrangement, Clip
from search.rendering import VoiceBank, render_blocks, touched_blocks
from search.response import FLAT, Response


@dataclass(frozen=True, eq=False)
class Evaluation:
    """An arrangement and what the reward made of it, `rated` without the level that the response changes."""

    arrangement: Arrangement
    rated: Rated
    evaluator: Evaluator = field(repr=False)

    @property
    def value(self) -> float:
        """What arrangements are compared by."""
        return self.rated.score.total

    @cached_property
    def score(self) -> Score:
        """Of what is heard."""
        return self.evaluator.score_of(self)

    @property
    def total(self) -> float:
        return self.score.total


@dataclass(frozen=True)
class Evaluator:
    target: Target
    bank: VoiceBank
    ears: Hears
    weights: Sequence[float]
    response: Response = FLAT
    held: frozenset[Clip] = frozenset()
    """Clips that no search can change: where they last longer than the target, that counts in the score alone."""

    def from_scratch(self, arrangement: Arrangement) -> Evaluation:
        blocks = tuple(self._blocks(arrangement, range(block_count(self.target.samples))))
        candidate = Candidate(blocks, self._compared_samples(arrangement))
        return Evaluation(arrangement, rate(self.target, [candidate], self.ears, self.weights)[0], self)

    def after(self, edits: Sequence[tuple[Evaluation, Arrangement]]) -> list[Evaluation]:
        """Evaluations of the arrangements, each an edit of the one beside it that was evaluated with the same response,
        in one batch."""
        candidates = []
        for before, arrangement in edits:
            blocks = list(before.rated.blocks)
            numbers = touched_blocks(before.arrangement, arrangement, len(blocks), self._shape)
            for number, block in zip(numbers, self._blocks(arrangement, numbers), strict=True):
                blocks[number] = block
            candidates.append(Candidate(tuple(blocks), self._compared_samples(arrangement), before.rated))
        rated = rate(self.target, candidates, self.ears, self.weights)
        return [Evaluation(arrangement, one, self) for (_, arrangement), one in zip(edits, rated, strict=True)]

    def score_of(self, evaluation: Evaluation) -> Score:
        """With the level at which it is heard, and its whole length."""
        level, samples = self.response.level, _samples(evaluation.arrangement)
        if level != 1.0:
            blocks = tuple(_at_level(block, level) for block in evaluation.rated.blocks)
            candidate = Candidate(blocks, samples)
        elif samples != self._compared_samples(evaluation.arrangement):
            candidate = Candidate(evaluation.rated.blocks, samples, evaluation.rated)
        else:
            return evaluation.rated.score
        return rate(self.target, [candidate], self.ears, self.weights)[0].score

    def _compared_samples(self, arrangement: Arrangement) -> int:
        samples = _samples(arrangement)
        if not self.held or samples <= self.target.samples:
            return samples
        ends = (clip.end_seconds for _, clip in arrangement.clips() if clip not in self.held)
        return max(self.target.samples, round(max(ends, default=0.0) * SAMPLE_RATE_HZ))

    def _blocks(self, arrangement: Arrangement, numbers: Sequence[int]) -> list[Block]:
        return render_blocks(arrangement, self.bank, self.target.samples, numbers, self._shape)

    @cached_property
    def _shape(self) -> Response:
        return self.response.shape


def _at_level(block: Block, level: float) -> Block:
    gain = np.float32(level)
    return replace(
        block,
        mel=gain * block.mel,
        chroma=gain * block.chroma,
        peak=level * block.peak,
        head_peak=level * block.head_peak,
    )


def _samples(arrangement: Arrangement) -> int:
    return round(arrangement.seconds * SAMPLE_RATE_HZ)
