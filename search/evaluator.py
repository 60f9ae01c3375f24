"""Exact scores of arrangements, found incrementally: an edit re-renders, re-analyses and re-embeds only what it
touches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.blocks import block_count
from embedding.reward import Candidate, Hears, Rated, Score, Target, rate
from search.arrangement import Arrangement
from search.rendering import VoiceBank, render_blocks, touched_blocks


@dataclass(frozen=True, eq=False)
class Evaluation:
    """An arrangement and what the reward made of it."""

    arrangement: Arrangement
    rated: Rated

    @property
    def score(self) -> Score:
        return self.rated.score

    @property
    def total(self) -> float:
        return self.rated.score.total


@dataclass(frozen=True)
class Evaluator:
    target: Target
    bank: VoiceBank
    ears: Hears
    weights: Sequence[float]

    def from_scratch(self, arrangement: Arrangement) -> Evaluation:
        numbers = range(block_count(self.target.samples))
        blocks = tuple(render_blocks(arrangement, self.bank, self.target.samples, numbers))
        candidate = Candidate(blocks, _samples(arrangement))
        return Evaluation(arrangement, rate(self.target, [candidate], self.ears, self.weights)[0])

    def after(self, edits: Sequence[tuple[Evaluation, Arrangement]]) -> list[Evaluation]:
        """Evaluations of the arrangements, each an edit of the evaluated one beside it, in one batch."""
        candidates = []
        for before, arrangement in edits:
            blocks = list(before.rated.blocks)
            numbers = touched_blocks(before.arrangement, arrangement, len(blocks))
            fresh = render_blocks(arrangement, self.bank, self.target.samples, numbers)
            for number, block in zip(numbers, fresh, strict=True):
                blocks[number] = block
            candidates.append(Candidate(tuple(blocks), _samples(arrangement), before.rated))
        rated = rate(self.target, candidates, self.ears, self.weights)
        return [Evaluation(arrangement, one) for (_, arrangement), one in zip(edits, rated, strict=True)]


def _samples(arrangement: Arrangement) -> int:
    return round(arrangement.seconds * SAMPLE_RATE_HZ)
