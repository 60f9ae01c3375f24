"""What one cover is asked for: every option with its default filled in and checked."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from controller.config import (
    POLICIES,
    SCORE_SOURCES,
    STAGE_KINDS,
    RewardWeights,
    ScoreSource,
    Settings,
    StageKind,
)
from controller.files import expanded
from controller.notations import parse_grid, parse_span, parse_transpositions, parse_weight
from controller.out_folder import ARRANGEMENT_FILE
from controller.wishes import Wishes
from embedding.audio import Audio
from embedding.errors import BadOption
from search.arrangement import Arrangement, arrangement_from_json

T = TypeVar("T")
MOST_VARIATIONS = 20
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
    wishes: Wishes
    policy: str
    stage: StageKind
    score: ScoreSource
    region: Region | None
    start: Path | None
    """The arrangement.json that the search goes on from."""
    variations: int
    keeps_captures: bool = False

    @property
    def begin_seconds(self) -> float:
        """Where in the recording the cover begins."""
        return 0.0 if self.region is None else self.region.begin_seconds

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
        _require_one_of("--policy", self.policy, POLICIES)
        if self.keeps_captures and self.score == "offline":
            raise BadOption("--keep-captures: nothing is captured with --score offline; use loopback or resampling")
        if self.variations < 1:
            raise BadOption(f"--variations {self.variations}: should be 1 or more")
        if self.variations > MOST_VARIATIONS:
            raise BadOption(
                f"--variations {self.variations}: should be at most {MOST_VARIATIONS}, as they share the budget"
            )


@dataclass(frozen=True)
class CoverResult:
    """What a finished cover is reported by; everything else is in `out`."""

    out: Path
    score_total: float
    clip_count: int
    track_count: int
    source: str
    """Where the cover's sound is from."""


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
    polyphony: int | None = None,
    density: int | None = None,
    repeats: int | None = None,
    min_length_seconds: float | None = None,
    quietest_db: float | None = None,
    transpose: str | None = None,
    grid: str | None = None,
    grid_strength: float | None = None,
    only: Sequence[str] = (),
    forbid: Sequence[str] = (),
    keep: Sequence[str] = (),
    weights: Sequence[str] = (),
    start: Path | None = None,
    policy: str | None = None,
    stage: str | None = None,
    score: str = "offline",
    region: str | None = None,
    variations: int = 1,
    keep_captures: bool = False,
) -> CoverRequest:
    """The request with the settings' values where an option is None. `simulations` alone means no time limit."""
    search = settings.search
    if budget_seconds is None and simulations is None:
        budget_seconds = search.budget_seconds
    if region is None:
        region = search.region
    wishes = Wishes(
        tracks=_chosen(tracks, search.tracks),
        polyphony=_chosen(polyphony, search.polyphony),
        density=_chosen(density, search.density),
        repeats=_chosen(repeats, search.repeats),
        min_length_seconds=_chosen(min_length_seconds, search.min_length_seconds),
        quietest_db=_chosen(quietest_db, search.quietest_db),
        transpositions=_read("transpose", transpose, parse_transpositions) or search.transpose_semitones,
        grid=_read("grid", grid, parse_grid) or search.grid,
        grid_strength=_chosen(grid_strength, search.grid_strength),
        only=tuple(only) or search.only,
        forbid=tuple(forbid) or search.forbid,
        keep=tuple(keep) or search.keep,
    )
    if grid_strength is not None and wishes.grid is None:
        raise BadOption(f"--grid-strength {grid_strength:g}: needs a grid, e.g. --grid 1/16")
    stage = settings.stage.kind if stage is None else stage
    _require_one_of("--stage", stage, STAGE_KINDS)
    _require_one_of("--score", score, SCORE_SOURCES)
    return CoverRequest(
        target=expanded(target).absolute(),
        library=expanded(library).absolute(),
        out=expanded(out).absolute(),
        settings=_weighted(settings, weights),
        budget_seconds=budget_seconds,
        simulations=simulations,
        seed=search.seed if seed is None else seed,
        wishes=wishes,
        policy=search.policy if policy is None else policy,
        stage=cast(StageKind, stage),
        score=cast(ScoreSource, score),
        region=None if region is None else parse_region(region),
        start=None if start is None else expanded(start).absolute(),
        variations=variations,
        keeps_captures=keep_captures,
    )


def parse_region(text: str) -> Region:
    """`A:B` in seconds, e.g. 12.5:20. BadOption where it is not that."""
    span = _read("region", text, parse_span)
    assert span is not None
    return Region(span.begin_seconds, span.end_seconds)


def read_start(file: Path) -> Arrangement:
    """The arrangement of an arrangement.json, or of the one in a folder. BadOption where it cannot be gone on from."""
    file = file / ARRANGEMENT_FILE if file.is_dir() else file
    try:
        start = arrangement_from_json(json.loads(file.read_text(encoding="utf-8")))
    except OSError as why:
        raise BadOption(f"--from {file}: cannot be read ({why.strerror}); give an arrangement.json of ours") from why
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        raise BadOption(f"--from {file}: is no arrangement.json of ours; give one that a cover left") from why
    for _, clip in start.clips():
        numbers = clip.start_seconds, clip.offset_seconds, clip.length_seconds, clip.gain_db, clip.transpose_semitones
        if not all(isinstance(number, int | float) and math.isfinite(number) for number in numbers):
            raise BadOption(f"--from {file}: is no arrangement.json of ours; give one that a cover left")
        if not (clip.length_seconds > 0.0 and clip.start_seconds >= 0.0 and clip.offset_seconds >= 0.0):
            raise BadOption(f"--from {file}: holds a clip of no length, or before 0 s: {clip!r:.200}")
        if not Path(clip.sample).is_file():
            raise BadOption(f"--from {file}: its sample {clip.sample} is not there (moved since?)")
    return start


def _chosen(option: T | None, setting: T) -> T:
    return setting if option is None else option


def _read(option: str, text: str | None, parse: Callable[[str], T]) -> T | None:
    """What the option's text means; None where it is not given. BadOption where it means nothing."""
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as why:
        raise BadOption(f"--{option} {text}: {why}") from None


def _weighted(settings: Settings, texts: Sequence[str]) -> Settings:
    """The settings with other weights of the reward's terms. BadOption where that cannot be."""
    terms = tuple(RewardWeights.model_fields)
    given = dict(one for text in texts if (one := _read("weight", text, lambda said: parse_weight(said, terms))))
    if not given:
        return settings
    if settings.reward.name == "paper":
        raise BadOption(f"--weight {texts[0]}: the paper's reward has fixed weights; set reward.name: default")
    weights = settings.reward.weights.model_copy(update=given)
    if not any(weights.in_order()):
        raise BadOption(f"--weight {' '.join(texts)}: leaves no term a weight above 0; give one")
    reward = settings.reward.model_copy(update={"weights": weights})
    return settings.model_copy(update={"reward": reward})


def _require_one_of(option: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        near = difflib.get_close_matches(value.lower(), allowed, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise BadOption(f"{option} {value}: should be {', '.join(allowed[:-1])} or {allowed[-1]}{hint}")
