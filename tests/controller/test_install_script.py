from __future__ import annotations

import json
from pathlib import Path

import pytest

import live_remote_script
from controller.install_script import MARK, SETTINGS, copy_script


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
