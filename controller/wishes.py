"""What a producer wants of a cover besides its likeness: the options' values, checked, and the rules they make."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePath

from controller.notations import is_span, parse_span
from embedding.errors import BadOption
from search.grid import Grid
from search.matching import SHORTEST_SECONDS
from search.roles import COLORS, DRUMS
from search.rules import Rules, Selection, Span


@cache
def known_names() -> dict[str, frozenset[str]]:
    """What an instrument, a role or a group of roles may be called, and the names that samples then have."""
    from embedding.network import CLASSES

    groups = {"drums": frozenset(role.casefold() for role in DRUMS)}
    return {name.casefold(): frozenset({name.casefold()}) for name in (*CLASSES, *COLORS)} | groups


@dataclass(frozen=True)
class Wishes:
    """Raises BadOption where a value is out of its range. None: no limit. Of `only`, `forbid` and `keep` each entry is
    A:B in seconds of the recording (not of `only`), an instrument or role, or a pattern for samples' paths."""

    tracks: int
    polyphony: int | None
    density: int | None
    repeats: int | None
    min_length_seconds: float
    quietest_db: float | None
    transpositions: tuple[int, ...]
    grid: int | None
    grid_strength: float
    only: tuple[str, ...]
    forbid: tuple[str, ...]
    keep: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.tracks < 1:
            raise BadOption(f"--tracks {self.tracks}: should be 1 or more (a cover needs a track)")
        for option in ("polyphony", "density", "repeats"):
            most = getattr(self, option)
            if most is not None and most < 1:
                raise BadOption(f"--{option} {most}: should be 1 or more (leave it out for no limit)")
        if not 0.0 <= self.min_length_seconds < math.inf:
            raise BadOption(f"--min-length {self.min_length_seconds:g}: should be 0 seconds or more")
        if self.quietest_db is not None and not -math.inf < self.quietest_db <= 0.0:
            raise BadOption(f"--quietest {self.quietest_db:g}: should be 0 dB or below, e.g. -30 (the sign forgotten?)")
        if not 0.0 <= self.grid_strength <= 1.0:
            raise BadOption(f"--grid-strength {self.grid_strength:g}: should be 0 to 1 (percent?)")
        if self.grid is None and self.grid_strength != 1.0:
            raise BadOption(f"--grid-strength {self.grid_strength:g}: needs a grid, e.g. --grid 1/16")
        for text in self.only:
            if is_span(text):
                raise BadOption(f"--only {text}: should be a sample, instrument or role; for a part of it use --region")
        for option in ("forbid", "keep"):
            for text in filter(is_span, getattr(self, option)):
                _span(option, text)


def rules_of(wishes: Wishes, begin_seconds: float, seconds: float) -> Rules:
    """The rules for a cover of `seconds` of a recording from `begin_seconds` on, of all samples alike. BadOption where
    the wishes leave no time for anything."""
    if wishes.min_length_seconds > seconds:
        raise BadOption(
            f"--min-length {wishes.min_length_seconds:g}: is longer than what is covered, {seconds:.2f} s; give less "
            "(milliseconds?)"
        )

    def spans(option: str, texts: Sequence[str]) -> tuple[Span, ...]:
        found = [_span(option, text) for text in texts if is_span(text)]
        moved = [Span(span.begin_seconds - begin_seconds, span.end_seconds - begin_seconds) for span in found]
        for span, told in zip(moved, found, strict=True):
            if span.begin_seconds >= seconds or span.end_seconds <= 0.0:
                raise BadOption(
                    f"--{option} {told.begin_seconds:g}:{told.end_seconds:g}: lies outside of what is covered, second "
                    f"{begin_seconds:g} to {begin_seconds + seconds:g} of the recording (minutes for seconds?)"
                )
        return tuple(moved)

    forbidden_spans = spans("forbid", wishes.forbid)
    if forbidden_spans and _longest_gap(forbidden_spans, seconds) < max(wishes.min_length_seconds, SHORTEST_SECONDS):
        raise BadOption(
            f"--forbid {' '.join(wishes.forbid)}: leaves no time for any clip; forbid less of the recording"
        )
    kept_spans = spans("keep", wishes.keep)
    for kept in kept_spans:
        if any(kept.begin_seconds < no.end_seconds and no.begin_seconds < kept.end_seconds for no in forbidden_spans):
            raise BadOption(f"--keep {' '.join(wishes.keep)}: keeps what --forbid forbids; give one of them")
    return Rules(
        most_tracks=wishes.tracks,
        most_at_once=wishes.polyphony,
        most_per_second=wishes.density,
        most_of_a_sample=wishes.repeats,
        shortest_seconds=wishes.min_length_seconds,
        quietest_db=-math.inf if wishes.quietest_db is None else wishes.quietest_db,
        transpositions=wishes.transpositions,
        grid=None if wishes.grid is None else Grid(wishes.grid, wishes.grid_strength),
        forbidden_spans=forbidden_spans,
        kept_spans=kept_spans,
    )


