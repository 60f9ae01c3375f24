"""How things are written in options and in config.yaml: 12.5:20, 1/16, -12,0,12. ValueError says what it should be."""

from __future__ import annotations

import math
import re

from search.rules import Span, within

GRIDS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
MOST_SEMITONES = 48
"""Live's clips cannot be transposed further."""
_SPAN = re.compile(r"\s*-?[\d.]+\s*:\s*-?[\d.]+\s*")


def is_span(text: str) -> bool:
    """Whether it looks like A:B, right or wrong."""
    return _SPAN.fullmatch(text) is not None


def parse_span(text: str) -> Span:
    """`12.5:20`."""
    try:
        begin, end = (float(part) for part in text.split(":"))
    except ValueError:
        begin, end = math.nan, math.nan
    if not 0.0 <= begin < end < math.inf:
        raise ValueError("should be A:B in seconds, 0 <= A < B, e.g. 12.5:20 (minutes, or swapped?)")
    return Span(begin, end)


def parse_grid(text: str) -> int:
    """16 for `1/16`."""
    head, slash, tail = text.strip().partition("/")
    if not slash or head != "1" or not tail.isdecimal() or int(tail) not in GRIDS:
        shown = ", ".join(f"1/{parts}" for parts in GRIDS)
        raise ValueError(f"should be a note's length, one of {shown} (1/12 is an eighth triplet)")
    return int(tail)


def parse_transpositions(text: str) -> tuple[int, ...]:
    """Ascending: all up and down to `12`, or just those of a list such as `-12,0,12`."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(re.fullmatch(r"[+-]?\d+", part) for part in parts):
        parts = []
    return transpositions([int(part) for part in parts] if "," in text or len(parts) != 1 else int(parts[0]))


def transpositions(semitones: int | list[int]) -> tuple[int, ...]:
    """As `parse_transpositions`, of numbers."""
    allowed = within(semitones) if isinstance(semitones, int) else tuple(sorted(set(semitones)))
    if not allowed or max(map(abs, allowed)) > MOST_SEMITONES:
        raise ValueError(
            f"should be 0 to {MOST_SEMITONES} semitones up and down, or a list of those that are allowed, from "
            f"-{MOST_SEMITONES} to {MOST_SEMITONES}, e.g. -12,0,12 (one alone: -5,)"
        )
    return allowed


def parse_weight(text: str, terms: tuple[str, ...]) -> tuple[str, float]:
    """(term, weight) of `onsets=0.3`."""
    term, _, number = text.partition("=")
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if term.strip() not in terms or not 0.0 <= weight < math.inf:
        raise ValueError(f"should be TERM=WEIGHT, 0 or more, TERM one of {', '.join(terms)}, e.g. {terms[0]}=0.3")
    return term.strip(), weight


def grid_setting(value: object) -> object:
    return parse_grid(_text(value)) if value is not None else None


def transpositions_setting(value: object) -> object:
    if isinstance(value, str):
        return parse_transpositions(value)
    numbers = value if isinstance(value, list) else [value]
    if not all(isinstance(number, int) and not isinstance(number, bool) for number in numbers):
        raise ValueError("should be whole semitones: 12 for as many up and down, or a list such as [-12, 0, 12]")
    return transpositions(value)  # type: ignore[arg-type]


def region_setting(value: object) -> object:
    if value is not None:
        parse_span(_text(value))
    return value


def _text(value: object) -> str:
    # YAML reads 12:20 as a number to the base of 60.
    if not isinstance(value, str):
        raise ValueError("should be in quotes")
    return value


def texts_setting(value: object) -> object:
    return [_text(one) for one in value] if isinstance(value, list) else value
