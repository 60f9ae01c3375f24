"""`cover` as users run it: a process of its own, real recordings, the folder that it leaves."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import soxr

from controller.config import load_settings
from embedding.audio import Audio, read_audio
from embedding.ears import Ears
from embedding.reward import score_recordings
from tests.conftest import noise, tone, write
from tests.controller.processes import descendants, named, still_running
from tests.controller.terminal import Terminal

RATE_HZ = 44100
RUN_SECONDS = 300.0
FOREVER = ("--budget", "600")
SUM_DB, RERENDERED_DB, PEAK_DB = -90.0, -60.0, -1.0 + 0.05
FOUND_SOMETHING = r"searching .* best 0\.(?!000)\d{3}"
STOPPING = "stopping; what is best so far is kept"

needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to test with")


@dataclass(frozen=True)
class Desk:
    """A recording, a library and settings that touch nobody's folders."""

    folder: Path
    target: Path
    library: Path
    library_as_it_was: dict[str, tuple[int, bytes]]

    def arguments(self, *arguments: object) -> list[str]:
        return ["-m", "controller", "--config", str(self.folder / "config.yaml"), *map(str, arguments)]

    def cover(self, out: Path, *options: object) -> list[str]:
        return self.arguments("cover", self.target, "--library", self.library, "--out", out, *options)

    def run(self, arguments: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
        """On pipes."""
        return subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=self.folder,
            env={**os.environ, **environment},
            timeout=RUN_SECONDS,
        )


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """{path: (time of change in ns, bytes)} of files and folders."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in [folder, *folder.rglob("*")]
    }


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    library = folder / "Größe 🥁 samples"
    write(library / "tönal" / "pluck A3 🎹.wav", tone(220.0, 1.0))
    write(library / "tönal" / "pluck E4.mp3", tone(329.63, 1.0))
    write(library / "tönal" / "wide C4.wav", np.stack([tone(261.6, 1.2), tone(262.9, 1.2)], axis=1), 48000)
    write(library / "drums" / "hi hat.wav", noise(0.2), 48000)
    write(library / "drums" / "kick.aiff", tone(50.0, 0.3) + noise(0.3, 0.1, seed=1))

    beats = [
        (0.0, tone(220.0, 0.9)),
        (0.5, noise(0.2)),
        (1.0, tone(329.63, 0.9)),
        (1.5, noise(0.2)),
        (2.0, tone(262.0, 1.0)),
    ]
    song = np.zeros((round(3.2 * RATE_HZ), 2), dtype=np.float32)
    for number, (at, sound) in enumerate(beats):
        first = round(at * RATE_HZ)
        song[first : first + sound.size] += 0.6 * sound[:, np.newaxis] * np.array([1.0, 0.5 + 0.1 * number])
    target = write(folder / "my söng 🎶.flac", song)
    (folder / "config.yaml").write_text("library: {cache_folder: cache}\n", encoding="utf-8")
    return Desk(folder, target, library, contents(library))


@dataclass(frozen=True)
class Made:
    done: subprocess.CompletedProcess[str]
    out: Path

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "arrangement.json").read_text(encoding="utf-8"))
        return found

    @property
    def clips(self) -> list[dict[str, Any]]:
        return [clip for track in self.document["tracks"] for clip in track["clips"]]

    @property
    def seconds(self) -> float:
        return max(clip["start_seconds"] + clip["length_seconds"] for clip in self.clips)

    @property
    def cover(self) -> Audio:
        return read_audio(self.out / "cover.wav")

    @property
    def stem_files(self) -> list[Path]:
        return sorted((self.out / "stems").iterdir())


SEEDED = ("--simulations", "24", "--seed", "5", *FOREVER)
"""Both limits: the simulations are over first, and by far."""


@pytest.fixture(scope="module")
def made(desk: Desk) -> Made:
    out = desk.folder / "covers" / "the cöver"
    return Made(desk.run(desk.cover(out, *SEEDED), PYTHONHASHSEED="1"), out)


def assert_complete(made: Made, target_seconds: float) -> None:
    """Every file is there, alone, and they agree."""
    assert {path.name for path in made.out.iterdir()} == {"arrangement.json", "cover.wav", "cover.mp3", "stems"}
    names = [track["name"] for track in made.document["tracks"]]
    assert [path.name for path in made.stem_files] == [f"{i:02d}-{name}.wav" for i, name in enumerate(names, start=1)]
    for file in (made.out / "cover.wav", *made.stem_files):
        facts = soundfile.info(file)
        assert (facts.format, facts.subtype, facts.channels, facts.samplerate) == ("WAV", "FLOAT", 2, RATE_HZ)
        assert facts.frames == round(made.seconds * RATE_HZ), file
    assert made.seconds <= target_seconds + 1e-6
    cover = made.cover.samples
    assert decibels(cover) <= PEAK_DB
    assert decibels(cover) > -40.0
    stems = sum(read_audio(file).samples.astype(np.float64) for file in made.stem_files)
    assert decibels(stems - cover) < SUM_DB
    assert read_audio(made.out / "cover.mp3").samples.shape == cover.shape


def decibels(samples: npt.NDArray[Any]) -> float:
    """The peak in dBFS."""
    return 20.0 * math.log10(float(np.abs(samples).max()) + 1e-12)


def test_a_pipe_gets_the_results_and_nothing_else(made: Made) -> None:
    assert made.done.returncode == 0, made.done.stderr
    assert made.done.stderr == ""
    score, where = made.done.stdout.splitlines()
    told = re.fullmatch(r"score (0\.\d{4}): (\d+) clips on (\d+) tracks", score)
    assert told
    assert float(told[1]) == pytest.approx(made.document["score"]["total"], abs=1e-4)
    assert (int(told[2]), int(told[3])) == (len(made.clips), len(made.document["tracks"]))
    assert where == str(made.out)


def test_the_folder_is_complete(made: Made) -> None:
    assert_complete(made, 3.2)


def test_nothing_is_left_beside_it(made: Made) -> None:
    assert list(made.out.parent.iterdir()) == [made.out]


def test_the_arrangement_is_as_other_programs_expect_it(made: Made, desk: Desk) -> None:
    document = made.document
    assert list(document) == ["format", "version", "tempo_bpm", "origin_beats", "target", "score", "tracks"]
    assert (document["format"], document["version"]) == ("jacqueesbot-arrangement", 1)
    assert 20.0 <= document["tempo_bpm"] <= 999.0
    assert document["origin_beats"] == 0.0
    assert document["target"] == {"path": str(desk.target), "seconds": pytest.approx(3.2)}
    assert {"total", "timbre", "pitch", "length_coefficient"} <= set(document["score"])
    assert all(0.0 <= value <= 1.0 for value in document["score"].values())
    library = [str(path) for path in desk.library.rglob("*")]
    assert document["tracks"]
    for track in document["tracks"]:
        assert set(track) == {"name", "color", "volume_db", "pan", "clips"}
        assert re.fullmatch("#[0-9a-f]{6}", track["color"])
        assert -18.0 <= track["volume_db"] <= 6.0
        assert -1.0 <= track["pan"] <= 1.0
        assert track["clips"]
        for clip in track["clips"]:
            assert clip["sample"] in library
            assert clip["start_beats"] == pytest.approx(clip["start_seconds"] * document["tempo_bpm"] / 60.0, abs=1e-9)
            assert clip["start_seconds"] >= 0.0
            assert clip["length_seconds"] > 0.0
            assert 0.0 <= clip["offset_seconds"] < soundfile.info(clip["sample"]).duration
            assert -12.0 <= clip["transpose_semitones"] <= 12.0
            assert math.isfinite(clip["gain_db"])
        ends = [clip["start_seconds"] + clip["length_seconds"] for clip in track["clips"]]
        starts = [clip["start_seconds"] for clip in track["clips"]]
        assert all(end <= start + 1e-9 for end, start in zip(ends, starts[1:], strict=False)), track["name"]


def test_the_score_is_what_the_score_command_says(made: Made, desk: Desk) -> None:
    done = desk.run(desk.arguments("score", desk.target, made.out / "cover.wav", "--json"))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == pytest.approx(made.document["score"], abs=1e-3)


def test_arrangement_and_library_are_all_that_is_needed_to_mix_the_cover(made: Made) -> None:
    cover = made.cover.samples
    assert decibels(rerendered(made) - cover) < RERENDERED_DB
    louder = rerendered(made, more_db=0.1)
    assert decibels(louder - cover) > RERENDERED_DB  # so that a small mistake would show


def rerendered(made: Made, more_db: float = 0.0) -> npt.NDArray[np.float64]:
    """[2, n] of arrangement.json alone, by a mixer of this test's."""
    mix = np.zeros((2, round(made.seconds * RATE_HZ)))
    for track in made.document["tracks"]:
        angle = math.pi / 4.0 * (1.0 + track["pan"])
        for clip in track["clips"]:
            sound, rate_hz = soundfile.read(clip["sample"], always_2d=True)
            speed = 2.0 ** (clip["transpose_semitones"] / 12.0)
            if clip["offset_seconds"]:
                begin = round(clip["offset_seconds"] * rate_hz)
                sound = sound[begin : begin + math.ceil(clip["length_seconds"] * speed * rate_hz - 1e-6)]
            heard = soxr.resample(sound, rate_hz * speed, RATE_HZ)[: round(clip["length_seconds"] * RATE_HZ)]
            level = 10.0 ** ((clip["gain_db"] + track["volume_db"] + more_db) / 20.0) * math.sqrt(2.0)
            first = round(clip["start_seconds"] * RATE_HZ)
            for side, factor in enumerate((math.cos(angle), math.sin(angle))):
                mix[side, first : first + len(heard)] += level * factor * heard[:, side % heard.shape[1]]
    return mix


