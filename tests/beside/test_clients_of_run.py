"""Pure Data and oscsend with the real `run`, beside the simulated Live."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.beside.conftest import Open
from tests.beside.standing import waited_for
from tests.clients.pure_data import OpenPatch
from tests.clients.responder import HOST, WAIT_SECONDS
from tests.real_parts import require_program


def test_a_pure_data_patch_covers_a_file_and_takes_it_back(opened: Open, tmp_path: Path) -> None:
    require_program("pd", "puredata-core")
    with OpenPatch(tmp_path, opened.place.controller_port) as patch:
        patch.wait_until("state", "idle")
        patch.tell("file", "symbol", str(opened.target))
        patch.press("cover-file")
        patch.wait_until("target", "a song.wav")
        opened.live.ask("user_select_nothing")
        patch.press("cover")
        patch.wait_until("error", "busy: at work on a song.wav; send stop first, or wait until it is done")
        patch.wait_until("state", "idle")
        (folder,) = patch.shown("done")
        assert Path(folder, "cover.wav").is_file()
        assert opened.live.state()["arrangement_clips"] > 0
        assert float(patch.shown("score")[-2]) > 0.0
        patch.press("undo")
        assert waited_for(lambda: opened.live.state()["arrangement_clips"] == 0)
        assert patch.complaints == []


def test_oscsend_starts_and_stops_a_job(opened: Open) -> None:
    require_program("oscsend", "liblo-tools")

    def send(*words: str) -> None:
        command = ["oscsend", HOST, str(opened.place.controller_port), *words]
        subprocess.run(command, check=True, timeout=WAIT_SECONDS)

    send("/jacquees/cover", "s", str(opened.target))
    assert waited_for(lambda: opened.run.status()[0] != "idle")
    assert opened.run.status()[1] == "a song.wav"
    send("/jacquees/stop")
    assert waited_for(lambda: opened.run.status()[0] == "idle")
