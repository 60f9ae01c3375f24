"""Roles: by the file's name where that tells, else by its folder's, else by what was heard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_sounds import burst, sine
from planner_case import SIX

from embedding.analysis import HOP_SAMPLES, SAMPLE_RATE_HZ
from embedding.kernels import FloatArray
from search.bands import MEL_BANDS, bands_of
from search.roles import COLORS, Shape, color_of, heard_role, role_of, shape_of

SAMPLE = SIX.samples[0]
NOTE = Shape(centroid_band=15.0, flatness=0.1, ringing_seconds=2.0)


def magnitudes_of(mono: FloatArray) -> FloatArray:
    return bands_of(mono, 0, mono.size // HOP_SAMPLES + 1, HOP_SAMPLES)[:, :MEL_BANDS]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/lib/drums/kick-deep.wav", "Kick"),
        ("/lib/BD_808.wav", "Kick"),
        ("/lib/drum_bass_hard.wav", "Kick"),
        ("/lib/Bass Drum 3.wav", "Kick"),
        ("/lib/hats/open_hat 3.flac", "Hats"),
        ("/lib/SnareTight-02.wav", "Snare"),
        ("/lib/Claps/07.wav", "Snare"),
        ("/lib/tr808_CY5050.wav", "Hats"),
        ("/lib/Drums/LT50.wav", "Percussion"),
        ("/lib/cowbell.wav", "Percussion"),
        ("/lib/plucks/A4.wav", "Lead"),
        ("/lib/flute_C5.flac", "Lead"),
        ("/lib/piano_C4.flac", "Chords"),
        ("/lib/warmPad.flac", "Chords"),
        ("/lib/bass guitar E1.flac", "Bass"),
        ("/lib/Vox Ah.wav", "Voice"),
        ("/lib/ambient wind.wav", "Texture"),
        ("/lib/kick_loop_amen.flac", "Loops"),
    ],
)
def test_names_tell(path: str, role: str) -> None:
    assert role_of(replace(SAMPLE, path=path), magnitudes_of(sine(440.0, 2.0, 0.5))) == role


@pytest.mark.parametrize("path", ["/lib/ch 3.wav", "/lib/OH MY.wav", "/lib/thing.wav", "/lib/007.wav"])
def test_letters_that_label_drums_tell_nothing_elsewhere(path: str) -> None:
    sustained = magnitudes_of(sine(440.0, 2.0, 0.5))
    assert role_of(replace(SAMPLE, path=path, seconds=2.0, pitch_midi=69.0), sustained) == "Lead"


def test_what_lies_among_drums_is_one() -> None:
    sustained = magnitudes_of(sine(440.0, 2.0, 0.5))
    assert role_of(replace(SAMPLE, path="/lib/drums/7.wav", seconds=2.0, pitch_midi=69.0), sustained) == "Percussion"


@pytest.mark.parametrize(
    ("heard", "shape", "role"),
    [
        ({"kind": "loop"}, NOTE, "Loops"),
        ({"pitch_midi": 40.0}, NOTE, "Bass"),
        ({"pitch_midi": 72.0}, NOTE, "Lead"),
        ({"pitch_midi": 72.0, "seconds": 6.0}, NOTE, "Lead"),
        ({"instrument": "acoustic guitar", "pitch_midi": 42.0}, NOTE, "Chords"),
        ({"instrument": "flute", "pitch_midi": 72.0, "seconds": 6.0}, NOTE, "Lead"),
        ({"instrument": "voice"}, NOTE, "Voice"),
        ({}, NOTE, "Chords"),
        ({}, NOTE._replace(ringing_seconds=4.0), "Chords"),
        ({}, Shape(5.0, 0.1, 2.0), "Texture"),
        ({}, Shape(28.0, 0.9, 3.9), "Texture"),
        ({"pitch_midi": 31.0}, Shape(2.0, 0.1, 0.3), "Kick"),
        ({"pitch_midi": 61.0, "seconds": 0.4}, Shape(19.0, 0.5, 0.1), "Percussion"),
        ({}, Shape(5.0, 0.3, 0.3), "Kick"),
        ({}, Shape(14.0, 0.5, 0.2), "Percussion"),
        ({}, Shape(24.0, 0.9, 0.2), "Snare"),
        ({}, Shape(36.0, 0.5, 0.1), "Hats"),
        ({}, Shape(27.0, 0.7, 1.5), "Hats"),
        ({}, Shape(36.0, 0.25, 0.7), "Hats"),
    ],
)
def test_else_what_was_heard(heard: dict[str, object], shape: Shape, role: str) -> None:
    sample = replace(SAMPLE, **{"seconds": 2.5, "pitch_midi": None, **heard})  # type: ignore[arg-type]
    assert heard_role(sample, shape) == role


def test_the_shape_of_sounds_that_are_known() -> None:
    noise, low = shape_of(magnitudes_of(burst(0.3, 0.5, 1))), shape_of(magnitudes_of(sine(60.0, 1.0, 0.5)))
    assert low.centroid_band < 4.0 < noise.centroid_band
    assert low.flatness < 0.2 < 0.6 < noise.flatness
    decaying = sine(440.0, 2.0, 0.5) * 10.0 ** -np.linspace(0, 2, 2 * SAMPLE_RATE_HZ, dtype=np.float32)
    assert shape_of(magnitudes_of(decaying)).ringing_seconds == pytest.approx(1.0, abs=0.05)


def test_silence_has_a_role() -> None:
    assert role_of(replace(SAMPLE, path="/x.wav"), np.zeros((3, MEL_BANDS), np.float32)) in COLORS


def test_colours_are_hexadecimal_and_differ() -> None:
    assert len({color_of(role) for role in COLORS}) == len(COLORS)
    for role in (*COLORS, "Something of the user's"):
        assert color_of(role) == color_of(role)
        assert int(color_of(role).removeprefix("#"), 16) <= 0xFFFFFF
