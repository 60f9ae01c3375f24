"""What a producer wishes, as rules: which samples are meant, which seconds, and which wishes cannot all be had."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from controller.cli import run
from controller.config import load_settings, packaged_file
from controller.request import cover_request
from controller.wishes import Wishes, rules_of, with_samples
from embedding.errors import BadOption
from search.grid import Grid
from search.rules import Rules, Selection, Span, within

FOLDER = Path("/library")
PATHS = [
    "/library/drums/kick 1.wav",
    "/library/drums/tabla/ke.wav",
    "/library/keys/Piano [soft].wav",
    "/library/fx/vinyl.flac",
    "/elsewhere/old.wav",
]
WISHES = Wishes(
    tracks=24,
    polyphony=None,
    density=None,
    repeats=None,
    min_length_seconds=0.0,
    quietest_db=-30.0,
    transpositions=within(12),
    grid=None,
    grid_strength=1.0,
    only=(),
    forbid=(),
    keep=(),
)


def chosen(wishes: Wishes) -> tuple[Rules, list[str]]:
    warnings: list[str] = []
    return with_samples(Rules(), wishes, PATHS, FOLDER, warnings.append), warnings


def test_the_defaults_of_config_yaml_are_the_planners_own() -> None:
    request = cover_request(Path("a.wav"), Path("l"), Path("o"), load_settings(packaged_file()))
    assert request.wishes == WISHES
    assert rules_of(request.wishes, 0.0, 10.0) == Rules()


def test_every_wish_is_a_rule() -> None:
    wishes = replace(
        WISHES, tracks=3, polyphony=2, density=4, repeats=5, min_length_seconds=0.5, quietest_db=None, grid=16
    )
    assert rules_of(replace(wishes, grid_strength=0.5), 0.0, 10.0) == Rules(
        most_tracks=3,
        most_at_once=2,
        most_per_second=4,
        most_of_a_sample=5,
        shortest_seconds=0.5,
        quietest_db=-math.inf,
        grid=Grid(16, 0.5),
    )


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("drums/kick 1.wav", PATHS[:1]),
        ("Kick 1.WAV", PATHS[:1]),
        ("drums/", PATHS[:2]),
        ("drums/*", PATHS[:2]),
        ("tabla/*", []),
        ("*tabla*", PATHS[1:2]),
        ("piano [soft].wav", PATHS[2:3]),
        ("*.flac", PATHS[3:4]),
        ("/elsewhere/old.wav", PATHS[4:]),
        ("fx\\vinyl.flac", PATHS[3:4]),
    ],
)
def test_samples_by_path_and_pattern(text: str, paths: list[str]) -> None:
    rules, warnings = chosen(replace(WISHES, forbid=(text,)))
    assert rules.forbidden == Selection(frozenset(paths))
    assert len(warnings) == (not paths)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Piano", {"piano"}),
        ("kick", {"kick"}),
        ("DRUMS", {"kick", "snare", "hats", "percussion"}),
        ("violin", {"violin"}),
    ],
)
def test_instruments_and_roles_by_name(text: str, names: set[str]) -> None:
    assert chosen(replace(WISHES, only=(text, "fx/*")))[0].only == Selection(frozenset(PATHS[3:4]), frozenset(names))


@pytest.mark.parametrize(
    ("text", "says"), [("vinyl", "did you mean '*vinyl*'?"), ("kik", "did you mean kick?"), ("xyz", "give a path")]
)
def test_what_means_nothing_is_told(text: str, says: str) -> None:
    _, (warning,) = chosen(replace(WISHES, forbid=(text,)))
    assert warning.startswith(f"--forbid {text}: is none of the 5 samples' paths; {says}")
    with pytest.raises(BadOption, match=r"--keep .*: is none of the 5 samples' paths"):
        chosen(replace(WISHES, keep=(text,)))


def test_seconds_are_those_of_the_recording() -> None:
    wishes = replace(WISHES, forbid=("drums", "12:13", "9:10.5"), keep=("15:16",))
    rules = rules_of(wishes, 10.0, 8.0)
    assert rules.forbidden_spans == (Span(2.0, 3.0), Span(-1.0, 0.5))
    assert rules.kept_spans == (Span(5.0, 6.0),)


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ({"min_length_seconds": 8.5}, r"--min-length 8.5: is longer than what is covered, 8.00 s"),
        ({"forbid": ("0:9",)}, r"--forbid 0:9: lies outside of what is covered, second 10 to 18"),
        ({"forbid": ("18:20",)}, r"--forbid 18:20: lies outside"),
        ({"keep": ("20:21",)}, r"--keep 20:21: lies outside"),
        ({"forbid": ("10:14", "13:18")}, r"--forbid 10:14 13:18: leaves no time for any clip"),
        ({"forbid": ("11:17",), "min_length_seconds": 2.0}, r"--forbid 11:17: leaves no time"),
        ({"forbid": ("11:13",), "keep": ("12:14",)}, r"--keep 12:14: keeps what --forbid forbids"),
    ],
)
def test_wishes_that_leave_no_time_are_refused(wishes: dict[str, object], says: str) -> None:
    with pytest.raises(BadOption, match=says):
        rules_of(replace(WISHES, **wishes), 10.0, 8.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("forbid", "only"), [(("drums/*",), ()), ((), ("fx/*",))], ids=["forbidden", "not among the only ones"]
)
def test_what_must_be_used_must_not_be_forbidden(forbid: tuple[str, ...], only: tuple[str, ...]) -> None:
    with pytest.raises(BadOption, match="keeps what --forbid or --only forbids"):
        chosen(replace(WISHES, keep=("kick 1.wav",), forbid=forbid, only=only))


WRONG_WISHES = [
    (["--polyphony", "0"], "--polyphony 0: should be 1 or more"),
    (["--density", "-3"], "--density -3: should be 1 or more"),
    (["--repeats", "0"], "--repeats 0: should be 1 or more"),
    (["--min-length", "-0.1"], "--min-length -0.1: should be 0 seconds or more"),
    (["--min-length", "nan"], "--min-length nan"),
    (["--quietest", "30"], "--quietest 30: should be 0 dB or below, e.g. -30 (the sign forgotten?)"),
    (["--transpose", ""], "--transpose : should be 0 to 48 semitones up and down, or a list"),
    (["--transpose", "-60,0"], "--transpose -60,0: should be"),
    (["--grid", "1/5"], "--grid 1/5: should be a note's length"),
    (["--grid-strength", "1"], "--grid-strength 1: needs a grid, e.g. --grid 1/16"),
    (["--grid", "1/8", "--grid-strength", "50"], "--grid-strength 50: should be 0 to 1 (percent?)"),
    (["--only", "1:2"], "--only 1:2: should be a sample, instrument or role"),
    (["--forbid", "2:1"], "--forbid 2:1: should be A:B"),
    (["--keep", "-1:2"], "--keep -1:2: should be A:B"),
    (["--weight", "onset=1"], "--weight onset=1: should be TERM=WEIGHT"),
    (["--from", "missing"], "missing: cannot be read"),
]
"""Options of `cover`, and what is said of them."""


@pytest.mark.parametrize(("options", "message"), WRONG_WISHES)
def test_wrong_wishes_are_one_line_and_nothing_is_written(
    options: list[str], message: str, config_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cover = ["cover", "a.wav", "--library", "l", "--out", str(tmp_path / "covers" / "out"), *options]
    assert run(["--config", str(config_file), *cover]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line
    assert not (tmp_path / "covers").exists()
