"""`cover` with what producers ask for, through the real command line: what comes out keeps to it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from controller.cli import run
from tests.conftest import RATE_HZ, noise, tone, write

SECONDS = 4.0
BEAT_SECONDS = 0.5
LEVEL_DB = 1.0
"""How far the whole mix may have been turned up or down after the search, to be as loud as the recording."""


@dataclass(frozen=True)
class Cover:
    folder: Path

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "arrangement.json").read_text(encoding="utf-8"))
        return found

    @property
    def clips(self) -> list[dict[str, Any]]:
        clips = [
            clip | {"level_db": clip["gain_db"] + track["volume_db"]}
            for track in self.document["tracks"]
            for clip in track["clips"]
        ]
        return sorted(clips, key=lambda clip: (clip["start_seconds"], clip["sample"]))

    @property
    def names(self) -> set[str]:
        return {Path(clip["sample"]).stem for clip in self.clips}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wishes")
    for name, hz in (("A3", 220.0), ("E4", 329.63), ("A4", 440.0)):
        write(folder / "samples" / "keys" / f"piano {name}.wav", tone(hz, 0.9))
    write(folder / "samples" / "drums" / "hat.wav", noise(0.2))
    write(folder / "samples" / "drums" / "kick.wav", tone(50.0, 0.3) + noise(0.3, 0.1, seed=1))
    song = np.zeros(round(SECONDS * RATE_HZ), np.float32)
    sounds = (tone(220.0, 0.45), noise(0.2), tone(329.63, 0.45), noise(0.2), tone(50.0, 0.3), tone(440.0, 0.45))
    for number, at in enumerate(np.arange(0.0, SECONDS - 0.4, BEAT_SECONDS / 2)):
        sound = sounds[number % len(sounds)]
        song[round(at * RATE_HZ) : round(at * RATE_HZ) + sound.size] += 0.5 * sound
    write(folder / "song.wav", song)
    (folder / "config.yaml").write_text("library: {cache_folder: cache}\n", encoding="utf-8")
    return folder


def covered(desk: Path, name: str, *options: str) -> Cover:
    out = desk / "covers" / name
    arguments = ["cover", str(desk / "song.wav"), "--library", str(desk / "samples"), "--out", str(out)]
    assert run(["--config", str(desk / "config.yaml"), *arguments, "--simulations", "40", *options]) == 0
    return Cover(out)


@pytest.fixture(scope="module")
def first(desk: Path) -> Cover:
    return covered(desk, "first")


def test_limits_are_kept(desk: Path) -> None:
    limits = ["--tracks", "3", "--polyphony", "2", "--density", "3", "--repeats", "2", "--min-length", "0.25"]
    cover = covered(desk, "limits", *limits, "--transpose", "-12,0,12", "--quietest", "-20")
    clips = cover.clips
    assert clips
    assert len(cover.document["tracks"]) <= 3
    for one in clips:
        at = one["start_seconds"]
        sounding = [
            c for c in clips if c["start_seconds"] <= at + 1e-6 < c["start_seconds"] + c["length_seconds"] - 1e-6
        ]
        assert len(sounding) <= 2
        assert len([c for c in clips if at <= c["start_seconds"] < at + 1.0 - 1e-6]) <= 3
        assert one["length_seconds"] >= 0.25 - 1e-6
        assert one["transpose_semitones"] in (-12.0, 0.0, 12.0)
        assert level_db(one) > recording_db(desk, one) - 20.0 - LEVEL_DB
    assert max(Counter(clip["sample"] for clip in clips).values()) <= 2


def level_db(clip: dict[str, Any]) -> float:
    sound, rate_hz = soundfile.read(clip["sample"])
    speed = 2.0 ** (clip["transpose_semitones"] / 12.0)
    heard = sound[: round(clip["length_seconds"] * speed * rate_hz)]
    return loudest_db(heard, round(0.05 * rate_hz * speed)) + float(clip["level_db"])


def recording_db(desk: Path, clip: dict[str, Any]) -> float:
    sound, rate_hz = soundfile.read(desk / "song.wav")
    begin, end = (round(s * rate_hz) for s in (clip["start_seconds"], clip["start_seconds"] + clip["length_seconds"]))
    return loudest_db(sound[begin:end], round(0.05 * rate_hz))


def loudest_db(sound: np.ndarray, block: int) -> float:
    parts = [sound[first : first + block] for first in range(0, max(1, sound.size - block + 1), block)]
    return 10.0 * float(np.log10(max(float(np.square(part).sum()) / block for part in parts) + 1e-20))


def test_samples_are_chosen_by_name_and_pattern(desk: Path) -> None:
    assert covered(desk, "drums", "--only", "drums").names <= {"hat", "kick"}
    assert covered(desk, "keys", "--only", "keys/*", "--forbid", "*e4*", "--forbid", "kick").names <= {
        "piano A3",
        "piano A4",
    }


def test_seconds_stay_empty(desk: Path) -> None:
    cover = covered(desk, "empty", "--forbid", "1.5:2.25", "--region", "0.5:4")
    assert cover.clips
    for clip in cover.clips:
        assert clip["start_seconds"] + clip["length_seconds"] <= 1.0 + 1e-6 or clip["start_seconds"] >= 1.75 - 1e-6
    heard, rate_hz = soundfile.read(cover.folder / "cover.wav")
    assert np.abs(heard[round(1.01 * rate_hz) : round(1.74 * rate_hz)]).max() < 1e-4


def test_clips_lie_on_the_grid_in_beats(desk: Path) -> None:
    cover = covered(desk, "grid", "--grid", "1/8", "--only", "drums")
    assert cover.document["tempo_bpm"] == pytest.approx(120.0, abs=0.1)
    eighths = np.array([2.0 * clip["start_beats"] for clip in cover.clips])
    assert np.abs(eighths - np.round(eighths)).max() < 0.06


def test_what_is_kept_of_a_cover_stays_in_the_next_one(desk: Path, first: Cover) -> None:
    kept = ["--keep", "keys/piano a3.wav", "--keep", "2:3"]
    cover = covered(desk, "next", "--from", str(first.folder), *kept)
    wanted = [voice(clip) for clip in first.clips if is_kept(clip)]
    assert wanted
    assert [voice(clip) for clip in cover.clips if is_kept(clip) and voice(clip) in wanted] == wanted
    inside = [voice(clip) for clip in cover.clips if is_inside(clip)]
    assert inside == [voice(clip) for clip in first.clips if is_inside(clip)]


def is_inside(clip: dict[str, Any]) -> bool:
    return bool(clip["start_seconds"] < 3.0 and clip["start_seconds"] + clip["length_seconds"] > 2.0)


def is_kept(clip: dict[str, Any]) -> bool:
    return is_inside(clip) or Path(clip["sample"]).stem == "piano A3"


def voice(clip: dict[str, Any]) -> tuple[Any, ...]:
    """All but the level, which goes with that of the whole."""
    return Path(clip["sample"]).stem, round(clip["start_seconds"], 6), round(clip["length_seconds"], 6)


def test_a_sample_may_have_to_be_used(desk: Path, first: Cover) -> None:
    assert "kick" in covered(desk, "must", "--keep", "kick.wav", "--region", "0:0.9").names


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sample": "/nowhere/gone.wav"}, "its sample /nowhere/gone.wav is not there"),
        ({"length_seconds": 0.0}, "holds a clip of no length"),
        ({"start_seconds": -1.0}, "holds a clip of no length, or before 0 s"),
        ({"start_seconds": None}, "is no arrangement.json of ours"),
        ({"gain_db": "loud"}, "is no arrangement.json of ours"),
    ],
)
def test_an_arrangement_that_cannot_be_gone_on_from_is_refused(
    change: dict[str, Any], message: str, desk: Path, first: Cover, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = first.document
    document["tracks"][0]["clips"][0] |= change
    file = tmp_path / "arrangement.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    paths = [str(desk / "song.wav"), "--library", str(desk / "samples"), "--out", str(tmp_path / "out")]
    assert run(["--config", str(desk / "config.yaml"), "cover", *paths, "--from", str(file)]) == 2
    assert message in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--min-length", "1.5", "--region", "1:2"], "--min-length 1.5: is longer than what is covered, 1.00 s"),
        (["--min-length", "3.9"], "none of its 5 samples may be used"),
        (["--only", "violin"], "none of its 5 samples may be used"),
        (["--forbid", "*"], "none of its 5 samples may be used"),
        (["--only", "keys/*", "--keep", "hat.wav"], "keeps what --forbid or --only forbids"),
        (["--keep", "1:2"], "--keep A:B: nothing stands yet"),
        (["--keep", "cowbell.wav"], "--keep cowbell.wav: is none of the 5 samples' paths"),
        (["--forbid", "0:4"], "--forbid 0:4: leaves no time"),
        (["--from", "config.yaml"], "config.yaml: is no arrangement.json of ours"),
    ],
)
def test_wishes_that_leave_nothing_are_refused(
    options: list[str], message: str, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    cover = ["cover", "song.wav", "--library", "samples", "--out", "covers/none", "--simulations", "5", *options]
    assert run(["--config", "config.yaml", *cover]) == 2
    assert message in capsys.readouterr().err.splitlines()[-1]
    assert not (desk / "covers" / "none").exists()
