"""A controller is killed while it captures: after 3 s of silence the set is as its user had it."""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
import soundfile

from controller.osc_client import ScriptClient
from controller.stage import connect
from tests.controller.arrangements import RATE_HZ, made_sounds, song
from tests.controller.builder_process import ORIGIN_BEATS, end_of, started_capturer
from tests.controller.killing import Killing
from tests.controller.set_facts import set_facts
from tests.controller.simulated_live import SimulatedLive, set_shape, simulated_live
from tests.controller.unreliable_network import running

MOMENTS = 6
MOST_LATER_SECONDS = 0.1
LAST_DATAGRAMS = 2
GIVEN_BACK_SECONDS = 30.0
LOOK_SECONDS = 0.1
AUDIO, OTHER_AUDIO = 2, 3


def test_whenever_it_is_killed_all_is_given_back(tmp_path: Path) -> None:
    chance = random.Random(7)
    own = tmp_path / "the user's own.wav"
    soundfile.write(own, np.full(RATE_HZ, 0.1), RATE_HZ)
    asked = []
    with (
        simulated_live(tmp_path) as live,
        ScriptClient(port=live.script_port, token=live.token) as client,
        connect(port=live.script_port, placement_folder=tmp_path, token=live.token) as stage,
    ):
        stage.apply(song(made_sounds(tmp_path), 6, 2), ORIGIN_BEATS)
        live.ask("user_place_clip", AUDIO, str(own), 100.0)
        live.ask("user_set_loop", True, 4.0, 8.0)
        live.ask("user_solo_track", AUDIO, True)
        live.ask("user_arm_track", OTHER_AUDIO, True)
        live.ask("user_punch", True, True)
        before = facts(live, client)
        with running(Killing(live.script_port)) as relay:
            assert end_of(started_capturer(relay.port, live.token)) == 0
        assert facts(live, client) == before
        for moment in range(MOMENTS):
            kill_at = 1 + int((moment + chance.random()) / MOMENTS * (relay.count - LAST_DATAGRAMS))
            with running(Killing(live.script_port, kill_at, chance.uniform(0.0, MOST_LATER_SECONDS))) as killing:
                capturer = started_capturer(killing.port, live.token)
                killing.asker.put(capturer)
                status = end_of(capturer)
            assert status is not None
            assert status < 0, f"not killed at datagram {kill_at} of {relay.count}"
            asked.append(killing.asked)
            deadline = time.monotonic() + GIVEN_BACK_SECONDS
            while (found := facts(live, client)) != before and time.monotonic() < deadline:
                time.sleep(LOOK_SECONDS)
            assert found == before, f"killed at datagram {kill_at}, in {killing.asked}"
    assert "record" in asked
    assert len(set(asked)) > 1, asked


def facts(live: SimulatedLive, client: ScriptClient) -> dict[str, object]:
    status = client.request("status")
    return {**set_facts(client), "state": set_shape(live), "status": (status["playing"], status["borrowed"])}
