"""How Live is heard: it plays what is ours alone at each attempt, and has all back as the user had it after each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from controller.capture.suspicions import Tolerance
from controller.capture.take import Take
from controller.capture.taking import Capture
from controller.listeners import LoopbackListener, Passage, ResamplingListener
from controller.osc_client import ScriptClient
from controller.stage import Stage, connect
from embedding.audio import Audio
from embedding.errors import StageLost
from live_remote_script.protocol import UNHEARD_SECONDS
from tests.conftest import tone
from tests.controller.arrangements import RATE_HZ, made_sounds, song
from tests.controller.set_facts import set_facts
from tests.controller.simulated_live import SimulatedLive

USERS_AUDIO_TRACK, OTHER_AUDIO_TRACK = 2, 3
EXPECTED = Audio(tone(220.0, 1.0)[None], RATE_HZ)
PASSAGE = Passage(0.0, 2.0, keeps=False)
PATIENCE_SECONDS = 2.0


@pytest.fixture
def stage(live: SimulatedLive, tmp_path: Path) -> Iterator[Stage]:
    """In a set in which a track of the user's is soloed, another is armed, and a loop is on."""
    port, placed = live.script_port, tmp_path / "placed"
    with connect(port=port, placement_folder=placed, token=live.token, patience_seconds=PATIENCE_SECONDS) as found:
        sounds = made_sounds(tmp_path)
        found.apply(song(sounds, 6, 2))
        live.ask("user_place_clip", USERS_AUDIO_TRACK, sounds[3], 0.0)
        live.ask("user_solo_track", USERS_AUDIO_TRACK, True)
        live.ask("user_arm_track", OTHER_AUDIO_TRACK, True)
        live.ask("user_set_loop", True, 4.0, 8.0)
        yield found


@pytest.fixture
def facts(live: SimulatedLive) -> Iterator[Callable[[], dict[str, Any]]]:
    with ScriptClient(port=live.script_port, token=live.token) as client:
        yield lambda: {**set_facts(client), "playing": client.request("status")["playing"]}


@dataclass
class Attempts:
    """A capture that plays twice, and is silent in the first one for as long as the comparison of a long take lasts."""

    look: Callable[[], dict[str, Any]]
    before: dict[str, Any]
    seen: list[dict[str, Any]] = field(default_factory=list)

    def take(
        self,
        expected: Audio,
        playing: Callable[[], AbstractContextManager[None]],
        tolerance: Tolerance,
        meanwhile: Callable[[], None],
    ) -> Take:
        for silent_seconds in (UNHEARD_SECONDS + 0.5, 0.0):
            with playing():
                meanwhile()
                self.seen.append(self.look())
                time.sleep(silent_seconds)
            assert self.look() == self.before
        return Take(expected, 0.0, 0.0, 0.0, (), coloured=False, status_flags=())


def test_at_each_attempt_only_ours_is_heard(stage: Stage, facts: Callable[[], dict[str, Any]]) -> None:
    attempts = Attempts(facts, facts())
    listener = LoopbackListener(stage, cast(Capture, attempts))
    listener.hear(EXPECTED, PASSAGE, Tolerance(), lambda: None)
    assert len(attempts.seen) == 2
    for seen in attempts.seen:
        assert seen["playing"]
        assert not seen["song"]["loop"]
        assert {row["name"] for row in seen["tracks"] if row["solo"]} == {"track 0", "track 1"}
    assert facts() == attempts.before


class Interrupted(Exception):
    pass


def test_whatever_ends_a_recording_all_comes_back(
    live: SimulatedLive, stage: Stage, facts: Callable[[], dict[str, Any]]
) -> None:
    before = facts()

    def proceed() -> None:
        if live.state()["is_playing"]:
            raise Interrupted

    with pytest.raises(Interrupted):
        ResamplingListener(stage).hear(EXPECTED, PASSAGE, Tolerance(), proceed)
    assert facts() == before


@dataclass
class Endless:
    """A capture that looks at Live until that ends it."""

    def take(
        self,
        expected: Audio,
        playing: Callable[[], AbstractContextManager[None]],
        tolerance: Tolerance,
        meanwhile: Callable[[], None],
    ) -> Take:
        with playing():
            while True:
                meanwhile()


@pytest.mark.parametrize("kind", ["loopback", "resampling"])
def test_of_a_live_that_has_gone_nothing_more_is_asked(
    kind: str, live: SimulatedLive, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_after: list[str] = []
    request = ScriptClient.request

    def noted(client: ScriptClient, name: str, *arguments: Any, **options: Any) -> dict[str, Any]:
        if live.process.poll() is not None:
            asked_after.append(name)
        return request(client, name, *arguments, **options)

    def proceed() -> None:
        if live.process.poll() is None and live.state()["is_playing"]:
            live.kill()

    monkeypatch.setattr(ScriptClient, "request", noted)
    listener = ResamplingListener(stage) if kind == "resampling" else LoopbackListener(stage, cast(Capture, Endless()))
    with pytest.raises(StageLost):
        listener.hear(EXPECTED, Passage(0.0, 1000.0, keeps=False), Tolerance(), proceed)
    assert asked_after == (["status"] if kind == "loopback" else [])
