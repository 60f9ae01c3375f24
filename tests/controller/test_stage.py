"""The stage and a user at work in the simulated Live; what holds of every stage is in test_stage_contract.py."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from controller.stage import Stage, connect
from embedding.errors import BadOption, StageError, StageLost, StageRefused
from search.arrangement import Arrangement, Track
from tests.controller.arrangements import RATE_HZ, assert_same, song
from tests.controller.simulated_live import SimulatedLive, simulated_live
from tests.controller.unreliable_network import unreliable

USERS_AUDIO_TRACK = 2
"""The simulated Live opens a set with two MIDI and two audio tracks."""


@pytest.fixture
def stage(live: SimulatedLive, tmp_path: Path) -> Iterator[Stage]:
    with connect(port=live.script_port, placement_folder=tmp_path / "placed", token=live.token) as found:
        yield found


def test_the_users_tracks_are_not_touched_and_keep_the_tempo(
    live: SimulatedLive, stage: Stage, samples: list[str]
) -> None:
    live.ask("user_place_clip", USERS_AUDIO_TRACK, samples[3], 8.0)
    live.ask("user_set_tempo", 111.0)
    wanted = song(samples, tempo_bpm=90.0)
    applied = stage.apply(wanted, origin_beats=8.0)
    assert applied.tempo_bpm == 111.0
    found = stage.read_set()
    assert [track.clip_count for track in found.others] == [0, 0, 1, 0]
    assert_same(found.arrangement, replace(wanted, tempo_bpm=111.0))
    assert stage.undo().clips == 36
    state = live.state()
    assert (state["tracks"], state["arrangement_clips"], state["tempo_bpm"]) == (4, 1, 111.0)
    assert stage.read_set().others == found.others


@pytest.mark.parametrize(("set_tempo", "tempo_bpm"), [("never", 120.0), ("always", 90.0), ("when_empty", 90.0)])
def test_the_tempo_is_set_as_configured_and_taken_back(
    live: SimulatedLive, stage: Stage, samples: list[str], set_tempo: str, tempo_bpm: float
) -> None:
    wanted = song(samples, tempo_bpm=90.0)
    assert stage.apply(wanted, set_tempo=set_tempo).tempo_bpm == tempo_bpm  # type: ignore[arg-type]
    assert_same(stage.read_set().arrangement, replace(wanted, tempo_bpm=tempo_bpm))
    assert stage.undo().tempo_bpm == 120.0
    assert live.state()["tempo_bpm"] == 120.0


def test_a_users_edit_of_our_clips_is_read_and_corrected(live: SimulatedLive, stage: Stage, samples: list[str]) -> None:
    wanted = song(samples, 12, 1)
    stage.apply(wanted)
    live.ask("user_delete_clip", 4, 11)
    live.ask("user_move_clip", 4, 10, 40.0)
    found = stage.read_set().arrangement
    assert found.clip_count == 11
    assert found.tracks[0].clips[-1].start_seconds == pytest.approx(40.0 * 60.0 / 97.31)
    applied = stage.apply(wanted)
    assert (applied.created, applied.deleted, applied.unchanged) == (2, 1, 10)
    assert_same(stage.read_set().arrangement, wanted)


def test_a_users_clip_on_a_track_of_ours_stays(
    live: SimulatedLive, stage: Stage, samples: list[str], tmp_path: Path
) -> None:
    own = tmp_path / "the user's own.wav"
    soundfile.write(own, np.full(RATE_HZ, 0.1), RATE_HZ)
    wanted = song(samples, 12, 1)
    stage.apply(wanted)
    live.ask("user_place_clip", 4, str(own), 64.0)
    assert stage.read_set().others[-1].clip_count == 1
    assert_same(stage.read_set().arrangement, wanted)
    applied = stage.apply(Arrangement(97.31, ()))
    assert (applied.deleted, applied.tracks_deleted) == (12, 0)
    undone = stage.undo()
    assert (undone.tracks, undone.tracks_left) == (0, 1)
    assert live.state()["arrangement_clips"] == 1


def test_nothing_is_placed_over_a_users_clip(
    live: SimulatedLive, stage: Stage, samples: list[str], tmp_path: Path
) -> None:
    own = tmp_path / "the user's own.wav"
    soundfile.write(own, np.full(RATE_HZ, 0.1), RATE_HZ)
    stage.apply(song(samples, 1, 1))
    live.ask("user_place_clip", 4, str(own), 4.0)
    before = live.state()["arrangement_clips"]
    with pytest.raises(StageRefused, match="the user's own") as caught:
        stage.apply(song(samples, 12, 1), set_tempo="never")
    assert caught.value.code == "occupied"
    assert live.state()["arrangement_clips"] >= before
    assert stage.undo().tracks_left == 1
    assert live.state()["arrangement_clips"] == 1


def test_an_unreliable_network_changes_nothing(live: SimulatedLive, samples: list[str], tmp_path: Path) -> None:
    wanted = song(samples)
    with (
        unreliable(live.script_port, seed=1) as relay,
        connect(port=relay.port, placement_folder=tmp_path / "placed", token=live.token) as stage,
    ):
        applied = stage.apply(wanted)
        assert (applied.created, applied.deleted) == (36, 0)
        assert_same(stage.read_set().arrangement, wanted)
        assert stage.apply(wanted).created == 0
    assert relay.lost > 5
    assert relay.doubled > 5
    assert relay.delayed > 5
    assert live.state()["arrangement_clips"] == 36


def test_the_end_of_live_in_the_middle_of_a_build_is_told(
    live: SimulatedLive, stage: Stage, samples: list[str]
) -> None:
    def progress(done: int, count: int) -> None:
        if 5 <= done < count:
            live.kill()

    with pytest.raises(StageLost, match=f"127.0.0.1:{live.script_port}: "):
        stage.apply(song(samples), progress=progress)


@pytest.mark.parametrize("when", ["in the middle", "as it is done"])
def test_a_build_that_has_begun_is_carried_out_though_nobody_waits_for_it(
    live: SimulatedLive, stage: Stage, samples: list[str], when: str
) -> None:
    def progress(done: int, count: int) -> None:
        assert done < count
        while when == "as it is done" and live.state()["arrangement_clips"] < 36:
            time.sleep(0.05)
        raise KeyboardInterrupt

    before, wanted = song(samples, 12), song([*samples[1:], samples[0]])
    stage.apply(before)
    with pytest.raises(KeyboardInterrupt):
        stage.apply(wanted, progress=progress)
    assert when == "as it is done" or live.state()["arrangement_clips"] < 36
    stage.settle()
    assert_same(stage.read_set().arrangement, wanted)


def test_a_live_that_cannot_place_is_named(samples: list[str], tmp_path: Path) -> None:
    with (
        simulated_live(tmp_path, "12.0.0") as live,
        connect(port=live.script_port, placement_folder=tmp_path / "placed", token=live.token) as stage,
    ):
        assert not stage.greet([]).can_place
        with pytest.raises(StageRefused, match=r"Live 12.0.0: .*12.0.5") as caught:
            stage.apply(song(samples))
        assert caught.value.code == "unsupported_live"
        assert stage.read_set().arrangement.tracks == ()


def test_levels_that_live_has_no_value_for_are_refused_before_anything_is_written(
    live: SimulatedLive, stage: Stage, samples: list[str]
) -> None:
    quiet = Arrangement(90.0, (Track("a", "#ff0000", -30.0),))
    with pytest.raises(BadOption, match="track volume -30 dB"):
        stage.apply(quiet)
    assert (live.state()["tracks"], live.state()["tempo_bpm"]) == (4, 120.0)


def test_nobody_there_is_told(tmp_path: Path) -> None:
    with simulated_live(tmp_path) as live:
        port = live.script_port
    with pytest.raises(StageError, match=f"127.0.0.1:{port}"):
        connect(port=port, placement_folder=tmp_path)