def with_samples(
    rules: Rules, wishes: Wishes, paths: Sequence[str], folder: Path, warn: Callable[[str], None]
) -> Rules:
    """`rules` with what is wished of the samples at `paths`: those of the library in `folder`, and what stands. `warn`
    is told of wishes that change nothing. BadOption where a sample is to be used that is not there, or must not be."""

    def selections(option: str, texts: Sequence[str]) -> list[Selection]:
        return [_selection(option, text, paths, folder, warn) for text in texts if not is_span(text)]

    only = _all_of(selections("only", wishes.only)) if wishes.only else None
    keep = tuple(selections("keep", wishes.keep))
    chosen = replace(rules, only=only, forbidden=_all_of(selections("forbid", wishes.forbid)), keep=keep)
    for kept in keep:
        if kept.paths and not any(chosen.may_allow_path(path) for path in kept.paths):
            raise BadOption(f"--keep {' '.join(wishes.keep)}: keeps what --forbid or --only forbids; give one of them")
    return chosen


def _span(option: str, text: str) -> Span:
    try:
        return parse_span(text)
    except ValueError as why:
        raise BadOption(f"--{option} {text}: {why}") from None


def _selection(option: str, text: str, paths: Sequence[str], folder: Path, warn: Callable[[str], None]) -> Selection:
    names = known_names().get(text.strip().casefold())
    if names is not None:
        return Selection(names=names)
    matching = frozenset(path for path in paths if _matches(path, text, folder))
    if not matching:
        says = f"--{option} {text}: is none of the {len(paths)} samples' paths; {_instead(text, paths, folder)}"
        if option == "keep":
            raise BadOption(says)
        warn(says)
    return Selection(paths=matching)


def _matches(path: str, pattern: str, folder: Path) -> bool:
    """Of the path below the library's folder, or of its last part, in any case; a folder stands for all below it."""
    inside = _inside(path, folder).casefold()
    wanted = pattern.replace("\\", "/").casefold().rstrip("/")
    names = inside, PurePath(inside).name, PurePath(path).as_posix().casefold()
    return any(name == wanted or fnmatchcase(name, wanted) for name in names) or inside.startswith(wanted + "/")


def _inside(path: str, folder: Path) -> str:
    whole = PurePath(path)
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else whole.as_posix()


def _instead(text: str, paths: Sequence[str], folder: Path) -> str:
    word = text.casefold()
    if any(word in _inside(path, folder).casefold() for path in paths):
        return f"did you mean '*{text}*'?"
    near = difflib.get_close_matches(word, known_names(), n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"give a path, a pattern such as 'drums/*', or one of {', '.join(sorted(known_names()))}"


def _all_of(selections: Sequence[Selection]) -> Selection:
    return Selection(
        frozenset().union(*(one.paths for one in selections)), frozenset().union(*(one.names for one in selections))
    )


def _longest_gap(spans: Sequence[Span], seconds: float) -> float:
    longest, free_from = 0.0, 0.0
    for span in sorted(spans, key=lambda one: one.begin_seconds):
        longest = max(longest, span.begin_seconds - free_from)
        free_from = max(free_from, span.end_seconds)
    return max(longest, seconds - free_from)
