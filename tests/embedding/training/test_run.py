"""Training, on notes that the tests make: a bright and a hollow instrument of three sources each."""

import json
import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from embedding.errors import BadInput, BadOption
from embedding.kernels import FloatArray
from embedding.network import CLASSES, SILENCE, Architecture
from embedding.training import run as training
from embedding.training.excerpts import draw_batch, masked, repertoire
from embedding.training.labels import LABELS
from embedding.training.notes import note_files, read_notes, sources_of, split_by_source
from embedding.training.phrases import phrase
from embedding.training.run import Budget, learning_rate, train_ears
from embedding.training.sound import noise, overloaded, percussion, recorded, repitched, room
from embedding.training.tunes import made_pieces
from embedding.weights import card_path, load_ears
from tests.embedding.training.interruptions import interrupted_and_gone_on_with

TINY = Architecture("tiny", (4, 6, 8, 12), 16)
SOURCES = ("anna", "ben", "carla")
PIECES = made_pieces(np.random.default_rng(0))


def bright(hz: float, seconds: float, rng: np.random.Generator) -> FloatArray:
    at = np.arange(int(seconds * 22050)) / 22050
    sound = sum(np.sin(2 * np.pi * hz * k * at + rng.uniform(0, 6)) for k in range(1, int(9000 / hz)))
    return np.asarray(0.1 * sound, dtype=np.float32)


def hollow(hz: float, seconds: float, rng: np.random.Generator) -> FloatArray:
    at = np.arange(int(seconds * 22050)) / 22050
    return np.asarray(0.3 * np.sin(2 * np.pi * hz * at) * np.exp(-2 * at) + 1e-4 * rng.normal(size=at.size), np.float32)


def write_notes(folder: Path, sources: tuple[str, ...] = SOURCES, notes: int = 8) -> Path:
    rng = np.random.default_rng(0)
    made: dict[str, Callable[[float, float, np.random.Generator], FloatArray]] = {
        "trumpet": bright,
        "acoustic_guitar": hollow,
    }
    for name, make in made.items():
        (folder / name).mkdir(parents=True)
        for source in sources:
            for index in range(notes):
                file = folder / name / f"{source}__{index:02}.wav"
                soundfile.write(file, make(220.0 * 2 ** (index / 8), float(rng.uniform(0.4, 1.2)), rng), 22050)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_notes(tmp_path_factory.mktemp("training") / "Töne")


@pytest.fixture(autouse=True)
def few_excerpts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "CENTRE_EXCERPTS", 16)
    monkeypatch.setattr(training, "TEST_EXCERPTS_PER_CLASS", 20)


# Reading and splitting


def test_notes_are_read_by_class_and_source(folder: Path) -> None:
    notes = read_notes(folder)
    assert len(notes) == 48
    assert {CLASSES[note.label] for note in notes} == {"trumpet", "acoustic guitar"}
    assert {note.source for note in notes} == set(SOURCES)
    assert all(np.abs(note.samples).max() == 32767 for note in notes)


def test_what_cannot_be_used_is_left_out(tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "data", notes=2)
    (folder / "trumpet" / "broken.wav").write_bytes(b"RIFF")
    soundfile.write(folder / "trumpet" / "silent.wav", np.zeros(1000), 22050)
    (folder / "trumpet" / "notes.txt").write_text("no audio")
    (folder / "kazoo").mkdir()
    soundfile.write(folder / "kazoo" / "a.wav", np.ones(1000) * 0.1, 22050)
    assert len(read_notes(folder)) == 12


def test_silence_before_a_note_is_cut_off(tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "data", notes=1)
    sound = np.concatenate([np.zeros(22050), 0.5 * np.ones(1000)])
    soundfile.write(folder / "trumpet" / "late.wav", sound, 22050)
    late = next(note for note in read_notes(folder) if note.name == "late.wav")
    assert late.samples.size == 1000


def test_sources_come_from_a_csv_else_from_the_name_else_are_files(tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "data", sources=("anna",), notes=2)
    soundfile.write(folder / "trumpet" / "plain.wav", bright(300, 0.5, np.random.default_rng(0)), 22050)
    rows = "file,class,source,licence\nsomewhere/data/trumpet/anna__01.wav,trumpet,a csv's,CC0\n"
    (tmp_path / "data.csv").write_text(rows, encoding="utf-8")
    files = [file for _, file in note_files(folder)]
    found = {file.parent.name + "/" + file.name: source for file, source in sources_of(folder, files).items()}
    assert found == {
        "acoustic_guitar/anna__00.wav": "anna",
        "acoustic_guitar/anna__01.wav": "anna",
        "trumpet/anna__00.wav": "anna",
        "trumpet/anna__01.wav": "a csv's",
        "trumpet/plain.wav": "trumpet/plain.wav",
    }


