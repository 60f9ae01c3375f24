"""The flow in this process: real ears, a real search, a real simulated Live; progress is the test's."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from controller.config import Settings, load_settings
from controller.progress import QuietProgress
from controller.request import CoverRequest, cover_request
from controller.session import cover
from controller.simulated import SimulatedLive
from controller.venue import VenueWish, opened_venue, room_for_tracks
from embedding.audio import read_audio
from embedding.errors import JacqueesError, StageError
from search.arrangement import Arrangement, Clip, Track, arrangement_from_json
from search.layout import levels_in_clips
from tests.conftest import RATE_HZ, noise, tone, write
from tests.controller.processes import descendants, still_running

FILES = {"arrangement.json", "cover.wav", "cover.mp3", "stems"}
SECONDS = 2.0
Hook = Callable[["Watching", str], None]


@dataclass(frozen=True)
class Shown:
    stage: str
    fraction: float
    score: float | None
    seconds_left: float | None


@dataclass
class Watching(QuietProgress):
    """Keeps what it is shown, and does something when a stage is shown."""

    hook: Hook = lambda progress, stage: None
    shown: list[Shown] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stop_requested: bool = False

    def show(self, stage: str, fraction: float, score: float | None = None, seconds_left: float | None = None) -> None:
        self.shown.append(Shown(stage, fraction, score, seconds_left))
        self.hook(self, stage)

    def warn(self, line: str) -> None:
        self.warnings.append(line)

    def of(self, stage: str) -> list[Shown]:
        return [one for one in self.shown if one.stage == stage]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("session")
    write(folder / "samples" / "pluck A3.wav", tone(220.0, 1.0))
    write(folder / "samples" / "pluck E4.wav", tone(329.63, 1.0))
    write(folder / "samples" / "hat.wav", noise(0.2))
    song = np.zeros(round(SECONDS * RATE_HZ), dtype=np.float32)
    for at, sound in ((0.0, tone(220.0, 0.9)), (0.5, noise(0.2)), (1.0, tone(329.63, 1.0))):
        first = round(at * RATE_HZ)
        song[first : first + sound.size] += 0.5 * sound
    write(folder / "song.wav", song)
    (folder / "config.yaml").write_text(
        "library: {cache_folder: cache}\nstage: {samples_folder: placed}\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def settings(folder: Path) -> Settings:
    return load_settings(folder / "config.yaml")


@pytest.fixture
def request_for(folder: Path, settings: Settings, tmp_path: Path) -> Callable[..., CoverRequest]:
    def make(**options: object) -> CoverRequest:
        wanted = {"simulations": 12, "settings": settings, **options}
        return cover_request(folder / "song.wav", folder / "samples", tmp_path / "covers" / "out", **wanted)  # type: ignore[arg-type]

    return make


def assert_nothing_written(request: CoverRequest) -> None:
    assert not request.out.parent.exists()


def test_the_stages_come_in_order_and_the_score_never_falls(request_for: Callable[..., CoverRequest]) -> None:
    progress = Watching()
    (result,) = cover(request_for(), progress)

    order = list(dict.fromkeys(one.stage for one in progress.shown))
    assert [stage for stage in order if stage != "indexing"] == ["listening", "searching", "building", "capturing"]
    assert all(0.0 <= one.fraction <= 1.0 for one in progress.shown)
    assert progress.warnings == []
    searching = progress.of("searching")
    assert all(before.fraction <= after.fraction for before, after in pairwise(searching))
    scores = [one.score or 0.0 for one in searching]
    assert scores == sorted(scores)
    assert scores[-1] > scores[0]

    document = json.loads((result.out / "arrangement.json").read_text(encoding="utf-8"))
    arrangement = arrangement_from_json(document)
    assert {path.name for path in result.out.iterdir()} == FILES
    assert result.score_total == pytest.approx(document["score"]["total"], abs=1e-6)
    assert result.score_total == pytest.approx(scores[-1], abs=0.05)  # what the search hoped for is about what sounds
    assert (result.clip_count, result.track_count) == (arrangement.clip_count, len(arrangement.tracks))
    assert read_audio(result.out / "cover.wav").samples.shape[1] == round(arrangement.seconds * RATE_HZ)


@pytest.mark.parametrize("options", [{"policy": "random", "simulations": 3}, {"policy": "greedy", "simulations": 2}])
def test_other_policies_make_covers_too(options: dict[str, object], request_for: Callable[..., CoverRequest]) -> None:
    (result,) = cover(request_for(**options), Watching())
    assert {path.name for path in result.out.iterdir()} == FILES
    assert 0.0 < result.score_total <= 1.0


def test_the_budget_ends_the_search_where_it_is_over_first(request_for: Callable[..., CoverRequest]) -> None:
    progress = Watching()
    (result,) = cover(request_for(budget_seconds=0.5, simulations=10**9), progress)
    assert result.clip_count > 0
    left = [one.seconds_left for one in progress.of("searching")]
    assert left[-1] == 0.0
    assert all(before is not None and after is not None and before >= after for before, after in pairwise(left))


def test_a_stop_keeps_what_is_best_so_far(request_for: Callable[..., CoverRequest]) -> None:
    def stop_once_found(progress: Watching, stage: str) -> None:
        progress.stop_requested = progress.stop_requested or bool(progress.shown[-1].score)

    (result,) = cover(request_for(simulations=None, budget_seconds=600.0), Watching(hook=stop_once_found))
    assert {path.name for path in result.out.iterdir()} == FILES


def test_a_stop_before_the_search_still_gives_a_sketch(request_for: Callable[..., CoverRequest]) -> None:
    (result,) = cover(request_for(simulations=None, budget_seconds=600.0), Watching(stop_requested=True))
    assert {path.name for path in result.out.iterdir()} == FILES


def test_variations_are_ranked_in_folders_of_their_own(request_for: Callable[..., CoverRequest]) -> None:
    progress = Watching()
    request = request_for(variations=3, simulations=30)
    results = cover(request, progress)
    assert [result.out for result in results] == [request.out / str(number) for number in (1, 2, 3)]
    assert sorted(request.out.iterdir()) == [result.out for result in results]
    documents = []
    for result in results:
        assert {path.name for path in result.out.iterdir()} == FILES
        documents.append(json.loads((result.out / "arrangement.json").read_text(encoding="utf-8")))
        assert result.score_total == pytest.approx(documents[-1]["score"]["total"], abs=1e-6)
    totals = [document["score"]["total"] for document in documents]
    assert totals == sorted(totals, reverse=True)
    assert len({json.dumps(document["tracks"]) for document in documents}) == 3
    fractions = [one.fraction for one in progress.of("searching")]
    assert fractions == sorted(fractions)
    assert fractions[-1] <= 1.0
    again = cover(request, Watching())
    assert [result.score_total for result in again] == [result.score_total for result in results]


def test_a_stop_keeps_the_variations_found_so_far(request_for: Callable[..., CoverRequest]) -> None:
    def stop_once_found(progress: Watching, stage: str) -> None:
        progress.stop_requested = progress.stop_requested or bool(progress.shown[-1].score)

    request = request_for(variations=3, simulations=None, budget_seconds=600.0)
    (result,) = cover(request, Watching(hook=stop_once_found))
    assert result.out == request.out / "1"
    assert {path.name for path in result.out.iterdir()} == FILES


def test_a_stop_before_anything_was_found_says_so(request_for: Callable[..., CoverRequest]) -> None:
    request = request_for(policy="random")
    before = descendants(os.getpid())
    with pytest.raises(JacqueesError, match=r"no arrangement of .* after 0 tries; .*stopped too early"):
        cover(request, Watching(stop_requested=True))
    assert_nothing_written(request)
    assert_no_live_left(before)


def test_an_error_in_the_middle_leaves_nothing(
    request_for: Callable[..., CoverRequest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def fail(_: Watching, stage: str) -> None:
        if stage == "capturing":
            raise OSError("no space left on device")

    request = request_for()
    before = descendants(os.getpid())
    with pytest.raises(OSError, match="no space left"):
        cover(request, Watching(hook=fail))
    assert_nothing_written(request)
    assert_no_live_left(before)
    assert list(temporary.iterdir()) == []


def test_what_the_search_found_outlives_the_stage(request_for: Callable[..., CoverRequest], folder: Path) -> None:
    before = descendants(os.getpid())

    def kill_the_live(_: Watching, stage: str) -> None:
        if stage == "building":
            mine = {key: name for key, name in descendants(os.getpid()).items() if key not in before}
            live = [key for key, name in mine.items() if "-m live_simulator --script" in name]
            for process_id in live:
                os.kill(process_id, 9)
            assert still_running(live) == set()

    request = request_for()
    with pytest.raises(StageError, match=r"the simulated Live ended .*" + re.escape(str(request.out))):
        cover(request, Watching(hook=kill_the_live))
    assert [path.name for path in request.out.iterdir()] == ["arrangement.json"]
    document = json.loads((request.out / "arrangement.json").read_text(encoding="utf-8"))
    assert arrangement_from_json(document).clip_count > 0
    assert document["target"] == {"path": str(folder / "song.wav"), "seconds": SECONDS}
    assert document["score"]["total"] > 0.0
    assert_no_live_left(before)


def test_a_live_that_refuses_is_told_in_a_line_and_the_arrangement_is_kept(
    request_for: Callable[..., CoverRequest], settings: Settings, folder: Path
) -> None:
    """In the user's Live (another simulated one plays it) the tempo is automated."""
    with SimulatedLive() as users_live:
        there = played_in(users_live, settings)
        users_live.act_as_user("user_automate_tempo", True)
        request = request_for(settings=there, stage="live")
        with pytest.raises(StageError, match=re.escape(f"what the search found is in {request.out}")):
            cover(request, Watching())
    assert [path.name for path in request.out.iterdir()] == ["arrangement.json"]


