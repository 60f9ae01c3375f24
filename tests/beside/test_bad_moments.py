"""What cannot be done is refused in a sentence, the set stays as it was, and `run` goes on."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.beside.conftest import Open, phrase
from tests.beside.standing import waited_for
from tests.conftest import write
from tests.controller.simulated_live import set_shape
from tests.triggers.osc_clients import client_of, message

STORM = 1000


def test_a_file_that_is_not_there(opened: Open) -> None:
    opened.run.cover(opened.target.with_name("a sing.wav"))
    refused = opened.run.refused()
    assert "a sing.wav: no such file; " in refused
    assert "did you mean a song.wav?" in refused


def test_a_file_of_a_folder_that_is_none_of_ours(opened: Open) -> None:
    opened.run.cover(Path("/etc/hostname.wav"))
    assert opened.run.refused().startswith("/etc/hostname.wav: may not be read; ")


def test_a_file_that_is_no_audio(opened: Open) -> None:
    file = opened.target.with_name("text.wav")
    file.write_text("words", encoding="utf-8")
    opened.run.cover(file)
    assert f"{file}: " in opened.run.settled()


def test_nothing_selected_and_an_empty_target_folder(opened: Open) -> None:
    opened.live.ask("user_select_nothing")
    opened.run.send("cover")
    assert str(opened.targets) in opened.run.settled()


def test_nothing_selected_is_the_newest_of_the_target_folder(opened: Open) -> None:
    opened.live.ask("user_select_nothing")
    for name, changed in (("new.wav", 2e9), ("old.wav", 1e9)):
        os.utime(write(opened.targets / name, phrase(2.0)), (changed, changed))
    opened.run.send("cover")
    assert opened.run.done().name.endswith("-new")


def test_the_selected_clip_is_covered_where_it_lies(opened: Open) -> None:
    opened.live.ask("user_add_track", "audio")
    track = opened.live.state()["tracks"] - 1
    opened.live.ask("user_place_clip", track, str(opened.target), 8.0)
    opened.live.ask("user_select_clip", track, 0)
    before = set_shape(opened.live)
    opened.run.send("cover")
    opened.run.done()
    found = opened.place.standing()
    assert found.origin_beats == 8.0
    assert opened.place.last_arrangement()["origin_beats"] == 8.0
    opened.run.send("undo")
    opened.run.until("done", "error")
    assert set_shape(opened.live) == before


def test_a_clip_that_is_covered_again_is_kept_once(opened: Open) -> None:
    opened.live.ask("user_add_track", "audio")
    track = opened.live.state()["tracks"] - 1
    opened.live.ask("user_place_clip", track, str(opened.target), 0.0)
    opened.live.ask("user_select_clip", track, 0)
    for _ in range(2):
        opened.run.send("cover")
        folder = opened.run.done()
        (kept,) = (opened.place.jobs / "targets").glob("*.wav")
        assert re.fullmatch(r"a song-[0-9a-f]{8}\.wav", kept.name)
        assert re.fullmatch(r"[0-9-]{17}-" + kept.stem.replace(" ", "-"), folder.name)


def test_an_automated_tempo(opened: Open) -> None:
    opened.live.ask("user_automate_tempo", True)
    before = set_shape(opened.live)
    opened.run.cover(opened.target)
    assert "its tempo is automated" in opened.run.settled()
    assert waited_for(lambda: set_shape(opened.live) == before)


def test_a_storm_of_triggers(opened: Open) -> None:
    with client_of(opened.place.controller_port) as storming:
        for _ in range(STORM):
            storming.send(message("/jacquees/cover", ("s", "/etc/hostname.wav")))
        assert len(storming.until_status()) < STORM / 2
    assert opened.run.status()[0] == "idle"
    opened.run.cover(opened.target)
    opened.run.done()


def test_a_storm_while_it_is_at_work(opened: Open) -> None:
    opened.run.cover(opened.target)
    with client_of(opened.place.controller_port) as storming:
        for _ in range(STORM):
            storming.send(message("/jacquees/cover", ("s", str(opened.target))))
        told = [values[0] for address, values in storming.until_status() if address == "/jacquees/error"]
    assert told
    assert all(str(one).startswith("busy") for one in told)
    opened.run.done()
