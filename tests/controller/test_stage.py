"""The stage against the simulated Live: its process, the real script in it, real UDP, real audio files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from controller.stage import Stage, connect
from embedding.errors import BadOption, StageError, StageLost, StageRefused
from search.arrangement import Arrangement, Clip, Track
from tests.controller.simulated_live import SimulatedLive, simulated_live
from tests.controller.unreliable_network import unreliable
from tests.python37 import require_python37

RATE_HZ = 44100
USERS_AUDIO_TRACK = 2
"""The simulated Live opens a set with two MIDI and two audio tracks."""


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("library")
    noise = np.random.default_rng(2)
    paths = []
    for seconds in (0.5, 1.0, 2.0, 4.0):
        path = folder / f"sämple of {seconds} s 🥁.wav"
        soundfile.write(path, noise.uniform(-0.2, 0.2, (int(seconds * RATE_HZ), 1)), RATE_HZ, subtype="FLOAT")
        paths.append(str(path))
    return paths


@pytest.fixture
def live(tmp_path: Path) -> Iterator[SimulatedLive]:
    with simulated_live(tmp_path) as found:
        yield found


@pytest.fixture
def stage(live: SimulatedLive, tmp_path: Path) -> Iterator[Stage]:
    with connect(port=live.script_port, placement_folder=tmp_path / "placed", token=live.token) as found:
        yield found


def song(samples: list[str], tracks: int = 3, clips: int = 12, tempo_bpm: float = 97.31) -> Arrangement:
    """Butting and separate clips, whole and cut, transposed and not, in their files' first half second."""

    def clip(track: int, place: int) -> Clip:
        semitones = (0.0, 3.0, -2.37, 12.0)[(track + place) % 4]
        length_seconds = 0.3 / 2.0 ** (max(semitones, 0.0) / 12.0)
        offset_seconds = (0.0, 0.05, 0.0, 0.1234567)[place % 4]
        start_seconds = 0.3 * place if place % 5 else 0.3 * place + 0.01
        length_seconds = min(length_seconds, 0.29)
        return Clip(start_seconds, samples[place % 4], offset_seconds, length_seconds, -0.7 * place, semitones)

    return Arrangement(
        tempo_bpm,
        tuple(
            Track(
                f"track {track}",
                f"#12ab{40 * track:02x}",
                -2.0 - track,
                0.1 * track,
                tuple(clip(track, place) for place in range(clips)),
            )
            for track in range(tracks)
        ),
    )


def assert_same(found: Arrangement, wanted: Arrangement) -> None:
    assert found.tempo_bpm == pytest.approx(wanted.tempo_bpm)
    assert [(track.name, track.color) for track in found.tracks] == [
        (track.name, track.color) for track in wanted.tracks
    ]
    for one, other in zip(found.tracks, wanted.tracks, strict=True):
        assert one.volume_db == pytest.approx(other.volume_db, abs=1e-4)
        assert one.pan == pytest.approx(other.pan, abs=1e-6)
        assert [(clip.sample, clip.offset_seconds) for clip in one.clips] == [
            (clip.sample, clip.offset_seconds) for clip in other.clips
        ]
        for name in ("start_seconds", "length_seconds", "gain_db", "transpose_semitones"):
            values = [getattr(clip, name) for clip in one.clips]
            assert values == pytest.approx([getattr(clip, name) for clip in other.clips], abs=1e-5), name


@pytest.mark.parametrize("version", ["11.3.25", "12.0.5", "12.2.0", "12.3.6"])
def test_an_arrangement_is_built_and_read_back(version: str, samples: list[str], tmp_path: Path) -> None:
    wanted = song(samples)
    with (
        simulated_live(tmp_path, version) as live,
        connect(port=live.script_port, placement_folder=tmp_path / "placed", token=live.token) as stage,
    ):
        assert stage.greet([]).live_version == version
        applied = stage.apply(wanted, origin_beats=4.0)
        assert (applied.created, applied.deleted, applied.unchanged, applied.tracks_created) == (36, 0, 0, 3)
        found = stage.read_set()
        assert_same(found.arrangement, wanted)
        assert (found.origin_beats, found.tempo_bpm) == (4.0, pytest.approx(97.31))
        assert live.state()["session_clips"] == 0


