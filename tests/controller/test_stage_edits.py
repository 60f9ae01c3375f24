"""A user who edits our tracks between two builds: what the next build leaves, and what it does not do again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from controller.osc_client import ScriptClient
from controller.stage import Stage, connect
from controller.stage_built import Built
from controller.stage_edits import edits_of, first_built, standing_of
from controller.stage_reading import FoundClip, FoundSet, FoundTrack, read_found_set
from tests.controller.arrangements import RATE_HZ, assert_same, song
from tests.controller.simulated_live import SimulatedLive

USERS_TRACK = 2
OURS = 4
"""The first track of ours: the simulated Live opens a set of four."""
TEMPO_BPM = 97.31
EDITS = 60


@pytest.fixture
def stage(live: SimulatedLive, tmp_path: Path, samples: list[str]) -> Iterator[Stage]:
    folders = [Path(samples[0]).parent]
    with connect(
        port=live.script_port, placement_folder=tmp_path / "placed", token=live.token, sample_folders=folders
    ) as found:
        yield found


@pytest.fixture
def reader(live: SimulatedLive) -> Iterator[ScriptClient]:
    with ScriptClient(port=live.script_port) as client:
        yield client


@pytest.fixture
def own(tmp_path: Path) -> str:
    file = tmp_path / "the user's own.wav"
    soundfile.write(file, np.full(RATE_HZ // 8, 0.1), RATE_HZ)
    return str(file)


def test_what_nobody_touched_is_all_ours(stage: Stage, samples: list[str]) -> None:
    filled = stage.fill(song(samples), Built())
    again = stage.fill(song(samples), filled.built)
    assert (again.applied.created, again.applied.deleted, again.applied.unchanged) == (0, 0, 36)
    assert again.built == filled.built
    assert not again.edits.placed
    assert not again.edits.deleted
    less = stage.fill(song(samples, 12), again.built)
    assert (less.applied.created, less.applied.deleted, less.applied.unchanged) == (0, 24, 12)
    assert_same(stage.read_set().arrangement, song(samples, 12))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("user_delete_clip", ()),
        ("user_move_clip", (40.0,)),
        ("user_mute_clip", (True,)),
        ("user_transpose_clip", (7,)),
        ("user_set_clip_gain", (0.31,)),
        ("user_trim_clip", (4.1, 4.3)),
    ],
)
def test_an_edited_clip_stays_as_the_user_has_it(
    name: str, arguments: tuple[Any, ...], live: SimulatedLive, stage: Stage, reader: ScriptClient, samples: list[str]
) -> None:
    wanted = song(samples, 12, 1)
    filled = stage.fill(wanted, Built())
    where = (OURS, 11) if name != "user_trim_clip" else (OURS, 10)
    live.ask(name, *where, *arguments)
    as_edited = read_found_set(reader).our_tracks[0].clips
    again = stage.fill(wanted, filled.built)
    assert read_found_set(reader).our_tracks[0].clips == as_edited
    assert (again.applied.created, again.applied.deleted) == (0, 0)
    standing = stage.standing(again.built)
    (gone,) = standing.gone
    assert gone in wanted.tracks[0].clips
    assert len(standing.held) == (0 if name in ("user_delete_clip", "user_mute_clip") else 1)
    assert standing.held <= set(standing.arrangement.tracks[0].clips)
    assert len(again.edits.placed) == (0 if name == "user_delete_clip" else 1)
    last = stage.fill(wanted, again.built)
    assert read_found_set(reader).our_tracks[0].clips == as_edited
    assert stage.standing(last.built) == standing


def test_a_clip_of_the_users_is_built_around(live: SimulatedLive, stage: Stage, samples: list[str], own: str) -> None:
    filled = stage.fill(song(samples, 1, 1), Built())
    live.ask("user_place_clip", OURS, own, 1.0)
    again = stage.fill(song(samples, 12, 1), filled.built)
    assert again.applied.created == 10  # all that do not lie beneath it
    assert stage.read_set().others[-1].clip_count == 1


def test_what_was_muted_or_placed_before_a_job_stays_and_is_built_around(
    live: SimulatedLive, stage: Stage, reader: ScriptClient, samples: list[str], own: str
) -> None:
    old = song(samples, 12, 1)
    stage.apply(old)
    live.ask("user_mute_clip", OURS, 4, True)
    live.ask("user_place_clip", OURS, own, 8.0)
    before = read_found_set(reader).our_tracks[0].clips
    muted, users = before[4], before[12]
    filled = stage.fill(song(samples, 48, 1), stage.begin())
    assert filled.applied.deleted == 0
    assert 40 < filled.applied.created + 12 < 48
    assert {muted, users} <= set(read_found_set(reader).our_tracks[0].clips)
    (gone,) = stage.standing(filled.built).gone
    assert (gone.sample, gone.start_seconds) == (old.tracks[0].clips[4].sample, pytest.approx(1.0))
    elsewhere = replace(old, tracks=(replace(old.tracks[0], name="elsewhere"),))
    again = stage.fill(elsewhere, filled.built)
    assert again.applied.created == 11  # without what was muted
    first, _ = read_found_set(reader).our_tracks
    assert first.clips == (muted, users)


def test_what_was_warped_before_a_job_is_the_users() -> None:
    clip = FoundClip("/a.wav", 10.0, 14.0, 0.4, 3, 0.0, 0.0, 4.0, warping=True, name="a", muted=False, ours=True)
    track = FoundTrack(0, 1, "audio", "one", 0, 0.85, 0.0, False, False, False, 1, 0, 0, False, (clip,))
    found = FoundSet(120.0, "free", 0.0, "", (track,))
    built = first_built(found, origin_beats=2.0)
    assert edits_of(found, built).placed == {(1, clip)}
    (gone,) = standing_of(found, built).gone
    assert (gone.sample, gone.start_seconds, gone.end_seconds) == ("/a.wav", 4.0, 6.0)


def test_what_an_attempt_that_the_user_stopped_has_placed_on_new_tracks_is_ours(
    live: SimulatedLive, stage: Stage, samples: list[str], own: str
) -> None:
    in_the_way_beats = song(samples).tracks[0].clips[-1].start_seconds * TEMPO_BPM / 60.0
    asked = []

    def progress(_done: int, _count: int) -> None:
        if not asked:
            asked.append(live.ask("user_place_clip", OURS, own, in_the_way_beats))

    filled = stage.fill(song(samples), stage.begin(), progress=progress)
    assert 0 < filled.applied.created < 35
    ((_, placed),) = filled.edits.placed
    assert placed.file_path == own
    assert not filled.edits.looks
    again = stage.fill(song(samples, 24), filled.built)
    assert (again.applied.created, again.applied.deleted) == (0, 11)
    assert_same(stage.read_set().arrangement, song(samples, 24))


def test_what_stood_once_is_brought_back_with_what_was_muted_then(
    live: SimulatedLive, stage: Stage, reader: ScriptClient, samples: list[str], own: str
) -> None:
    stage.apply(song(samples, 12, 1))
    live.ask("user_mute_clip", OURS, 4, True)
    before = stage.read_set()
    filled = stage.fill(song(samples, 36, 3, tempo_bpm=110.0), stage.begin())
    assert filled.applied.tempo_bpm == 110.0
    live.ask("user_mute_clip", OURS, 6, True)
    live.ask("user_delete_clip", OURS, 8)
    live.ask("user_place_clip", OURS + 1, own, 90.0)
    stage.bring_back(before.arrangement, before.altered, before.origin_beats, "always")
    after = stage.read_set()
    assert_same(replace(after.arrangement, tracks=after.arrangement.tracks[:1]), before.arrangement)
    assert (after.altered, after.tempo_bpm) == (before.altered, before.tempo_bpm)
    _, second = read_found_set(reader).our_tracks
    assert [clip.file_path for clip in second.clips] == [own]


def test_what_stood_before_a_job_is_the_jobs_to_change_but_for_what_the_user_does_meanwhile(
    live: SimulatedLive, stage: Stage, reader: ScriptClient, samples: list[str]
) -> None:
    stage.apply(song(samples))
    begun = stage.begin()
    live.ask("user_delete_clip", OURS, 0)
    live.ask("user_rename_track", OURS + 1, "Mine")
    filled = stage.fill(song(samples), begun)
    assert (filled.applied.created, filled.applied.deleted, filled.applied.unchanged) == (0, 0, 35)
    assert "Mine" in {track.name for track in stage.read_set().arrangement.tracks}
    stage.fill(song(samples, 12), filled.built)
    assert stage.read_set().arrangement.clip_count == 11


def test_a_track_keeps_the_name_and_level_that_the_user_gave_it(
    live: SimulatedLive, stage: Stage, samples: list[str]
) -> None:
    filled = stage.fill(song(samples), Built())
    live.ask("user_rename_track", OURS, "My favourite")
    live.ask("user_move_fader", OURS + 1, 0.5)
    live.ask("user_turn_pan", OURS + 2, 0.9)
    live.ask("user_recolour_track", OURS + 2, 0x00FF00)
    before = stage.read_set().arrangement
    again = stage.fill(song(samples), filled.built)
    assert stage.read_set().arrangement == before
    assert again.applied.tracks_changed == 0
    assert again.applied.unchanged == 36


@pytest.mark.parametrize(
    ("name", "value", "stays"),
    [
        ("user_rename_track", "Mine", True),
        ("user_recolour_track", 0x00FF00, True),
        ("user_move_fader", 0.5, True),
        ("user_turn_pan", -0.9, True),
        ("user_mute_track", True, False),
    ],
)
def test_an_empty_track_of_which_the_user_has_made_something_stays_after_the_job(
    name: str, value: Any, stays: bool, live: SimulatedLive, stage: Stage, samples: list[str]
) -> None:
    stage.reserve_tracks(4)
    stage.fill(song(samples, 6, 3), stage.begin())
    stage.reserve_tracks(4)
    live.ask(name, OURS + 1, value)
    for clip in (1, 0):
        live.ask("user_delete_clip", OURS + 1, clip)
    assert stage.free_unused() == 2 + stays


@pytest.mark.parametrize("seed", [1, 2])
def test_no_edit_is_ever_undone_or_doubled(
    seed: int, live: SimulatedLive, stage: Stage, reader: ScriptClient, samples: list[str], own: str
) -> None:
    chance = random.Random(seed)
    live.ask("user_place_clip", USERS_TRACK, samples[1], 3.0)
    plans = [song(samples, 36), song(samples, 48), song(samples, 30)]
    filled = stage.fill(plans[0], Built(), set_tempo="never")
    foreign = foreign_facts(reader)
    for number in range(EDITS):
        act_as_a_user(live, read_found_set(reader), chance, own)
        edited = read_found_set(reader)
        placed = edits_of(edited, filled.built).placed
        filled = stage.fill(plans[number % 3], filled.built, set_tempo="never")
        found = read_found_set(reader)
        standing = {(track.track_id, clip) for track in found.our_tracks for clip in track.clips}
        assert {as_placed(one) for one in placed} <= {as_placed(one) for one in standing}
        assert not edits_of(found, filled.built).deleted
        wanted = {clip for _, clip in filled.built.clips}
        assert not wanted & filled.built.gone
        rest = {clip for place, clip in standing if as_placed((place, clip)) not in {as_placed(one) for one in placed}}
        assert all(any(one.is_found_in(clip) for one in wanted) for clip in rest)
        assert foreign_facts(reader) == foreign
    assert len(filled.built.gone) > EDITS / 4


def as_placed(one: tuple[int, FoundClip]) -> tuple[int, FoundClip]:
    """Without its right edge, which may lie where the next clip begins."""
    return one[0], replace(one[1], end_beats=0.0)


def act_as_a_user(live: SimulatedLive, found: FoundSet, chance: random.Random, own: str) -> None:
    track = chance.choice([track for track in found.our_tracks if track.clips])
    clip = chance.randrange(len(track.clips))
    at_beats = round(chance.uniform(0.0, 12.0), 2)
    where = (track.index, clip)
    edits: list[tuple[str, tuple[Any, ...]]] = [
        ("user_delete_clip", where),
        ("user_move_clip", (*where, at_beats)),
        ("user_mute_clip", (*where, not track.clips[clip].muted)),
        ("user_transpose_clip", (*where, chance.randrange(-12, 13))),
        ("user_set_clip_gain", (*where, round(chance.uniform(0.05, 1.0), 3))),
        ("user_place_clip", (track.index, own, at_beats)),
    ]
    live.ask(*flat(chance.choice(edits)))


def flat(edit: tuple[str, tuple[Any, ...]]) -> tuple[Any, ...]:
    return edit[0], *edit[1]


def foreign_facts(reader: ScriptClient) -> list[Any]:
    found = read_found_set(reader)
    return [track for track in found.tracks if not track.is_ours] + [reader.rows("clips", USERS_TRACK)]
