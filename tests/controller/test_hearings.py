"""Hearings are remembered by what was heard and by whose ears, and what is damaged is heard again."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from controller import hearings
from controller.hearings import remembered_hearing
from embedding.audio import Audio
from embedding.ears import Ears
from embedding.hearing import Hearing, hear_recording
from tests.conftest import RATE_HZ, noise, tone
from tests.made_sounds import tiny_ears

SONG = Audio(np.concatenate([tone(hz, 0.9) + noise(0.9) for hz in (220.0, 262.0, 330.0, 440.0)])[np.newaxis], RATE_HZ)
SILENCE = Audio(np.zeros((2, RATE_HZ), np.float32), RATE_HZ)


def assert_same(found: Hearing, expected: Hearing) -> None:
    """To the last bit."""
    for field in fields(Hearing):
        one, other = getattr(found, field.name), getattr(expected, field.name)
        if isinstance(other, np.ndarray):
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)
        else:
            assert one == other


@pytest.fixture
def heard_again(monkeypatch: pytest.MonkeyPatch) -> list[Audio]:
    """What had to be heard, as nothing was remembered."""
    heard: list[Audio] = []

    def hear(audio: Audio, ears: Ears) -> Hearing:
        heard.append(audio)
        return hear_recording(audio, ears)

    monkeypatch.setattr(hearings, "hear_recording", hear)
    return heard


@pytest.mark.parametrize("audio", [SONG, SILENCE], ids=["song", "silence"])
def test_what_is_remembered_is_what_was_heard(audio: Audio, tmp_path: Path, heard_again: list[Audio]) -> None:
    first = remembered_hearing(audio, tiny_ears(), tmp_path)
    again = remembered_hearing(Audio(audio.samples.copy(), audio.sample_rate_hz), tiny_ears(), tmp_path)
    assert_same(first, hear_recording(audio, tiny_ears()))
    assert_same(again, first)
    np.testing.assert_array_equal(again.beats_seconds, first.beats_seconds)
    assert len(heard_again) == 1


def test_another_sound_or_other_ears_are_heard_anew(tmp_path: Path, heard_again: list[Audio]) -> None:
    changed = SONG.samples.copy()
    changed[0, 1000] += np.float32(1e-6)
    others = [Audio(changed, RATE_HZ), Audio(SONG.samples, 48000), Audio(SONG.samples.reshape(2, -1), RATE_HZ)]
    for audio in (SONG, *others, SONG):
        remembered_hearing(audio, tiny_ears(), tmp_path)
    assert len(heard_again) == 4
    remembered_hearing(SONG, replace(tiny_ears(), card={"sha256": "another"}), tmp_path)
    assert len(heard_again) == 5


@pytest.mark.parametrize("damage", ["cut", "emptied", "flipped", "another program's"])
def test_what_is_damaged_is_heard_again_and_mended(damage: str, tmp_path: Path, heard_again: list[Audio]) -> None:
    expected = remembered_hearing(SONG, tiny_ears(), tmp_path)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    whole = file.read_bytes()
    middle = len(whole) // 2
    damaged = {
        "cut": whole[:middle],
        "emptied": b"",
        "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "another program's": b"RIFF" * 100,
    }
    file.write_bytes(damaged[damage])
    assert_same(remembered_hearing(SONG, tiny_ears(), tmp_path), expected)
    assert len(heard_again) == 2
    remembered_hearing(SONG, tiny_ears(), tmp_path)
    assert len(heard_again) == 2


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    class Deaf:
        card = tiny_ears().card

        def hear(self, windows: np.ndarray) -> None:
            raise RuntimeError("interrupted")

    with pytest.raises(RuntimeError, match="interrupted"):
        remembered_hearing(SONG, Deaf(), tmp_path)  # type: ignore[arg-type]
    remembered_hearing(SONG, tiny_ears(), tmp_path)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
