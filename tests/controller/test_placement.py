from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from controller.placement import Source, placed_file, source_of
from embedding.audio import Audio, read_audio
from embedding.errors import BadAudio, BadOption
from live_simulator.audio_files import ANY_VERSION, opened_since
from search.arrangement import Clip

RATE_HZ = 22050
SECONDS = 2.0


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library") / "sämple 🥁.wav"
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (int(SECONDS * RATE_HZ), 2)).astype(np.float32)
    soundfile.write(path, noise, RATE_HZ, subtype="FLOAT")
    return path


def clip(sample: Path, **changes: float) -> Clip:
    return replace(Clip(0.0, str(sample), 0.0, 0.5, 0.0, 0.0), **changes)


def test_a_clip_from_the_start_is_the_librarys_own_file(sample: Path, tmp_path: Path) -> None:
    file = placed_file(clip(sample, transpose_semitones=12.0), tmp_path / "placed")
    assert (file.path, file.end_seconds) == (str(sample), 1.0)
    assert not (tmp_path / "placed").exists()
    assert source_of(file.path) == Source(str(sample), 0.0)


@pytest.mark.parametrize(
    ("subtype", "rate_hz", "channels"),
    [("DOUBLE", 44100, 2), ("PCM_32", 44100, 1), ("PCM_16", 48000, 6), ("PCM_16", 384000, 1), ("ULAW", 8000, 1)],
)
def test_a_file_that_some_live_does_not_open_is_placed_as_one_that_all_do(
    subtype: str, rate_hz: int, channels: int, tmp_path: Path
) -> None:
    path = tmp_path / "library.wav"
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (rate_hz, channels)).astype(np.float32)
    soundfile.write(path, noise, rate_hz, subtype=subtype)
    file = placed_file(clip(path), tmp_path / "placed")
    assert file.end_seconds == 0.5
    assert opened_since(file.path) == ANY_VERSION
    assert source_of(file.path) == Source(str(path), 0.0)
    placed, whole = read_audio(file.path), read_audio(path).at_rate(min(rate_hz, 192000))
    assert np.abs(placed.mono() - whole.mono()[: placed.samples.shape[1]]).max() < 1e-6


@given(offset_seconds=st.floats(1e-6, 1.99), length_seconds=st.floats(0.001, 3.0), semitones=st.floats(-12.0, 12.0))
def test_a_clip_with_an_offset_is_an_exact_cut(
    sample: Path,
    tmp_path_factory: pytest.TempPathFactory,
    offset_seconds: float,
    length_seconds: float,
    semitones: float,
) -> None:
    folder = tmp_path_factory.mktemp("placed")
    wanted = clip(sample, offset_seconds=offset_seconds, length_seconds=length_seconds, transpose_semitones=semitones)
    file = placed_file(wanted, folder)
    cut, whole = read_audio(file.path), read_audio(sample)
    start = round(offset_seconds * RATE_HZ)
    asked_seconds = length_seconds * 2.0 ** (semitones / 12.0)
    assert np.array_equal(cut.samples, whole.samples[:, start : start + cut.samples.shape[1]])
    assert cut.sample_rate_hz == RATE_HZ
    assert file.end_seconds == pytest.approx(min(asked_seconds, SECONDS - start / RATE_HZ))
    assert 0 <= cut.seconds - file.end_seconds < 1.0 / RATE_HZ
    assert source_of(file.path) == Source(str(sample), offset_seconds)


def test_the_same_cut_is_written_once(sample: Path, tmp_path: Path) -> None:
    first = placed_file(clip(sample, offset_seconds=0.25), tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert placed_file(clip(sample, offset_seconds=0.25), tmp_path) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert {path.suffix for path in before} == {".wav", ".json"}
    other = placed_file(clip(sample, offset_seconds=0.5), tmp_path)
    assert other.path != first.path


def test_equal_sounds_of_two_samples_keep_their_sources(tmp_path: Path) -> None:
    samples = [tmp_path / "one.wav", tmp_path / "two.wav"]
    for path in samples:
        soundfile.write(path, np.full((RATE_HZ, 1), 0.25, np.float32), RATE_HZ, subtype="FLOAT")
    files = [placed_file(clip(path, offset_seconds=0.5), tmp_path / "placed") for path in samples]
    assert [source_of(file.path).sample for file in files] == [str(path) for path in samples]


def test_a_cut_that_fails_leaves_no_half_file(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(soundfile, "write", fail)
    with pytest.raises(OSError, match="No space"):
        placed_file(clip(sample, offset_seconds=0.25), tmp_path)
    assert [path for path in tmp_path.iterdir() if path.suffix == ".wav"] == []


def test_a_note_of_anothers_is_no_note(sample: Path, tmp_path: Path) -> None:
    other = tmp_path / "kick.wav"
    other.write_bytes(sample.read_bytes())
    for note in (
        "",
        "[]",
        "{}",
        json.dumps({"format": "x"}),
        json.dumps({"format": "jacqueesbot-cut", "file": "snare.wav"}),
    ):
        other.with_suffix(".json").write_text(note)
        assert source_of(str(other)) == Source(str(other), 0.0)


def test_a_clip_that_begins_behind_the_end_is_refused(sample: Path, tmp_path: Path) -> None:
    with pytest.raises(BadOption, match=r"2\.5 s into it; it lasts 2 s"):
        placed_file(clip(sample, offset_seconds=2.5), tmp_path)


def test_a_missing_or_damaged_sample_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadAudio, match=r"gone\.wav: no such file"):
        placed_file(clip(tmp_path / "gone.wav"), tmp_path)
    damaged = tmp_path / "damaged.wav"
    damaged.write_bytes(b"RIFF....")
    with pytest.raises(BadAudio, match=r"damaged\.wav"):
        placed_file(clip(damaged), tmp_path)


def test_decoding_is_the_callers_to_cache(sample: Path, tmp_path: Path) -> None:
    decoded: list[str] = []

    def decode(path: str) -> Audio:
        decoded.append(path)
        return read_audio(path)

    placed_file(clip(sample, offset_seconds=0.25), tmp_path, decode)
    assert decoded == [str(sample)]


@pytest.mark.parametrize("name", ["kick.mp3", "kick.ogg"])
def test_what_decoders_may_shift_is_placed_as_it_is_heard_here(name: str, tmp_path: Path) -> None:
    """Live's own decoder may put more or less silence before the sound."""
    path = tmp_path / name
    soundfile.write(path, np.sin(np.arange(RATE_HZ) / 30.0) * 0.3, RATE_HZ)
    placed = placed_file(Clip(0.0, str(path), 0.0, 0.5, 0.0, 0.0), tmp_path / "placed")
    assert placed.path.endswith(".wav")
    assert source_of(placed.path) == Source(str(path), 0.0)
    heard, _ = soundfile.read(path, dtype="float32")
    written, _ = soundfile.read(placed.path, dtype="float32")
    assert np.allclose(written, heard[: len(written)], atol=1e-4)
    assert len(written) >= RATE_HZ // 2
