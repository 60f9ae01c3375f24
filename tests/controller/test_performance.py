"""An arrangement performed: built in a real simulated Live, as loud as its target, and nothing left running."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest

from controller.config import Settings, load_settings
from controller.filling import Filling
from controller.performance import READ_BACK, Performance, perform
from controller.progress import QuietProgress
from controller.simulated import SimulatedLive
from controller.venue import Venue, VenueWish, opened_venue, rehearsing
from embedding.audio import Audio
from embedding.errors import StageLost
from search.arrangement import Arrangement, Clip, Track
from tests.conftest import RATE_HZ, noise, tone, write
from tests.controller.processes import descendants, named, still_running

SAME_LUFS = 0.5
LIVE = VenueWish("live", "offline")
QUIETEST_DB, LOUDEST_DB, PEAK_DB = -18.0, 6.0, -1.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("performance")


@pytest.fixture(scope="module")
def settings(folder: Path) -> Settings:
    file = folder / "config.yaml"
    file.write_text("library: {cache_folder: cache}\nstage: {samples_folder: placed}\n", encoding="utf-8")
    return load_settings(file)


@pytest.fixture(scope="module")
def arrangement(folder: Path) -> Arrangement:
    """Two tracks 3 dB apart, and an empty one."""
    low = str(write(folder / "löw.wav", tone(110.0, 2.0, 0.2)))
    high = str(write(folder / "high.wav", np.stack([tone(440.0, 2.0, 0.2), tone(442.0, 2.0, 0.2)], axis=1)))
    return Arrangement(
        104.0,
        (
            Track(
                "Low", "#102030", 0.0, 0.0, (Clip(0.0, low, 0.0, 1.5, -2.0, 0.0), Clip(1.5, low, 0.1, 1.0, 0.0, 2.0))
            ),
            Track("Nothing", "#000000"),
            Track("High", "#405060", -3.0, 0.3, (Clip(0.25, high, 0.0, 1.75, -6.0, -3.0),)),
        ),
    )


@pytest.fixture(scope="module")
def venue(settings: Settings) -> Iterator[Venue]:
    with opened_venue(VenueWish("simulated", "offline"), settings, Path("samples"), QuietProgress()) as found:
        yield found


class Noting(QuietProgress):
    """Keeps what is said."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def song(level: float) -> Audio:
    """A stereo target of 2.5 s."""
    wave = tone(196.0, 2.5, level)
    return Audio(np.stack([wave, 0.7 * wave]), RATE_HZ)


def filling(venue: Venue, settings: Settings) -> Filling | None:
    return None if venue.live is None else Filling(venue.live, settings.stage.set_tempo)


def lufs(audio: Audio) -> float:
    return float(pyloudnorm.Meter(audio.sample_rate_hz).integrated_loudness(audio.samples.T.astype(np.float64)))


def peak_db(audio: Audio) -> float:
    return float(20.0 * np.log10(np.abs(audio.samples).max()))


def volumes_db(performance: Performance) -> list[float]:
    return [track.volume_db for track in performance.arrangement.tracks]


@pytest.mark.parametrize("level", [0.05, 0.12, 0.3])
def test_a_cover_is_as_loud_as_its_target(
    level: float, arrangement: Arrangement, venue: Venue, settings: Settings
) -> None:
    performance = perform(arrangement, song(level), venue, filling(venue, settings), QuietProgress())
    assert lufs(performance.cover) == pytest.approx(lufs(song(level)), abs=SAME_LUFS)
    assert peak_db(performance.cover) <= PEAK_DB + 0.01
    low, high = volumes_db(performance)
    assert low - high == pytest.approx(3.0)
    assert QUIETEST_DB <= high < low <= LOUDEST_DB


def test_the_peak_limits_the_loudness(arrangement: Arrangement, venue: Venue, settings: Settings) -> None:
    wall = Audio(np.clip(20.0 * song(1.0).samples, -0.95, 0.95), RATE_HZ)
    bursts = write(Path(arrangement.tracks[0].clips[0].sample).with_name("bursts.wav"), 4.0 * noise(1.0, 0.2))
    track = Track("Bursts", "#aabbcc", 0.0, 0.0, (Clip(0.0, str(bursts), 0.0, 1.0, 0.0, 0.0),))
    performance = perform(Arrangement(120.0, (track,)), wall, venue, filling(venue, settings), QuietProgress())
    assert lufs(performance.cover) < lufs(wall) - SAME_LUFS
    assert peak_db(performance.cover) == pytest.approx(PEAK_DB, abs=0.01)


