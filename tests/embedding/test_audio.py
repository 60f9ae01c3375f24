"""Reading audio: every format, rate and number of channels that is allowed, and each refusal's own words."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from made_sounds import noise, sine

from embedding.audio import Audio, read_audio, require_sound, write_wav
from embedding.errors import BadAudio

LOSSLESS = {
    "a.wav": ("WAV", "PCM_24"),
    "b.WAV": ("WAV", "FLOAT"),
    "c.aiff": ("AIFF", "PCM_16"),
    "d.aif": ("AIFF", "PCM_24"),
    "ü 🎵 e.flac": ("FLAC", "PCM_24"),
}
"""Format and subtype."""


def tones(channels: int, rate_hz: int = 44100, seconds: float = 0.25) -> np.ndarray:
    """[n, channels], each channel at a pitch of its own."""
    return np.stack([sine(200.0 * (c + 1), seconds, rate_hz=rate_hz) for c in range(channels)], axis=1)


def refused(path: Path, why: str) -> None:
    """The message begins with the path and says `why`, in one line."""
    with pytest.raises(BadAudio, match=f"^{re.escape(str(path))}: .*{why}") as error:
        read_audio(path)
    assert "\n" not in str(error.value)
    assert error.value.exit_status == 2


@pytest.mark.parametrize("channels", range(1, 7))
@pytest.mark.parametrize("name", LOSSLESS)
def test_lossless_files_are_read_exactly(tmp_path: Path, name: str, channels: int) -> None:
    kind, subtype = LOSSLESS[name]
    samples = tones(channels)
    soundfile.write(tmp_path / name, samples, 44100, format=kind, subtype=subtype)
    audio = read_audio(tmp_path / name)
    assert audio.sample_rate_hz == 44100
    assert audio.samples.dtype == np.float32
    assert audio.samples.shape == (channels, len(samples))
    assert audio.seconds == 0.25
    np.testing.assert_allclose(audio.samples, samples.T, atol=4e-5 if subtype == "PCM_16" else 2e-7)


@pytest.mark.parametrize("name", ["a.ogg", "b.oga", "c.mp3"])
@pytest.mark.parametrize("channels", [1, 2])
def test_lossy_files_keep_length_and_sound(tmp_path: Path, name: str, channels: int) -> None:
    samples = tones(channels, seconds=0.5)
    soundfile.write(tmp_path / name, samples, 44100, format="MP3" if name.endswith("mp3") else "OGG")
    audio = read_audio(tmp_path / name)
    assert audio.samples.shape == (channels, len(samples))
    assert np.sqrt(np.square(audio.samples - samples.T).mean()) < 0.02


@pytest.mark.parametrize("rate_hz", [8000, 11025, 48000, 96000, 192000])
def test_any_rate_comes_to_the_one_asked_for(tmp_path: Path, rate_hz: int) -> None:
    soundfile.write(tmp_path / "a.wav", tones(1, rate_hz), rate_hz)
    audio = read_audio(tmp_path / "a.wav")
    assert audio.sample_rate_hz == rate_hz
    heard = audio.at_rate(22050)
    assert heard.sample_rate_hz == 22050
    assert heard.seconds == pytest.approx(0.25, abs=1 / 22050)
    inner = slice(1000, 4000)
    np.testing.assert_allclose(heard.mono()[inner], sine(200.0, 0.25)[inner], atol=2e-3)


def test_mono_is_the_mean_of_the_channels() -> None:
    samples = np.array([[1.0, 0.0, 3.0], [0.0, 1.0, -3.0]], np.float32)
    np.testing.assert_array_equal(Audio(samples, 44100).mono(), np.array([0.5, 0.5, 0.0], np.float32))
    np.testing.assert_array_equal(Audio(samples[:1], 44100).mono(), samples[0])


@pytest.mark.parametrize("level", [0.5, 4.0])
def test_a_wav_we_write_is_read_back_exactly(tmp_path: Path, level: float) -> None:
    samples = np.stack([noise(999, level), noise(999, level, seed=1)])
    write_wav(tmp_path / "a b.wav", Audio(samples, 48000))
    audio = read_audio(str(tmp_path / "a b.wav"))
    np.testing.assert_array_equal(audio.samples, samples)
    assert audio.sample_rate_hz == 48000


def test_the_same_audio_makes_the_same_wav_whenever_it_is_written(tmp_path: Path) -> None:
    audio = Audio(np.stack([noise(999, 0.5), noise(999, 0.5, seed=1)]), 44100)
    write_wav(tmp_path / "a.wav", audio)
    written = (tmp_path / "a.wav").read_bytes()
    at = written.index(b"PEAK")
    assert at + 8 + struct.unpack_from("<I", written, at + 4)[0] <= written.index(b"data")
    assert struct.unpack_from("<I", written, at + 12) == (0,)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "nothing here.wav", "no such file; give a wav, aiff, flac, ogg or mp3 file")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, "is a folder; .*not a library")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    refused(tmp_path / "a.wav", r"is empty \(0 bytes\)")


@pytest.mark.parametrize("name", ["a.wav", "b.mp3", "c.txt", "d.flac"])
def test_text_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("not a recording at all, but words\n" * 40)
    refused(tmp_path / name, r"cannot be decoded \(.+\).*damaged or another format")


@pytest.mark.parametrize("name", ["a.wav", "b.aiff"])
def test_a_file_without_samples_is_refused(tmp_path: Path, name: str) -> None:
    soundfile.write(tmp_path / name, np.zeros((0, 2), np.float32), 44100)
    refused(tmp_path / name, "holds no samples; .*truncated")


def test_a_file_without_channels_is_refused(tmp_path: Path) -> None:
    data = b"\0" * 64
    form = struct.pack("<HHIIHH", 1, 0, 44100, 0, 0, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    (tmp_path / "a.wav").write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    refused(tmp_path / "a.wav", "(cannot be decoded|holds no samples)")


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tones(2), 44100)
    whole = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(whole[: len(whole) // 2])
    refused(tmp_path / "a.wav", "is truncated, it holds less than it promises")


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_refused(tmp_path: Path, wrong: float) -> None:
    samples = tones(2).astype(np.float32)
    samples[100, 1] = wrong
    soundfile.write(tmp_path / "a.wav", samples, 44100, subtype="FLOAT")
    refused(tmp_path / "a.wav", "holds NaN or infinite samples")


@pytest.mark.parametrize("rate_hz", [1, 999, 1_000_001, 2**31 - 1])
def test_rates_that_no_recording_has_are_refused(tmp_path: Path, rate_hz: int) -> None:
    soundfile.write(tmp_path / "a.wav", tones(1), 44100)
    content = bytearray((tmp_path / "a.wav").read_bytes())
    content[24:28] = struct.pack("<I", rate_hz)
    (tmp_path / "a.wav").write_bytes(content)
    refused(tmp_path / "a.wav", rf"has a sample rate of {rate_hz} Hz; it must be 1000 to 1000000 \(a damaged header")


@pytest.mark.parametrize(("level", "is_refused"), [(32768.0, False), (1e6, False), (2.0**31, True), (-3e38, True)])
def test_samples_whose_squares_would_overflow_are_refused(tmp_path: Path, level: float, is_refused: bool) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([0.5, level, 0.0], np.float32), 44100, subtype="FLOAT")
    if is_refused:
        refused(tmp_path / "a.wav", r"holds samples up to .*e\+\d+; full scale is 1, at most 1e\+06 .*integers")
    else:
        assert read_audio(tmp_path / "a.wav").samples.max() == level


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 3e38, -1e9])
def test_what_is_no_sound_is_not_heard_either(channels: int, wrong: float) -> None:
    samples = tones(channels).astype(np.float32).T
    samples[-1, 7] = wrong
    for audio in (Audio(samples, 44100), Audio(samples, 44100).at_rate(22050)):
        with pytest.raises(BadAudio, match=r"the recording: holds (NaN or infinite samples|samples up to)"):
            audio.mono()


def test_silence_is_read_but_is_no_sound(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((100, 2)), 44100)
    audio = read_audio(tmp_path / "a.wav")
    assert not audio.samples.any()
    with pytest.raises(BadAudio, match=r"a\.wav: is silent; a recording needs sound above -90 dBFS"):
        require_sound(audio, tmp_path / "a.wav")


@pytest.mark.parametrize(("level_db", "is_sound"), [(-89.0, True), (-91.0, False)])
def test_sound_begins_at_minus_90_dbfs(level_db: float, is_sound: bool) -> None:
    samples = np.zeros((2, 100), np.float32)
    samples[1, 50] = -(10 ** (level_db / 20))
    audio = Audio(samples, 44100)
    if is_sound:
        assert require_sound(audio, "a.wav") is audio
    else:
        with pytest.raises(BadAudio, match="is silent"):
            require_sound(audio, "a.wav")


@pytest.mark.parametrize(("count", "least"), [(0, 2), (1, 2), (99, 100)])
def test_too_few_samples_are_no_sound(count: int, least: int) -> None:
    audio = Audio(np.ones((1, count), np.float32), 44100)
    with pytest.raises(BadAudio, match=rf"b\.wav: is {count} sample\(s\) long; at least {least} are needed"):
        require_sound(audio, "b.wav", least)


def test_enough_samples_are_sound() -> None:
    audio = Audio(np.ones((1, 2), np.float32), 44100)
    assert require_sound(audio, "b.wav") is audio
