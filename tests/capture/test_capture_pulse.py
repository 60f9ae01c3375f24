"""Captures of what a process plays on a PulseAudio of the test's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from controller.capture.faults import Fault
from controller.capture.take import Take
from controller.capture.taking import Capture
from embedding.audio import Audio
from tests.capture.played import audio, tune
from tests.capture.sound_servers import Player, Server, pulse_audio

SOUND = audio(tune(1, 2.0))


class Heard:
    """Faults that a capture told of, and when."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.times: list[float] = []

    def __call__(self, fault: Fault) -> None:
        self.faults.append(fault)
        self.times.append(time.monotonic())

    @property
    def names(self) -> list[str]:
        return [fault.name for fault in self.faults]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with pulse_audio(tmp_path / "server") as found:
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture
def player(server: Server, tmp_path: Path) -> Iterator[Callable[..., Player]]:
    players: list[Player] = []

    def start(sound: Audio = SOUND, latency_seconds: float = 0.2, device: str = "daw_out") -> Player:
        players.append(Player(server, tmp_path, sound.samples, device, latency_seconds, sound.sample_rate_hz))
        return players[-1]

    yield start
    for one in players:
        one.end()


def is_exact(take: Take, sound: Audio = SOUND) -> bool:
    return bool(np.array_equal(take.audio.samples, sound.samples))


@pytest.mark.parametrize("latency_seconds", [0.1, 0.2])
def test_a_take_is_the_very_sound(player: Callable[..., Player], latency_seconds: float) -> None:
    with Capture("daw_loopback", latency_seconds) as capture:
        playing = player(latency_seconds=latency_seconds).playing
        takes = [capture.take(SOUND, playing) for _ in range(3)]
    assert all(map(is_exact, takes))
    assert [take.drift_ppm for take in takes] == [0, 0, 0]
    assert [take.gain_db for take in takes] == pytest.approx([0, 0, 0], abs=1e-6)
    assert all(0 < take.latency_seconds < 0.6 for take in takes)
    assert max(takes[0].residual_db) < -150
