from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from controller.user_library import Computer, choose_user_library, find_user_libraries
from embedding.errors import BadOption
from tests.controller.made_up_computers import library, linux, mac, preferences, windows, write_cfg


def folders(computer: Computer) -> list[Path]:
    return [library.folder for library in find_user_libraries(computer).found]


def test_a_mac_has_it_in_music(tmp_path: Path) -> None:
    usual = library(tmp_path / "Music" / "Ableton" / "User Library")
    assert folders(mac(tmp_path)) == [usual]
    taken, words = choose_user_library(None, mac(tmp_path))
    assert (taken.folder, words) == (usual, [])


def test_windows_has_it_in_documents(tmp_path: Path) -> None:
    usual = library(tmp_path / "Documents" / "Ableton" / "User Library")
    assert folders(windows(tmp_path)) == [usual]


@pytest.mark.parametrize(
    "setting",
    [r"%USERPROFILE%\OneDrive\Dokumente", "%userprofile%/OneDrive/Dokumente", "{home}/OneDrive/Dokumente"],
)
def test_documents_are_where_the_registry_says(tmp_path: Path, setting: str) -> None:
    redirected = library(tmp_path / "OneDrive" / "Dokumente" / "Ableton" / "User Library")
    left_behind = library(tmp_path / "Documents" / "Ableton" / "User Library")
    assert folders(windows(tmp_path, setting.format(home=tmp_path))) == [redirected, left_behind]


def test_onedrive_is_looked_at_even_if_the_registry_tells_nothing(tmp_path: Path) -> None:
    kept = library(tmp_path / "OneDrive - Band" / "Documents" / "Ableton" / "User Library")
    computer = windows(tmp_path, environment={"OneDriveCommercial": str(tmp_path / "OneDrive - Band")})
    assert folders(computer) == [kept]


@pytest.mark.parametrize("make", [mac, windows])
def test_a_moved_library_is_found_by_what_live_wrote(tmp_path: Path, make: Callable[[Path], Computer]) -> None:
    computer = make(tmp_path)
    moved = library(tmp_path / "Big Drive" / "Räuber & Söhne <live>" / "My Library")
    write_cfg(computer, "12.3.6", moved)
    taken, words = choose_user_library(None, computer)
    assert taken.folder == moved
    assert taken.told_by == "Live 12.3.6's Library.cfg"
    assert words == []


def test_roaming_preferences_are_where_the_environment_says(tmp_path: Path) -> None:
    moved = library(tmp_path / "Moved" / "User Library")
    home = tmp_path / "home"
    write_cfg(windows(home), "11.3.43", moved)
    (home / "AppData" / "Roaming").rename(tmp_path / "roaming")
    assert folders(windows(home)) == []
    assert folders(windows(home, environment={"APPDATA": str(tmp_path / "roaming")})) == [moved]


def test_of_several_lives_the_one_that_wrote_last_counts(tmp_path: Path) -> None:
    computer = mac(tmp_path)
    usual = library(tmp_path / "Music" / "Ableton" / "User Library")
    old, new = library(tmp_path / "Old" / "User Library"), library(tmp_path / "New" / "User Library")
    write_cfg(computer, "12.4.6", old, written_at=1000)
    write_cfg(computer, "11.3.43", new, written_at=2000)
    taken, words = choose_user_library(None, computer)
    assert (taken.folder, taken.told_by) == (new, "Live 11.3.43's Library.cfg")
    (line,) = words
    assert str(old) in line
    assert str(usual) in line
    assert "--user-library" in line


def test_one_library_that_several_name_is_one(tmp_path: Path) -> None:
    computer = mac(tmp_path)
    usual = library(tmp_path / "Music" / "Ableton" / "User Library")
    for version in ("12.4.6", "12.3.6", "11.3.43"):
        write_cfg(computer, version, usual)
    assert folders(computer) == [usual]


def test_a_library_on_a_drive_that_is_not_there_is_said(tmp_path: Path) -> None:
    computer = mac(tmp_path)
    gone = tmp_path / "Volumes" / "Stage" / "User Library"
    write_cfg(computer, "12.3.6", gone)
    with pytest.raises(BadOption, match=r"Live 12\.3\.6's Library\.cfg names .*Stage.*not there.*--user-library"):
        choose_user_library(None, computer)
    usual = library(tmp_path / "Music" / "Ableton" / "User Library")
    taken, words = choose_user_library(None, computer)
    assert taken.folder == usual
    assert str(gone) in words[0]
    assert "not connected" in words[0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00nonsense",
        b"<Ableton />",
        b"<Ableton><ContentLibrary><UserLibrary /></ContentLibrary></Ableton>",
        b'<UserLibrary><ProjectPath Value="" /></UserLibrary>',
        b'<SliceInfo><ProjectPath Value="/Packs" /></SliceInfo>',
    ],
)
def test_a_file_that_names_none_is_passed_over(tmp_path: Path, content: bytes) -> None:
    computer = mac(tmp_path)
    write_cfg(computer, "12.4.6", tmp_path / "none").write_bytes(content)
    moved = library(tmp_path / "Moved" / "User Library")
    write_cfg(computer, "12.3.6", moved, written_at=1)
    search = find_user_libraries(computer)
    assert ([found.folder for found in search.found], search.missing) == ([moved], ())


def test_other_spellings_are_read(tmp_path: Path) -> None:
    computer = mac(tmp_path)
    moved = library(tmp_path / "Moved" / "User Library")
    file = write_cfg(computer, "12.4.6", moved)
    cut_off = f"\ufeff<Ableton><UserLibrary Id='1'>\r\n<ProjectPath  Value='{moved.parent}'/><ProjectName"
    file.write_text(cut_off, encoding="utf-8")
    assert folders(computer) == [moved]
    file.write_text(f'<UserLibrary><ProjectPath Value="{moved}/" /></UserLibrary>', encoding="utf-8")
    assert folders(computer) == [moved]


def test_folders_that_are_no_lives_are_passed_over(tmp_path: Path) -> None:
    computer = mac(tmp_path)
    library(tmp_path / "Moved" / "User Library")
    file = write_cfg(computer, "Reports", tmp_path / "Moved" / "User Library")
    assert file.is_relative_to(preferences(computer, "Reports"))
    assert folders(computer) == []


def test_what_is_given_counts(tmp_path: Path) -> None:
    computer = mac(tmp_path)
    library(tmp_path / "Music" / "Ableton" / "User Library")
    mine = library(tmp_path / "Mine")
    for system in (computer, linux(tmp_path)):
        assert choose_user_library(mine, system)[0].folder == mine
    with pytest.raises(BadOption, match=r"--user-library .*none: no such folder.*Location of User Library"):
        choose_user_library(tmp_path / "none", computer)


@pytest.mark.parametrize("make", [mac, windows])
def test_none_is_an_error_that_says_where_was_looked(tmp_path: Path, make: Callable[[Path], Computer]) -> None:
    with pytest.raises(BadOption, match=r"no User Library.*Ableton.User Library.*start Live once.*--user-library"):
        choose_user_library(None, make(tmp_path))


def test_elsewhere_it_has_to_be_given(tmp_path: Path) -> None:
    library(tmp_path / "Music" / "Ableton" / "User Library")
    with pytest.raises(BadOption, match="does not run on this system"):
        choose_user_library(None, linux(tmp_path))
