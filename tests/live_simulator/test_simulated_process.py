"""The simulated Live as a process: start, requests over real UDP, every way of ending."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from simulator_process import PATIENCE_SECONDS, ROOT, SimulatorProcess, children_of, is_running, write_script

from live_remote_script.osc import encode
from tests.python37 import require_python37

PLACES_A_CLIP = """
    import Live

    def create_instance(c_instance):
        return Placer(c_instance)

    class Placer:
        def __init__(self, c_instance):
            self.song = c_instance.song()
            self.track = self.song.create_audio_track(-1)
            self.timer = Live.Base.Timer(callback=self.tick, interval=10, repeat=True, start=True)
            self.clip = None
            print("printed by the script")

        def tick(self):
            if self.clip is None:
                self.track.create_audio_clip({path!r}, 1.0)
                self.clip = self.track.arrangement_clips[0]
                self.clip.warping = False
            else:
                raise ValueError("stops the timer")
"""


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """One second of a constant 0.25, mono, under a name that is not plain ASCII."""
    path = tmp_path / "Klang ♪ 🎹.wav"
    soundfile.write(path, np.full(44100, 0.25, dtype=np.float32), 44100, subtype="FLOAT")
    return path


@pytest.fixture
def script(tmp_path: Path, sound: Path) -> Path:
    return write_script(tmp_path / "Placer", PLACES_A_CLIP.format(path=str(sound)))


def await_clip(simulator: SimulatorProcess) -> None:
    """Until the script's clip is there and, a tick later, unwarped."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while simulator.state()["unwarped_clips"] == 0:
        assert time.monotonic() < deadline


