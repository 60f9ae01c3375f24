"""Visits to the set while a search goes on: where Live cannot be heard, and what the user does meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from controller.audition import Audition, Heard, Metre
from controller.config import load_settings
from controller.filling import Filling
from controller.simulated import SimulatedLive
from controller.stage import Stage, connect
from controller.stage_built import Standing
from controller.venue import Venue, rehearsing
from controller.visiting import MOST_REFUSED, SetVisits
from embedding.audio import Audio
from embedding.errors import CaptureFailed
from live_remote_script import osc, protocol
from search.arrangement import Arrangement, Clip, Track
from tests.conftest import tone, write
from tests.controller.simulated_live import simulated_live
from tests.controller.unreliable_network import Relay, running

SILENT = "silent: every sample is 0. Unmute it."


@dataclass
class Audience:
    """Hears nothing at the attempts that are `deaf`."""

    deaf: frozenset[int]
    attempts: int = field(init=False, default=0)

    def heard_part(self, _expected: Audio, _begin_seconds: float, _metre: Metre, _proceed: object) -> Heard | None:
        self.attempts += 1
        if self.attempts in self.deaf:
            raise CaptureFailed("silent", SILENT)
        return None


def visits(folder: Path, audience: Audience, count: int) -> list[str]:
    """What is told at so many visits, each of which builds a clip more."""
    (folder / "config.yaml").write_text("stage: {samples_folder: placed}\n", encoding="utf-8")
    settings = load_settings(folder / "config.yaml")
    sound = str(write(folder / "a.wav", tone(220.0, 0.5)))
    told: list[str] = []
    with rehearsing(settings, [folder]) as here, rehearsing(settings, [folder]) as live:
        venue = Venue(here.simulated, here.stage, live.stage, cast("Audition", audience))
        filling = Filling(live.stage, "when_empty")
        made = SetVisits(venue, filling, as_it_is, told.append)
        for number in range(1, count + 1):
            made.visit(in_a_row(sound, number), lambda: None)
            assert live.stage.read_set().arrangement.clip_count == number
    return told


def in_a_row(sound: str, count: int) -> Arrangement:
    clips = tuple(Clip(0.5 * number, sound, 0.0, 0.5, 0.0, 0.0) for number in range(count))
    return Arrangement(120.0, (Track("One", "#102030", 0.0, 0.0, clips),))


def as_it_is(arrangement: Arrangement, _standing: Standing) -> Arrangement:
    return arrangement


def test_where_live_cannot_be_heard_the_set_fills_all_the_same(tmp_path: Path) -> None:
    audience = Audience(frozenset({1, 2, 3, 4}))
    told = visits(tmp_path, audience, 4)
    assert told == [f"heard later: {SILENT}", f"nothing more is heard of Live during this search: {SILENT}"]
    assert audience.attempts == MOST_REFUSED


def test_a_capture_that_is_spoilt_now_and_then_is_no_reason_to_stop_hearing(tmp_path: Path) -> None:
    audience = Audience(frozenset({1, 3}))
    assert visits(tmp_path, audience, 4) == [f"heard later: {SILENT}"] * 2
    assert audience.attempts == 4


class Unreported(Relay):
    """No report of a change arrives."""

    watches = 0

    def fate(self, inward: bool, packet: bytes) -> tuple[float, ...]:
        address = osc.decode_message(packet).address
        self.watches += address == protocol.BY_NAME["watch"].address
        return () if address == protocol.CHANGED else super().fate(inward, packet)


def visiting(stage: Stage) -> SetVisits:
    """Of a Live that is not heard."""
    venue = Venue(cast("SimulatedLive", None), cast("Stage", None), stage, None)
    return SetVisits(venue, Filling(stage, "when_empty"), as_it_is, lambda _line: None)


def test_an_edit_is_seen_though_its_report_is_lost_and_the_watch_is_kept_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = str(write(tmp_path / "a.wav", tone(220.0, 0.5)))
    with (
        simulated_live(tmp_path) as live,
        running(Unreported(live.script_port)) as relay,
        connect(port=relay.port, placement_folder=tmp_path / "placed", token=live.token) as stage,
    ):
        made = visiting(stage)
        assert made.look() is None  # nothing is built that could be edited
        made.visit(in_a_row(sound, 3), lambda: None)
        live.ask("user_delete_clip", live.state()["tracks"] - 1, 1)
        assert made.look() is None
        assert relay.watches == 1
        monkeypatch.setattr("controller.visiting.LOOK_ANYWAY_SECONDS", 0.0)
        made.visit(in_a_row(sound, 3), lambda: None)
        live.ask("user_delete_clip", live.state()["tracks"] - 1, 1)
        standing = made.look()
        assert standing is not None
        assert [clip.start_seconds for clip in standing.gone] == [0.5, 1.0]
        assert relay.watches == 2
