"""`jacqueesbot cover` from end to end: the real command, the real simulated Live, real files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import Jacqueesbot, noise, tone, write

from embedding.audio import read_audio
from search.arrangement import arrangement_from_json

FILES = ["arrangement.json", "cover.mp3", "cover.wav", "stems"]
WITHIN = 10 ** (-90 / 20)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """4 s: notes on a beat."""
    notes = np.concatenate([tone(frequency, 0.5) for frequency in (220.0, 329.63, 220.0, 440.0) * 2])
    return write(tmp_path / "mein Lied äöü 🎹.wav", notes + np.tile(noise(0.5, 0.1), 8))


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_everything_is_written_and_agrees(
    jacqueesbot: Jacqueesbot, recording: Path, small_library: Path, tmp_path: Path
) -> None:
    out = tmp_path / "Covers, mit Lücke 🎧" / "eins"
    done = jacqueesbot("cover", recording, "--library", small_library, "--out", out, "--simulations", 40, "--seed", 3)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == str(out)
    assert listing(out) == FILES
    assert listing(out.parent) == ["eins"]

    document = json.loads((out / "arrangement.json").read_text(encoding="utf-8"))
    arrangement = arrangement_from_json(document)
    assert document["target"] == {"path": str(recording), "seconds": pytest.approx(4.0)}
    assert arrangement.clip_count > 0
    assert all(Path(clip.sample).is_relative_to(small_library) for _, clip in arrangement.clips())

    cover = read_audio(out / "cover.wav")
    stems = [read_audio(file) for file in sorted((out / "stems").iterdir())]
    assert len(stems) == len(arrangement.tracks)
    assert {stem.samples.shape for stem in stems} == {cover.samples.shape}
    assert cover.seconds == pytest.approx(arrangement.seconds, abs=0.001)
    assert np.abs(sum(stem.samples for stem in stems) - cover.samples).max() < WITHIN
    assert np.abs(cover.samples).max() <= 10 ** (-1 / 20) + 1e-4

    scored = json.loads(jacqueesbot("score", recording, out / "cover.wav", "--json").stdout)
    assert scored["total"] == pytest.approx(document["score"]["total"], abs=0.001)
    assert scored.keys() == document["score"].keys()

    again = jacqueesbot("cover", recording, "--library", small_library, "--out", tmp_path / "zwei",
                        "--simulations", 40, "--seed", 3)  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "zwei" / "arrangement.json").read_bytes() == (out / "arrangement.json").read_bytes()


def test_a_region_is_covered_alone(
    jacqueesbot: Jacqueesbot, recording: Path, small_library: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    options = ["--library", small_library, "--out", out, "--simulations", 10]
    beyond = jacqueesbot("cover", recording, *options, "--region", "9:10")
    assert beyond.returncode == 2
    assert "begins behind the end of the recording, which lasts 4.00 s" in beyond.stderr
    assert not out.exists()
    done = jacqueesbot("cover", recording, *options, "--region", "1:3")
    assert done.returncode == 0, done.stderr
    assert read_audio(out / "cover.wav").seconds <= 2.0 + 1e-6
    assert json.loads((out / "arrangement.json").read_text(encoding="utf-8"))["target"]["seconds"] == pytest.approx(2.0)


@pytest.fixture
def terminal(
    recording: Path, small_library: Path, config_file: Path, tmp_path: Path
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A cover of ten minutes' search, begun on a terminal of its own; and that terminal."""
    ours, its = os.openpty()
    command = [sys.executable, "-m", "controller", "--config", config_file, "cover", recording]
    command += ["--library", small_library, "--out", tmp_path / "out", "--budget", "600"]
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=its) as process:
        os.close(its)
        yield process, ours
        process.kill()
    os.close(ours)


def read_until(terminal: int, wanted: bytes) -> bytes:
    """What the terminal shows, up to `wanted`; less where it is closed before."""
    shown = b""
    while wanted not in shown:
        try:
            shown += os.read(terminal, 4096)
        except OSError:
            break
    return shown


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_ctrl_c_keeps_the_best_so_far(terminal: tuple[subprocess.Popen[bytes], int], tmp_path: Path) -> None:
    process, screen = terminal
    shown = read_until(screen, b"best 0.")
    assert b"searching" in shown
    assert b"left" in read_until(screen, b"left")
    process.send_signal(signal.SIGINT)
    assert b"Ctrl-C again ends at once" in read_until(screen, b"at once")
    while read_until(screen, b"\n"):
        pass
    assert process.wait(timeout=60) == 0
    assert listing(tmp_path / "out") == FILES


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_second_ctrl_c_ends_at_once(terminal: tuple[subprocess.Popen[bytes], int], tmp_path: Path) -> None:
    process, screen = terminal
    read_until(screen, b"listening")
    process.send_signal(signal.SIGINT)
    read_until(screen, b"at once")
    process.send_signal(signal.SIGINT)
    while read_until(screen, b"\n"):
        pass
    assert process.wait(timeout=60) == 130
    assert not (tmp_path / "out").exists()
    assert [name for name in listing(tmp_path) if name.startswith(".out")] == []
