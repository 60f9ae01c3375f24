"""What doctor says of Live: of made-up computers, and of a simulated Live that runs."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

import pytest

from controller.checks import Check
from controller.config import Settings, load_settings
from controller.install_script import MARK, SETTINGS, install
from controller.live_checks import live_checks, open_live, probed_live, script_checks
from controller.live_probes import ASKED, REPORT_FILE, written_tone
from controller.progress import QuietProgress
from controller.simulated import SimulatedLive
from controller.token import read_or_make_token
from controller.user_library import Computer
from live_remote_script.protocol import SCRIPT_VERSION
from tests.controller.made_up_computers import library, linux, mac, write_cfg
from tests.python37 import require_python37


@pytest.fixture
def settings(config_file: Path) -> Settings:
    return load_settings(config_file)


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    computer = mac(tmp_path / "home")
    library(computer.home / "Music" / "Ableton" / "User Library")
    return computer


def checked(settings: Settings, computer: Computer) -> dict[str, Check]:
    checks = {check.name: check for check in script_checks(settings, computer)}
    assert all(check.found and (check.ok or check.mend) for check in checks.values())
    return checks


def test_what_was_installed_is_all_right(settings: Settings, computer: Computer, tmp_path: Path) -> None:
    folder = install(None, settings, computer).script.folder
    checks = checked(settings, computer)
    assert list(checks) == ["script", "script settings", "token"]
    assert {check.mark for check in checks.values()} == {"ok"}
    assert checks["script"].found == f"{SCRIPT_VERSION} in {folder}"
    assert checks["token"].found == str(tmp_path / "token")


def test_what_is_not_installed_is_a_note_with_its_mend(settings: Settings, computer: Computer) -> None:
    checks = checked(settings, computer)
    assert [check.mark for check in checks.values()] == ["note", "note"]
    assert "not installed" in checks["script"].found
    assert "install-script" in checks["script"].mend
    assert "not there" in checks["token"].found


def test_an_installed_script_needs_its_token(settings: Settings, computer: Computer, tmp_path: Path) -> None:
    install(None, settings, computer)
    (tmp_path / "token").unlink()
    assert not checked(settings, computer)["token"].ok


def test_a_folder_of_others_in_the_scripts_place_is_wrong(settings: Settings, computer: Computer) -> None:
    folder = install(None, settings, computer).script.folder
    (folder / MARK).unlink()
    check = checked(settings, computer)["script"]
    assert not check.ok
    assert "not installed by us" in check.found


def test_another_version_is_said(settings: Settings, computer: Computer) -> None:
    folder = install(None, settings, computer).script.folder
    mark = (folder / MARK).read_text(encoding="utf-8")
    (folder / MARK).write_text(mark.replace(SCRIPT_VERSION, "0.0.9"), encoding="utf-8")
    check = checked(settings, computer)["script"]
    assert not check.ok
    assert f"version 0.0.9, this is {SCRIPT_VERSION}" in check.found


def test_the_script_of_a_library_that_live_no_longer_names_does_not_count(
    settings: Settings, computer: Computer, tmp_path: Path
) -> None:
    install(None, settings, computer)
    write_cfg(computer, "12.3.6", library(tmp_path / "Moved" / "User Library"))
    check = checked(settings, computer)["script"]
    assert check.mark == "note"
    assert "not installed" in check.found
    assert str(tmp_path / "Moved") in check.found


@pytest.mark.parametrize("content", ["", "[]", "{", '{"port": 1}', '{"port": "19102", "token_file": null}'])
def test_settings_that_say_something_else_are_said(settings: Settings, computer: Computer, content: str) -> None:
    folder = install(None, settings, computer).script.folder
    (folder / SETTINGS).write_text(content, encoding="utf-8")
    checks = checked(settings, computer)
    assert [name for name, check in checks.items() if not check.ok] == ["script settings"]
    (folder / SETTINGS).unlink()
    assert not checked(settings, computer)["script settings"].ok


def test_a_port_that_was_changed_since_is_said(settings: Settings, computer: Computer) -> None:
    install(None, settings, computer)
    check = checked(at_port(settings, 19202), computer)["script settings"]
    assert not check.ok
    assert "port 19102, in config.yaml 19202" in check.found


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes of files")
def test_a_token_that_others_can_read_is_said_and_left(settings: Settings, computer: Computer, tmp_path: Path) -> None:
    install(None, settings, computer)
    (tmp_path / "token").chmod(0o644)
    check = checked(settings, computer)["token"]
    assert not check.ok
    assert "0644" in check.found
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o644


def test_a_token_that_is_none_is_said(settings: Settings, computer: Computer, tmp_path: Path) -> None:
    install(None, settings, computer)
    (tmp_path / "token").write_text("swordfish", encoding="utf-8")
    assert "no token of ours" in checked(settings, computer)["token"].found


def test_a_system_without_live_says_so(settings: Settings, tmp_path: Path) -> None:
    checks = checked(settings, linux(tmp_path))
    assert checks["script"].mark == "note"
    assert "does not run on this system" in checks["script"].found
    assert "script settings" not in checks


def at_port(settings: Settings, port: int) -> Settings:
    return settings.model_copy(update={"osc": settings.osc.model_copy(update={"script_port": port})})


def knowing(settings: Settings, live: SimulatedLive, samples_folder: Path) -> Settings:
    """At that one's port, with its token."""
    osc = settings.osc.model_copy(update={"script_port": live.script_port, "token_file": live.token_file})
    stage = settings.stage.model_copy(update={"samples_folder": samples_folder})
    return settings.model_copy(update={"osc": osc, "stage": stage})


