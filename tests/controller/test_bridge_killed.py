"""Either side of the bridge is killed during a build: what is then built anew is as if nothing had happened."""

from __future__ import annotations

import random
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
import soundfile

from controller.osc_client import FIRST_REPEAT_SECONDS, ScriptClient
from controller.stage import Stage, connect
from embedding.errors import StageLost
from live_remote_script import osc
from search.arrangement import Arrangement
from tests.controller.arrangements import RATE_HZ, made_sounds, song
from tests.controller.builder_process import ORIGIN_BEATS, end_of, started_builder
from tests.controller.killing import Killing
from tests.controller.set_facts import set_facts
from tests.controller.simulated_live import SimulatedLive, set_shape, simulated_live
from tests.controller.unreliable_network import running

CLIPS, TRACKS = 120, 8
MOMENTS = 20
MOST_LATER_SECONDS = 0.05
LAST_DATAGRAMS = 4
"""Nobody is killed there: all might be done before."""
LIVES_KILLED = 4
USERS_TRACK = 2


@pytest.fixture
def wanted(tmp_path: Path) -> Arrangement:
    return song(made_sounds(tmp_path), CLIPS, TRACKS)


def placed_files(placed: Path) -> dict[str, bytes]:
    """Without hidden ones, which are files that were never finished."""
    return {file.name: file.read_bytes() for file in placed.glob("[!.]*")}


def test_a_controller_that_is_killed_leaves_nothing_that_the_next_build_does_not_mend(
    wanted: Arrangement, tmp_path: Path
) -> None:
    chance = random.Random(20)
    placed, own = tmp_path / "placed", tmp_path / "the user's own.wav"
    soundfile.write(own, np.full(RATE_HZ, 0.1), RATE_HZ)
    with simulated_live(tmp_path) as live, ScriptClient(port=live.script_port, token=live.token) as client:
        live.ask("user_place_clip", USERS_TRACK, str(own), 4.0)
        live.ask("user_rename_track", USERS_TRACK, "JB· mine")
        client.greet([])
        untouched, untouched_state = set_facts(client), set_shape(live)
        with running(Killing(live.script_port)) as relay:
            assert end_of(started_builder(relay.port, live.token, placed, wanted)) == 0
        as_built, files = set_facts(client), placed_files(placed)
        assert sum(len(clips) for clips in as_built["clips"]) == CLIPS + 1
        asked = []
        for moment in range(MOMENTS):
            client.request("undo")
            assert (set_facts(client), set_shape(live)) == (untouched, untouched_state)
            shutil.rmtree(placed)
            kill_at = 1 + int((moment + chance.random()) / MOMENTS * (relay.count - LAST_DATAGRAMS))
            with running(Killing(live.script_port, kill_at, chance.uniform(0.0, MOST_LATER_SECONDS))) as killing:
                builder = started_builder(killing.port, live.token, placed, wanted)
                killing.asker.put(builder)
                status = end_of(builder)
                assert status is not None
                assert status < 0, f"not killed at datagram {kill_at} of {relay.count}"
                asked.append(killing.asked)
            assert placed_files(placed).items() <= files.items()
            assert end_of(started_builder(live.script_port, live.token, placed, wanted)) == 0
            assert set_facts(client) == as_built, f"killed at datagram {kill_at}, in {killing.asked}"
            assert placed_files(placed) == files
            assert live.state()["session_clips"] == 0
    assert {"tracks", "steps", "commit"} <= set(asked), asked


class Waiting(ScriptClient):
    """Kills Live when the n-th message has come. Its clock knows the time that it has waited for messages, and no
    other, so that a busy computer does not count."""

    def __init__(self, live: SimulatedLive, kill_at: int | None = None) -> None:
        super().__init__(port=live.script_port, token=live.token, clock=lambda: self.waited_seconds)
        self._live = live
        self._kill_at = kill_at
        self.received = 0
        self.silent_seconds = 0.0

    waited_seconds = 0.0

    def _receive(self) -> osc.Message | None:
        message = super()._receive()
        if message is None:
            self.waited_seconds += FIRST_REPEAT_SECONDS / 5
            self.silent_seconds += FIRST_REPEAT_SECONDS / 5
            return None
        self.received += 1
        self.silent_seconds = 0.0
        if self.received == self._kill_at:
            self._live.kill()
        return message


def test_a_live_that_is_killed_is_told_within_3_s_and_another_gets_the_same_set(
    wanted: Arrangement, tmp_path: Path
) -> None:
    chance = random.Random(3)
    placed = tmp_path / "placed"
    with fresh_live(tmp_path) as live, Waiting(live) as client:
        apply_greeted(Stage(client, placed), wanted)
        received, as_built, files = client.received, set_facts(client), placed_files(placed)
    for moment in range(LIVES_KILLED):
        shutil.rmtree(placed)
        kill_at = 1 + int((moment + chance.random()) / LIVES_KILLED * (received - LAST_DATAGRAMS))
        with fresh_live(tmp_path) as live, Waiting(live, kill_at) as client:
            with pytest.raises(StageLost, match="nobody listens"):
                apply_greeted(Stage(client, placed), wanted)
            assert client.received >= kill_at
            assert 0.0 < client.silent_seconds <= 3.0
        assert placed_files(placed).items() <= files.items()
        with (
            fresh_live(tmp_path) as live,
            connect(port=live.script_port, placement_folder=placed, token=live.token) as stage,
            ScriptClient(port=live.script_port, token=live.token) as reader,
        ):
            stage.apply(wanted, ORIGIN_BEATS)
            assert set_facts(reader) == as_built, f"killed at message {kill_at}"
        assert placed_files(placed) == files


def fresh_live(folder: Path) -> AbstractContextManager[SimulatedLive]:
    return simulated_live(Path(mkdtemp(dir=folder)))


def apply_greeted(stage: Stage, wanted: Arrangement) -> None:
    stage.greet([])
    stage.apply(wanted, ORIGIN_BEATS)
