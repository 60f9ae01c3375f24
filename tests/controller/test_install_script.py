from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import live_remote_script
from controller import install_script
from controller.config import Settings, load_settings
from controller.install_script import MARK, SETTINGS, copy_script, install, installed_script, uninstall
from controller.token import read_token
from controller.user_library import Computer
from embedding.errors import BadOption, JacqueesError
from live_remote_script.protocol import SCRIPT_VERSION
from tests.controller.made_up_computers import library, linux, mac, windows, write_cfg


@pytest.fixture
def settings(config_file: Path) -> Settings:
    return load_settings(config_file)


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return mac(tmp_path / "home")


@pytest.fixture
def user_library(computer: Computer) -> Path:
    return library(computer.home / "Music" / "Ableton" / "User Library")


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_copy_is_complete_and_carries_its_settings(tmp_path: Path) -> None:
    copy = tmp_path / "Remote Scripts" / "JacqueesBot"
    copy_script(copy, {"port": 19199})
    sources = {path.name for path in Path(live_remote_script.__file__).parent.glob("*.py")}
    assert {path.name for path in copy.iterdir()} == {*sources, MARK, SETTINGS}
    assert json.loads((copy / SETTINGS).read_text()) == {"port": 19199}
    assert [path.name for path in copy.parent.iterdir()] == ["JacqueesBot"]


def test_without_settings_the_script_keeps_its_own(tmp_path: Path) -> None:
    copy_script(tmp_path / "JacqueesBot")
    assert not (tmp_path / "JacqueesBot" / SETTINGS).exists()


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(OSError, match="mine"):
        copy_script(tmp_path / "mine")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "notes.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    copy_script(tmp_path / "empty")
    assert (tmp_path / "empty" / "__init__.py").is_file()


def test_it_is_installed_with_the_port_and_the_tokens_place(
    computer: Computer, user_library: Path, settings: Settings, tmp_path: Path
) -> None:
    done = install(None, settings, computer)
    folder = user_library / "Remote Scripts" / "JacqueesBot"
    assert done.script == installed_script(folder) == install_script.InstalledScript(folder, SCRIPT_VERSION)
    written = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    assert written == {"port": 19102, "token_file": str(tmp_path / "token")}
    assert len(read_token(tmp_path / "token")) == 32
    assert [path.name for path in folder.parent.iterdir()] == ["JacqueesBot"]
    assert str(user_library) in done.words[0]


def test_another_install_keeps_the_token(computer: Computer, user_library: Path, settings: Settings) -> None:
    install(None, settings, computer)
    assert settings.osc.token_file is not None
    token = read_token(settings.osc.token_file)
    done = install(None, settings, computer)
    assert read_token(settings.osc.token_file) == token
    assert f"same version was there before ({SCRIPT_VERSION})" in done.words[-1]


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("0.0.9", f"0.0.9 -> {SCRIPT_VERSION}"),
        ("99.0.0", f"99.0.0 -> {SCRIPT_VERSION}: what was there before was newer"),
        ("?", f"unknown -> {SCRIPT_VERSION}"),
    ],
)
def test_another_version_is_replaced_whole_and_said(
    computer: Computer, user_library: Path, settings: Settings, before: str, words: str
) -> None:
    folder = install(None, settings, computer).script.folder
    fresh = everything(folder)
    (folder / MARK).write_text(f"JacqueesBot script {before}, protocol\nold.py\n", encoding="utf-8")
    for source in folder.glob("*.py"):
        source.unlink()
    (folder / "old.py").touch()
    (folder / "__pycache__").mkdir()
    done = install(None, settings, computer)
    assert done.words[-1].startswith(words)
    assert everything(folder) == fresh


def test_a_script_of_before_files_were_listed_is_ours(computer: Computer, user_library: Path) -> None:
    folder = user_library / "Remote Scripts" / "JacqueesBot"
    copy_script(folder)
    (folder / MARK).write_text("JacqueesBot script 0.1.0, protocol 1\n", encoding="utf-8")
    assert installed_script(folder) == install_script.InstalledScript(folder, "0.1.0")


