"""The simulated Live playing on real sound servers: what is recorded there is what is rendered without a device."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from recorder import Heard, recording
from simulator_process import SimulatorProcess, write_script

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


def test_what_is_heard_is_what_is_rendered(
    pulse: AudioServer, script: Path, sounds: list[Path], tmp_path: Path
) -> None:
    with playing(script, pulse, "daw_out") as live:
        place_song(live, sounds)
        with recording("daw_loopback", RATE_HZ, pulse.environment, tmp_path) as found:
            do(live, "user_play")
            await_state(live, lambda state: state["current_song_time_beats"] > 10.0)
            do(live, "user_stop")
        assert live.state()["audio"]["underflows"] == 0
        sound = rendered(live, tmp_path / "render", 0.0, 4.9)
    assert np.abs(sound).max() > 0.3
    assert worst(sound, found.heard) < BIT / 2
