"""The real command line, in processes of its own: what it prints, its exit status, and what it refuses."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import RATE_HZ, Jacqueesbot, tone, write

COMMANDS = ("cover", "index", "run", "score", "classify", "train", "simulate", "install-script", "doctor")


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that it said, after checking that it is the one line of a refusal."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("jacqueesbot: ")
    return lines[0]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    notes = [tone(frequency, 0.5) for frequency in (220.0, 329.63, 220.0, 440.0)]
    return write(tmp_path / "recording.wav", np.concatenate(notes))


@pytest.fixture
def bad_recording(tmp_path: Path) -> Path:
    """A folder of recordings that are none."""
    folder = tmp_path / "bad"
    whole = write(folder / "whole.wav", tone(220.0, 0.5), subtype="PCM_16").read_bytes()
    (folder / "truncated.wav").write_bytes(whole[: len(whole) // 3])
    (folder / "header only.wav").write_bytes(whole[:44])
    no_channels = bytearray(whole)
    no_channels[22:24] = struct.pack("<H", 0)
    (folder / "no channels.wav").write_bytes(no_channels)
    (folder / "empty.wav").touch()
    (folder / "text.mp3").write_text("Dear diary, today I sang.", encoding="utf-8")
    write(folder / "silent.flac", np.zeros(RATE_HZ, np.float32))
    write(folder / "one sample.wav", np.ones(1, np.float32))
    write(folder / "nan.wav", np.full(RATE_HZ, np.nan, np.float32), subtype="FLOAT")
    (folder / "a folder").mkdir()
    return folder


BAD_RECORDINGS = {
    "missing.wav": "no such file",
    "truncated.wav": "is truncated",
    "header only.wav": "holds no samples",
    "no channels.wav": "cannot be decoded",
    "empty.wav": "is empty",
    "text.mp3": "cannot be decoded",
    "silent.flac": "is silent",
    "one sample.wav": "1 sample",
    "nan.wav": "NaN",
    "a folder": "is a folder",
}


def test_help_names_every_command(jacqueesbot: Jacqueesbot) -> None:
    done = jacqueesbot("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert [command for command in COMMANDS if f"\n  {command}" in done.stdout] == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(jacqueesbot: Jacqueesbot, command: str) -> None:
    done = jacqueesbot(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--help" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["covr"], "covr"),
        (["cover"], "TARGET"),
        (["cover", "a.wav", "--out", "o"], "--library"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--tracks", "many"], "--tracks"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--bugdet", "3"], "--bugdet"),
        (["score", "a.wav"], "COVER"),
        (["cover", "~no-such-user/a.wav", "--library", "l", "--out", "o"], "~no-such-user/a.wav: no such file"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--budget", "-1"], "--budget -1: should be more than 0"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--budget", "0"], "--budget 0: should be more than 0"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--budget", "nan"], "--budget nan"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--simulations", "0"], "--simulations 0"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--seed", "-1"], "--seed -1"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--tracks", "0"], "--tracks 0"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--policy", "greed"], "did you mean greedy?"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--stage", "life"], "did you mean live?"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--score", "guess"], "--score guess: should be offline"),
        (
            ["cover", "a.wav", "--library", "l", "--out", "o", "--keep-captures"],
            "--keep-captures: nothing is captured with --score offline; use loopback or resampling",
        ),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--variations", "0"], "--variations 0: should be 1"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--variations", "99"], "--variations 99: should be"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--region", "5:2"], "--region 5:2: should be A:B"),
        (["cover", "a.wav", "--library", "l", "--out", "o", "--region", "2"], "--region 2: should be A:B"),
        (["train"], "--data: is missing"),
        (["train", "--irmas", "x"], "x: no such folder; give the one that holds IRMAS-TrainingData"),
        (["train", "--data", "missing"], "--data missing: is no folder"),
        (["train", "--data", ".", "--seconds", "0"], "--seconds 0"),
        (["train", "--data", ".", "--out", "ears.txt"], "should end in .pt"),
        (["simulate", "--live-version", "ten"], "--live-version: live version 'ten'; expected numbers"),
        (["simulate", "--tick-ms", "5"], "--tick-ms: '5'; a tick is 10 to 100 ms"),
        (["simulate", "--edition", "free"], "--edition: invalid choice: 'free'"),
        (["simulate", "--script", "."], "has no __init__.py"),
        (["simulate", "--script", "nowhere"], "there is no such folder"),
        (["install-script", "--user-library", "missing"], "no such folder"),
    ],
)
def test_wrong_options_are_one_line(jacqueesbot: Jacqueesbot, arguments: list[str], message: str) -> None:
    assert message in refused(jacqueesbot(*arguments))


def test_a_wrong_config_is_one_line(jacqueesbot: Jacqueesbot, config_file: Path) -> None:
    config_file.write_text("search: {polciy: mcts}", encoding="utf-8")
    assert "did you mean search.policy?" in refused(jacqueesbot("index", "."))
    config_file.unlink()
    assert "no such file" in refused(jacqueesbot("index", "."))


@pytest.mark.parametrize(("name", "message"), BAD_RECORDINGS.items())
def test_bad_recordings_are_refused_and_nothing_is_written(
    jacqueesbot: Jacqueesbot, bad_recording: Path, small_library: Path, tmp_path: Path, name: str, message: str
) -> None:
    out = tmp_path / "out"
    line = refused(jacqueesbot("cover", bad_recording / name, "--library", small_library, "--out", out))
    assert message in line
    assert name in line
    assert not out.exists()
    assert not list(tmp_path.glob(".out*"))


@pytest.mark.parametrize("name", ["missing.wav", "text.mp3", "silent.flac"])
def test_score_and_classify_refuse_them_too(
    jacqueesbot: Jacqueesbot, bad_recording: Path, recording: Path, name: str
) -> None:
    assert BAD_RECORDINGS[name] in refused(jacqueesbot("classify", bad_recording / name))
    assert BAD_RECORDINGS[name] in refused(jacqueesbot("score", bad_recording / name, recording))


@pytest.mark.parametrize(
    ("library", "message"),
    [
        ("missing", "no such folder"),
        ("empty", "holds no audio"),
        ("texts", "holds no audio"),
        ("texts/a.txt", "is a file"),
    ],
)
def test_folders_that_are_no_library_are_refused(
    jacqueesbot: Jacqueesbot, tmp_path: Path, recording: Path, library: str, message: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").touch()
    assert message in refused(jacqueesbot("index", tmp_path / library))
    out = tmp_path / "out"
    assert message in refused(jacqueesbot("cover", recording, "--library", tmp_path / library, "--out", out))
    assert not out.exists()


@pytest.mark.parametrize(
    ("out", "message"),
    [("file/out", "cannot be"), ("file", "is a file"), ("theirs", "is not empty and holds no cover of ours")],
)
def test_out_folders_that_cannot_be_are_refused(
    jacqueesbot: Jacqueesbot, tmp_path: Path, recording: Path, small_library: Path, out: str, message: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "diary.txt").touch()
    assert message in refused(jacqueesbot("cover", recording, "--library", small_library, "--out", tmp_path / out))
    assert [path.name for path in (tmp_path / "theirs").iterdir()] == ["diary.txt"]


def test_index_prints_what_it_found_and_names_what_it_left_out(jacqueesbot: Jacqueesbot, small_library: Path) -> None:
    (small_library / "broken 🎵.wav").write_text("no sound", encoding="utf-8")
    done = jacqueesbot("index", small_library)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("6 samples (")
    assert done.stdout.endswith(", 1 left out\n")
    (line,) = done.stderr.splitlines()
    assert "broken 🎵.wav" in line


def test_score_of_a_recording_with_itself_is_one(jacqueesbot: Jacqueesbot, recording: Path) -> None:
    done = jacqueesbot("score", recording, recording, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    terms = json.loads(done.stdout)
    assert terms["total"] == pytest.approx(1.0, abs=1e-3)
    assert {"timbre", "pitch", "length_coefficient"} <= terms.keys()
    assert "total" in jacqueesbot("score", recording, recording).stdout


def test_classify_tells_each_class_for_the_whole_and_each_window(jacqueesbot: Jacqueesbot, recording: Path) -> None:
    done = jacqueesbot("classify", recording, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    heard = json.loads(done.stdout)
    assert len(heard["probabilities"]) == 11
    assert heard["windows"][0]["start_seconds"] == 0.0
    assert heard["windows"][0]["probabilities"].keys() == heard["probabilities"].keys()


def test_install_script_and_back(jacqueesbot: Jacqueesbot, tmp_path: Path) -> None:
    library = tmp_path / "User Library ü"
    library.mkdir()
    folder = library / "Remote Scripts" / "JacqueesBot"
    assert "is not there" in refused(jacqueesbot("install-script", "--user-library", library, "--uninstall"))
    for _ in range(2):
        done = jacqueesbot("install-script", "--user-library", library)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[0] == str(folder)
        assert (folder / "__init__.py").is_file()
        settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        assert settings == {"port": 19102, "token_file": str(tmp_path / "token")}
        assert (tmp_path / "token").is_file()
        assert [line[:2] for line in done.stdout.splitlines()[-5:]] == ["1.", "2.", "3.", "4.", "5."]
        assert "Live 11" in done.stdout
        assert "Live 12" in done.stdout
    assert jacqueesbot("install-script", "--user-library", library, "--uninstall").returncode == 0
    assert list((library / "Remote Scripts").iterdir()) == []


def test_a_script_that_is_not_ours_is_left_alone(jacqueesbot: Jacqueesbot, tmp_path: Path) -> None:
    folder = tmp_path / "Remote Scripts" / "JacqueesBot"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("theirs", encoding="utf-8")
    for options in ([], ["--uninstall"]):
        assert "not installed by us" in refused(jacqueesbot("install-script", "--user-library", tmp_path, *options))
    assert [path.name for path in folder.iterdir()] == ["__init__.py"]


def test_doctor_lists_checks_with_mends(jacqueesbot: Jacqueesbot, tmp_path: Path) -> None:
    done = jacqueesbot("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert done.returncode == (0 if all(check["ok"] for check in checks.values()) else 1)
    assert done.stderr == ""
    assert all(check.keys() == {"name", "ok", "found", "mend"} for check in checks.values())
    expected = {"python", "packages", "config", "weights", "decoder", "cache", "disk", "library", "audio devices"}
    assert expected | {"loopback", "controller port", "display port", "script port", "script", "live"} <= checks.keys()
    assert checks["weights"]["ok"]
    assert checks["cache"]["found"] == str(tmp_path / "cache")
    assert all(check["mend"] for check in checks.values() if not check["ok"])


def test_doctor_finds_what_is_wrong(jacqueesbot: Jacqueesbot, config_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    config_file.write_text(
        f"embedding: {{weights: '{tmp_path}/none.pt'}}\n"
        f"library: {{cache_folder: '{tmp_path}/file/cache', folders: ['{tmp_path}/none']}}\n",
        encoding="utf-8",
    )
    done = jacqueesbot("doctor")
    assert done.returncode == 1
    bad = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("BAD ")]
    assert bad == ["weights", "cache", "disk", "library"]
    assert " ".join(done.stdout.split()).endswith("mend it in this order: weights, cache, disk, library.")
    config_file.write_text("serch: 1", encoding="utf-8")
    assert "BAD   config " in jacqueesbot("doctor").stdout


def test_without_a_command_help_is_printed(jacqueesbot: Jacqueesbot) -> None:
    done = jacqueesbot()
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: jacqueesbot ")


@pytest.mark.skipif(os.name != "posix", reason="a pipe closed by its reader is another error elsewhere")
def test_a_reader_that_goes_away_is_no_traceback(recording: Path, config_file: Path) -> None:
    command = [sys.executable, "-m", "controller", "--config", str(config_file), "--help"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
