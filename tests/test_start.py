"""start.py, which runs before anything is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import soundfile
from made_sounds import noise

import start
from tests.python37 import require_python37

ROOT = Path(__file__).parent.parent


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that it would run; its environment lies in a folder of the test's."""
    done: list[list[str]] = []

    def call(command: list[str]) -> int:
        done.append(command)
        if "venv" in command:
            venv.create(command[-1], clear=True)
        return 0

    folder = tmp_path / ".venv"
    monkeypatch.setattr(start, "VENV", folder)
    monkeypatch.setattr(start, "PYTHON", folder / start.PYTHON.relative_to(start.ROOT / ".venv"))
    monkeypatch.setattr(start, "call", call)
    return done


def test_all_is_installed_once(calls: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    start.set_up("")
    (made, installed) = calls
    assert made[-3:-1] == ["venv", "--clear"]
    assert installed[-4:] == ["-c", str(ROOT / "constraints.txt"), "-e", str(ROOT)]
    start.set_up("")
    assert len(calls) == 2
    start.set_up("test")
    assert calls[2][-1] == f"{ROOT}[test]"
    monkeypatch.setattr(start, "state", lambda: "another Python, or other needs")
    start.set_up("")
    assert len(calls) == 4


def test_what_was_installed_for_tests_is_enough_for_covers(calls: list[list[str]]) -> None:
    start.set_up("test")
    count = len(calls)
    start.set_up("")
    assert len(calls) == count


@pytest.mark.parametrize("there", [False, True])
def test_a_python_that_no_longer_starts_is_made_anew(calls: list[list[str]], tmp_path: Path, there: bool) -> None:
    start.set_up("")
    start.PYTHON.unlink()
    start.PYTHON.symlink_to(tmp_path / "nowhere")
    if there:
        (tmp_path / "nowhere").write_text("no program", encoding="utf-8")
    start.set_up("")
    assert [command[-3:-1] for command in calls if "venv" in command] == [["venv", "--clear"]] * 2


def test_what_fails_is_not_taken_for_done(calls: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    start.make_venv()
    monkeypatch.setattr(start, "call", lambda command: 1)
    with pytest.raises(SystemExit, match="installing failed"):
        start.set_up("")
    assert not start.is_done("", start.state())


def test_a_debian_without_venv_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"sudo apt install python3\.\d+-venv"):
        start.make_venv()


@pytest.mark.parametrize(("arguments", "status"), [([], 0), (["--help"], 0), (["covr"], 2)])
def test_without_a_command_it_says_what_it_does(arguments: list[str], status: int) -> None:
    done = subprocess.run([sys.executable, "start.py", *arguments], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == status
    assert "start.py cover [RECORDING]" in done.stdout


def test_an_old_python_finds_a_newer_one_or_says_so(tmp_path: Path) -> None:
    old = require_python37()
    lonely = {**os.environ, "PATH": str(tmp_path)}
    done = subprocess.run([old, "start.py"], capture_output=True, text=True, cwd=ROOT, env=lonely)
    assert done.returncode == 1
    assert done.stderr.startswith("start.py: Python 3.11 or newer is needed, this is 3.7.")
    (tmp_path / "python3.11").symlink_to(sys.executable)
    done = subprocess.run([old, "start.py"], capture_output=True, text=True, cwd=ROOT, env=lonely)
    assert done.returncode == 0
    assert "start.py cover [RECORDING]" in done.stdout


def test_the_first_cover_needs_nothing_but_itself(config_file: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "controller.first_cover", "--simulations", "5"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "JACQUEESBOT_CONFIG": str(config_file)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads((tmp_path / "out" / "arrangement.json").read_text(encoding="utf-8"))
    assert document["target"]["path"] == str(tmp_path / "starter" / "demo.wav")
    for name in ("out/cover.wav", "out/stems", "out/arrangement.json", "starter/library"):
        assert str(tmp_path / name) in done.stdout


def test_a_first_cover_of_ones_own_says_where_it_really_is(config_file: Path, tmp_path: Path) -> None:
    recording, library = tmp_path / "mine.wav", tmp_path / "samples"
    library.mkdir()
    for file in (recording, library / "hit.wav"):
        soundfile.write(file, noise(44100), 44100)

    def first_cover(*arguments: object) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "controller.first_cover", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "JACQUEESBOT_CONFIG": str(config_file)},
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    told = first_cover(recording, f"--out={tmp_path / 'mine'}", "--library", library, "--simulations", "2")
    assert (tmp_path / "mine" / "cover.wav").is_file()
    assert str(tmp_path / "mine" / "cover.wav") in told
    assert f"the samples used   {library}\n" in told
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "starter").exists()
    assert "the recording" not in first_cover("--help")