def await_end(process_id: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_running(process_id):
        assert time.monotonic() < deadline, f"process {process_id} is left behind"
        time.sleep(0.05)


@pytest.mark.parametrize("python", ["3.7", "this"])
def test_a_set_that_a_script_made_is_rendered(python: str, script: Path, tmp_path: Path) -> None:
    executable = sys.executable if python == "this" else require_python37()
    options = ("--sample-rate-hz", "48000", "--live-version", "11.3.25", "--verbose")
    with SimulatorProcess(script, *options, python=executable) as simulator:
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        assert simulator.told["python"] == (here if python == "this" else "3.7")
        assert simulator.told["live_version"] == "11.3.25"
        await_clip(simulator)
        assert simulator.ask("render", str(tmp_path), 0.0, 2.0) == ("ok", (4,))
        for name in ("main.wav", "track-04.wav"):
            samples, rate_hz = soundfile.read(tmp_path / name)
            assert (samples.shape, rate_hz) == ((96000, 2), 48000)
            assert np.all(samples[:24000] == 0.0)
            assert np.allclose(samples[25000:71000], 0.25, atol=1e-5)
            assert np.all(samples[72000:] == 0.0)
        assert simulator.ask("quit") == ("ok", ())
        status, log = simulator.finish()
    assert status == 0
    assert "printed by the script" in log
    assert "ValueError: stops the timer" in log
    assert "tick 1: script: Clip 'Klang ♪ 🎹'.warping = False" in log


def test_a_request_that_comes_again_is_answered_again_and_done_once(script: Path) -> None:
    with SimulatorProcess(script) as simulator:
        await_clip(simulator)
        assert simulator.ask_again(77_000, "user_delete_clip", 4, 0) == ("ok", ())
        assert simulator.ask_again(77_000, "user_delete_clip", 4, 0) == ("ok", ())
        assert simulator.ask("user_delete_clip", 4, 0)[0] == "error"


def test_a_user_at_work(script: Path, sound: Path) -> None:
    with SimulatorProcess(script) as simulator:
        await_clip(simulator)
        assert simulator.ask("user_place_clip", 3, str(sound), 6) == ("ok", ())
        assert simulator.ask("user_move_clip", 4, 0, 12.0) == ("ok", ())
        assert simulator.ask("user_set_tempo", 60.0) == ("ok", ())
        state = simulator.state()
        assert (state["tempo_bpm"], state["arrangement_clips"], state["last_event_beats"]) == (60.0, 2, 13.0)
        assert simulator.ask("user_select_clip", 4, 0) == ("ok", ())
        assert simulator.ask("user_delete_track", 4) == ("ok", ())
        assert simulator.state()["tracks"] == 4


READS_THE_CLOCK = """
    import time
    import Live

    def create_instance(c_instance):
        return Reader(c_instance)

    class Reader:
        def __init__(self, c_instance):
            self.c_instance = c_instance
            self.timer = Live.Base.Timer(callback=self.tick, interval=10, repeat=True, start=True)
            self.ticks = 0

        def tick(self):
            self.ticks += 1
            if self.ticks > 2:
                return
            began = time.perf_counter(), time.perf_counter_ns()
            self.c_instance.song().create_audio_track(-1)
            self.c_instance.song().create_audio_track(-1)
            passed_ms = (time.perf_counter() - began[0]) * 1e3, (time.perf_counter_ns() - began[1]) / 1e6
            self.c_instance.log_message("60 ms passed: %s" % [60.0 <= ms < 10000.0 for ms in passed_ms])
"""


@pytest.mark.parametrize("clock", ["virtual", "real"])
def test_a_script_sees_what_its_calls_cost(clock: str, tmp_path: Path) -> None:
    script = write_script(tmp_path / "Reader", READS_THE_CLOCK)
    with SimulatorProcess(script, "--clock", clock, "--tick-ms", "34") as simulator:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (state := simulator.state())["ticks"] < 3:
            assert time.monotonic() < deadline
        assert state["costly_calls"] == {"Song.create_audio_track": 4}
        assert state["late_calls"] == 2
        assert state["time_ms"] >= 34.0 + 60.0 + 60.0
        assert simulator.ask("quit") == ("ok", ())
        status, log = simulator.finish()
    assert status == 0
    assert log.count("60 ms passed: [True, True]") == 2


def test_requests_that_cannot_be_done_say_why(script: Path, tmp_path: Path) -> None:
    with SimulatorProcess(script) as simulator:
        for request, reason in (
            (
                ("render", str(tmp_path), 0.0, "long"),
                "takes str, float, float behind the id, was given str, float, str",
            ),
            (("render", str(tmp_path / "missing"), 0.0, 1.0), "missing: not an absolute path of a folder that exists"),
            (("render", str(tmp_path), 0.0, -1.0), "-1.0 s from beat 0.0"),
            (("user_delete_clip", 9, 0), "track 9; the set has tracks 0 to 4"),
            (("user_place_clip", 3, str(tmp_path), 0.0), "does not appear to point to a valid audio file"),
            (("unheard_of",), "/simulator/unheard_of: unknown; known are"),
        ):
            word, (message,) = simulator.ask(*request)
            assert (word, reason in message) == ("error", True), message
        simulator.send(b"not OSC")
        assert simulator.ask("state")[0] == "error"  # the answer to what was no OSC; the state's comes behind it


def test_it_ends_on_sigterm_and_leaves_no_engine_behind(script: Path) -> None:
    with SimulatorProcess(script) as simulator:
        (engine,) = children_of(simulator.process.pid)
        simulator.process.terminate()
        assert simulator.finish()[0] == 0
        await_end(engine)


SAYS_GOODBYE = """
    def create_instance(c_instance):
        return Polite(c_instance)

    class Polite:
        def __init__(self, c_instance):
            self.c_instance = c_instance

        def disconnect(self):
            self.c_instance.log_message("goodbye of %s" % self.c_instance.song().tempo)
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_script_is_disconnected_at_the_end(name: str, tmp_path: Path) -> None:
    with SimulatorProcess(write_script(tmp_path / "Polite", SAYS_GOODBYE)) as simulator:
        simulator.process.send_signal(getattr(signal, name))
        status, log = simulator.finish()
    assert status == 0
    assert "goodbye of 120.0" in log


def test_sets_and_control_surfaces_are_changed_from_outside(tmp_path: Path) -> None:
    source = (
        SAYS_GOODBYE
        + """
        def update_display(self):
            self.c_instance.song().metronome = True
    """
    )
    with SimulatorProcess(write_script(tmp_path / "Polite", source)) as simulator:
        for action in (
            ("user_save_set", "/music/one.als"),
            ("user_set_tempo", 90.0),
            ("user_open_set", "/music/one.als"),
        ):
            assert simulator.ask(*action) == ("ok", ())
        assert simulator.state()["tempo_bpm"] == 120.0
        for action in (("user_double_script",), ("user_new_set",), ("user_disable_script",), ("user_enable_script",)):
            assert simulator.ask(*action) == ("ok", ())
        simulator.process.terminate()
        status, log = simulator.finish()
    assert status == 0
    assert log.count("goodbye of 90.0") == 1
    assert log.count("goodbye of 120.0") == 2 + 2 + 2
    assert "RemoteScriptError" not in log


def test_an_open_menu_and_a_frozen_live(script: Path) -> None:
    with SimulatorProcess(script) as simulator:
        await_clip(simulator)
        assert simulator.ask("user_open_menu") == ("ok", ())
        before, after = simulator.state(), simulator.state()
        assert after["ticks"] == before["ticks"]
        assert after["time_ms"] > before["time_ms"]
        assert simulator.ask("user_close_menu") == ("ok", ())
        assert simulator.ask("user_freeze", 0.25) == ("ok", ())
        assert simulator.state()["time_ms"] >= after["time_ms"] + 250.0


def test_it_ends_when_its_parent_is_killed(script: Path) -> None:
    """A parent that starts one and is killed, whose pipes a third process has inherited and keeps open."""
    parent = """
        import os, subprocess, sys, time
        options = ["-m", "live_simulator", "--exit-with-parent", "--script", sys.argv[1]]
        simulator = subprocess.Popen([sys.executable, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        simulator.stdout.readline()
        os.set_inheritable(simulator.stdin.fileno(), True)
        keeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"], close_fds=False)
        print(simulator.pid, keeper.pid, flush=True)
        time.sleep(120)
    """
    command = [sys.executable, "-c", textwrap.dedent(parent), str(script)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as process:
        assert process.stdout is not None
        simulator, keeper = map(int, process.stdout.readline().split())
        process.kill()
        try:
            await_end(simulator)
        finally:
            os.kill(keeper, signal.SIGKILL)


def test_rubbish_at_the_control_port_is_answered_or_dropped(script: Path) -> None:
    """Random bytes, and requests with random bytes exchanged."""
    chance = random.Random(7)
    sound_requests = [encode("/simulator/state", (1,)), encode("/simulator/user_set_tempo", (2, 90.0))]
    with SimulatorProcess(script) as simulator:
        await_clip(simulator)
        for count in range(500):
            rubbish = bytearray(chance.choice([*sound_requests, bytes(chance.randrange(64))]))
            for _ in range(chance.randrange(1, 8)):
                if rubbish:
                    rubbish[chance.randrange(len(rubbish))] = chance.randrange(256)
            simulator.send(bytes(rubbish))
            if count % 50 == 0:  # no more at once than a socket holds
                simulator.send(encode("/simulator/state", (800_000 + count,)))
                simulator.await_answer(800_000 + count)
        for request in ((None,), (1.5,), ("one",), (3, "x" * 9000), (4, b"blob")):
            simulator.send(encode("/simulator/user_set_tempo", request))
        simulator.send(encode("/simulator/user_set_tempo", (900_000, 77.0)))
        simulator.await_answer(900_000)
        simulator.send(encode("/simulator/state", (900_001,)))
        (state,) = simulator.await_answer(900_001)
        assert json.loads(state)["tempo_bpm"] == 77.0


def test_it_ends_with_its_parent(script: Path) -> None:
    with SimulatorProcess(script, "--exit-with-parent") as simulator:
        assert simulator.finish()[0] == 0  # it waits with the process's input closed


def test_the_engine_ends_when_it_is_killed(script: Path) -> None:
    with SimulatorProcess(script) as simulator:
        (engine,) = children_of(simulator.process.pid)
        simulator.process.kill()
        await_end(engine)


def test_it_says_that_its_engine_ended(script: Path, tmp_path: Path) -> None:
    with SimulatorProcess(script) as simulator:
        await_clip(simulator)
        (engine,) = children_of(simulator.process.pid)
        os.kill(engine, signal.SIGKILL)
        status, log = simulator.finish()
    assert status == 1
    assert "the simulated Live cannot go on: the audio engine ended" in log


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--live-version", "9.7"], "expected 11.0 or newer"),
        (["--sample-rate-hz", "22050"], "invalid choice"),
        (["--control-port", "70000"], "'70000'; a port is 0 to 65535"),
        (["--tick-ms", "5"], "'5'; a tick is 10 to 100 ms"),
        (["--live-version", "12.5"], "'12.5'; expected 11.0 to 12.4.6"),
        (["--edition", "free"], "invalid choice: 'free'"),
        (["--python", "/no/such/python"], "--python /no/such/python: No such file"),
        (["--python", "/bin/ls"], "give a Python 3.7 or newer"),
    ],
)
def test_bad_options(script: Path, options: list[str], reason: str) -> None:
    simulator = SimulatorProcess(script, *options)
    status, log = simulator.finish()
    simulator.__exit__()
    assert status == 2
    assert reason in log
    assert "Traceback" not in log


def test_a_control_port_that_is_taken(script: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        simulator = SimulatorProcess(script, "--control-port", str(port))
        status, log = simulator.finish()
        simulator.__exit__()
    assert status == 2
    assert f"control port {port}: " in log


def test_a_script_that_live_would_not_load(tmp_path: Path) -> None:
    for name, source, expected in (
        ("Empty", "", (2, "has no create_instance")),
        ("Broken", "1 / 0", (1, "ZeroDivisionError")),
    ):
        simulator = SimulatorProcess(write_script(tmp_path / name, source))
        status, log = simulator.finish()
        simulator.__exit__()
        assert status == expected[0]
        assert expected[1] in log
