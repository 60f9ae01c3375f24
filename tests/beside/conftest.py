"""One `run` and one simulated Live for all tests that leave both as they were; a small library, and a target of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.beside.standing import Place, Running, open_live, place, running, waited_for
from tests.conftest import RATE_HZ, noise, tone, write
from tests.controller.simulated_live import SimulatedLive

TARGET_SECONDS = 4.0


@dataclass(frozen=True)
class Open:
    live: SimulatedLive
    run: Running
    target: Path
    library: Path
    targets: Path
    """Where `run` looks for the newest recording."""

    @property
    def place(self) -> Place:
        return self.run.place


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six sounds, so different that a cover of them is told from another."""
    folder = tmp_path_factory.mktemp("library")
    write(folder / "pluck A3.wav", tone(220.0, 1.0))
    write(folder / "pluck E4.wav", tone(329.63, 1.0))
    write(folder / "bass A1.wav", tone(55.0, 1.2))
    write(folder / "hat.wav", noise(0.2))
    write(folder / "kick.wav", tone(50.0, 0.3) + noise(0.3, 0.1, seed=1))
    write(folder / "beat.wav", np.tile(noise(0.5, seed=2), 6))
    return folder


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bar or two of something like the library's sounds, but not of them."""
    return write(tmp_path_factory.mktemp("target") / "a song.wav", phrase(TARGET_SECONDS))


def phrase(seconds: float) -> np.ndarray:
    """[n] a note and a burst on each half second."""
    mix = np.zeros(round(seconds * RATE_HZ), np.float32)
    for number in range(int(2 * seconds)):
        first = number * RATE_HZ // 2
        for sound in (tone(110.0 * 2 ** ((number * 5 % 12) / 12), 0.7, 0.2), noise(0.15, 0.2, seed=number)):
            part = sound[: mix.size - first]
            mix[first : first + part.size] += part
    return mix


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory, library: Path, target: Path) -> Iterator[Open]:
    folder = tmp_path_factory.mktemp("beside")
    targets = folder / "targets"
    targets.mkdir()
    where = place(folder, [library], target_folder=str(targets), allowed_folders=[str(target.parent)])
    with open_live(where) as live, running(where, "--verbose") as run:
        yield Open(live, run, target, library, targets)


@pytest.fixture
def opened(both: Open) -> Iterator[Open]:
    """An empty set, and a controller that has nothing to do."""
    both.live.ask("user_new_set")
    both.run.client.heard()
    yield both
    both.run.send("stop")
    with both.place.stage() as stage:
        stage.settle()  # idle is told before Live is done with a build
    assert waited_for(lambda: both.run.status()[0] == "idle")
    for file in both.targets.iterdir():
        file.unlink()
