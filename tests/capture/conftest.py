"""Private sound servers, which the processes that a test starts find in the environment; none of these stays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audio_servers import AudioServer, jack_server, pulse_server
from tests.capture.playing import Players, players
from tests.controller.processes import descendants, still_running


@pytest.fixture
def pulse(monkeypatch: pytest.MonkeyPatch) -> Iterator[AudioServer]:
    with pulse_server() as server:
        enter(server, monkeypatch)
        yield server


@pytest.fixture
def jack(monkeypatch: pytest.MonkeyPatch) -> Iterator[AudioServer]:
    with jack_server() as server:
        enter(server, monkeypatch)
        yield server


@pytest.fixture
def on_pulse(pulse: AudioServer, tmp_path: Path) -> Iterator[Players]:
    with players(pulse, tmp_path, "daw_out") as start:
        yield start


@pytest.fixture
def on_jack(jack: AudioServer, tmp_path: Path) -> Iterator[Players]:
    with players(jack, tmp_path, "system, JACK Audio Connection Kit") as start:
        yield start


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    yield
    recorders = {one for one, command in descendants(os.getpid()).items() if "controller.capture" in command}
    assert still_running(recorders) == set()


def enter(server: AudioServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its environment from now on."""
    for name in set(os.environ) - set(server.environment):
        monkeypatch.delenv(name)
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
