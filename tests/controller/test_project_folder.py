"""Files that are written for a set lie in its project's folder from the start, and what stands stays where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.beside.link import connected
from controller.config import load_settings
from controller.osc_client import ScriptClient
from controller.placement import placed_file
from controller.project_folder import placement_folder, project_of
from controller.stage import connect
from search.arrangement import Clip
from tests.controller.arrangements import assert_same, song
from tests.controller.simulated_live import SimulatedLive, set_shape

FIRST_OF_OURS = 4
"""The simulated Live opens a set with four tracks."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = tmp_path / "a söng Project"
    (made / "Ableton Project Info").mkdir(parents=True)
    (made / "Backup").mkdir()
    return made


def warned(set_file: str, otherwise: Path) -> tuple[Path, list[str]]:
    warnings: list[str] = []
    return placement_folder(set_file, otherwise, warnings.append), warnings


def test_the_project_is_the_nearest_folder_that_live_knows_as_one(project: Path, tmp_path: Path) -> None:
    assert project_of(project / "song.als") == project
    assert project_of(project / "Backup" / "song [2026].als") == project
    assert project_of(tmp_path / "alone" / "song.als") == tmp_path / "alone"
    placed = project / "Samples" / "JacqueesBot"
    assert warned(str(project / "Backup" / "song.als"), tmp_path) == (placed, [])
    assert list(placed.iterdir()) == []


def test_a_set_that_is_not_saved_has_none(tmp_path: Path) -> None:
    assert warned("", tmp_path / "placed") == (tmp_path / "placed", [])


@pytest.mark.parametrize("spoiled", ["Samples", "Samples/JacqueesBot"])
def test_one_that_cannot_be_written_is_told(spoiled: str, project: Path, tmp_path: Path) -> None:
    (project / spoiled).parent.mkdir(exist_ok=True)
    (project / spoiled).write_text("a file", encoding="utf-8")
    folder, (told,) = warned(str(project / "song.als"), tmp_path / "placed")
    assert folder == tmp_path / "placed"
    assert str(project / "Samples" / "JacqueesBot") in told
    assert str(tmp_path / "placed") in told


def test_nothing_is_made_where_there_is_no_project(tmp_path: Path) -> None:
    folder, (told,) = warned(str(tmp_path / "gone" / "song.als"), tmp_path / "placed")
    assert folder == tmp_path / "placed"
    assert "cannot be written" in told
    assert list(tmp_path.iterdir()) == []


def placed_below(folder: Path) -> set[str]:
    return {str(file) for file in folder.rglob("*.wav")}


def test_what_is_made_for_a_saved_set_lies_in_its_project(
    live: SimulatedLive, samples: list[str], project: Path, tmp_path: Path
) -> None:
    wanted = song(samples, 12, 2)
    live.ask("user_save_set", str(project / "song.als"))
    with connect(port=live.script_port, placement_folder=tmp_path / "placed", token=live.token) as stage:
        stage.apply(wanted)
        assert_same(stage.read_set().arrangement, wanted)
        with ScriptClient(port=live.script_port) as asking:
            playing = {str(row["file_path"]) for row in asking.rows("clips", FIRST_OF_OURS)}
        assert stage.keep() == 2
    placed = placed_below(project / "Samples" / "JacqueesBot")
    assert placed & playing
    assert playing - set(samples) <= placed
    assert not (tmp_path / "placed").exists()


def test_run_writes_there_too(
    live: SimulatedLive, samples: list[str], project: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    token, port = tmp_path / "token", live.script_port
    (tmp_path / "config.yaml").write_text(
        f"osc: {{script_port: {port}, token_file: {token}, host: 0.0.0.0}}\nstage: {{samples_folder: placed}}\n",
        encoding="utf-8",
    )
    settings = load_settings(tmp_path / "config.yaml")
    live.ask("user_save_set", str(project / "song.als"))
    with connected(settings) as stage:
        stage.apply(song(samples, 4, 1))
    assert placed_below(project / "Samples" / "JacqueesBot")
    live.ask("user_save_set", str(tmp_path / "config.yaml" / "song.als"))
    with connected(settings) as stage:
        stage.apply(song(samples, 12, 1))
    assert placed_below(tmp_path / "placed")
    assert "config.yaml/Samples/JacqueesBot: cannot be written" in caplog.text


def test_what_stands_stays_when_the_set_is_saved(
    live: SimulatedLive, samples: list[str], project: Path, tmp_path: Path
) -> None:
    """Clips of files that were written before stay as they are, new ones get theirs in the project."""

    def built(clips: int) -> tuple[int, int, int]:
        with connect(port=live.script_port, placement_folder=tmp_path / "placed", token=live.token) as stage:
            applied = stage.apply(song(samples, clips, 2))
            assert_same(stage.read_set().arrangement, song(samples, clips, 2))
            return applied.created, applied.deleted, applied.unchanged

    assert built(6) == (6, 0, 0)
    before = placed_below(tmp_path / "placed")
    assert before
    live.ask("user_save_set", str(project / "song.als"))
    shape = set_shape(live)
    assert built(6) == (0, 0, 6)
    assert set_shape(live) == shape
    assert not placed_below(project)
    assert built(12) == (6, 0, 6)
    assert placed_below(tmp_path / "placed") == before
    assert placed_below(project / "Samples" / "JacqueesBot")


def test_a_set_that_is_saved_meanwhile_goes_on_with_its_folder(
    live: SimulatedLive, samples: list[str], project: Path, tmp_path: Path
) -> None:
    with connect(port=live.script_port, placement_folder=tmp_path / "placed", token=live.token) as stage:
        stage.apply(song(samples, 4, 1))
        live.ask("user_save_set", str(project / "song.als"))
        assert stage.apply(song(samples, 12, 1)).unchanged == 4
    assert not placed_below(project)


def test_a_standing_file_of_another_source_is_none(samples: list[str], tmp_path: Path) -> None:
    clip = Clip(0.0, samples[2], 0.25, 0.5, 0.0, 0.0)
    first = Path(placed_file(clip, tmp_path / "one").path)
    standing = {first.name: str(first)}
    assert placed_file(clip, tmp_path / "two", standing=standing).path == str(first)
    first.with_suffix(".json").unlink()
    assert Path(placed_file(clip, tmp_path / "two", standing=standing).path).parent == tmp_path / "two"
