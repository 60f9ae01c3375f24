"""A simulated Live for each test that wants one, and sounds to be placed there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.controller.arrangements import made_sounds
from tests.controller.simulated_live import SimulatedLive, simulated_live


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return made_sounds(tmp_path_factory.mktemp("library"))


@pytest.fixture
def live(tmp_path: Path) -> Iterator[SimulatedLive]:
    with simulated_live(tmp_path) as found:
        yield found
