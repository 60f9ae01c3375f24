"""How values are written, in options and in config.yaml alike."""

from __future__ import annotations

import pytest

from controller.notations import (
    grid_setting,
    is_span,
    parse_grid,
    parse_span,
    parse_transpositions,
    parse_weight,
    region_setting,
    texts_setting,
    transpositions_setting,
)
from search.rules import Span


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("0", (0,)),
        ("2", (-2, -1, 0, 1, 2)),
        ("-12,0,12", (-12, 0, 12)),
        ("12, 0,-12 ,0", (-12, 0, 12)),
        ("-5,", (-5,)),
        ("+7,0", (0, 7)),
    ],
)
def test_transpositions(text: str, allowed: tuple[int, ...]) -> None:
    assert parse_transpositions(text) == allowed
    assert transpositions_setting(text) == allowed


@pytest.mark.parametrize("text", ["", ",", "-5", "49", "-60,0", "1.5", "a", "1,,x", "0:12"])
def test_what_is_no_transpositions(text: str) -> None:
    with pytest.raises(ValueError, match="semitones up and down, or a list"):
        parse_transpositions(text)


def test_transpositions_as_numbers() -> None:
    assert transpositions_setting(1) == (-1, 0, 1)
    assert transpositions_setting([12, 0]) == (0, 12)
    for wrong in (True, 1.0, [0.5], None, {}, [], -3, 50):
        with pytest.raises(ValueError, match="semitones"):
            transpositions_setting(wrong)


def test_grids() -> None:
    assert [parse_grid(text) for text in ("1/4", "1/16", " 1/12 ")] == [4, 16, 12]
    assert (grid_setting("1/8"), grid_setting(None)) == (8, None)
    for wrong in ("1/5", "16", "1/", "2/16", "1/-4", "1/²", ""):
        with pytest.raises(ValueError, match="one of 1/1, 1/2"):
            parse_grid(wrong)
    with pytest.raises(ValueError, match="quotes"):
        grid_setting(0.0625)


def test_spans() -> None:
    assert parse_span("1.5:3") == Span(1.5, 3.0)
    assert [is_span(text) for text in ("1:2", "5:2", "-1:2", "C:/kick.wav", "kick", "1:2:3")] == [True] * 3 + [
        False
    ] * 3
    for wrong in ("5:2", "2:2", "-1:2", "1", "1:2:3", "a:b", "nan:3", "0:inf"):
        with pytest.raises(ValueError, match="should be A:B in seconds"):
            parse_span(wrong)


def test_what_yaml_reads_as_a_number_is_to_be_quoted() -> None:
    assert region_setting("1:2") == "1:2"
    assert region_setting(None) is None
    assert texts_setting(["kick", "1:2"]) == ["kick", "1:2"]
    for setting, value in ((region_setting, 740), (texts_setting, [740])):
        with pytest.raises(ValueError, match="quotes"):
            setting(value)


def test_weights() -> None:
    terms = ("timbre", "onsets")
    assert parse_weight("onsets=0.5", terms) == ("onsets", 0.5)
    for wrong in ("onset=1", "onsets", "onsets=", "onsets=-1", "onsets=nan", "onsets=inf", "=1"):
        with pytest.raises(ValueError, match="TERM one of timbre, onsets"):
            parse_weight(wrong, terms)
