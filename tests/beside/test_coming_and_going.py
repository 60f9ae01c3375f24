"""Live quits, comes back and opens other sets; `run` is ended in every way; libraries change."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from search.arrangement import arrangement_from_json
from tests.beside.conftest import Open
from tests.beside.standing import Place, are_same, open_live, place, running, waited_for
from tests.conftest import tone, write
from tests.controller.processes import descendants, still_running
from tests.controller.simulated_live import set_shape


@pytest.fixture
def where(tmp_path: Path, library: Path, target: Path) -> Place:
    return place(tmp_path, [library], allowed_folders=[str(target.parent)])


def test_it_waits_for_a_live_that_comes_goes_and_comes_back(where: Place, target: Path) -> None:
    with running(where) as run:
        assert f"Live: 127.0.0.1:{where.script_port}: nobody listens there" in run.first_line
        run.cover(target)
        assert "is Live open, with JacqueesBot chosen as a Control Surface" in run.settled()
        for _ in range(2):
            with open_live(where):
                run.cover(target)
                run.done()
                assert where.standing().arrangement.clip_count
            run.send("undo")
            assert "is Live open, with JacqueesBot chosen as a Control Surface" in run.refused()


def test_live_quits_in_the_middle(tmp_path: Path, library: Path, target: Path) -> None:
    """The search ends then: half an hour would be too long for this test."""
    where = place(tmp_path, [library], search={"budget_seconds": 1800}, allowed_folders=[str(target.parent)])
    with running(where) as run:
        with open_live(where) as live:
            run.send("more", ("f", 10.0))
            assert run.refused() == "more: nothing was covered yet; send cover first"
            run.cover(target)
            assert waited_for(lambda: live.state()["arrangement_clips"] > 0)
        assert "is Live open" in run.settled()
        with open_live(where) as live:
            run.cover(target)
            assert waited_for(lambda: live.state()["arrangement_clips"] > 0)
            run.send("stop")
            run.done()


def test_a_stop_in_the_middle_of_a_build_is_answered_at_once_and_the_build_is_carried_out(
    tmp_path: Path, target: Path
) -> None:
    for pitch_hz in (110.0, 220.0, 330.0):
        write(tmp_path / "library" / f"short {pitch_hz:g}.wav", tone(pitch_hz, 0.3))
    where = place(tmp_path / "run", [tmp_path / "library"], search={"tracks": 1}, allowed_folders=[str(target.parent)])
    with open_live(where, "--tick-ms", "100") as live, running(where) as run:
        run.cover(target)
        assert waited_for(lambda: live.state()["arrangement_clips"] > 0)
        run.client.heard()
        run.send("stop")
        while (told := run.until("status", "done", "error"))[1][0] == "searching":
            pass
        assert told == ("/jacquees/status", ["idle", "", 0.0, 0.0])
        begun = live.state()["arrangement_clips"]
        run.send("undo")  # waits for that
        run.done()
        written = arrangement_from_json(where.last_arrangement())
        assert written.clip_count > begun
        run.until("done")
        assert not live.state()["arrangement_clips"]


def test_another_set_between_jobs(opened: Open, tmp_path: Path) -> None:
    opened.live.ask("user_save_set", str(tmp_path / "first.als"))
    opened.run.cover(opened.target)
    opened.run.done()
    opened.live.ask("user_save_set", str(tmp_path / "first.als"))
    first = opened.place.standing().arrangement
    opened.live.ask("user_new_set")
    before = set_shape(opened.live)
    opened.run.send("undo")
    assert opened.run.until("done", "error")[0] == "/jacquees/done"
    assert set_shape(opened.live) == before
    opened.run.send("again")
    opened.run.done()
    assert opened.place.standing().arrangement.clip_count
    opened.live.ask("user_open_set", str(tmp_path / "first.als"))
    assert are_same(opened.place.standing().arrangement, first)


def test_another_set_during_a_job(opened: Open) -> None:
    opened.run.send("status")
    opened.run.cover(opened.target)
    assert waited_for(lambda: opened.live.state()["arrangement_clips"] > 0)
    opened.live.ask("user_new_set")
    opened.run.until("done", "error")
    opened.run.until_state("idle")
    opened.run.cover(opened.target)
    opened.run.done()
    assert opened.place.standing().arrangement.clip_count


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("at_work", [False, True])
def test_it_ends_when_it_is_asked_to_and_leaves_nothing_behind(
    where: Place, target: Path, ending: signal.Signals, at_work: bool
) -> None:
    with open_live(where) as live, running(where) as run:
        if at_work:
            run.cover(target)
            assert waited_for(lambda: live.state()["arrangement_clips"] > 0)
        started = descendants(run.process.pid)
        assert started
        run.process.send_signal(ending)
        assert run.process.wait(60) == 0
        assert not still_running(started)
        assert (where.folder / "run.err").read_text(encoding="utf-8") == ""
        assert not list((where.folder / "temporary").glob("jacqueesbot-[!s]*"))
        if at_work:
            (arrangement,) = where.jobs.glob("*/arrangement.json")
            assert not list(where.jobs.glob(".*"))
            assert arrangement.is_file()


def test_a_second_one_is_refused_in_one_line(opened: Open) -> None:
    command = [sys.executable, "-m", "controller", "--config", str(opened.place.config), "run"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=opened.place.environment)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert "another program has that port (a second jacqueesbot run?)" in done.stderr


def test_no_library_is_bad_input(tmp_path: Path) -> None:
    nowhere = place(tmp_path, [])
    command = [sys.executable, "-m", "controller", "--config", str(nowhere.config), "run"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=nowhere.environment)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "library.folders: names no folder" in done.stderr


def test_one_job_may_wait_in_line(tmp_path: Path, library: Path, target: Path) -> None:
    second = write(tmp_path / "second.wav", tone(220.0, 2.0))
    allowed = [str(target.parent), str(tmp_path)]
    queueing = place(tmp_path, [library], osc={"when_busy": "queue"}, allowed_folders=allowed)
    with open_live(queueing), running(queueing) as run:
        run.cover(target)
        run.until("status")
        run.cover(second)
        run.cover(second)
        assert run.refused().startswith("busy: at work on a song.wav; ")
        names = [Path(str(run.until("done")[1][0])).name for _ in range(2)]
        assert [name.split("-", 4)[-1] for name in names] == ["a-song", "second"]


def test_a_library_that_changes_is_heard_again(tmp_path: Path, target: Path) -> None:
    library = tmp_path / "library"
    write(library / "pluck.wav", tone(220.0, 1.0))
    changing = place(tmp_path / "run", [library], allowed_folders=[str(target.parent)])
    with open_live(changing), running(changing) as run:
        assert "1 samples in" in changing.log
        (library / "pluck.wav").unlink()
        write(library / "other" / "bass.wav", tone(110.0, 1.0))
        run.cover(target)
        run.done()
        used = {clip.sample for _, clip in changing.standing().arrangement.clips()}
        assert used == {str(library / "other" / "bass.wav")}
        write(library / "third.wav", tone(330.0, 1.0))
        assert waited_for(lambda: "2 samples in" in changing.log)