def test_an_open_live_tells_what_it_is_and_whether_it_knows_us(settings: Settings, tmp_path: Path) -> None:
    with SimulatedLive(live_version="12.3.6") as live:
        check = open_live(knowing(settings, live, tmp_path))
        without_token = open_live(at_port(settings, live.script_port))
        read_or_make_token(tmp_path / "token")
        with_another = open_live(at_port(settings, live.script_port))
    assert check.ok
    assert "Live 12.3.6" in check.found
    assert f"script {SCRIPT_VERSION}" in check.found
    assert not without_token.ok
    assert not with_another.ok
    assert "no token" in without_token.found
    assert "another token" in with_another.found
    assert "install-script" in without_token.mend == with_another.mend


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1"])
def test_the_script_is_asked_on_this_computer_wherever_triggers_come_from(
    host: str, settings: Settings, tmp_path: Path
) -> None:
    with SimulatedLive() as live:
        there = knowing(settings, live, tmp_path)
        there = there.model_copy(update={"osc": there.osc.model_copy(update={"host": host})})
        checks = by_name(there, True)
    assert {check.mark for check in checks.values()} == {"ok"}
    assert f"at 127.0.0.1:{live.script_port}" in checks["live"].found
    assert f"127.0.0.1:{live.script_port}: free" in by_name(there, False)["script port"].found


def test_a_live_that_cannot_place_says_which_one_is_needed(settings: Settings) -> None:
    with SimulatedLive(live_version="12.0.2") as live:
        check = open_live(at_port(settings, live.script_port))
    assert not check.ok
    assert "Live 12.0.2" in check.found
    assert check.mend.endswith("12.0.5 or later. Update Live.")


def test_where_nobody_answers_the_mend_says_what_to_choose(settings: Settings) -> None:
    with SimulatedLive() as live:
        port = live.script_port
    check = open_live(at_port(settings, port))
    assert not check.ok
    assert str(port) in check.found
    assert "Control Surface" in check.mend


def by_name(settings: Settings, is_wanted: bool) -> dict[str, Check]:
    return {check.name: check for check in live_checks(settings, is_wanted)}


def test_a_live_that_is_not_open_is_wrong_only_where_one_is_wanted(settings: Settings) -> None:
    with SimulatedLive() as live:
        port = live.script_port
    unwanted, wanted = by_name(at_port(settings, port), False), by_name(at_port(settings, port), True)
    assert (unwanted["script port"].mark, unwanted["live"].mark) == ("ok", "note")
    assert (wanted["script port"].mark, wanted["live"].mark) == ("ok", "BAD")
    assert "free" in unwanted["script port"].found
    assert "Control Surface" in unwanted["live"].mend


def test_another_program_at_the_scripts_port_is_wrong(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controller.live_checks.PATIENCE_SECONDS", 0.5)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        checks = by_name(at_port(settings, port), False)
    assert (checks["script port"].mark, checks["live"].mark) == ("BAD", "BAD")
    assert f"127.0.0.1:{port}: nobody answers as our script does" in checks["script port"].found
    assert str(port) in checks["script port"].mend
    assert "osc.script_port" in checks["script port"].mend


def test_an_open_live_has_the_scripts_port(settings: Settings, tmp_path: Path) -> None:
    with SimulatedLive(live_version="12.3.6", edition="lite") as live:
        checks = by_name(knowing(settings, live, tmp_path), True)
    assert {check.mark for check in checks.values()} == {"ok"}
    assert "the script in Live listens there" in checks["script port"].found
    assert "Live 12.3.6 Lite at 127.0.0.1" in checks["live"].found


class Listening(QuietProgress):
    """Keeps what it is told that is being done."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def show(self, stage: str, fraction: float, score: float | None = None, seconds_left: float | None = None) -> None:
        self.told.append(stage)


@pytest.mark.parametrize(("live_version", "python"), [("12.4.6", "this"), ("11.3.25", "3.7")])
def test_an_open_live_is_probed_and_left_as_it_was(
    settings: Settings, tmp_path: Path, live_version: str, python: str
) -> None:
    progress = Listening()
    executable = require_python37() if python == "3.7" else sys.executable
    with SimulatedLive(live_version=live_version, python=executable) as live:
        before = live.state()
        check = probed_live(knowing(settings, live, tmp_path / "Samples"), tmp_path, progress)
        after = live.state()
    assert check.ok
    assert str(tmp_path / REPORT_FILE) in check.found
    report = json.loads((tmp_path / REPORT_FILE).read_text(encoding="utf-8"))
    assert report["live"]["live_version"] == live_version
    assert list(report["probes"]) == list(ASKED) == progress.told
    assert report["probes"]["versions"]["found"]["python"].startswith("3.7" if python == "3.7" else "3.")
    assert str(tmp_path) not in json.dumps(report)
    for what in ("tracks", "arrangement_clips", "session_clips", "is_playing", "current_song_time_beats", "tempo_bpm"):
        assert after[what] == before[what], what


def test_a_set_with_a_clip_is_refused_with_its_mend(settings: Settings, tmp_path: Path) -> None:
    sound = written_tone(tmp_path / "Samples")
    with SimulatedLive() as live:
        live.act_as_user("user_place_clip", 3, str(sound), 0.0)
        check = probed_live(knowing(settings, live, tmp_path / "Samples"), tmp_path, QuietProgress())
        assert live.state()["arrangement_clips"] == 1
    assert not check.ok
    assert "holds a clip" in check.found
    assert "new, empty set" in check.mend
    assert not (tmp_path / REPORT_FILE).exists()