def test_what_is_written_for_a_saved_set_lies_in_its_project(settings: Settings, folder: Path, tmp_path: Path) -> None:
    cut = Clip(0.0, str(folder / "samples" / "hat.wav"), 0.1, 0.1, 0.0, 0.0)
    one = Arrangement(120.0, (Track("Ours", "#ff0000", 0.0, 0.0, (cut,)),))
    with SimulatedLive() as users_live:
        for project in (tmp_path / "one", tmp_path / "other"):
            (project / "Ableton Project Info").mkdir(parents=True)
            users_live.act_as_user("user_new_set")
            users_live.act_as_user("user_save_set", str(project / "a.als"))
            if project.name == "other":
                (project / "Samples").write_text("a file", encoding="utf-8")
            progress = Watching()
            wish, there = VenueWish("live", "offline"), played_in(users_live, settings)
            with opened_venue(wish, there, folder / "samples", progress) as venue:
                assert venue.live is not None
                venue.live.apply(one)
                assert venue.live.read_set().arrangement.clip_count == 1
            if project.name == "one":
                assert progress.warnings == []
                assert list((project / "Samples" / "JacqueesBot").glob("hat-*.wav"))
            else:
                assert str(project / "Samples" / "JacqueesBot") in "".join(progress.warnings)


def test_of_several_variations_the_best_stands_in_live(
    request_for: Callable[..., CoverRequest], settings: Settings, folder: Path
) -> None:
    with SimulatedLive() as users_live:
        there = played_in(users_live, settings)
        best, _ = cover(request_for(settings=there, stage="live", variations=2), Watching())
        document = json.loads((best.out / "arrangement.json").read_text(encoding="utf-8"))
        with opened_venue(VenueWish("live", "offline"), there, folder / "samples", Watching()) as venue:
            assert venue.live
            standing = venue.live.read_set().arrangement
    assert {path.name for path in best.out.iterdir()} == FILES
    wanted = arrangement_from_json(document)
    assert [track.name for track in standing.tracks] == [track.name for track in wanted.tracks]
    assert [len(track.clips) for track in standing.tracks] == [len(track.clips) for track in wanted.tracks]


