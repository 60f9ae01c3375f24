"""Roles: by the file's name where that tells, else by what was heard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planner_case import SIX

from search.roles import color_of, role_of

SAMPLE = SIX.samples[0]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/lib/drums/kick-deep.wav", "Kick"),
        ("/lib/BD_808.wav", "Kick"),
        ("/lib/hats/open_hat 3.flac", "Hats"),
        ("/lib/SnareTight-02.wav", "Tonal"),
        ("/lib/snare 02.wav", "Drums"),
        ("/lib/plucks/A4.wav", "Plucks"),
        ("/lib/piano_C4.flac", "Keys"),
        ("/lib/loop_amen.flac", "Loops"),
        ("/lib/thing.wav", "Tonal"),
    ],
)
def test_names_tell(path: str, role: str) -> None:
    assert role_of(replace(SAMPLE, path=path, pitch_midi=60.0), 20.0) == role


@pytest.mark.parametrize(
    ("heard", "band", "role"),
    [
        ({"kind": "loop"}, 20.0, "Loops"),
        ({"pitch_midi": 40.0}, 20.0, "Bass"),
        ({"instrument": "acoustic guitar", "pitch_midi": 60.0}, 20.0, "Acoustic guitar"),
        ({"seconds": 3.0}, 20.0, "Texture"),
        ({}, 5.0, "Kick"),
        ({}, 20.0, "Drums"),
        ({}, 40.0, "Hats"),
    ],
)
def test_else_what_was_heard(heard: dict[str, object], band: float, role: str) -> None:
    assert role_of(replace(SAMPLE, **{"path": "/x/1.wav", "pitch_midi": None, **heard}), band) == role  # type: ignore[arg-type]


def test_colours_are_hexadecimal_and_stay() -> None:
    for role in ("Kick", "Acoustic guitar", "Something else"):
        assert color_of(role) == color_of(role)
        assert int(color_of(role).removeprefix("#"), 16) <= 0xFFFFFF
