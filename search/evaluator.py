"""Exact scores of arrangements as they are heard, found incrementally: an edit re-renders, re-analyses and re-embeds
only what it touches.

What Live adds to the mix has a level and a shape (`search.response`). The shape is taken into account wherever
arrangements are compared. The level is not: a fader that the user has pulled down stays down, as all that is built is
as loud as its target before it, so louder clips would gain nothing. It is heard in the score alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.blocks import Block, block_count
from embedding.reward import Candidate, Hears, Rated, Score, Target, rate
from search.arrangement import Arrangement
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

    def from_scratch(self, arrangement: Arrangement) -> Evaluation:
        blocks = tuple(self._blocks(arrangement, range(block_count(self.target.samples))))
        candidate = Candidate(blocks, _samples(arrangement))
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
            candidates.append(Candidate(tuple(blocks), _samples(arrangement), before.rated))
        rated = rate(self.target, candidates, self.ears, self.weights)
        return [Evaluation(arrangement, one, self) for (_, arrangement), one in zip(edits, rated, strict=True)]

    def score_of(self, evaluation: Evaluation) -> Score:
        """With the level at which it is heard."""
        level = self.response.level
        if level == 1.0:
            return evaluation.rated.score
        blocks = tuple(_at_level(block, level) for block in evaluation.rated.blocks)
        candidate = Candidate(blocks, _samples(evaluation.arrangement))
        return rate(self.target, [candidate], self.ears, self.weights)[0].score

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
