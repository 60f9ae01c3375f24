"""A set may colour its sound where that is allowed; what only a path does to it is named in coloured sound, too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from controller.capture.recorded import take_of_file
from controller.capture.suspicions import Examined, Tolerance, examine
from embedding.errors import CaptureFailed
from tests.capture.colours import LEVELS, PATHS, SPECTRA, Sound, bell, limited, reverberant, with_other
from tests.capture.played import RATE_HZ, Samples, audio, noise, recorded, tune

BEFORE = 9000
COLOURED = Tolerance.coloured()


def music(seed: int) -> Samples:
    """As loud as masters are."""
    sound = noise(seed, 3.0) + tune(seed, 3.0)
    return (sound * (0.5 / np.abs(sound).max())).astype(np.float32)


SOUND = music(1)


def heard(sound: Sound, tolerance: Tolerance = COLOURED) -> Examined:
    return examine(audio(SOUND), audio(recorded(sound.astype(np.float32), BEFORE, BEFORE)), tolerance)


def offset(found: Examined) -> float:
    assert found.alignment is not None
    assert found.alignment.drift_ppm == 0
    return found.alignment.offset_samples


def doubles() -> Sound:
    return SOUND.astype(np.float64)


@pytest.mark.parametrize("colour", LEVELS)
def test_levels_and_dynamics_are_no_fault_and_found_to_the_sample(colour: str) -> None:
    found = heard(LEVELS[colour](doubles()))
    assert found.faults == ()
    assert found.coloured
    assert offset(found) == BEFORE
    assert heard(LEVELS[colour](doubles()), Tolerance()).faults != ()


@pytest.mark.parametrize("colour", SPECTRA)
def test_spectra_are_no_fault_and_found_but_for_their_own_delay(colour: str) -> None:
    found = heard(SPECTRA[colour](doubles()))
    assert found.faults == ()
    assert found.coloured
    assert offset(found) == pytest.approx(BEFORE, abs=24)
    assert heard(SPECTRA[colour](doubles()), Tolerance()).faults != ()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("colour", [lambda sound: sound * 0.4, bell, lambda sound: limited(bell(sound), 12.0)])
def test_what_a_path_does_is_named_all_the_same(colour: type[Sound], path: str) -> None:
    found = heard(PATHS[path](colour(doubles())))
    assert path.split(",")[0] in [fault.name for fault in found.faults]


def test_another_sound_is_told_from_a_reverb() -> None:
    for level in (1.0, 3.0):
        disturbed = doubles() + level * (with_other(doubles()) - doubles())
        assert [fault.name for fault in heard(disturbed).faults] == ["other_sound"]
        assert [fault.name for fault in heard(limited(disturbed, 9.0)).faults] == ["other_sound"]


def test_what_the_set_left_as_it_was_is_exact_where_more_is_allowed() -> None:
    found = heard(doubles())
    assert (found.faults, found.coloured) == ((), False)
    assert np.array_equal(found.heard.samples, SOUND)


def test_a_side_that_is_missing_is_no_colour() -> None:
    (fault,) = heard(doubles() * np.array([[1.0], [0.0]])).faults
    assert (fault.name, fault.found) == ("level", "nothing is heard on the right")


def test_a_recorded_file_may_be_coloured_too(tmp_path: Path) -> None:
    file = tmp_path / "Resampling.wav"
    for rate_hz in (RATE_HZ, 44100):
        there = audio(recorded(bell(reverberant(doubles())) * 0.25, RATE_HZ, RATE_HZ)).at_rate(rate_hz)
        soundfile.write(file, there.samples.T, rate_hz, subtype="PCM_24")
        take = take_of_file(file, 1.0, audio(SOUND), COLOURED)
        assert take.coloured
        assert take.latency_seconds == pytest.approx(0, abs=24 / RATE_HZ)
        assert -16 < take.gain_db < -9
        assert len(take.residual_db) == 3
        with pytest.raises(CaptureFailed):
            take_of_file(file, 1.0, audio(SOUND))
