from __future__ import annotations

import json
from pathlib import Path

import pytest

from controller.out_folder import new_out_folder
from embedding.errors import BadOption
from search.arrangement import Arrangement, arrangement_to_json


def put_cover(folder: Path, tempo_bpm: float = 120.0) -> None:
    (folder / "arrangement.json").write_text(json.dumps(arrangement_to_json(Arrangement(tempo_bpm))), encoding="utf-8")


def write_diary(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "diary.txt").write_text("Dear diary", encoding="utf-8")


def left_beside(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir() if path != out)


def test_it_appears_complete_and_not_before(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "ünter 🎵" / "out"
    with new_out_folder(out) as folder:
        put_cover(folder)
        assert not out.exists()
    assert [path.name for path in out.iterdir()] == ["arrangement.json"]
    assert left_beside(out) == []


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with new_out_folder(out) as folder:
        put_cover(folder)
    assert (out / "arrangement.json").exists()


def test_a_cover_of_ours_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    put_cover(out, tempo_bpm=60.0)
    (out / "stems").mkdir()
    with new_out_folder(out) as folder:
        put_cover(folder, tempo_bpm=90.0)
        assert json.loads((out / "arrangement.json").read_text(encoding="utf-8"))["tempo_bpm"] == 60.0
    assert [path.name for path in out.iterdir()] == ["arrangement.json"]
    assert json.loads((out / "arrangement.json").read_text(encoding="utf-8"))["tempo_bpm"] == 90.0
    assert left_beside(out) == []


@pytest.mark.parametrize("variations", [1, 3])
def test_variations_of_ours_are_replaced_whole(tmp_path: Path, variations: int) -> None:
    out = tmp_path / "out"
    for number in range(1, variations + 1):
        (out / str(number) / "stems").mkdir(parents=True)
        put_cover(out / str(number))
    (out / "captures").mkdir()
    with new_out_folder(out) as folder:
        put_cover(folder, tempo_bpm=90.0)
    assert [path.name for path in out.iterdir()] == ["arrangement.json"]
    assert left_beside(out) == []


def test_captures_alone_are_no_cover_of_ours(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_diary(tmp_path / "out" / "captures")
    with pytest.raises(BadOption, match="not empty"), new_out_folder(tmp_path / "out"):
        pytest.fail("work began")


@pytest.mark.parametrize("beside", ["2", "diary", "notes.txt"])
def test_what_lies_beside_variations_is_not_thrown_away(tmp_path: Path, beside: str) -> None:
    out = tmp_path / "out"
    (out / "1").mkdir(parents=True)
    put_cover(out / "1")
    write_diary(out / beside)
    with pytest.raises(BadOption, match="not empty"), new_out_folder(out):
        pytest.fail("work began")
    assert (out / beside / "diary.txt").exists()


def test_through_a_link_the_folder_behind_it_is_replaced(tmp_path: Path) -> None:
    behind, out = tmp_path / "behind", tmp_path / "out"
    behind.mkdir()
    put_cover(behind)
    out.symlink_to(behind, target_is_directory=True)
    with new_out_folder(out) as folder:
        (folder / "new").touch()
    assert out.is_symlink()
    assert [path.name for path in behind.iterdir()] == ["new"]


def test_what_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    put_cover(out, tempo_bpm=60.0)
    with pytest.raises(FileNotFoundError), new_out_folder(out) as folder:
        put_cover(folder / "missing")
    assert [path.name for path in out.iterdir()] == ["arrangement.json"]
    assert left_beside(out) == []


def test_what_fails_leaves_no_folders_on_the_way(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), new_out_folder(tmp_path / "a" / "b" / "out") as folder:
        put_cover(folder / "missing")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("found", ["diary.txt", "arrangement.json"])
def test_someone_elses_folder_is_refused_before_any_work(tmp_path: Path, found: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / found).write_text('{"format": "another"}', encoding="utf-8")
    with pytest.raises(BadOption, match=r"--out .*not empty"), new_out_folder(out):
        pytest.fail("work began")
    assert [path.name for path in out.iterdir()] == [found]
    assert left_beside(out) == []


def test_a_file_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.touch()
    with pytest.raises(BadOption, match="is a file"), new_out_folder(out):
        pytest.fail("work began")


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadOption, match="cannot be written"), new_out_folder(tmp_path / "file" / "out"):
        pytest.fail("work began")


def test_a_folder_that_became_someone_elses_meanwhile_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(BadOption, match="not empty"), new_out_folder(out):
        write_diary(out)
    assert [path.name for path in out.iterdir()] == ["diary.txt"]
