"""What doctor says of the computer, sample folders and ports, and how it prints that. Of Live: test_live_checks."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pytest

from controller.checks import bad, fine, note
from controller.config import OscSettings, Settings, load_settings
from controller.doctor import lines
from controller.library import index_library
from controller.library_check import MOST_READ, library_check
from controller.port_checks import port_checks
from controller.progress import QuietProgress
from controller.system_checks import disk_check, packages_check, python_check
from controller.triggers.answers import StatusTold
from controller.triggers.server import TriggerServer
from embedding.ears import Ears
from embedding.parallel import parallel
from tests.conftest import Jacqueesbot, tone, write

QUIET = QuietProgress()


def test_this_python_and_its_packages_are_as_they_should_be() -> None:
    assert python_check().mark == "ok"
    check = packages_check()
    assert check.mark == "ok"
    assert check.found.startswith(f"jacqueesbot {version('jacqueesbot')} and the ")


def test_packages_that_are_missing_or_old_are_named() -> None:
    def found(name: str) -> str:
        if name == "torch":
            raise PackageNotFoundError(name)
        return "0.1" if name in ("scipy", "rich") else version(name)

    check = packages_check(found)
    assert not check.ok
    assert "torch is missing" in check.found
    assert "scipy is 0.1, >=1.11 is needed" in check.found
    assert "rich is 0.1" in check.found
    assert "numpy" not in check.found
    assert "pip install" in check.mend


def test_without_its_packages_doctor_says_so_and_no_more(
    jacqueesbot: Jacqueesbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an installation says that needs more than is there."""
    installed = tmp_path / "site" / "jacqueesbot-99.dist-info"
    installed.mkdir(parents=True)
    needs = "Requires-Python: >=3.11\nRequires-Dist: numpy>=999\nRequires-Dist: no-such-package>=1\n"
    needs += "Requires-Dist: not-asked-for ; extra == 'test'\n"
    (installed / "METADATA").write_text(f"Metadata-Version: 2.1\nName: jacqueesbot\nVersion: 99\n{needs}", "utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'site'}{os.pathsep}{Path(__file__).parents[2]}")
    done = jacqueesbot("doctor")
    assert done.returncode == 1
    marks = [line.split()[:2] for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert marks[:2] == [["ok", "python"], ["BAD", "packages"]]
    printed = " ".join(done.stdout.split())
    assert f"numpy is {np.__version__}, >=999 is needed; no-such-package is missing" in printed
    assert "not-asked-for" not in done.stdout
    assert len(marks) == 3  # the summary
    assert done.stderr == ""


def test_a_folder_on_a_drive_that_is_not_there_is_told_beside_the_others(tmp_path: Path) -> None:
    def free_bytes(folder: Path) -> int:
        if folder == gone:
            raise FileNotFoundError(2, "The system cannot find the path specified", str(folder))
        return 10**10

    gone = tmp_path / "Z"
    gone.mkdir()
    check = disk_check({"jobs_folder": gone, "library.cache_folder": tmp_path}, free_bytes)
    assert not check.ok
    assert f"{gone} (jobs_folder): cannot be looked at (The system cannot find the path specified" in check.found
    assert "library.cache_folder)" not in check.found
    assert "jobs_folder" in check.mend


def test_folders_that_the_system_cannot_look_at_are_told(settings: Settings, tmp_path: Path) -> None:
    odd = tmp_path / ("x" * 300)
    check = disk_check({"jobs_folder": odd, "library.cache_folder": tmp_path})
    assert not check.ok
    assert f"{odd} (jobs_folder): cannot be looked at (" in check.found
    library = library_check(with_folders(settings, odd), QUIET)
    assert not library.ok
    assert str(odd) in library.found


def test_room_on_disk_is_measured_where_the_folders_will_be(tmp_path: Path) -> None:
    folders = {"jobs_folder": tmp_path / "not" / "there yet", "library.cache_folder": tmp_path}
    check = disk_check(folders, lambda folder: {tmp_path: 12_340_000_000}[folder])
    assert (check.mark, check.found) == ("ok", "free: jobs_folder 12.3 GB, library.cache_folder 12.3 GB")
    full = disk_check(folders, lambda _: 999_999_999)
    assert not full.ok
    assert f"{tmp_path / 'not' / 'there yet'} (jobs_folder): 1.00 GB are free, 1 are needed" in full.found
    assert not (tmp_path / "not").exists()
    (tmp_path / "file").touch()
    in_a_file = disk_check({"jobs_folder": tmp_path / "file" / "jobs"}, lambda _: 10**12)
    assert "(jobs_folder): may not be written" in in_a_file.found


@pytest.fixture
def settings(config_file: Path) -> Settings:
    return load_settings(config_file)


def with_folders(settings: Settings, *folders: Path) -> Settings:
    return settings.model_copy(update={"library": settings.library.model_copy(update={"folders": folders})})


def test_no_library_is_a_note(settings: Settings) -> None:
    check = library_check(settings, QUIET)
    assert check.mark == "note"
    assert "library.folders" in check.mend


def test_files_that_cannot_be_used_are_named(settings: Settings, small_library: Path) -> None:
    assert library_check(with_folders(settings, small_library), QUIET).found == f"{small_library}: 6 audio files"
    (small_library / "drums" / "broken.wav").write_bytes(b"RIFF, or so")
    write(small_library / "silent.wav", np.zeros(4410, np.float32))
    check = library_check(with_folders(settings, small_library), QUIET)
    assert check.mark == "note"
    assert check.found.startswith(f"{small_library}: 6 audio files. Left out: ")
    assert f"{small_library / 'drums' / 'broken.wav'}: " in check.found
    assert f"{small_library / 'silent.wav'}: " in check.found


def test_folders_without_a_usable_file_are_wrong(settings: Settings, small_library: Path, tmp_path: Path) -> None:
    (tmp_path / "useless").mkdir()
    (tmp_path / "useless" / "a.wav").touch()
    check = library_check(with_folders(settings, small_library, tmp_path / "useless"), QUIET)
    assert not check.ok
    assert check.found.startswith(f"{tmp_path / 'useless'}: no file can be used: ")
    assert not library_check(with_folders(settings, tmp_path / "none"), QUIET).ok


def test_of_a_large_library_only_what_was_never_heard_is_read(
    settings: Settings, small_library: Path, ears: Ears
) -> None:
    configured = with_folders(settings, small_library)
    index_library(small_library, parallel(ears, 1).ears, settings.cache_folder, QUIET)
    sound = write(small_library / "new" / "0000.wav", tone(220.0, 0.1))
    for number in range(1, MOST_READ + 3):
        (small_library / "new" / f"{number:04d}.wav").write_bytes(sound.read_bytes())
    (small_library / "new" / "0100.wav").write_bytes(b"")
    check = library_check(configured, QUIET)
    assert f"{6 + MOST_READ + 3 - 1} audio files, 3 not looked at yet" in check.found
    assert str(small_library / "new" / "0100.wav") in check.found
    assert "0101.wav" not in check.found


def test_a_damaged_index_is_no_reason_not_to_look(settings: Settings, small_library: Path) -> None:
    settings.cache_folder.mkdir()
    (settings.cache_folder / "library-1.sqlite").write_bytes(b"no database" * 100)
    assert library_check(with_folders(settings, small_library), QUIET).ok
    with sqlite3.connect(settings.cache_folder / "library-1.sqlite") as database:
        assert database.execute("SELECT count(*) FROM files").fetchone() == (0,)


@pytest.fixture
def other_program() -> Iterator[int]:
    """The port of one that never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        yield other.getsockname()[1]


def osc(settings: Settings, **ports: int) -> OscSettings:
    return settings.osc.model_copy(update={"controller_port": 0, "display_port": 1, "script_port": 2} | ports)


def test_free_ports_are_fine(settings: Settings) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller, display = port_checks(osc(settings, controller_port=port, display_port=port + 1))
    assert controller.mark == display.mark == "ok"
    assert controller.found == f"127.0.0.1:{port}: free; `jacqueesbot run` is not running"


def test_run_itself_may_have_the_controllers_port(settings: Settings) -> None:
    with TriggerServer("127.0.0.1", 0, 19) as server:
        server.start(lambda _trigger, _sender: None, lambda: StatusTold("searching", "/my song.wav", 0.5, 0.25))
        controller, _ = port_checks(osc(settings, controller_port=server.port))
    assert controller.mark == "ok"
    assert controller.found.endswith("`jacqueesbot run` listens there (searching /my song.wav)")


def test_another_program_may_have_the_displays_port_but_not_the_controllers(
    settings: Settings, other_program: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("controller.port_checks.PATIENCE_SECONDS", 0.3)
    controller, _ = port_checks(osc(settings, controller_port=other_program))
    assert not controller.ok
    assert str(other_program) in controller.mend
    assert "osc.controller_port" in controller.mend
    _, display = port_checks(osc(settings, display_port=other_program))
    assert display.mark == "ok"
    assert "a display listens there" in display.found


def test_ports_that_are_the_same_and_a_host_that_is_not_ours(settings: Settings) -> None:
    (same,) = port_checks(osc(settings, display_port=2))
    assert not same.ok
    controller, _ = port_checks(osc(settings, controller_port=19100).model_copy(update={"host": "192.0.2.1"}))
    assert not controller.ok
    assert "osc.host" in controller.mend


CHECKS = [
    fine("weights", "slim"),
    note("library", "none in config.yaml", "`run` needs library.folders in config.yaml. " * 3),
    bad("script settings", f"{'word ' * 60}end", "Do this."),
]


@pytest.mark.parametrize("columns", [60, 80, 100, 200])
def test_lines_are_aligned_and_fit(columns: int) -> None:
    printed = list(lines(CHECKS, columns))
    assert max(map(len, printed)) <= min(columns, 100)
    assert printed[0] == "ok    weights          slim"
    assert printed[1].startswith("note  library          none")
    column = len("ok    weights          ")
    heads = [line[:column].strip() for line in printed if line.startswith((" ", "ok", "note", "BAD"))]
    assert [head for head in heads if head] == ["ok    weights", "note  library", "BAD   script settings"]
    told = " ".join(line.strip() for line in printed)
    assert told.count("word") == 60
    assert told.endswith("1 of 3 checks found something bad; mend it in this order: script settings.")


def test_the_summary_tells_notes_from_what_is_wrong() -> None:
    assert list(lines(CHECKS[:1], 100))[-1] == "All that was asked for works."
    assert " ".join(list(lines(CHECKS[:2], 100))[-2:]).startswith("All that was asked for works. 1 of 2 are notes: ")
