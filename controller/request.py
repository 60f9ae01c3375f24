"""What one cover is asked for: every option with its default filled in and checked."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from controller.config import POLICIES, STAGE_KINDS, Settings
from controller.files import expanded
from embedding.audio import Audio
from embedding.errors import BadOption

SCORE_SOURCES = ("offline", "loopback", "resampling")
MOST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Region:
    """A part of a recording, in seconds from its beginning; 0 <= begin < end."""

    begin_seconds: float
    end_seconds: float

    def cut(self, audio: Audio) -> Audio:
        """That part of `audio`. BadOption where it begins behind the end; an end beyond it is the recording's end."""
        if self.begin_seconds >= audio.seconds:
            raise BadOption(
                f"--region {self.begin_seconds:g}:{self.end_seconds:g}: begins behind the end of the recording, which "
                f"lasts {audio.seconds:.2f} s; give A:B in seconds within it (minutes for seconds?)"
            )
        begin, end = (round(at * audio.sample_rate_hz) for at in (self.begin_seconds, self.end_seconds))
        return Audio(audio.samples[:, begin:end], audio.sample_rate_hz)


@dataclass(frozen=True)
class CoverRequest:
    """One cover, ready to be worked on. Raises BadOption where a value is out of its range."""

    target: Path
    library: Path
    out: Path
    settings: Settings
    budget_seconds: float | None
    """None: no time limit, `simulations` ends the search."""
    simulations: int | None
    seed: int
    tracks: int
    policy: str
    stage: str
    score: str
    region: Region | None
    variations: int

    def __post_init__(self) -> None:
        budget = self.budget_seconds
        if budget is not None and not (math.isfinite(budget) and budget > 0):
            raise BadOption(f"--budget {budget:g}: should be more than 0 seconds of search, and not endless (e.g. 30)")
        if budget is None and self.simulations is None:
            raise BadOption("--budget: should be given where --simulations is not; else the search would never end")
        if self.simulations is not None and self.simulations < 1:
            raise BadOption(f"--simulations {self.simulations}: should be 1 or more (leave it out for no limit)")
        if not 0 <= self.seed <= MOST_SEED:
            raise BadOption(f"--seed {self.seed}: should be 0 to {MOST_SEED}")
        if self.tracks < 1:
            raise BadOption(f"--tracks {self.tracks}: should be 1 or more (a cover needs a track)")
        _require_one_of("--policy", self.policy, POLICIES)
        _require_one_of("--stage", self.stage, STAGE_KINDS)
        _require_one_of("--score", self.score, SCORE_SOURCES)
        if self.score != "offline":
            raise BadOption(f"--score {self.score}: is not there yet; use --score offline")
        if self.variations < 1:
            raise BadOption(f"--variations {self.variations}: should be 1 or more")
        if self.variations > 1:
            raise BadOption(f"--variations {self.variations}: is not there yet beyond 1; run again with another --seed")


@dataclass(frozen=True)
class CoverResult:
    """What a finished cover is reported by; everything else is in `out`."""

    out: Path
    score_total: float
    clip_count: int
    track_count: int


def cover_request(
    target: Path,
    library: Path,
    out: Path,
    settings: Settings,
    *,
    budget_seconds: float | None = None,
    simulations: int | None = None,
    seed: int | None = None,
    tracks: int | None = None,
    policy: str | None = None,
    stage: str | None = None,
    score: str = "offline",
    region: str | None = None,
    variations: int = 1,
) -> CoverRequest:
    """The request with the settings' values where an option is None. `simulations` alone means no time limit."""
    search = settings.search
    if budget_seconds is None and simulations is None:
        budget_seconds = search.budget_seconds
    return CoverRequest(
        target=expanded(target).absolute(),
        library=expanded(library).absolute(),
        out=expanded(out).absolute(),
        settings=settings,
        budget_seconds=budget_seconds,
        simulations=simulations,
        seed=search.seed if seed is None else seed,
        tracks=search.tracks if tracks is None else tracks,
        policy=search.policy if policy is None else policy,
        stage=settings.stage.kind if stage is None else stage,
        score=score,
        region=None if region is None else parse_region(region),
        variations=variations,
    )


def parse_region(text: str) -> Region:
    """`A:B` in seconds, e.g. 12.5:20. BadOption where it is not that."""
    try:
        begin, end = (float(part) for part in text.split(":"))
    except ValueError:
        begin, end = math.nan, math.nan
    if not (0.0 <= begin < end < math.inf):
        raise BadOption(f"--region {text}: should be A:B in seconds, 0 <= A < B, e.g. 12.5:20 (minutes, or swapped?)")
    return Region(begin, end)


def _require_one_of(option: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        near = difflib.get_close_matches(value.lower(), allowed, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise BadOption(f"{option} {value}: should be {', '.join(allowed[:-1])} or {allowed[-1]}{hint}")
