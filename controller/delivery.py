"""Covers on their way to disk: laid out, performed, scored, written, and the best of several put first."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from controller.config import Settings
from controller.exports import TargetFacts, write_arrangement, write_exports
from controller.filling import Filling
from controller.performance import RENDERED, perform
from controller.progress import Progress
from controller.request import CoverResult
from controller.venue import Venue
from embedding.audio import Audio
from embedding.errors import StageError
from embedding.reward import Hears, score_recordings
from search.arrangement import Arrangement


@dataclass(frozen=True, eq=False)
class Draft:
    """What a search found, as it is to be built: `score` is what the search made of it."""

    arrangement: Arrangement
    score: dict[str, float]


@dataclass(frozen=True, eq=False)
class Delivery:
    target: Audio
    facts: TargetFacts
    venue: Venue
    filling: Filling | None
    judge: Hears
    settings: Settings
    progress: Progress

    def one(self, draft: Draft, folder: Path) -> CoverResult:
        """The cover, built in the set and written to `folder`. Raises StageError where it cannot be built: its
        arrangement is in `folder` all the same."""
        write_arrangement(folder, draft.arrangement, self.facts, draft.score)
        return self._written(draft, folder, self.venue, self.filling)

    def several(self, drafts: Sequence[Draft], folder: Path) -> list[CoverResult]:
        """The covers, best first, in the folders 1, 2 and so on within `folder`; the best is built in the user's Live,
        if that is the stage. Raises StageError as `one`: all are in `folder`, as far as they were made."""
        made = [folder / f"made-{number}" for number in range(len(drafts))]
        for draft, where in zip(drafts, made, strict=True):
            where.mkdir()
            write_arrangement(where, draft.arrangement, self.facts, draft.score)
        rehearsed = replace(self.venue, live=None, audition=None)
        try:
            pairs = zip(drafts, made, strict=True)
            results = [self._written(draft, where, rehearsed, None) for draft, where in pairs]
        except StageError:
            for number, where in enumerate(made, start=1):
                where.rename(folder / str(number))
            raise
        ranked = sorted(zip(results, drafts, strict=True), key=lambda one: -one[0].score_total)
        placed = []
        for number, (result, _) in enumerate(ranked, start=1):
            placed.append(replace(result, out=result.out.rename(folder / str(number))))
        if self.filling is not None:
            placed[0] = self._written(ranked[0][1], placed[0].out, self.venue, self.filling)
        return placed

    def _written(self, draft: Draft, folder: Path, venue: Venue, filling: Filling | None) -> CoverResult:
        performance = perform(draft.arrangement, self.target, venue, filling, self.progress)
        score = score_recordings(self.target, performance.cover, self.judge, self.settings.reward.in_order())
        arrangement = performance.arrangement
        shutil.rmtree(folder / "stems", ignore_errors=True)
        account: dict[str, object] = {**score.as_dict()}
        if performance.source != RENDERED:
            account["heard"] = performance.source
        capture = None if performance.heard is None else performance.heard.as_dict()
        origin_beats = 0.0 if filling is None else filling.origin_beats
        write_exports(
            folder, arrangement, self.facts, account, performance.cover, performance.stems, capture, origin_beats
        )
        return CoverResult(folder, score.total, arrangement.clip_count, len(arrangement.tracks), performance.source)
