"""The simulated Live playing on real sound servers: what is recorded there is what is rendered without a device."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from recorder import Heard, recording
from simulator_process import ROOT, SimulatorProcess, is_running, write_script

from tests.audio_servers import AudioServer, jack_server, pulse_server

RATE_HZ = 48000
BIT = 2.0**-15
"""The least that 16 bits tell."""
SCRIPT = """
class Script:
    def __init__(self, c_instance):
        pass
    def update_display(self):
        pass
    def disconnect(self):
        pass

def create_instance(c_instance):
    return Script(c_instance)
"""


@pytest.fixture(scope="module")
def pulse() -> Iterator[AudioServer]:
    with pulse_server(RATE_HZ) as server:
        yield server


@pytest.fixture(scope="module")
def jack() -> Iterator[AudioServer]:
    with steady_jack() as server:
        yield server


def steady_jack() -> AbstractContextManager[AudioServer]:
    """Its period is long enough for a computer that does other things, too."""
    return jack_server(RATE_HZ, period_samples=4096)


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two seconds of noise each, stereo; the second one is resampled when it is played."""
    folder = tmp_path_factory.mktemp("sounds")
    made = []
    for number, rate_hz in enumerate((RATE_HZ, 44100)):
        noise = np.random.default_rng(number).uniform(-0.3, 0.3, (2 * rate_hz, 2))
        made.append(folder / f"noise {number}.wav")
        soundfile.write(made[-1], noise, rate_hz, subtype="PCM_16")
    return made


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return write_script(tmp_path / "Script", SCRIPT)


def playing(script: Path, server: AudioServer, device: str) -> SimulatorProcess:
    options = ("--clock", "real", "--sample-rate-hz", str(RATE_HZ), "--audio", device)
    return SimulatorProcess(script, *options, environment=server.environment)


def do(live: SimulatorProcess, name: str, *arguments: Any) -> None:
    assert live.ask(name, *arguments)[0] == "ok", (name, arguments)