def test_the_script_does_the_same_in_python37(samples: list[str], tmp_path: Path) -> None:
    wanted = song(samples)
    with (
        simulated_live(tmp_path, "11.3.25", require_python37()) as live,
        connect(port=live.script_port, placement_folder=tmp_path / "placed", token=live.token) as stage,
    ):
        stage.apply(wanted)
        assert_same(stage.read_set().arrangement, wanted)
        assert stage.undo().clips == 36


def test_a_second_apply_changes_nothing(stage: Stage, samples: list[str]) -> None:
    wanted = song(samples)
    stage.apply(wanted)
    again = stage.apply(wanted)
    assert (again.created, again.deleted, again.unchanged) == (0, 0, 36)
    assert (again.tracks_created, again.tracks_deleted, again.tracks_changed) == (0, 0, 0)
    once_more = stage.apply(stage.read_set().arrangement)
    assert (once_more.created, once_more.deleted, once_more.unchanged, once_more.tracks_changed) == (0, 0, 36, 0)


def test_only_what_differs_is_changed(stage: Stage, samples: list[str]) -> None:
    first = song(samples)
    stage.apply(first)
    tracks = list(first.tracks)
    clips = list(tracks[1].clips)
    clips[5] = replace(clips[5], gain_db=-9.0)
    del clips[7]
    tracks[1] = replace(tracks[1], clips=tuple(clips), volume_db=-7.0)
    second = replace(first, tracks=tuple(tracks[:2]))
    told: list[tuple[int, int]] = []
    applied = stage.apply(second, progress=lambda done, count: told.append((done, count)))
    assert (applied.created, applied.deleted, applied.unchanged) == (1, 2 + 12, 22)
    assert (applied.tracks_created, applied.tracks_deleted, applied.tracks_changed) == (0, 1, 1)
    assert_same(stage.read_set().arrangement, second)
    assert told[-1] == (5, 5)  # two clips deleted, a track changed, a clip created, a track deleted
    assert told == sorted(told)


def test_long_files_before_and_behind_short_clips_keep_their_neighbours(stage: Stage, samples: list[str]) -> None:
    """The four-second file is trimmed to a tenth; while it is not yet, it must not reach the clips behind it."""
    clips = [Clip(0.25 * place, samples[3], 0.0, 0.1, 0.0, 0.0) for place in range(16)]
    odd = Arrangement(120.0, (Track("a", "#ff0000", clips=tuple(clips[1::2])),))
    whole = Arrangement(120.0, (Track("a", "#ff0000", clips=tuple(clips)),))
    stage.apply(odd)
    applied = stage.apply(whole)
    assert (applied.created, applied.deleted, applied.unchanged) == (8, 0, 8)
    assert_same(stage.read_set().arrangement, whole)


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


def test_another_tempo_builds_anew_at_the_same_seconds(stage: Stage, samples: list[str]) -> None:
    stage.apply(song(samples, tempo_bpm=90.0))
    wanted = song(samples, tempo_bpm=140.0)
    stage.apply(wanted)
    assert_same(stage.read_set().arrangement, wanted)


def test_a_users_edit_of_our_clips_is_read_and_corrected(live: SimulatedLive, stage: Stage, samples: list[str]) -> None:
    wanted = song(samples, tracks=1)
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
    wanted = song(samples, tracks=1)
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
    stage.apply(song(samples, tracks=1, clips=1))
    live.ask("user_place_clip", 4, str(own), 4.0)
    before = live.state()["arrangement_clips"]
    with pytest.raises(StageRefused, match="the user's own") as caught:
        stage.apply(song(samples, tracks=1, clips=12), set_tempo="never")
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


def test_play_begins_at_the_position_and_stop_stops(live: SimulatedLive, stage: Stage, samples: list[str]) -> None:
    stage.apply(song(samples))
    assert stage.play(8.0) == pytest.approx(8.0, abs=0.2)
    assert stage.status()["playing"]
    stage.stop()
    assert not stage.status()["playing"]
    assert not live.state()["is_playing"]


def test_the_playhead_stays_where_the_user_left_it(live: SimulatedLive, stage: Stage, samples: list[str]) -> None:
    stage.apply(song(samples))
    stage.play(6.0)
    left_at = stage.stop()
    stage.apply(song(samples, tracks=4))
    assert live.state()["current_song_time_beats"] == pytest.approx(left_at)


def test_nobody_there_is_told(tmp_path: Path) -> None:
    with simulated_live(tmp_path) as live:
        port = live.script_port
    with pytest.raises(StageError, match=f"127.0.0.1:{port}"):
        connect(port=port, placement_folder=tmp_path)