def test_variations_that_live_cannot_play_stay_as_they_were_rendered(
    request_for: Callable[..., CoverRequest], settings: Settings
) -> None:
    """On other tracks, perhaps, as the set filled while it was searched; the sound is the same."""

    def sounds(request: CoverRequest) -> list[list[tuple[Path, float, float]]]:
        found = []
        for folder in (request.out / "1", request.out / "2"):
            assert {path.name for path in folder.iterdir()} == FILES
            document = json.loads((folder / "arrangement.json").read_text(encoding="utf-8"))
            clips = levels_in_clips(arrangement_from_json(document)).clips()
            found.append(sorted((clip.sample, clip.start_seconds, round(clip.gain_db, 1)) for _, clip in clips))
        return found

    with SimulatedLive() as users_live:
        users_live.act_as_user("user_lose_audio")
        request = request_for(settings=played_in(users_live, settings), stage="live", score="resampling", variations=2)
        with pytest.raises(StageError, match=r"live no audio: .*[^.]; what the search found is in " + str(request.out)):
            cover(request, Watching())
    kept = sounds(request)
    cover(request_for(variations=2), Watching())
    assert sounds(request) == kept


def test_an_edition_with_few_tracks_gets_a_cover_of_few(
    request_for: Callable[..., CoverRequest], settings: Settings
) -> None:
    """Lite has 8, of which the set has 4; and what was reserved in vain is gone again."""
    progress = Watching()
    with SimulatedLive(edition="lite") as users_live:
        (result,) = cover(request_for(settings=played_in(users_live, settings), stage="live"), progress)
        assert 0 < result.track_count <= 4
        assert users_live.state()["tracks"] == 4 + result.track_count
    assert any("room for 4 of" in line for line in progress.warnings)