def test_a_failure_leaves_the_old_one(
    computer: Computer, user_library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = install(None, settings, computer).script.folder
    (folder / MARK).write_text("JacqueesBot script 0.0.9, protocol 1\n", encoding="utf-8")
    before = everything(user_library)
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == "fresh" and target == folder:
            raise PermissionError(13, "Permission denied", str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(JacqueesError, match="left as it was"):
        install(None, settings, computer)
    assert everything(user_library) == before


def test_a_disk_that_is_full_leaves_the_old_one(
    computer: Computer, user_library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(None, settings, computer)
    before = everything(user_library)

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(JacqueesError, match="No space left"):
        install(None, settings, computer)
    assert everything(user_library) == before


def test_what_a_cut_off_install_left_is_cleared(computer: Computer, user_library: Path, settings: Settings) -> None:
    scripts = user_library / "Remote Scripts"
    copy_script(scripts / ".JacqueesBot-abc" / "old")
    install(None, settings, computer)
    assert [path.name for path in scripts.iterdir()] == ["JacqueesBot"]


def test_a_token_that_is_none_is_refused_before_anything_is_written(
    computer: Computer, user_library: Path, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("swordfish", encoding="utf-8")
    with pytest.raises(JacqueesError, match="no token of ours"):
        install(None, settings, computer)
    assert not (user_library / "Remote Scripts").exists()


def test_uninstalling_removes_it_and_nothing_else(computer: Computer, user_library: Path, settings: Settings) -> None:
    other = user_library / "Remote Scripts" / "AbletonOSC" / "__init__.py"
    other.parent.mkdir(parents=True)
    other.touch()
    before = everything(user_library)
    folder = install(None, settings, computer).script.folder
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "script.cpython-311.pyc").touch()
    assert uninstall(None, computer) == [folder]
    assert everything(user_library) == before
    assert [path.name for path in other.parent.parent.iterdir()] == ["AbletonOSC"]
    with pytest.raises(BadOption, match="nothing to remove"):
        uninstall(None, computer)


def test_uninstalling_finds_it_in_every_library(tmp_path: Path, settings: Settings) -> None:
    computer = windows(tmp_path / "home")
    usual = library(computer.home / "Documents" / "Ableton" / "User Library")
    moved = library(tmp_path / "Moved" / "User Library")
    install(usual, settings, computer)
    write_cfg(computer, "12.3.6", moved)
    assert uninstall(None, computer) == [usual / "Remote Scripts" / "JacqueesBot"]
    install(None, settings, computer)
    install(usual, settings, computer)
    with pytest.raises(BadOption, match="nothing to remove"):
        uninstall(library(tmp_path / "Empty"), computer)
    assert uninstall(moved, computer) == [moved / "Remote Scripts" / "JacqueesBot"]
    assert uninstall(None, computer) == [usual / "Remote Scripts" / "JacqueesBot"]


@pytest.mark.parametrize("theirs", ["no mark", "a file besides", "a folder besides", "a link"])
def test_what_is_not_ours_is_left(
    computer: Computer, user_library: Path, settings: Settings, tmp_path: Path, theirs: str
) -> None:
    folder = user_library / "Remote Scripts" / "JacqueesBot"
    if theirs == "a link":
        copy_script(tmp_path / "elsewhere")
        folder.parent.mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
    else:
        copy_script(folder)
    if theirs == "no mark":
        (folder / MARK).unlink()
    if theirs == "a file besides":
        (folder / "my_notes.py").write_text("mine", encoding="utf-8")
    if theirs == "a folder besides":
        (folder / "mine").mkdir()
    before = everything(user_library), everything(tmp_path / "elsewhere")
    for change in (lambda: install(None, settings, computer), lambda: uninstall(None, computer)):
        with pytest.raises(BadOption, match="left as it is"):
            change()
    assert (everything(user_library), everything(tmp_path / "elsewhere")) == before
    assert folder.exists()


def test_on_other_systems_it_goes_where_it_is_told(tmp_path: Path, settings: Settings) -> None:
    mine = library(tmp_path / "Mine")
    assert install(mine, settings, linux(tmp_path)).script.folder == mine / "Remote Scripts" / "JacqueesBot"
    with pytest.raises(BadOption, match="does not run on this system"):
        uninstall(None, linux(tmp_path))
