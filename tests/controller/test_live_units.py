from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller import live_units as units
from embedding.errors import BadOption
from live_simulator import curves

MEASURED_CLIP_GAINS = [
    (0.05078125, -39.0), (0.099609375, -30.7), (0.19921875, -16.5), (0.30078125, -6.13), (0.349609375, -2.62),
    (0.4, 0.0), (0.5, 4.0), (0.55078125, 6.03), (0.69921875, 12.0), (0.849609375, 18.0), (1.0, 24.0),
]  # fmt: skip
"""Read off Live: Clip.gain, and the dB that Live shows for it to three digits."""
MEASURED_VOLUMES = [(0.7, -6.0), (0.85, 0.0), (1.0, 6.0)]


@pytest.mark.parametrize(("gain", "level_db"), MEASURED_CLIP_GAINS)
def test_clip_gains_are_those_measured_in_live(gain: float, level_db: float) -> None:
    assert units.clip_gain_to_db(gain) == pytest.approx(level_db, abs=0.11)
    assert units.clip_gain_from_db(level_db) == pytest.approx(gain, abs=0.002)


@pytest.mark.parametrize(("volume", "level_db"), MEASURED_VOLUMES)
def test_volumes_are_those_measured_in_live(volume: float, level_db: float) -> None:
    assert units.volume_to_db(volume) == pytest.approx(level_db)
    assert units.volume_from_db(level_db) == pytest.approx(volume)


@given(st.floats(units.QUIETEST_CLIP_DB, units.LOUDEST_CLIP_DB))
def test_clip_gain_there_and_back(level_db: float) -> None:
    gain = units.clip_gain_from_db(level_db)
    assert 0.03 <= gain <= 1.0
    assert units.clip_gain_to_db(gain) == pytest.approx(level_db, abs=1e-9)
    assert curves.clip_gain_db(gain) == pytest.approx(level_db, abs=1e-9)


@given(st.floats(-18.0, 6.0))
def test_volume_there_and_back(level_db: float) -> None:
    volume = units.volume_from_db(level_db)
    assert units.volume_to_db(volume) == pytest.approx(level_db, abs=1e-9)
    assert curves.mixer_volume_db(volume) == pytest.approx(level_db, abs=1e-9)


@given(st.floats(-48.0, 48.0))
def test_pitch_there_and_back(semitones: float) -> None:
    coarse, fine = units.pitch_from_semitones(semitones)
    assert -48 <= coarse <= 48
    assert -50.0 <= fine <= 49.0
    assert units.pitch_to_semitones(coarse, fine) == pytest.approx(semitones, abs=0.005 + 1e-9)
    if (semitones % 1.0) < 0.49 or (semitones % 1.0) > 0.5:
        assert units.pitch_to_semitones(coarse, fine) == pytest.approx(semitones, abs=1e-9)


@given(st.floats(-48.0, 48.0))
def test_pitch_settles_at_once(semitones: float) -> None:
    once = units.pitch_to_semitones(*units.pitch_from_semitones(semitones))
    assert units.pitch_to_semitones(*units.pitch_from_semitones(once)) == pytest.approx(once, abs=1e-9)


@given(st.integers(0, 0xFFFFFF))
def test_colour_there_and_back(colour: int) -> None:
    assert units.colour_from_hex(units.colour_to_hex(colour)) == colour


@pytest.mark.parametrize("level_db", [24.1, -43.0, float("nan"), float("-inf"), float("inf")])
def test_a_clip_gain_that_live_has_no_value_for_is_refused(level_db: float) -> None:
    with pytest.raises(BadOption, match="clip gain"):
        units.clip_gain_from_db(level_db)


@pytest.mark.parametrize("level_db", [6.1, -18.1, float("nan"), float("-inf")])
def test_a_volume_that_is_not_measured_is_refused(level_db: float) -> None:
    with pytest.raises(BadOption, match=r"track volume .*-18 to 6"):
        units.volume_from_db(level_db)


@pytest.mark.parametrize("colour", ["", "ff0000", "#ff000", "#ff00zz", "#ff00000", "##f0000"])
def test_a_bad_colour_is_refused(colour: str) -> None:
    with pytest.raises(BadOption, match="#rrggbb"):
        units.colour_from_hex(colour)


def test_what_a_user_set_below_the_measured_range_is_told_as_its_end() -> None:
    assert units.clip_gain_to_db(0.0) == pytest.approx(units.QUIETEST_CLIP_DB)
    assert units.volume_to_db(0.0) == pytest.approx(units.QUIETEST_TRACK_DB)