def test_the_split_is_by_source(folder: Path) -> None:
    split = split_by_source(read_notes(folder))
    assert {note.source for note in split.test} == {"anna"}
    assert {note.source for note in split.train} == {"ben", "carla"}


def test_sources_can_be_kept_out_by_name(folder: Path) -> None:
    split = split_by_source(read_notes(folder), frozenset({("trumpet", "ben"), ("trumpet", "carla")}))
    kept = {(CLASSES[note.label], note.source) for note in split.test}
    assert kept == {("trumpet", "ben"), ("trumpet", "carla"), ("acoustic guitar", "anna")}


def test_small_sources_share_the_test(tmp_path: Path) -> None:
    many = tuple(f"player{index}" for index in range(10))
    split = split_by_source(read_notes(write_notes(tmp_path / "data", sources=many, notes=2)))
    assert {note.source for note in split.test} == {"player0", "player1"}


def test_a_class_of_one_source_is_trained_on(tmp_path: Path) -> None:
    split = split_by_source(read_notes(write_notes(tmp_path / "data", sources=("anna",))))
    assert split.test == ()
    assert len(split.train) == 16


def test_folders_that_hold_no_notes(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        read_notes(tmp_path / "missing")
    with pytest.raises(BadInput, match="holds no notes; it needs a folder per class, named cello"):
        read_notes(tmp_path)
    (tmp_path / "cello").mkdir()
    soundfile.write(tmp_path / "cello" / "a.wav", 0.1 * np.ones(1000), 22050)
    with pytest.raises(BadInput, match="fewer than two classes"):
        read_notes(tmp_path)


# Excerpts


def test_excerpts_are_windows_of_every_class(folder: Path) -> None:
    windows, targets = draw_batch(repertoire(read_notes(folder), PIECES), 32, np.random.default_rng(0))
    assert windows.shape == (32, 130, 128)
    assert targets.shape == (32, len(LABELS))
    assert {CLASSES[label] for label in targets.argmax(axis=1)} == {"trumpet", "acoustic guitar"}
    assert (targets.max(axis=1) == 1.0).all()
    assert np.isfinite(windows).all()
    assert windows.min() >= SILENCE - 1e-4
    assert windows.std() > 0.5


def test_the_same_seed_makes_the_same_excerpts(folder: Path) -> None:
    notes = repertoire(read_notes(folder), PIECES)
    first, second, other = (draw_batch(notes, 3, np.random.default_rng(seed))[0] for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_a_phrase_is_of_one_source_and_fills_its_window(folder: Path) -> None:
    source = repertoire(read_notes(folder), PIECES).sources[CLASSES.index("trumpet")][0]
    for seed in range(8):
        sound = phrase(source, PIECES, np.random.default_rng(seed))
        assert sound.shape == (3 * 22050,)
        assert np.abs(sound).max() == pytest.approx(1.0, abs=1e-5)


def test_masking_silences_at_most_a_band_and_a_stretch() -> None:
    given = np.ones((64, 130, 128), np.float32)
    shown = masked(given, np.random.default_rng(0))
    assert (given == 1.0).all()
    assert set(np.unique(shown)) == {np.float32(SILENCE), np.float32(1.0)}
    assert 0.2 < np.mean([(window == 1.0).all() for window in shown]) < 0.6
    assert min(float((window == 1.0).mean()) for window in shown) > 0.6


def test_repitching_moves_the_pitch() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(repitched(tone, 12.0), 22050))
    assert int(spectrum.argmax()) == pytest.approx(880, abs=2)
    assert repitched(tone, 12.0).size == pytest.approx(11025, abs=1)


def test_a_recording_begins_with_the_direct_sound() -> None:
    for seed in range(20):
        response = room(np.random.default_rng(seed))
        assert response[0] == 1.0
        assert 10 ** (-25.1 / 10) <= float(np.sum(response[1:] ** 2)) <= 10 ** (-2.9 / 10)


def test_sounds_stay_finite_and_of_their_size() -> None:
    dry = np.sin(np.arange(10_000) / 7).astype(np.float32)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        for made in (recorded(dry, rng), overloaded(dry, rng), noise(10_000, rng), percussion(10_000, rng)):
            assert made.shape == (10_000,)
            assert made.dtype == np.float32
            assert np.isfinite(made).all()
        assert float(np.sqrt(np.mean(noise(10_000, rng) ** 2))) == pytest.approx(1.0, rel=1e-3)


# The loop


def test_it_learns_to_tell_two_classes_apart(folder: Path) -> None:
    split = split_by_source(read_notes(folder))
    run = training.start(Architecture("small", (8, 8, 16, 16), 64), 2)
    heard, kept = repertoire(split.train, PIECES), repertoire(split.test, PIECES)
    windows, targets = draw_batch(heard, 160, run.rng)
    before = training.finish(run, heard, kept, 0)[1]["accuracy"]
    run.network.train()
    steps = 80
    for step in range(steps):
        chosen = run.rng.choice(len(windows), 32, replace=False)
        training.learn(run, windows[chosen], targets[chosen], learning_rate(step / steps))
    after = training.finish(run, heard, kept, 0)[1]["accuracy"]
    assert set(after["per_class"]) == {"trumpet", "acoustic guitar"}
    assert before["overall"] <= 0.6
    assert after["overall"] >= 0.8


def test_the_card_names_what_was_kept_out(folder: Path, tmp_path: Path) -> None:
    card = train_ears(folder, tmp_path / "out.pt", architecture=TINY, steps=1).card
    assert card["test_sources"] == ["acoustic guitar: anna", "trumpet: anna"]
    assert card["training"]["notes"] == 32
    assert 0.0 <= card["accuracy"]["overall"] <= 1.0


def test_what_it_writes_is_read_and_hears_the_same(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out.pt"
    ears = train_ears(folder, out, steps=2, about={"licences": {"mine": "CC0"}})
    loaded = load_ears(out, torch.float32)
    windows = np.random.default_rng(0).normal(-4.0, 2.0, (4, 130, 128)).astype(np.float32)
    expected = ears.hear(windows).embeddings
    assert np.linalg.norm(loaded.hear(windows).embeddings - expected) < 0.02 * np.linalg.norm(expected)
    card = json.loads(card_path(out).read_text(encoding="utf-8"))
    assert card["training"]["steps"] == 2
    assert card["licences"] == {"mine": "CC0"}
    assert sorted(file.name for file in out.parent.iterdir()) == ["out.json", "out.pt"]


def test_the_same_seed_and_steps_give_the_same_weights(folder: Path, tmp_path: Path) -> None:
    first, second = (
        train_ears(folder, tmp_path / f"{name}.pt", architecture=TINY, steps=3, seed=4).network.state_dict()
        for name in ("a", "b")
    )
    assert all(torch.equal(first[key], second[key]) for key in first)


def test_an_interrupted_run_goes_on_from_its_checkpoint(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.pt"
    ears, steps = interrupted_and_gone_on_with(partial(train_ears, folder, out, architecture=TINY), out)
    assert steps == [4, 5, 6]
    assert ears.card["training"]["steps"] == 6
    assert not out.with_suffix(".checkpoint").exists()


def test_a_checkpoint_of_another_run_is_not_gone_on_from(folder: Path, tmp_path: Path) -> None:
    run = training.start(TINY, 0)
    run.steps = 5
    training.keep(tmp_path / "a.checkpoint", "one run", run)
    assert training.resume(tmp_path / "a.checkpoint", "another", training.start(TINY, 0)).steps == 0
    assert training.resume(tmp_path / "a.checkpoint", "one run", training.start(TINY, 0)).steps == 5


def test_a_budget_of_seconds_ends_by_the_clock(folder: Path, tmp_path: Path) -> None:
    ticking: Iterator[float] = map(float, count())
    ears = train_ears(folder, tmp_path / "out.pt", architecture=TINY, seconds=9.0, clock=lambda: next(ticking))
    assert 1 <= ears.card["training"]["steps"] < 9


@pytest.mark.parametrize(
    ("seconds", "steps"), [(0.0, 5), (-1.0, 5), (5.0, 0), (5.0, math.nan), (math.inf, math.inf), (math.nan, 5)]
)
def test_budgets_that_are_none(seconds: float, steps: float) -> None:
    with pytest.raises(BadOption, match="above 0"):
        Budget(seconds, steps)


def test_the_learning_rate_rises_and_falls_to_nothing() -> None:
    rates = [learning_rate(share) for share in np.linspace(0.0, 1.0, 101)]
    assert max(rates) == pytest.approx(training.PEAK_LEARNING_RATE, rel=1e-3)
    assert int(np.argmax(rates)) in (3, 4)
    assert rates[-1] == pytest.approx(0.0, abs=1e-12)
    assert all(a >= b for a, b in pairwise(rates[4:]))
