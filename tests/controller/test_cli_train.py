"""`jacqueesbot train`: weights of one's own, and that the package's are safe from it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from embedding.weights import packaged_weights
from tests.conftest import Jacqueesbot, noise, tone, write
from tests.irmas_tree import write_irmas, write_training_part


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


# IRMAS


def test_training_on_irmas_tells_the_weights_and_their_f1(
    jacqueesbot: Jacqueesbot, tmp_path: Path, config_file: Path
) -> None:
    folder = write_irmas(tmp_path / "irmas")
    out = tmp_path / "mine" / "ears.pt"
    done = jacqueesbot("train", "--irmas", folder, "--out", out, "--seconds", 2)
    assert (done.returncode, done.stderr) == (0, "")
    first, validation, test = done.stdout.splitlines()
    assert first == str(out)
    assert re.fullmatch(
        r"recordings kept out of training: F1 micro [01]\.\d{4}, macro [01]\.\d{4} \(12 excerpts\)", validation
    )
    assert re.fullmatch(r"IRMAS testing part: F1 micro [01]\.\d{4}, macro [01]\.\d{4} \(3 excerpts\)", test)
    assert sorted(path.name for path in out.parent.iterdir()) == ["ears.json", "ears.pt"]
    config_file.write_text(f"embedding: {{weights: '{out}'}}\n", encoding="utf-8")
    heard = jacqueesbot("classify", folder / "IRMAS-TestingData-Part3" / "Part3" / "both-11.wav", "--json")
    assert (heard.returncode, heard.stderr) == (0, "")


def test_the_training_folder_alone_has_no_test(jacqueesbot: Jacqueesbot, tmp_path: Path) -> None:
    folder = write_training_part(tmp_path / "IRMAS-TrainingData")
    (folder / "tru" / "[tru][cla]1999__1.wav").write_bytes(b"RIFF")
    done = jacqueesbot("train", "--irmas", folder, "--out", tmp_path / "ears.pt", "--seconds", 1)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "IRMAS testing part: is not there"
    assert len(done.stderr.splitlines()) == 1
    assert "1 recording left out" in done.stderr
    assert "1999__1.wav" in done.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--irmas", "nowhere"), "no such folder"),
        (("--irmas", "."), "holds no training excerpts of IRMAS; it needs the folders cel, cla"),
        (("--irmas", ".", "--data", "."), "choose one"),
        (("--irmas", ".", "--seconds", "0"), "--seconds 0: should be more than 0"),
        ((), "--data: is missing"),
    ],
)
def test_what_cannot_be_trained_on_is_said_in_one_line(
    jacqueesbot: Jacqueesbot, tmp_path: Path, options: tuple[str, ...], told: str
) -> None:
    done = jacqueesbot("train", *options, "--out", tmp_path / "new" / "ears.pt")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert told in done.stderr
    assert not (tmp_path / "new").exists()