def test_a_tempo_that_the_user_sets_during_a_job_stays(
    arrangement: Arrangement, settings: Settings, venue: Venue, folder: Path
) -> None:
    with rehearsing(settings, [folder]) as users:
        there = replace(venue, live=users.stage)
        fills = filling(there, settings)
        assert fills
        assert fills.build(arrangement, lambda _done, _count: None).tempo_bpm == 104.0
        users.simulated.act_as_user("user_set_tempo", 93.0)
        before = fills.standing()
        progress = Noting()
        performance = perform(arrangement, song(0.1), there, fills, progress)
        assert users.simulated.state()["tempo_bpm"] == performance.arrangement.tempo_bpm == 93.0
        assert not progress.notes
        after = fills.standing()
    for standing in (before, after):
        assert (standing.held, standing.gone) == (frozenset(), ())
        assert [clip.start_seconds for _, clip in standing.arrangement.clips()] == pytest.approx([0.0, 1.5, 0.25])
    assert after.arrangement.tempo_bpm == 93.0


@pytest.mark.parametrize(("level", "clip_db", "expected"), [(0.001, 0.0, (-15.0, -18.0)), (0.5, -30.0, (6.0, 3.0))])
def test_volumes_stay_where_a_fader_counts_in_db(
    level: float,
    clip_db: float,
    expected: tuple[float, float],
    arrangement: Arrangement,
    venue: Venue,
    settings: Settings,
) -> None:
    tracks = [
        replace(track, clips=tuple(replace(clip, gain_db=clip.gain_db + clip_db) for clip in track.clips))
        for track in arrangement.tracks
    ]
    performance = perform(
        replace(arrangement, tracks=tuple(tracks)), song(level), venue, filling(venue, settings), QuietProgress()
    )
    assert volumes_db(performance) == pytest.approx(expected)


def test_what_is_told_is_what_stands_and_what_sounds(
    arrangement: Arrangement, venue: Venue, settings: Settings
) -> None:
    performance = perform(arrangement, song(0.1), venue, filling(venue, settings), QuietProgress())
    told, stands = performance.arrangement, venue.rehearsal.read_set().arrangement
    assert [track.name for track in told.tracks] == ["Low", "High"]
    assert [track.name for track in stands.tracks] == ["Low", "High"]
    assert [track.volume_db for track in stands.tracks] == pytest.approx(volumes_db(performance), abs=1e-3)
    assert [clip.start_seconds for _, clip in stands.clips()] == pytest.approx(
        [clip.start_seconds for _, clip in told.clips()]
    )
    assert stands.tempo_bpm == pytest.approx(told.tempo_bpm)
    assert performance.cover.samples.shape == (2, round(arrangement.seconds * RATE_HZ))
    assert np.abs(sum(stem.samples for stem in performance.stems) - performance.cover.samples).max() < 10 ** (-90 / 20)


def test_in_live_the_cover_is_built_and_the_users_tempo_stays(
    arrangement: Arrangement, settings: Settings, folder: Path
) -> None:
    """Another simulated Live plays the user's, with a clip of the user's in it."""
    users_clip = str(write(folder / "users own.wav", tone(60.0, 1.0)))
    with SimulatedLive() as users_live:
        users_live.act_as_user("user_set_tempo", 93.0)
        users_live.act_as_user("user_place_clip", 2, users_clip, 64.0)
        there = with_script(settings, users_live.script_port, users_live.token_file)
        with opened_venue(LIVE, there, Path("samples"), QuietProgress()) as venue:
            performance = perform(arrangement, song(0.1), venue, filling(venue, there), QuietProgress())
            assert venue.live
            found = venue.live.read_set().arrangement
            assert performance.arrangement.tempo_bpm == found.tempo_bpm == users_live.state()["tempo_bpm"] == 93.0
            assert [track.name for track in found.tracks] == ["Low", "High"]
            assert [track.volume_db for track in found.tracks] == pytest.approx(volumes_db(performance), abs=1e-3)
            assert users_live.state()["arrangement_clips"] == 4
            main, _ = users_live.render(0.0, arrangement.seconds)
            assert np.abs(main.samples - performance.cover.samples).max() < 10 ** (-90 / 20)
            rehearsal = venue.simulated
        assert users_live.alive
        assert not rehearsal.alive
        assert users_live.state()["arrangement_clips"] == 4


