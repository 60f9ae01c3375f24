"""`jacqueesbot simulate`: the script answers on the configured port until Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from controller.osc_client import live_version
from tests.conftest import Jacqueesbot
from tests.python37 import require_python37


@pytest.fixture
def port(config_file: Path) -> int:
    """A free one, which the config then names."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind(("127.0.0.1", 0))
        free = int(asking.getsockname()[1])
    config_file.write_text(f"osc: {{script_port: {free}}}\n", encoding="utf-8")
    return free


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_plays_live_until_ctrl_c_or_a_kill_and_leaves_nothing(
    config_file: Path, port: int, jacqueesbot: Jacqueesbot, tmp_path: Path, ending: signal.Signals
) -> None:
    command = [sys.executable, "-m", "controller", "--config", str(config_file), "simulate", "--live-version", "12.1.5"]
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"TMPDIR": str(temporary)},
    ) as process:
        try:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["live_version"] == "12.1.5"
            assert live_version("127.0.0.1", port) == "12.1.5"
            checks = {
                check["name"]: check for check in json.loads(jacqueesbot("doctor", "--live", "--json").stdout)["checks"]
            }
            assert checks["live"]["ok"]
            assert "12.1.5" in checks["live"]["found"]
            left = {path.name.rpartition("-")[0] for path in temporary.iterdir()}
            assert left == {"jacqueesbot-script", "simulated-live"}  # the latter has what doctor had it record
            process.send_signal(ending)
            assert process.wait(timeout=60) == 0
            assert not list(temporary.iterdir())
        finally:
            process.kill()


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_it_tells_what_happens_in_another_python_and_edition(port: int, config_file: Path, tmp_path: Path) -> None:
    script = tmp_path / "Grower"
    script.mkdir()
    source = """
        import Live

        def create_instance(c_instance):
            try:
                while True:
                    c_instance.song().create_audio_track(-1)
            except Live.Base.LimitationError:
                c_instance.log_message("as many as there may be")
            return Plain()

        class Plain:
            def disconnect(self):
                print("disconnected")
    """
    (script / "__init__.py").write_text(textwrap.dedent(source), encoding="utf-8")
    command = [sys.executable, "-m", "controller", "--config", str(config_file), "simulate", "--script", str(script)]
    command += ["--python", require_python37(), "--live-version", "11.3.25", "--edition", "lite", "--tick-ms", "34"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            assert (told["live_version"], told["python"]) == ("11.3.25", "3.7")
            os.killpg(process.pid, signal.SIGINT)
            _, log = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert log.count("script: Song.create_audio_track(-1)") == 5  # 4 more, and one too many
    assert "as many as there may be" in log
    assert log.rstrip().endswith("disconnected")


def test_a_port_that_is_taken_is_refused(port: int, jacqueesbot: Jacqueesbot) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", port))
        done = jacqueesbot("simulate")
    assert done.returncode == 2
    assert f"osc.script_port {port}: " in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_live_that_is_not_there_is_a_check_that_fails(port: int, jacqueesbot: Jacqueesbot) -> None:
    done = jacqueesbot("doctor", "--live")
    assert done.returncode == 1
    assert f"BAD live: 127.0.0.1:{port}: " in done.stdout


def test_a_device_that_is_not_there_is_bad_input(port: int, jacqueesbot: Jacqueesbot) -> None:
    done = jacqueesbot("simulate", "--audio", "no such device")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--audio no such device: " in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["json", "numpy"])
def test_what_lies_in_the_current_folder_hides_no_library(tmp_path: Path, name: str, config_file: Path) -> None:
    for folder in ("Bare", name):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").write_text("def create_instance(c_instance): ...", encoding="utf-8")
    command = [sys.executable, "-P", "-m", "controller", "--config", str(config_file), "simulate", "--script", "Bare"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path, text=True) as process:
        try:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["live_version"]
        finally:
            process.terminate()
