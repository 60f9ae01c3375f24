"""What holds of every stage: simulated Lives of several versions, and a real one.

The real one is the Live whose script answers at $JACQUEESBOT_REAL_LIVE (host:port), with the token of the user's
configuration. Any set may be open in it but one that holds tracks of ours, and its tempo must be free to be set; the
tests leave it as it was.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from controller.config import find_config, load_settings
from controller.osc_client import ScriptClient
from controller.stage import Stage, connect
from controller.token import read_token, token_path
from live_remote_script.protocol import SCRIPT_VERSION
from search.arrangement import Arrangement, Clip, Track
from tests.controller.arrangements import SOUND_SECONDS, assert_same, made_sounds, song
from tests.controller.set_facts import set_facts
from tests.controller.simulated_live import SimulatedLive, simulated_live
from tests.python37 import require_python37
from tests.real_parts import REAL_LIVE, require_real_live

OLD_PYTHON = ("11.3.25", "11.3.43", "12.0.5")
"""Versions of Live in which the script runs under Python 3.7."""
NEW_PYTHON = ("12.1.0", "12.2.0", "12.3.6", "12.4.6")
REAL = "real"
ORIGIN_BEATS = 8.0


@dataclass(frozen=True)
class Venue:
    """Where the script answers. Of a real Live neither the version is known beforehand, nor can a test be its user."""

    host: str
    port: int
    token: bytes
    live_version: str = ""
    live: SimulatedLive | None = None


@pytest.fixture(scope="module", params=[*OLD_PYTHON, *NEW_PYTHON, *([REAL] if os.environ.get(REAL_LIVE) else [])])
def venue(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Venue]:
    version = request.param
    if version == REAL:
        host, port = require_real_live()
        token = read_token(token_path(load_settings(find_config()).osc.token_file))
        yield Venue(host, port, token)
        return
    python = require_python37() if version in OLD_PYTHON else sys.executable
    with simulated_live(tmp_path_factory.mktemp("live"), version, python) as live:
        yield Venue("127.0.0.1", live.script_port, live.token, version, live)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library")


@pytest.fixture(scope="module")
def sounds(folder: Path) -> list[str]:
    return made_sounds(folder)


@pytest.fixture
def stage(venue: Venue, folder: Path) -> Iterator[Stage]:
    """Afterwards all is taken back, and the set is as it was."""
    with closing(ScriptClient(venue.host, venue.port)) as reader:
        before = set_facts(reader)
        assert not any(track["track_id"] for track in before["tracks"]), "it holds tracks of ours; open another set"
        with connect(venue.host, venue.port, folder / "placed", venue.token, [folder]) as found:
            try:
                yield found
            finally:
                found.restore()
                found.undo()
        assert set_facts(reader) == before


def build(stage: Stage, wanted: Arrangement) -> tuple[int, int, int]:
    """How many clips were created, deleted, left as they were."""
    applied = stage.apply(wanted, ORIGIN_BEATS, "always")
    return applied.created, applied.deleted, applied.unchanged


def test_a_real_live_is_among_the_stages() -> None:
    require_real_live()


def test_it_tells_who_it_is(stage: Stage, venue: Venue) -> None:
    told = stage.greet([])
    assert told.script_version == SCRIPT_VERSION
    assert (told.can_place, told.mend) == (True, "")
    if venue.live:
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        assert told.live_version == venue.live_version
        assert told.python_version == ("3.7" if venue.live_version in OLD_PYTHON else here)


def test_a_set_without_tracks_of_ours_is_read_as_the_users(stage: Stage) -> None:
    found = stage.read_set()
    assert found.arrangement.tracks == ()
    assert found.others
    assert stage.read_set() == found


def test_tracks_are_reserved_once_and_freed_where_they_stay_empty(stage: Stage) -> None:
    others = stage.read_set().others
    for _ in range(2):
        room = stage.reserve_tracks(2)
        assert (room.tracks, room.refusal) == (2, "")
        assert stage.read_set().others == others
        assert [track.clips for track in stage.read_set().arrangement.tracks] == [(), ()]
    stage.free_unused()
    assert stage.read_set().arrangement.tracks == ()


def test_an_arrangement_is_built_and_read_back(stage: Stage, sounds: list[str]) -> None:
    wanted = song(sounds)
    others = stage.read_set().others
    told: list[tuple[int, int]] = []
    applied = stage.apply(wanted, ORIGIN_BEATS, "always", lambda done, count: told.append((done, count)))
    assert (applied.created, applied.deleted, applied.unchanged, applied.tracks_created) == (36, 0, 0, 3)
    found = stage.read_set()
    assert_same(found.arrangement, replace(wanted, tempo_bpm=applied.tempo_bpm))
    assert (found.origin_beats, found.others) == (ORIGIN_BEATS, others)
    assert told == sorted(told)
    assert told[-1] == (39, 39)  # three tracks are dressed, 36 clips created


def test_what_stands_already_stays(stage: Stage, sounds: list[str]) -> None:
    wanted = song(sounds)
    build(stage, wanted)
    for same in (wanted, stage.read_set().arrangement):
        again = stage.apply(same, ORIGIN_BEATS, "always")
        assert (again.created, again.deleted, again.unchanged) == (0, 0, 36)
        assert (again.tracks_created, again.tracks_deleted, again.tracks_changed) == (0, 0, 0)


def test_only_what_differs_is_changed(stage: Stage, sounds: list[str]) -> None:
    first = song(sounds)
    build(stage, first)
    tracks = list(first.tracks)
    clips = list(tracks[1].clips)
    clips[5] = replace(clips[5], gain_db=-9.0)
    del clips[7]
    tracks[1] = replace(tracks[1], clips=tuple(clips), volume_db=-7.0)
    second = replace(first, tracks=tuple(tracks[:2]))
    told: list[tuple[int, int]] = []
    applied = stage.apply(second, ORIGIN_BEATS, "always", lambda done, count: told.append((done, count)))
    assert (applied.created, applied.deleted, applied.unchanged) == (1, 2 + 12, 22)
    assert (applied.tracks_created, applied.tracks_deleted, applied.tracks_changed) == (0, 1, 1)
    assert_same(stage.read_set().arrangement, second)
    assert told == sorted(told)
    assert told[-1] == (5, 5)  # two clips deleted, a track changed, a clip created, a track deleted


def test_long_files_before_and_behind_short_clips_keep_their_neighbours(stage: Stage, sounds: list[str]) -> None:
    """The four-second file is trimmed to a tenth; while it is not yet, it must not reach the clips behind it."""
    long_file = sounds[SOUND_SECONDS.index(4.0)]
    clips = [Clip(0.25 * place, long_file, 0.0, 0.1, 0.0, 0.0) for place in range(16)]
    odd = Arrangement(120.0, (Track("a", "#ff0000", clips=tuple(clips[1::2])),))
    whole = Arrangement(120.0, (Track("a", "#ff0000", clips=tuple(clips)),))
    build(stage, odd)
    assert build(stage, whole) == (8, 0, 8)
    assert_same(stage.read_set().arrangement, whole)


def test_another_tempo_builds_anew_at_the_same_seconds(stage: Stage, sounds: list[str]) -> None:
    build(stage, song(sounds, tempo_bpm=90.0))
    wanted = song(sounds, tempo_bpm=140.0)
    build(stage, wanted)
    assert_same(stage.read_set().arrangement, wanted)


def test_undo_takes_all_of_it_back(stage: Stage, sounds: list[str]) -> None:
    before = stage.read_set()
    build(stage, song(sounds))
    undone = stage.undo()
    assert (undone.clips, undone.tracks, undone.tracks_left) == (36, 3, 0)
    assert undone.tempo_bpm == before.tempo_bpm
    assert stage.read_set() == before
    undone = stage.undo()
    assert (undone.clips, undone.tracks, undone.tracks_left) == (0, 0, 0)


def test_what_is_kept_is_the_users(venue: Venue, stage: Stage, sounds: list[str]) -> None:
    """In a real set nothing is kept: only its user could take it away again."""
    if venue.live is None:
        assert stage.keep() == 0
        return
    others = stage.read_set().others
    stage.apply(song(sounds, 6, 2), set_tempo="never")
    assert stage.keep() == 2
    found = stage.read_set()
    assert found.arrangement.tracks == ()
    assert [(track.name, track.clip_count) for track in found.others[len(others) :]] == [("track 0", 3), ("track 1", 3)]
    undone = stage.undo()
    assert (undone.clips, undone.tracks) == (0, 0)
    for _ in range(2):
        venue.live.ask("user_delete_track", len(others))


def test_the_transport_plays_from_where_it_is_told_and_what_that_borrows_comes_back(
    stage: Stage, sounds: list[str]
) -> None:
    build(stage, song(sounds))
    stage.prepare(ORIGIN_BEATS)
    assert stage.play(ORIGIN_BEATS) == pytest.approx(ORIGIN_BEATS, abs=1.0)
    status = stage.status()
    assert status["playing"]
    assert "solo" in status["borrowed"]
    left_at = stage.stop()
    assert left_at >= ORIGIN_BEATS
    assert not stage.status()["playing"]
    stage.restore()
    assert stage.status()["borrowed"] == ""


def test_what_it_puts_out_is_recorded_from_where_it_is_told_on(stage: Stage, sounds: list[str]) -> None:
    """So the end of one recording is another one that begins later: 2 beats are 1 s."""
    stage.apply(song(sounds, tempo_bpm=120.0), ORIGIN_BEATS, "always")
    others = stage.read_set().others
    waited: list[int] = []
    heard = []
    for from_beats in (ORIGIN_BEATS, ORIGIN_BEATS + 2.0):
        stage.prepare(from_beats)
        recording = stage.record(from_beats, ORIGIN_BEATS + 5.0, lambda: waited.append(1))
        samples, rate_hz = soundfile.read(recording.file)
        assert soundfile.info(recording.file).subtype == "PCM_24"
        assert recording.start_seconds >= 0.0
        first = round(recording.start_seconds * rate_hz)
        heard.append(samples[first : first + round((ORIGIN_BEATS + 5.0 - from_beats) / 2.0 * rate_hz)])
        assert stage.read_set().others == others
    whole, end = heard
    assert len(whole) == rate_hz * 5 // 2
    assert np.abs(whole[-len(end) :] - end).max() < 1e-4 < np.abs(end).max()
    assert len(waited) > 2
    assert stage.forget_recording() == 1
    stage.restore()
    assert stage.forget_recording() == 0


def test_a_recording_that_is_waited_for_no_longer_is_ended(stage: Stage, sounds: list[str]) -> None:
    build(stage, song(sounds))
    stage.prepare(ORIGIN_BEATS)
    waited: list[int] = []

    def stopped() -> None:
        waited.append(1)
        if len(waited) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage.record(ORIGIN_BEATS, ORIGIN_BEATS + 10000.0, stopped)
    assert stage.stop() < ORIGIN_BEATS + 10000.0
    stage.restore()
    assert stage.status()["borrowed"] == ""
    assert not stage.status()["playing"]
    assert stage.forget_recording() == 0


def test_what_colours_its_output_is_told(venue: Venue, stage: Stage, sounds: list[str]) -> None:
    build(stage, song(sounds, 4, 2))
    before = stage.output()
    assert -70.0 <= before.main_gain_db <= 6.0
    if venue.live is not None:
        assert before.colours == ""
        tracks = venue.live.state()["tracks"]
        venue.live.ask("user_mute_track", tracks - 1, True)
        assert stage.output().colours == "muted: track 1"


def test_the_playhead_stays_where_it_was(stage: Stage, sounds: list[str]) -> None:
    build(stage, song(sounds))
    stage.play(ORIGIN_BEATS)
    left_at = stage.stop()
    build(stage, song(sounds, 48, 4))
    assert stage.status()["position_beats"] == pytest.approx(left_at)


def test_what_it_does_itself_is_not_reported_as_the_users(stage: Stage, sounds: list[str]) -> None:
    stage.watch()
    before = stage.status()["revision"]
    build(stage, song(sounds, 6, 2))
    build(stage, song(sounds, 8, 2))
    for _ in range(20):  # some of Live's ticks each, so that listeners are heard
        assert stage.status()["revision"] == before
    assert stage.changes() == []