def await_state(live: SimulatorProcess, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + 30.0
    while not fits(state := live.state()):
        assert time.monotonic() < deadline, state
        time.sleep(0.005)
    return state


def place_song(live: SimulatorProcess, sounds: list[Path]) -> None:
    """Clips on two tracks from beat 0 on; nothing is tempo 120's own accident: 2 s are 4 beats."""
    for number, sound in enumerate(sounds):
        do(live, "user_add_track", "audio")
        track = live.state()["tracks"] - 1
        do(live, "user_place_clip", track, str(sound), 1.0 * number)
        do(live, "user_place_clip", track, str(sound), 4.5 + number)
        do(live, "user_move_fader", track, 0.8)


def rendered(live: SimulatorProcess, folder: Path, start_beats: float, seconds: float) -> Heard:
    folder.mkdir()
    do(live, "render", str(folder), start_beats, seconds)
    samples, rate_hz = soundfile.read(folder / "main.wav", dtype="float32")
    assert rate_hz == RATE_HZ
    return samples.T


def place_of(sound: Heard, heard: Heard) -> int:
    """The sample of `heard` at which `sound` begins, by their cross-correlation."""
    size = 1 << (heard.shape[1] + sound.shape[1]).bit_length()
    found = np.fft.irfft(np.fft.rfft(heard[0], size) * np.conj(np.fft.rfft(sound[0], size)), size)
    return int(np.argmax(found[: heard.shape[1]]))


def worst(sound: Heard, heard: Heard) -> float:
    """The largest difference between a sound and where it is heard."""
    first = place_of(sound, heard)
    part = heard[:, first : first + sound.shape[1]]
    assert part.shape == sound.shape, "it is not heard to its end"
    return float(np.abs(part - sound).max())


def play_until(live: SimulatorProcess, beats: float) -> None:
    do(live, "user_play")
    await_state(live, lambda state: state["current_song_time_beats"] > beats)
    do(live, "user_stop")


def connect_recorder(server: AudioServer) -> None:
    """To what the simulated Live plays, which came first."""
    for number in range(2):
        server.run("jack_connect", f"PortAudio:out_{number}", f"PortAudio-01:in_{number}")


def test_what_is_heard_is_what_is_rendered(
    pulse: AudioServer, script: Path, sounds: list[Path], tmp_path: Path
) -> None:
    with playing(script, pulse, "daw_out") as live:
        place_song(live, sounds)
        with recording("daw_loopback", RATE_HZ, pulse.environment, tmp_path) as found:
            play_until(live, 10.0)
        assert live.state()["audio"]["underflows"] == 0
        sound = rendered(live, tmp_path / "render", 0.0, 4.9)
    assert np.abs(sound).max() > 0.3
    assert worst(sound, found.heard) < BIT / 2


def test_jack_hears_it_in_real_time_and_when_it_freewheels(
    jack: AudioServer, script: Path, sounds: list[Path], tmp_path: Path
) -> None:
    with playing(script, jack, "jack") as live:
        place_song(live, sounds)
        sound = rendered(live, tmp_path / "render", 0.0, 4.9)
        with recording("system", RATE_HZ, jack.environment, tmp_path) as found:
            connect_recorder(jack)
            play_until(live, 10.0)
        assert worst(sound, found.heard) < BIT / 2
        with recording("system", RATE_HZ, jack.environment, tmp_path) as found:
            connect_recorder(jack)
            do(live, "user_set_loop", True, 0.0, 10.0)
            do(live, "user_play")
            jack.run("jack_freewheel", "y")
            await_state(live, lambda state: state["played_beats"] > 400.0)
            jack.run("jack_freewheel", "n")
            do(live, "user_stop")
        assert live.state()["audio"]["underflows"] == 0
    loop = np.concatenate([sound, np.zeros((2, 5 * RATE_HZ - sound.shape[1]), dtype=np.float32)], axis=1)
    assert worst(np.tile(loop, 20), found.heard) < BIT / 2


def test_a_mute_is_heard_while_it_plays(pulse: AudioServer, script: Path, sounds: list[Path], tmp_path: Path) -> None:
    with playing(script, pulse, "daw_out") as live:
        place_song(live, sounds)
        whole = rendered(live, tmp_path / "whole", 0.0, 5.0)
        last = live.state()["tracks"] - 1
        with recording("daw_loopback", RATE_HZ, pulse.environment, tmp_path) as found:
            do(live, "user_play")
            await_state(live, lambda state: state["current_song_time_beats"] > 2.0)
            do(live, "user_mute_track", last, True)
            await_state(live, lambda state: state["current_song_time_beats"] > 10.0)
            do(live, "user_stop")
        muted = rendered(live, tmp_path / "muted", 0.0, 5.0)
    before, behind = whole[:, :RATE_HZ], muted[:, 3 * RATE_HZ :]
    assert worst(before, found.heard) < BIT / 2
    assert worst(behind, found.heard) < BIT / 2
    assert place_of(behind, found.heard) - place_of(before, found.heard) == 3 * RATE_HZ


@pytest.mark.parametrize(
    ("make_server", "device"), [(pulse_server, "daw_out"), (steady_jack, "jack")], ids=["pulse", "jack"]
)
def test_without_its_server_live_stands_and_goes_on_when_it_is_back(
    make_server: Callable[[], AbstractContextManager[AudioServer]], device: str, script: Path, sounds: list[Path]
) -> None:
    with make_server() as server, playing(script, server, device) as live:
        place_song(live, sounds)
        do(live, "user_play")
        await_state(live, lambda state: state["current_song_time_beats"] > 1.0)
        server.kill()
        await_state(live, lambda state: not state["audio"]["is_open"])
        stands = live.state()
        time.sleep(0.2)
        assert live.state()["current_song_time_beats"] == stands["current_song_time_beats"] < 20.0
        server.start_again()
        await_state(live, lambda state: state["audio"]["is_open"])
        goes_on = await_state(live, lambda state: state["current_song_time_beats"] > stands["current_song_time_beats"])
        assert goes_on["current_song_time_beats"] < stands["current_song_time_beats"] + 2.0
        live.process.terminate()
        status, log = live.finish()
    assert status == 0
    assert log.count("No Device: ") == 1
    assert "Traceback" not in log


def test_a_user_chooses_no_device_and_the_device_again(pulse: AudioServer, script: Path, sounds: list[Path]) -> None:
    with playing(script, pulse, "daw_out") as live:
        place_song(live, sounds)
        do(live, "user_play")
        await_state(live, lambda state: state["current_song_time_beats"] > 0.5)
        do(live, "user_lose_audio")
        stands = live.state()
        assert not stands["audio"]["is_open"]
        assert "daw" not in pulse.run("pactl", "list", "short", "sink-inputs")
        time.sleep(0.2)
        assert live.state()["current_song_time_beats"] == stands["current_song_time_beats"]
        do(live, "user_regain_audio")
        await_state(live, lambda state: state["current_song_time_beats"] > stands["current_song_time_beats"])


def test_what_plays_ends_with_live(pulse: AudioServer, script: Path, sounds: list[Path]) -> None:
    with playing(script, pulse, "daw_out") as live:
        place_song(live, sounds)
        do(live, "user_play")
        player = live.state()["audio"]["process_id"]
        assert is_running(player)
        live.process.kill()
        deadline = time.monotonic() + 30.0
        while is_running(player):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert "daw" not in pulse.run("pactl", "list", "short", "sink-inputs")


@pytest.mark.parametrize(
    ("device", "told"),
    [
        ("nowhere", ["--audio nowhere: no such device", "'daw_out'"]),
        ("daw_", ["'daw_out' (ALSA), 'daw_loopback' (ALSA)", "give more of the name"]),
        ("jack", ["no JACK server runs"]),
    ],
)
def test_a_device_that_is_not_there(device: str, told: list[str], pulse: AudioServer, script: Path) -> None:
    refuses(script, pulse, ["--sample-rate-hz", str(RATE_HZ), "--audio", device], told)


def test_a_rate_at_which_jack_does_not_run(jack: AudioServer, script: Path) -> None:
    refuses(script, jack, ["--sample-rate-hz", "44100", "--audio", "jack"], ["44100 Hz", "48000 Hz"])


def test_a_clock_that_jumps_has_no_device(pulse: AudioServer, script: Path) -> None:
    refuses(script, pulse, ["--clock", "virtual", "--audio", "daw_out"], ["--clock virtual"])


def test_without_portaudio(script: Path, tmp_path: Path) -> None:
    """As where its library is missing: the import raises what sounddevice's does then."""
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)])}
    done = started(script, environment, ["--audio", "default"])
    assert done.returncode == 2
    assert "PortAudio library not found" in done.stderr
    assert "apt install libportaudio2" in done.stderr


def refuses(script: Path, server: AudioServer, options: list[str], told: list[str]) -> None:
    done = started(script, {**server.environment, "PYTHONPATH": str(ROOT)}, options)
    assert done.returncode == 2
    assert done.stdout == ""
    said = [line for line in done.stderr.splitlines() if line.startswith("live_simulator: ")]
    assert len(said) == 1
    assert [word for word in told if word not in said[0]] == [], said[0]
    assert "Traceback" not in done.stderr


def started(script: Path, environment: Mapping[str, str], options: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "live_simulator", "--script", str(script), "--clock", "real", *options]
    return subprocess.run(command, env=dict(environment), capture_output=True, text=True, timeout=60, check=False)
