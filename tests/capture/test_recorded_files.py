"""What Live recorded into a file is examined as a capture is; and captures are kept in files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from controller.capture.archive import archive
from controller.capture.recorded import take_of_file
from embedding.errors import BadAudio, CaptureFailed
from tests.capture.played import RATE_HZ, Samples, audio, noise, recorded, tune

SOUND = audio(tune(1, 3.0))


def written(folder: Path, samples: Samples, rate_hz: int = RATE_HZ, subtype: str = "PCM_24") -> Path:
    file = folder / "Resampling 0001 [2026-11-22 101010].wav"
    soundfile.write(file, samples.T, rate_hz, subtype=subtype)
    return file


@pytest.mark.parametrize("late_samples", [-20000, -1, 0, 137, 20000])
def test_the_part_that_was_played_is_found_to_the_sample(tmp_path: Path, late_samples: int) -> None:
    before = 5 * RATE_HZ
    file = written(tmp_path, recorded(SOUND.samples, before + late_samples, RATE_HZ))
    take = take_of_file(file, 5.0, SOUND)
    assert np.array_equal(take.audio.samples, SOUND.samples)
    assert take.latency_seconds == pytest.approx(late_samples / RATE_HZ, abs=1e-9)
    assert (take.drift_ppm, take.gain_db) == (0, pytest.approx(0, abs=1e-6))


def test_it_may_begin_with_the_file_and_end_with_it(tmp_path: Path) -> None:
    take = take_of_file(written(tmp_path, SOUND.samples), 0.0, SOUND)
    assert np.array_equal(take.audio.samples, SOUND.samples)


@pytest.mark.parametrize("rate_hz", [44100, 88200, 96000])
@pytest.mark.parametrize("make", [tune, noise])
def test_a_file_of_another_rate_is_resampled(tmp_path: Path, rate_hz: int, make: type[Samples]) -> None:
    sound = audio(make(3, 3.0))
    there = soxr.resample(recorded(sound.samples, 2 * RATE_HZ, RATE_HZ).T, RATE_HZ, rate_hz, quality="VHQ").T
    take = take_of_file(written(tmp_path, there, rate_hz), 2.0, sound)
    assert take.audio.sample_rate_hz == RATE_HZ
    assert take.audio.samples.shape == sound.samples.shape
    assert take.latency_seconds == pytest.approx(0, abs=1e-6)
    assert max(take.residual_db) < -75
    assert take.drift_ppm == 0


@pytest.mark.parametrize(
    ("name", "spoilt"),
    [
        ("level", lambda sound: sound * 0.5),
        ("silent", lambda sound: sound * 0),
        ("not_heard", lambda sound: noise(9, 3.0)),
        ("other_sound", lambda sound: sound + 0.1 * noise(9, 3.0)),
        ("gap", lambda sound: np.concatenate([sound[:, :70000], sound[:, 72000:]], axis=1)),
    ],
)
def test_its_faults_are_those_of_a_take(tmp_path: Path, name: str, spoilt: type[Samples]) -> None:
    file = written(tmp_path, recorded(spoilt(noise(1, 3.0)), RATE_HZ, RATE_HZ))
    with pytest.raises(CaptureFailed) as why:
        take_of_file(file, 1.0, audio(noise(1, 3.0)))
    assert why.value.code == name


def test_without_a_recording(tmp_path: Path) -> None:
    def refused(file: Path, start_seconds: float = 0.0) -> str:
        with pytest.raises(CaptureFailed) as why:
            take_of_file(file, start_seconds, SOUND)
        assert why.value.code == "no_recording"
        assert "Settings, Record" in str(why.value)
        return str(why.value)

    assert "no such file" in refused(tmp_path / "nowhere.wav")
    empty = tmp_path / "empty.wav"
    empty.touch()
    assert "empty (0 bytes)" in refused(empty)
    empty.write_bytes(b"RIFF but no more of it than this")
    assert "cannot be decoded" in refused(empty)
    assert "lasts 3.000 s; what was to be recorded begins at 4.000 s" in refused(written(tmp_path, SOUND.samples), 4.0)
    with pytest.raises(BadAudio, match="silent"):
        take_of_file(tmp_path, 0.0, audio(np.zeros((2, 100))))


def test_a_capture_is_kept_to_24_bit(tmp_path: Path) -> None:
    sound = audio(SOUND.samples * np.float32(0.7))
    file = archive(sound, tmp_path / "new" / "capture.flac")
    assert file == tmp_path / "new" / "capture.flac"
    assert soundfile.info(file).subtype == "PCM_24"
    samples, rate_hz = soundfile.read(file, dtype="float64")
    assert rate_hz == RATE_HZ
    assert np.abs(samples.T - sound.samples).max() <= 2**-24
    assert [one.name for one in file.parent.iterdir()] == ["capture.flac"]


def test_what_is_above_full_scale_is_kept_as_it_is(tmp_path: Path) -> None:
    loud = audio(SOUND.samples * 8)
    file = archive(loud, tmp_path / "capture.flac")
    assert file == tmp_path / "capture.wav"
    assert np.array_equal(soundfile.read(file, dtype="float32")[0].T, loud.samples)
