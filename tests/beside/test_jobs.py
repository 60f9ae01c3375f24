"""Jobs from trigger to folder: what is told, what stands in the set, what lies on disk."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

from controller.beside.records import read_record
from search.arrangement import arrangement_from_json
from tests.beside.conftest import TARGET_SECONDS, Open
from tests.beside.standing import are_same, waited_for
from tests.conftest import tone, write
from tests.controller.simulated_live import set_shape
from tests.triggers.osc_clients import Client, message

BUSY = "busy: at work on a song.wav; send stop first, or wait until it is done"


def written(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "arrangement.json").read_text(encoding="utf-8"))
    return found


def covered(opened: Open) -> Path:
    opened.run.cover(opened.target)
    return opened.run.done()


def test_a_cover_stands_in_the_set_and_lies_in_its_folder(opened: Open) -> None:
    opened.run.cover(opened.target)
    told = [opened.run.client.hear()]
    assert told == [("/jacquees/status", ["searching", "a song.wav", 0.0, 0.0])]
    while told[-1] != ("/jacquees/status", ["idle", "", 0.0, 0.0]):
        told.append(opened.run.client.hear())
    scores = [values[0] for address, values in told if address == "/jacquees/score"]
    assert scores == sorted(scores)
    assert scores[-1] > 0.0
    states = [str(values[0]) for address, values in told if address == "/jacquees/status"]
    assert {"listening", "searching", "building"} < set(states)
    ((_, (where,)),) = [one for one in told if one[0] == "/jacquees/done"]
    folder = Path(str(where))
    assert folder.parent == opened.place.jobs
    assert {"arrangement.json", "cover.wav", "cover.mp3", "stems"} <= {path.name for path in folder.iterdir()}
    arrangement = arrangement_from_json(written(folder))
    assert arrangement.clip_count
    assert are_same(opened.place.standing().arrangement, arrangement)


def test_what_comes_while_it_is_at_work_is_told_to_wait(opened: Open) -> None:
    opened.run.cover(opened.target)
    opened.run.cover(opened.target)
    assert opened.run.refused() == BUSY
    for name in ("again", "variation"):
        opened.run.send(name)
        assert opened.run.refused() == BUSY
    for name in ("undo", "keep"):
        opened.run.send(name)
        assert opened.run.refused().startswith("busy: a song.wav is being worked on; ")
    assert opened.run.status()[1] == "a song.wav"


def test_stop_leaves_what_stands_and_says_what_that_is(opened: Open) -> None:
    opened.run.cover(opened.target)
    assert waited_for(lambda: opened.live.state()["arrangement_clips"] > 0)
    opened.run.send("stop")
    folder = opened.run.done()
    standing = opened.place.standing().arrangement
    assert [path.name for path in folder.iterdir()] == ["arrangement.json"]
    assert are_same(arrangement_from_json(written(folder)), standing)
    assert standing.clip_count
    assert written(folder)["target"] == {"path": str(opened.target), "seconds": TARGET_SECONDS}
    assert are_same(opened.place.standing().arrangement, standing)


def test_what_stands_after_a_stop_is_the_best_that_was_found(opened: Open) -> None:
    opened.run.cover(opened.target)
    opened.run.done()
    opened.run.send("again")
    scores = [opened.run.until("score")[1][0] for _ in range(3)]
    opened.run.send("stop")
    told = written(opened.run.done())["score"]["total"]
    assert told >= max(scores) - 1e-4
    opened.run.send("more", ("f", 1.0))
    first = opened.run.until("score")[1][0]
    assert first >= told - 0.02
    opened.run.done()


def test_stop_before_anything_stands_leaves_nothing(opened: Open) -> None:
    before = set_shape(opened.live)
    opened.run.cover(opened.target)
    opened.run.send("stop")
    opened.run.done()
    assert waited_for(lambda: set_shape(opened.live) == before)
    opened.run.cover(opened.target)
    assert arrangement_from_json(written(opened.run.done())).clip_count


def test_whoever_stops_a_job_of_anothers_hears_of_its_end(opened: Open) -> None:
    opened.run.cover(opened.target)
    with closing(Client(opened.place.controller_port)) as another:
        opened.run.until("status")
        another.send(message("/jacquees/stop"))
        heard = [another.hear(), another.hear()]
    assert heard[0][0] == "/jacquees/done"
    assert heard[1] == ("/jacquees/status", ["idle", "", 0.0, 0.0])
    opened.run.done()


def test_a_stop_of_nothing_is_answered(opened: Open) -> None:
    opened.run.send("stop")
    assert opened.run.client.hear() == ("/jacquees/status", ["idle", "", 0.0, 0.0])


def test_undo_brings_back_an_empty_set(opened: Open) -> None:
    opened.live.ask("user_set_tempo", 97.0)
    before = set_shape(opened.live)
    folder = covered(opened)
    opened.run.send("undo")
    assert opened.run.until("done", "error") == ("/jacquees/done", [str(folder)])
    assert set_shape(opened.live) == before


def test_undo_brings_back_the_cover_before(opened: Open) -> None:
    covered(opened)
    before = opened.place.standing()
    opened.run.send("again")
    opened.run.done()
    opened.run.send("undo")
    assert opened.run.until("done", "error")[0] == "/jacquees/done"
    after = opened.place.standing()
    assert are_same(after.arrangement, before.arrangement)
    assert (after.tempo_bpm, after.origin_beats) == (before.tempo_bpm, before.origin_beats)


def test_undo_brings_back_what_was_muted_before_and_leaves_what_the_user_put_there(
    opened: Open, tmp_path: Path
) -> None:
    covered(opened)
    ours = opened.live.state()["tracks"] - 1
    opened.live.ask("user_mute_clip", ours, 0, True)
    before = opened.place.standing()
    assert len(before.altered) == 1
    opened.run.send("more", ("f", 1.0))
    opened.run.done()
    assert opened.place.standing().altered == before.altered
    own = write(tmp_path / "own.wav", tone(440.0, 0.3))
    opened.live.ask("user_place_clip", opened.live.state()["tracks"] - 1, str(own), 64.0)
    opened.run.send("undo")
    assert opened.run.until("done", "error")[0] == "/jacquees/done"
    after = opened.place.standing()
    assert are_same(after.arrangement, before.arrangement)
    assert (after.altered, after.tempo_bpm) == (before.altered, before.tempo_bpm)
    assert sum(track.clip_count for track in after.others) == 1


def test_what_is_kept_is_the_users_and_no_undo_takes_it(opened: Open) -> None:
    covered(opened)
    opened.run.send("again")
    folder = opened.run.done()
    before = opened.live.state()
    opened.run.send("keep")
    assert opened.run.until("done", "error") == ("/jacquees/done", [str(folder)])
    assert not opened.place.standing().arrangement.tracks
    kept = opened.live.state()
    assert kept["arrangement_clips"] == before["arrangement_clips"] > 0
    opened.run.send("undo")
    assert opened.run.until("done", "error")[0] == "/jacquees/done"
    assert opened.live.state()["arrangement_clips"] == kept["arrangement_clips"]


def test_more_goes_on_from_what_stands(opened: Open) -> None:
    first = written(covered(opened))
    opened.run.send("more", ("f", 2.0))
    more = written(opened.run.done())
    assert more["target"] == first["target"]
    assert more["score"]["total"] >= first["score"]["total"] - 0.02
    assert are_same(opened.place.standing().arrangement, arrangement_from_json(more))


def test_a_variation_and_another_cover_have_other_clips_and_the_latter_another_seed(opened: Open) -> None:
    first, tried = written(covered(opened)), []
    for name in ("variation", "again"):
        opened.run.send(name)
        other = written(opened.run.done())
        assert other["target"] == first["target"]
        assert other["tracks"] != first["tracks"]
        assert are_same(opened.place.standing().arrangement, arrangement_from_json(other))
        first = other
        record = read_record(opened.place.jobs)
        assert record is not None
        tried.append(record.seed)
    assert tried == [0, 1]
