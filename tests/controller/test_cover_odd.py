"""`cover` of recordings and with libraries that nobody would choose: a sensible cover or a refusal, never a crash."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from controller.cli import run
from embedding.audio import read_audio
from tests.conftest import RATE_HZ, noise, tone, write

LONG_SECONDS = 600.0
LONG_RATE_HZ = 16000
WHITE = 0.2 * np.random.default_rng(4).standard_normal(3 * RATE_HZ).astype(np.float32)
SONG = np.concatenate([tone(220.0, 0.5), noise(0.5), tone(329.63, 0.5), noise(0.5)])
TARGETS = {
    "shorter than every sample": tone(220.0, 0.15),
    "of ten milliseconds": tone(220.0, 0.01),
    "of noise only": WHITE,
    "of one hit": np.concatenate([np.zeros(RATE_HZ, np.float32), noise(0.2), np.zeros(RATE_HZ, np.float32)]),
    "of one click": np.eye(1, 2 * RATE_HZ, RATE_HZ, dtype=np.float32)[0],
    "hardly audible": SONG * np.float32(2e-4),
}


@dataclass(frozen=True)
class Desk:
    folder: Path

    def status(self, target: Path, library: str, *options: str) -> int:
        paths = [str(target), "--library", str(self.folder / library), "--out", str(self.folder / "out")]
        return run(["--config", str(self.folder / "config.yaml"), "cover", *paths, "--simulations", "12", *options])

    def target(self, samples: np.ndarray) -> Path:
        return write(self.folder / "target.wav", samples, subtype="FLOAT")

    def assert_sensible(self, seconds: float) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.folder / "out" / "arrangement.json").read_text(encoding="utf-8"))
        assert all(math.isfinite(value) and 0.0 <= value <= 1.0 for value in document["score"].values())
        clips = [clip for track in document["tracks"] for clip in track["clips"]]
        assert clips
        assert all(clip["start_seconds"] + clip["length_seconds"] <= seconds + 1e-6 for clip in clips)
        heard = read_audio(self.folder / "out" / "cover.wav").samples
        assert np.isfinite(heard).all()
        assert 1e-5 < np.abs(heard).max() <= 1.0
        return document


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("odd")
    for name, sound in (("pluck", tone(220.0, 1.0)), ("bell", tone(330.0, 1.2)), ("hat", noise(0.2))):
        write(folder / "three" / f"{name}.wav", sound)
    write(folder / "one" / "pluck.wav", tone(220.0, 1.0))
    for name in ("silence", "more silence"):
        write(folder / "silent" / f"{name}.wav", np.zeros(RATE_HZ, np.float32))
    bar = np.concatenate([tone(110.0, 0.5)[::3], noise(0.5)[::3], tone(220.0, 1.0)[::3]])
    for number in range(2):
        whole = np.resize(np.roll(bar, 500 * number), round(LONG_SECONDS * LONG_RATE_HZ))
        write(folder / "long" / f"jam {number}.wav", whole, LONG_RATE_HZ)
    (folder / "config.yaml").write_text("library: {cache_folder: cache}\n", encoding="utf-8")
    return Desk(folder)


@pytest.mark.parametrize("name", TARGETS)
def test_targets(name: str, desk: Desk) -> None:
    assert desk.status(desk.target(TARGETS[name]), "three") == 0
    desk.assert_sensible(TARGETS[name].size / RATE_HZ)


@pytest.mark.parametrize("policy", ["mcts", "greedy", "random"])
def test_a_library_of_one_sample(policy: str, desk: Desk) -> None:
    assert desk.status(desk.target(SONG), "one", "--policy", policy) == 0
    desk.assert_sensible(2.0)


def test_a_library_of_silence_is_refused(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.status(desk.target(SONG), "silent", "--out", str(tmp_path / "out")) == 2
    *left_out, refused = capsys.readouterr().err.splitlines()
    assert len(left_out) == 2
    assert all("is silent; a recording needs sound above -90 dBFS" in line for line in left_out)
    assert "none of its 2 audio files can be used" in refused
    assert not (tmp_path / "out").exists()


def test_a_library_of_samples_of_ten_minutes(desk: Desk) -> None:
    assert desk.status(desk.target(SONG), "long") == 0
    desk.assert_sensible(2.0)
