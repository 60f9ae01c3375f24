"""The sample folders of a `run`: what changes in them is heard, what goes wrong ends nothing."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from controller.beside.libraries import Libraries
from controller.beside.serve import refresh
from controller.beside.watched_folders import WatchedFolders
from controller.progress import QuietProgress
from embedding.ears import Ears
from embedding.errors import JacqueesError
from tests.beside.standing import waited_for
from tests.conftest import tone, write

SECONDS = 10.0
"""Within which the system has told of a change, on a busy computer too."""
QUIET = QuietProgress(StringIO())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "samples"
    write(made / "keys" / "A3.wav", tone(220.0, 0.3))
    write(made / "keys" / "E4.wav", tone(329.6, 0.3))
    write(made / "A1.wav", tone(55.0, 0.3))
    return made


@pytest.fixture
def libraries(folder: Path, ears: Ears, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Libraries]:
    monkeypatch.setattr("controller.beside.libraries.QUIET_SECONDS", 0.2)
    with Libraries([folder], ears, tmp_path / "cache") as made:
        assert len(made.library(QUIET).samples) == 3
        yield made


def refreshed(libraries: Libraries, count: int) -> bool:
    """Whether it comes to know of so many samples by itself."""

    def is_so() -> bool:
        refresh(libraries, QUIET)
        return len(libraries._library.samples) == count if libraries._library else False

    return waited_for(is_so, SECONDS)


def test_a_subfolder_that_is_moved_in_or_away_is_noticed(libraries: Libraries, folder: Path, tmp_path: Path) -> None:
    (folder / "keys").rename(tmp_path / "trash")
    assert refreshed(libraries, 1)
    shutil.copytree(tmp_path / "trash", tmp_path / "new")
    (tmp_path / "new").rename(folder / "new")
    assert refreshed(libraries, 3)
    shutil.rmtree(folder / "new")
    assert refreshed(libraries, 1)


@pytest.mark.parametrize("how", ["deleted", "moved"])
def test_a_folder_that_goes_and_comes_back_is_watched_again(
    how: str, libraries: Libraries, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if how == "deleted":
        shutil.rmtree(folder)
    else:
        folder.rename(tmp_path / "elsewhere")
    assert waited_for(lambda: (refresh(libraries, QUIET), "no such folder" in caplog.text)[1], SECONDS)
    with pytest.raises(JacqueesError, match="no such folder"):
        libraries.library(QUIET)
    write(folder / "A2.wav", tone(110.0, 0.3))
    assert refreshed(libraries, 1)
    write(folder / "A4.wav", tone(440.0, 0.3))
    assert refreshed(libraries, 2)


def test_a_folder_that_was_made_anew_between_two_looks_is_watched(tmp_path: Path) -> None:
    """Its number in the file system may be that of the one before."""
    folder = tmp_path / "samples"
    folder.mkdir()
    watched = WatchedFolders([folder])
    watched.start()
    try:
        for name in ("one", "two"):
            folder.rmdir()
            folder.mkdir()
            assert waited_for(lambda: (watched.look(), watched.changed_seconds > 0.0)[1], SECONDS)
            assert waited_for(lambda: (watched.look(), not watched._is_blind(folder))[1], SECONDS)
            before = watched.changed_seconds
            (folder / name).write_text("new", encoding="utf-8")
            assert waited_for(lambda: watched.changed_seconds > before, SECONDS)  # noqa: B023
            (folder / name).unlink()
    finally:
        watched.stop()


def test_reading_is_no_change(libraries: Libraries, folder: Path) -> None:
    (folder / "A1.wav").read_bytes()
    list(folder.iterdir())
    assert not waited_for(lambda: libraries.is_stale, 0.5)


def raising(why: Exception) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:
        raise why

    return fail


@pytest.mark.parametrize(
    ("broken", "why", "told"),
    [
        ("library.DecodedAudio.keep", OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        ("library.LibraryIndex.add", sqlite3.OperationalError("database is locked"), "database is locked"),
        ("library._facts", ZeroDivisionError("once"), "a defect: the sample folders are not up to date"),
    ],
)
def test_what_goes_wrong_is_told_and_tried_again_now_and_then(
    broken: str,
    why: Exception,
    told: str,
    libraries: Libraries,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(f"controller.{broken}", raising(why))
        write(folder / "A4.wav", tone(440.0, 0.3))
        assert waited_for(lambda: libraries.is_stale, SECONDS)
        refresh(libraries, QUIET)
        assert told in caplog.text
        assert not waited_for(lambda: libraries.is_stale, 0.5)  # all of what writing a file tells is known by then
        count = len(caplog.records)
        write(folder / "A5.wav", tone(880.0, 0.3))
        assert waited_for(lambda: (refresh(libraries, QUIET), len(caplog.records) > count)[1], SECONDS)
        monkeypatch.setattr(libraries, "_pause_seconds", 0.2)
    assert refreshed(libraries, 5)


def test_a_file_that_goes_while_it_is_heard_is_left_out(
    libraries: Libraries, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(file: Path) -> str:
        if file.name == "A4.wav":
            file.unlink()
        return real(file)

    from controller.library import content_hash as real

    monkeypatch.setattr("controller.library.content_hash", gone)
    write(folder / "A4.wav", tone(440.0, 0.3))
    assert waited_for(lambda: (refresh(libraries, QUIET), not (folder / "A4.wav").exists())[1], SECONDS)
    assert [path for path, _ in libraries.library(QUIET).unreadable] in ([str(folder / "A4.wav")], [])
    assert len(libraries.library(QUIET).samples) == 3
