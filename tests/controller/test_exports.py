from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from controller.exports import TargetFacts, safe_name, write_exports, write_mp3
from embedding.audio import Audio, read_audio
from search.arrangement import Arrangement, Clip, Track, arrangement_from_json

RATE_HZ = 44100
CLIP = Clip(0.0, "/samples/a ü.wav", 0.0, 1.0, -3.0, 2.0)
ARRANGEMENT = Arrangement(120.0, (Track("Bass / low", "#ff0000", -1.0, 0.2, (CLIP,)), Track("Bass / low", "#00ff00")))
SCORE = {"total": 0.5, "timbre": 0.4, "pitch": 0.6, "length_coefficient": 1.0}


def stems() -> list[Audio]:
    rng = np.random.default_rng(0)
    return [Audio(rng.uniform(-0.9, 0.9, (2, RATE_HZ)).astype(np.float32), RATE_HZ) for _ in range(2)]


def test_all_files_are_written_and_agree(tmp_path: Path) -> None:
    parts = stems()
    cover = Audio(parts[0].samples + parts[1].samples, RATE_HZ)
    target = TargetFacts(Path("/recordings/täget.flac"), 1.25)
    write_exports(tmp_path, ARRANGEMENT, target, SCORE, cover, parts, origin_beats=4.0)

    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")) == [
        "arrangement.json",
        "cover.mp3",
        "cover.wav",
        "stems/01-Bass - low.wav",
        "stems/02-Bass - low.wav",
    ]
    document = json.loads((tmp_path / "arrangement.json").read_text(encoding="utf-8"))
    assert arrangement_from_json(document) == ARRANGEMENT
    assert document["score"] == SCORE
    assert document["target"] == {"path": "/recordings/täget.flac", "seconds": 1.25}
    assert document["origin_beats"] == 4.0

    written = read_audio(tmp_path / "cover.wav")
    assert soundfile.info(tmp_path / "cover.wav").subtype == "FLOAT"
    assert np.array_equal(written.samples, cover.samples)  # peaks above 1, kept
    total = sum(read_audio(file).samples for file in (tmp_path / "stems").iterdir())
    assert np.abs(total - written.samples).max() < 10 ** (-90 / 20)
    assert read_audio(tmp_path / "cover.mp3").samples.shape == written.samples.shape


def test_mono_becomes_stereo(tmp_path: Path) -> None:
    mono = Audio(stems()[0].samples[:1], RATE_HZ)
    write_exports(tmp_path, Arrangement(), TargetFacts(Path("/t.wav"), 1.0), SCORE, mono, [])
    assert np.array_equal(read_audio(tmp_path / "cover.wav").samples, np.repeat(mono.samples, 2, axis=0))


def test_stems_of_another_length_are_refused(tmp_path: Path) -> None:
    short = Audio(np.zeros((2, 10), np.float32), RATE_HZ)
    with pytest.raises(ValueError, match="not as long"):
        write_exports(tmp_path, ARRANGEMENT, TargetFacts(Path("/t.wav"), 1.0), SCORE, stems()[0], [stems()[0], short])


@pytest.mark.parametrize(("rate_hz", "mp3_rate_hz"), [(44100, 44100), (48000, 48000), (88200, 44100), (96000, 48000)])
def test_a_loud_mp3_is_turned_down_and_not_clipped(tmp_path: Path, rate_hz: int, mp3_rate_hz: int) -> None:
    wave = 3.0 * np.sin(2 * np.pi * 440 * np.arange(rate_hz) / rate_hz)
    write_mp3(tmp_path / "loud.mp3", Audio(np.stack([wave, wave]).astype(np.float32), rate_hz))
    heard = read_audio(tmp_path / "loud.mp3")
    assert heard.sample_rate_hz == mp3_rate_hz
    assert heard.seconds == pytest.approx(1.0, abs=1e-3)
    middle = heard.samples[:, mp3_rate_hz // 4 : -mp3_rate_hz // 4]
    expected = 10 ** (-1 / 20) * np.sin(2 * np.pi * 440 * np.arange(mp3_rate_hz) / mp3_rate_hz)
    assert np.abs(middle - expected[mp3_rate_hz // 4 : -mp3_rate_hz // 4]).max() < 0.02


@given(st.text())
def test_every_track_name_becomes_a_name_of_a_file(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= 80
    assert not set(safe) & set('/\\:*?"<>|\0\n')
    assert safe == safe.strip(" .-")


def test_names_keep_what_can_be_kept() -> None:
    assert safe_name("Größe 🎹 (2)") == "Größe 🎹 (2)"
    assert safe_name("../..") == "track"
