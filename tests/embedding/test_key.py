"""The key: of scales, cadences and plain pitch classes in all 24 keys, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from made_sounds import noise, placed, pluck, sine

from embedding.analysis import analyse
from embedding.kernels import FloatArray
from embedding.key import MODES, NAMES, Key, Mode, key_of

KEYS = [(tonic, mode) for mode in MODES for tonic in range(12)]
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
CADENCES = {
    "major": ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)),
    "minor": ((0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7)),
}
"""I IV V I; in minor with the raised seventh."""
all_keys = pytest.mark.parametrize(("tonic", "mode"), KEYS, ids=[f"{NAMES[tonic]} {mode}" for tonic, mode in KEYS])


def played(*chords: tuple[int, ...]) -> FloatArray:
    """Chords of plucked notes, one each half second; notes in semitones above the C below middle C."""
    hz = [[440.0 * 2.0 ** ((note + 48 - 69) / 12.0) for note in chord] for chord in chords]
    return placed(len(chords) / 2, *((i / 2, pluck(each, 0.5, 0.1)) for i, chord in enumerate(hz) for each in chord))


def heard(sound: FloatArray) -> tuple[int, str]:
    key = key_of(analyse(sound).chroma)
    assert key is not None
    assert 0.5 < key.confidence <= 1.0
    return key.tonic, key.mode


@all_keys
def test_a_scale_up_and_down_and_its_tonic(tonic: int, mode: Mode) -> None:
    degrees = [*SCALES[mode], 12]
    notes = [*degrees, *degrees[::-1], 0, 7, 0]
    assert heard(played(*((tonic + note,) for note in notes))) == (tonic, mode)


@all_keys
def test_a_cadence(tonic: int, mode: Mode) -> None:
    chords = [tuple(tonic + note for note in chord) for chord in CADENCES[mode]]
    assert heard(played(*chords)) == (tonic, mode)


@all_keys
def test_the_tonics_triad_alone(tonic: int, mode: Mode) -> None:
    assert heard(played(tuple(tonic + note for note in CADENCES[mode][0]))) == (tonic, mode)


def test_a_recording_whose_classes_sound_as_in_scores_is_certain() -> None:
    """The counts of pitch classes in the key of A minor, shortened to two digits: the correlation is near 1."""
    shares = np.array([0.12, 0.02, 0.10, 0.01, 0.21, 0.06, 0.02, 0.06, 0.05, 0.22, 0.01, 0.10], np.float32)
    key = key_of(np.tile(shares, (40, 1)))
    assert key is not None
    assert (key.name, key.tonic, key.mode) == ("A minor", 9, "minor")
    assert key.confidence > 0.99


def test_loud_passages_count_no_more_than_others() -> None:
    loud, quiet = played((2, 6, 9)), played(*([(0, 4, 7)] * 6))
    assert heard(np.concatenate([10 * loud, quiet, 10 * loud])) == heard(quiet) == (0, "major")


@pytest.mark.parametrize("frames", [0, 1, 50])
def test_silence_and_equal_classes_have_no_key(frames: int) -> None:
    assert key_of(np.zeros((frames, 12), np.float32)) is None
    assert key_of(np.full((frames, 12), 0.3, np.float32)) is None


def test_noise_has_no_key_to_trust() -> None:
    key = key_of(analyse(noise(5 * 22050)).chroma)
    assert key is None or key.confidence < 0.5


def test_a_single_note_is_some_key_of_it() -> None:
    key = key_of(analyse(sine(440.0, 2.0)).chroma)
    assert isinstance(key, Key)
    assert key.tonic == 9
