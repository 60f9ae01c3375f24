"""`jacqueesbot train`: weights of one's own, and that the package's are safe from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from embedding.weights import packaged_weights
from tests.conftest import Jacqueesbot, noise, tone, write


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Two classes of six notes."""
    folder = tmp_path / "notes"
    for number in range(6):
        write(folder / "piano" / f"a{number}" / "note.wav", tone(110.0 * 2 ** (number / 12), 1.0))
        write(folder / "flute" / f"b{number}" / "note.wav", tone(440.0 * 2 ** (number / 12), 1.0) + noise(1.0, 0.05))
    return folder


def test_trained_ears_can_be_used(jacqueesbot: Jacqueesbot, notes: Path, tmp_path: Path, config_file: Path) -> None:
    out = tmp_path / "mine" / "ears.pt"
    done = jacqueesbot("train", "--data", notes, "--out", out, "--seconds", 2)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{out}\n"
    assert sorted(path.name for path in out.parent.iterdir()) == ["ears.json", "ears.pt"]
    config_file.write_text(f"embedding: {{weights: '{out}'}}\n", encoding="utf-8")
    heard = jacqueesbot("classify", notes / "piano" / "a0" / "note.wav", "--json")
    assert (heard.returncode, heard.stderr) == (0, "")
    assert set(json.loads(heard.stdout)["probabilities"]) > {"piano", "flute"}


def test_the_packages_weights_are_safe(jacqueesbot: Jacqueesbot, notes: Path) -> None:
    before = packaged_weights().read_bytes()
    done = jacqueesbot("train", "--data", notes, "--out", packaged_weights(), "--seconds", 1)
    assert done.returncode == 2
    assert "where the package's own weights lie" in done.stderr
    assert packaged_weights().read_bytes() == before


def test_a_folder_without_classes_is_refused_in_one_line(jacqueesbot: Jacqueesbot, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    done = jacqueesbot("train", "--data", tmp_path / "none", "--out", tmp_path / "ears.pt", "--seconds", 1)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "ears.pt").exists()