class Deleting(QuietProgress):
    """A user who deletes a clip as soon as the cover is built."""

    def __init__(self, live: SimulatedLive, clips: int) -> None:
        super().__init__()
        self._live, self._clips = live, clips

    def show(self, stage: str, fraction: float, score: float | None = None, seconds_left: float | None = None) -> None:
        if stage == "building" and fraction == 1.0 and self._live.state()["arrangement_clips"] == self._clips:
            self._live.act_as_user("user_delete_clip", self._live.state()["tracks"] - 1, 0)


@pytest.mark.parametrize("deleted", [0, 1])
def test_offline_a_live_set_is_rendered_as_it_is_read_back(
    deleted: int, arrangement: Arrangement, settings: Settings
) -> None:
    with SimulatedLive() as users_live:
        there = with_script(settings, users_live.script_port, users_live.token_file)
        progress = Deleting(users_live, arrangement.clip_count) if deleted else QuietProgress()
        with opened_venue(LIVE, there, Path("samples"), QuietProgress()) as venue:
            performance = perform(arrangement, song(0.1), venue, filling(venue, there), progress)
        stands = users_live.state()["arrangement_clips"]
        main, _ = users_live.render(0.0, performance.cover.seconds)
    assert performance.source == READ_BACK
    assert performance.heard is None
    assert stands == performance.arrangement.clip_count == arrangement.clip_count - deleted
    assert np.abs(main.samples - performance.cover.samples).max() < 10 ** (-90 / 20)


def with_script(settings: Settings, port: int, token_file: Path) -> Settings:
    osc = settings.osc.model_copy(update={"script_port": port, "token_file": token_file})
    return settings.model_copy(update={"osc": osc})


@pytest.fixture
def only_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_venue_ends_its_processes_and_removes_its_files(settings: Settings, only_here: Path) -> None:
    before = descendants(os.getpid())
    with opened_venue(VenueWish("simulated", "offline"), settings, Path("samples"), QuietProgress()) as venue:
        assert venue.is_open
        started = without(descendants(os.getpid()), before)
        assert_both_run(started)
        assert list(only_here.iterdir())
    assert not venue.is_open
    assert still_running(started) == set()
    assert list(only_here.iterdir()) == []


@pytest.mark.parametrize("why", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_also_when_an_exception_passes(why: type[BaseException], settings: Settings, only_here: Path) -> None:
    before = descendants(os.getpid())
    started: dict[int, str] = {}

    def work() -> None:
        with opened_venue(VenueWish("simulated", "offline"), settings, Path("samples"), QuietProgress()):
            started.update(without(descendants(os.getpid()), before))
            raise why("in the middle")

    with pytest.raises(why):
        work()
    assert_both_run(started)
    assert still_running(started) == set()
    assert list(only_here.iterdir()) == []


def test_where_no_live_answers_nothing_is_started(settings: Settings, only_here: Path) -> None:
    before = descendants(os.getpid())
    nobody = with_script(settings, 9, only_here.parent / "token")
    with (
        pytest.raises(StageLost, match=r"127\.0\.0\.1:9: "),
        opened_venue(LIVE, nobody, Path("samples"), QuietProgress()),
    ):
        pass
    assert still_running(without(descendants(os.getpid()), before)) == set()
    assert list(only_here.iterdir()) == []


def test_a_simulated_live_that_dies_while_it_is_built_in_says_so(
    arrangement: Arrangement, settings: Settings, only_here: Path
) -> None:
    class Killing(QuietProgress):
        def show(
            self, stage: str, fraction: float, score: float | None = None, seconds_left: float | None = None
        ) -> None:
            if stage == "building" and simulated.alive:
                os.kill(simulated.process_id, 9)
                still_running([simulated.process_id])

    with opened_venue(VenueWish("simulated", "offline"), settings, Path("samples"), QuietProgress()) as venue:
        simulated = venue.simulated
        started = descendants(simulated.process_id)
        with pytest.raises(StageLost, match=r"the simulated Live ended \(exit status"):
            perform(arrangement, song(0.1), venue, filling(venue, settings), Killing())
        assert not venue.is_open
    assert started
    assert still_running(started) == set()
    assert list(only_here.iterdir()) == []


def without(processes: dict[int, str], others: dict[int, str]) -> dict[int, str]:
    """Those that were not among the others; ps itself was one of these and is over."""
    return {key: command for key, command in processes.items() if key not in others and "live_simulator" in command}


def assert_both_run(started: dict[int, str]) -> None:
    assert named(started, "-m live_simulator --script")
    assert named(started, "-m live_simulator.audio_engine")