def test_the_library_is_not_written_to(made: Made, desk: Desk) -> None:
    assert made.done.returncode == 0
    assert contents(desk.library) == desk.library_as_it_was


def test_the_same_seed_gives_the_same_cover_and_replaces_an_old_one_whole(made: Made, desk: Desk) -> None:
    again = Made(made.done, desk.folder / "replaced")
    shutil.copytree(made.out, again.out)
    write(again.out / "stems" / "99-of before.wav", tone(100.0, 0.1))
    (again.out / "arrangement.json").write_text('{"format": "jacqueesbot-arrangement"}', encoding="utf-8")
    done = desk.run(desk.cover(again.out, *SEEDED), PYTHONHASHSEED="2")
    assert (done.returncode, done.stderr) == (0, "")
    assert_complete(again, 3.2)
    texts = [(one.out / "arrangement.json").read_bytes() for one in (made, again)]
    assert texts[0] == texts[1]
    assert np.array_equal(made.cover.samples, again.cover.samples)


def test_tracks_region_and_policy(desk: Desk, ears: Ears) -> None:
    out = desk.folder / "part"
    options = ("--policy", "greedy", "--tracks", "2", "--region", "0.5:2.5", "--simulations", "40")
    made = Made(desk.run(desk.cover(out, *options)), out)
    assert (made.done.returncode, made.done.stderr) == (0, "")
    assert_complete(made, 2.0)
    assert len(made.document["tracks"]) <= 2
    assert made.document["target"] == {"path": str(desk.target), "seconds": pytest.approx(2.0)}
    whole = read_audio(desk.target)
    part = Audio(whole.samples[:, RATE_HZ // 2 : 5 * RATE_HZ // 2], RATE_HZ)
    weights = load_settings(desk.folder / "config.yaml").reward.in_order()
    assert made.document["score"]["total"] == pytest.approx(
        score_recordings(part, made.cover, ears, weights).total, abs=1e-3
    )


def test_a_run_that_fails_leaves_the_old_cover_as_it_was(made: Made, desk: Desk) -> None:
    before, beside = contents(made.out), sorted(made.out.parent.iterdir())
    done = desk.run(desk.cover(made.out, "--region", "60:90"))
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"jacqueesbot: --region 60:90: .*\n", done.stderr)
    assert contents(made.out) == before
    assert sorted(made.out.parent.iterdir()) == beside


@needs_terminal
def test_the_bar_shows_how_far_it_is_and_ctrl_c_keeps_the_best(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "stopped"
    with Terminal(desk.cover(out, *FOREVER), desk.folder, tmp_path / "stdout") as terminal:
        terminal.await_shown(FOUND_SOMETHING + r" +\d+:\d\d left")
        started = descendants(terminal.process.pid)
        terminal.press_ctrl_c()
        status, stdout = terminal.ended()
        assert STOPPING in terminal.shown
        assert "Traceback" not in terminal.shown
    assert status == 0
    made = Made(subprocess.CompletedProcess([], status, stdout), out)
    assert stdout.splitlines()[1:] == [str(out)]
    assert_complete(made, 3.2)
    assert_no_process_left(started)


@needs_terminal
def test_a_second_ctrl_c_ends_at_once_and_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    beside = tmp_path / "covers"
    beside.mkdir()
    with Terminal(desk.cover(beside / "out", *FOREVER), desk.folder, tmp_path / "stdout") as terminal:
        terminal.await_shown(FOUND_SOMETHING)
        started = descendants(terminal.process.pid)
        terminal.press_ctrl_c()
        terminal.await_shown(STOPPING)
        terminal.press_ctrl_c()
        status, stdout = terminal.ended()
        assert "Traceback" not in terminal.shown
    assert (status, stdout) == (130, "")
    assert list(beside.iterdir()) == []
    assert_no_process_left(started)


@needs_terminal
def test_a_simulated_live_that_dies_is_told_in_a_line_and_the_arrangement_is_kept(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Terminal(desk.cover(out, *FOREVER), desk.folder, tmp_path / "stdout") as terminal:
        terminal.await_shown(FOUND_SOMETHING)
        started = descendants(terminal.process.pid)
        os.kill(named(started, "-m live_simulator --script"), signal.SIGKILL)
        status, stdout = terminal.ended()
        assert re.search(
            r"^jacqueesbot: the simulated Live ended .* is in .*/out/arrangement\.json$", terminal.last_line
        )
        assert "Traceback" not in terminal.shown
    assert (status, stdout) == (1, "")
    assert [path.name for path in out.iterdir()] == ["arrangement.json"]
    kept = Made(subprocess.CompletedProcess([], status, stdout), out)
    assert kept.clips
    assert kept.document["score"]["total"] > 0.0
    assert_no_process_left(started)


def assert_no_process_left(started: dict[int, str]) -> None:
    assert named(started, "-m live_simulator --script")
    assert named(started, "-m live_simulator.audio_engine")
    assert still_running(started) == set()