def test_in_an_edition_with_few_tracks_one_is_left_to_record(
    request_for: Callable[..., CoverRequest], settings: Settings, folder: Path
) -> None:
    progress = Watching()
    with SimulatedLive(edition="lite") as users_live:
        there = played_in(users_live, settings)
        (result,) = cover(request_for(settings=there, stage="live", score="resampling"), progress)
        assert result.source == "resampling"
        assert 0 < result.track_count <= 3
        assert users_live.state()["tracks"] == 4 + result.track_count
        assert any("room for 3 of" in line and "beside the one that records" in line for line in progress.warnings)
        while users_live.state()["tracks"] < 8:
            users_live.act_as_user("user_add_track", "audio")
        with (
            opened_venue(VenueWish("live", "resampling"), there, folder / "samples", Watching()) as venue,
            pytest.raises(StageError, match="no room for the track that records"),
        ):
            room_for_tracks(venue, 24, Watching())


def test_a_standing_cover_of_many_tracks_does_not_lift_the_limit(settings: Settings, folder: Path) -> None:
    ours = Clip(0.0, str(folder / "samples" / "hat.wav"), 0.0, 0.1, 0.0, 0.0)
    many = Arrangement(120.0, tuple(Track(f"Ours {n}", "#ff0000", 0.0, 0.0, (ours,)) for n in range(3)))
    with SimulatedLive() as users_live:
        there = played_in(users_live, settings)
        with opened_venue(VenueWish("live", "offline"), there, folder / "samples", Watching()) as venue:
            assert venue.live is not None
            venue.live.apply(many)
            assert room_for_tracks(venue, 2, Watching()) == 2


def played_in(live: SimulatedLive, settings: Settings) -> Settings:
    osc = settings.osc.model_copy(update={"script_port": live.script_port, "token_file": live.token_file})
    return settings.model_copy(update={"osc": osc})


def assert_no_live_left(before: dict[int, str]) -> None:
    now = descendants(os.getpid())
    assert still_running(key for key, name in now.items() if key not in before and "live_simulator" in name) == set()
