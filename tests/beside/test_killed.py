"""`run` is killed in the middle of a job."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beside.killing import killed_and_gone_on
from tests.beside.standing import Place, open_live, place, running, waited_for
from tests.controller.simulated_live import SimulatedLive, set_shape


@pytest.fixture
def where(tmp_path: Path, library: Path, target: Path) -> Place:
    return place(tmp_path, [library], search={"budget_seconds": 4}, allowed_folders=[str(target.parent)])


@pytest.mark.parametrize("after_seconds", [0.3, 4.0])
def test_it_goes_on_after_a_kill_or_is_undone(where: Place, target: Path, after_seconds: float) -> None:
    with open_live(where) as live:
        assert killed_and_gone_on(where, live, target, after_seconds) == []


def test_it_goes_on_once_live_is_there_again(where: Place, target: Path) -> None:
    with open_live(where) as live:
        _killed_in_a_job(where, live, target)
    with running(where) as run:
        assert waited_for(lambda: "is Live open" in where.log.rpartition("going on with")[2])
        with open_live(where):
            assert waited_for(lambda: list(where.jobs.glob("*/arrangement.json")) != [])
            assert waited_for(lambda: run.status()[0] == "idle")
            assert where.standing().arrangement.clip_count


def test_another_set_is_left_alone_and_a_keep_ends_it_for_good(where: Place, target: Path, tmp_path: Path) -> None:
    with open_live(where) as live:
        _killed_in_a_job(where, live, target)
        live.ask("user_new_set")
        live.ask("user_save_set", str(tmp_path / "another.als"))
        before = set_shape(live)
        with running(where) as run:
            assert waited_for(lambda: "was being covered in a set that was not saved" in where.log)
            run.send("keep")
            assert run.until("done", "error")[0] == "/jacquees/done"
        live.ask("user_new_set")
        with running(where) as run:
            assert run.status()[0] == "idle"
            assert where.log.count("going on with") == 1
        live.ask("user_open_set", str(tmp_path / "another.als"))
        assert set_shape(live) == before


def _killed_in_a_job(where: Place, live: SimulatedLive, target: Path) -> None:
    with running(where) as run:
        run.cover(target)
        assert waited_for(lambda: live.state()["arrangement_clips"] > 0)
        run.process.kill()
        run.process.wait()
