"""IRMAS on a disk, by a small tree of the same layout."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedding.errors import BadInput
from embedding.network import CLASSES, SILENCE
from embedding.training.irmas import (
    CODES,
    TrainingExcerpt,
    draw_windows,
    list_irmas,
    read_windows,
    recording_of,
    split_by_recording,
)
from tests.conftest import noise, tone, write
from tests.irmas_tree import RECORDINGS, write_irmas, write_quirks, write_test_part, write_training_part

FLUTE, TRUMPET = CLASSES.index("flute"), CLASSES.index("trumpet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_irmas(tmp_path_factory.mktemp("irmas") / "Töne")


def test_the_codes_are_the_classes() -> None:
    named = dict(zip(CODES, CLASSES, strict=True))
    assert named["cel"] == "cello"
    assert named["gac"] == "acoustic guitar"
    assert named["gel"] == "electric guitar"
    assert named["voi"] == "voice"
    assert all(name.startswith(code[:2]) for code, name in named.items() if code not in ("gac", "gel"))


def test_a_whole_data_set_is_listed(folder: Path) -> None:
    listed = list_irmas(folder)
    assert Counter(excerpt.label for excerpt in listed.training) == {FLUTE: 3 * RECORDINGS, TRUMPET: 3 * RECORDINGS}
    assert len({excerpt.recording for excerpt in listed.training}) == 2 * RECORDINGS
    assert {excerpt.file.name: excerpt.labels for excerpt in listed.test} == {
        "(02) don't wait-1.wav": {FLUTE},
        "Ümit-3.wav": {TRUMPET},
        "both-11.wav": {FLUTE, TRUMPET},
    }
    assert listed.unlabelled == ()


def test_the_training_folder_alone_will_do(folder: Path) -> None:
    listed = list_irmas(folder / "IRMAS-TrainingData")
    assert listed.training == list_irmas(folder).training
    assert listed.test == ()


def test_case_and_depth_do_not_matter(tmp_path: Path) -> None:
    made = write_training_part(tmp_path / "download" / "irmas" / "irmas-trainingdata" / "IRMAS-TrainingData")
    (made / "flu").rename(made / "FLU")
    for file in (made / "tru").iterdir():
        file.rename(file.with_suffix(".WAV"))
    write(tmp_path / "part 3" / "A.WAV", tone(200.0, 5.0), format="WAV")
    (tmp_path / "part 3" / "a.TXT").write_text("\ufeffVOI \t PIA\t\n", encoding="utf-8")
    listed = list_irmas(tmp_path)
    assert Counter(excerpt.label for excerpt in listed.training) == {FLUTE: 3 * RECORDINGS, TRUMPET: 3 * RECORDINGS}
    assert [excerpt.labels for excerpt in listed.test] == [{CLASSES.index("voice"), CLASSES.index("piano")}]


def test_links_are_followed_but_not_in_circles(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "training").symlink_to(folder / "IRMAS-TrainingData", target_is_directory=True)
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert len(list_irmas(tmp_path).training) == 6 * RECORDINGS


def test_what_cannot_be_used_is_told(tmp_path: Path) -> None:
    folder = write_irmas(tmp_path / "irmas")
    before = list_irmas(folder)
    write_quirks(folder)
    listed = list_irmas(folder)
    assert {file.name for file in listed.unlabelled} == {"no labels-1.wav", "unknown-1.wav", "[kaz][cla]0001__1.wav"}
    assert {excerpt.file.name for excerpt in listed.test} - {e.file.name for e in before.test} == {"damaged-1.wav"}
    windows, unreadable = read_windows(listed.training)
    assert {file.name for file in unreadable} == {"[flu][cla]0498__1.wav", "[flu][cla]0499__1.wav"}
    assert Counter(windows.labels.tolist()) == {FLUTE: 3 * RECORDINGS, TRUMPET: 3 * RECORDINGS}


def test_known_labels_count_beside_unknown_ones(tmp_path: Path) -> None:
    write_training_part(tmp_path)
    file = write(tmp_path / "Part1" / "a.wav", tone(200.0, 5.0))
    file.with_suffix(".txt").write_bytes(b"bas\t\nsax\t\n\xff\xfe\n")
    assert [excerpt.labels for excerpt in list_irmas(tmp_path).test] == [{CLASSES.index("saxophone")}]


def test_folders_that_are_not_irmas(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        list_irmas(tmp_path / "missing")
    with pytest.raises(BadInput, match="no training excerpts of IRMAS; it needs the folders cel, cla"):
        list_irmas(write_test_part(tmp_path / "tests alone"))
    write(tmp_path / "notes" / "piano" / "a.wav", tone(200.0, 1.0))
    with pytest.raises(BadInput, match="notes for --data"):
        list_irmas(tmp_path / "notes")
    write(tmp_path / "pia" / "[pia][cla]0001__1.wav", tone(200.0, 3.0))
    with pytest.raises(BadInput, match="pia alone"):
        list_irmas(tmp_path / "pia")


@pytest.mark.parametrize(
    ("name", "recording"),
    [
        ("[cel][cla]0001__1.wav", "0001"),
        ("008__[cel][nod][cla]0058__3.wav", "0058"),
        ("[gac][cou_fol]0551__12.wav", "0551"),
        ("my own.wav", "my own"),
    ],
)
def test_the_recording_is_in_the_name(name: str, recording: str) -> None:
    assert recording_of(Path("cel") / name) == recording


# Splitting


def excerpts_of(recordings: list[tuple[str, int, int]]) -> tuple[TrainingExcerpt, ...]:
    """Of (recording, label, number of excerpts)."""
    return tuple(
        TrainingExcerpt(Path(f"{label}/{recording}__{part}.wav"), label, recording)
        for recording, label, count in recordings
        for part in range(count)
    )


def test_about_15_percent_of_each_class_are_kept() -> None:
    excerpts = excerpts_of([(f"{label}{index:03}", label, 3) for label in range(11) for index in range(60 + 5 * label)])
    learned, kept = split_by_recording(excerpts)
    assert sorted(learned + kept, key=str) == sorted(excerpts, key=str)
    for label in range(11):
        share = sum(excerpt.label == label for excerpt in kept) / sum(excerpt.label == label for excerpt in excerpts)
        assert 0.15 <= share < 0.18


@given(
    st.lists(
        st.tuples(st.integers(0, 12).map(str), st.integers(0, 3), st.integers(1, 4)),
        min_size=1,
        max_size=30,
        unique_by=lambda made: made[:2],
    )
)
def test_no_recording_is_on_both_sides_and_no_class_is_lost(made: list[tuple[str, int, int]]) -> None:
    excerpts = excerpts_of(made)
    learned, kept = split_by_recording(excerpts)
    assert len(learned) + len(kept) == len(excerpts)
    assert {excerpt.recording for excerpt in learned}.isdisjoint(excerpt.recording for excerpt in kept)
    assert {excerpt.label for excerpt in learned} == {excerpt.label for excerpt in excerpts}


def test_the_split_does_not_depend_on_what_else_is_there(folder: Path) -> None:
    excerpts = list_irmas(folder).training
    flutes = tuple(excerpt for excerpt in excerpts if excerpt.label == FLUTE)
    _, kept = split_by_recording(excerpts)
    assert split_by_recording(flutes)[1] == tuple(excerpt for excerpt in kept if excerpt.label == FLUTE)


# Windows


def test_an_excerpt_of_3_seconds_is_one_window(folder: Path) -> None:
    excerpts = list_irmas(folder).training[:4]
    windows, unreadable = read_windows(excerpts)
    assert windows.windows.shape == (4, 130, 128)
    assert windows.labels.tolist() == [FLUTE] * 4
    assert unreadable == ()
    assert float(windows.windows.min()) == pytest.approx(SILENCE, abs=0.01)


def test_silent_windows_are_not_learned_from(tmp_path: Path) -> None:
    sound = np.concatenate([noise(3.0), np.zeros(6 * 44100, np.float32)])
    file = write(tmp_path / "flu" / "long__1.wav", sound)
    windows, _ = read_windows((TrainingExcerpt(file, FLUTE, "long"),))
    assert 1 <= len(windows.labels) <= 4
    assert (windows.windows.max(axis=(1, 2)) > SILENCE + 0.1).all()


def test_draws_are_of_all_classes_alike(folder: Path) -> None:
    excerpts = list_irmas(folder).training
    few_flutes = excerpts[:2] + excerpts[3 * RECORDINGS :]
    learned, _ = read_windows(few_flutes)
    windows, targets = draw_windows(learned, 400, np.random.default_rng(0))
    assert windows.shape == (400, 130, 128)
    assert targets.shape == (400, 11)
    assert windows.dtype == targets.dtype == np.float32
    assert (targets.sum(axis=1) == 1.0).all()
    assert 0.4 < targets[:, FLUTE].mean() < 0.6
    assert targets[:, FLUTE].mean() + targets[:, TRUMPET].mean() == pytest.approx(1.0)
    own = learned.windows[learned.labels == FLUTE]
    shown = windows[targets[:, FLUTE] == 1.0]
    assert all((window == own).all(axis=(1, 2)).any() for window in shown.astype(np.float16))
