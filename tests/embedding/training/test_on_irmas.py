"""Training on a small tree of IRMAS' layout, and what is then said of the ears."""

import json
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import torch

from embedding.errors import BadInput
from embedding.network import CLASSES, Architecture
from embedding.training import on_irmas
from embedding.training.irmas import TestExcerpt, list_irmas
from embedding.training.on_irmas import evaluate, train_on_irmas
from embedding.weights import card_path, load_ears
from tests.conftest import RATE_HZ, write
from tests.embedding.training.interruptions import interrupted_and_gone_on_with
from tests.irmas_tree import flute, trumpet, write_irmas, write_quirks

TINY = Architecture("tiny", (4, 6, 8, 12), 16)
SMALL = Architecture("small", (8, 8, 16, 16), 64)
FLUTE, TRUMPET = CLASSES.index("flute"), CLASSES.index("trumpet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_irmas(tmp_path_factory.mktemp("irmas"))


@pytest.fixture(autouse=True)
def few_excerpts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_irmas, "CENTRE_EXCERPTS", 16)


def test_it_learns_what_plays(folder: Path, tmp_path: Path) -> None:
    listed = list_irmas(folder)
    untrained = train_on_irmas(listed, tmp_path / "untrained.pt", architecture=SMALL, steps=1)
    trained = train_on_irmas(listed, tmp_path / "trained.pt", architecture=SMALL, steps=60)
    assert untrained.test is not None
    assert trained.test is not None
    assert trained.validation is not None
    assert trained.test.excerpts == 3
    assert trained.validation.excerpts == 12
    assert trained.validation.f1.micro > 0.8
    assert trained.test.f1.micro > 0.8 > untrained.test.f1.micro


def test_the_card_says_what_was_learned_and_measured(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out.pt"
    done = train_on_irmas(list_irmas(folder), out, architecture=TINY, steps=1, seed=3)
    card = json.loads(card_path(out).read_text(encoding="utf-8"))
    assert card["data"]["name"] == "IRMAS"
    assert "non-commercial" in card["data"]["licence"]
    assert card["training"] == {"excerpts": 36, "steps": 1, "batch": 32, "seed": 3}
    assert done.test is not None
    told = card["accuracy"]["test"]
    assert told["excerpts"] == 3
    assert told["f1_micro"] == pytest.approx(done.test.f1.micro, abs=1e-4)
    assert told["f1_macro"] == pytest.approx(done.test.f1.macro, abs=1e-4)
    assert list(told["per_class"]) == list(CLASSES)
    assert done.left_out == ()
    assert sorted(file.name for file in out.parent.iterdir()) == ["out.json", "out.pt"]


def test_what_it_writes_can_be_used(folder: Path, tmp_path: Path) -> None:
    train_on_irmas(list_irmas(folder), tmp_path / "out.pt", steps=1)
    windows = np.random.default_rng(0).normal(-4.0, 2.0, (2, 130, 128)).astype(np.float32)
    heard = load_ears(tmp_path / "out.pt", torch.float32).hear(windows)
    assert heard.probabilities.shape == (2, 11)
    assert np.isfinite(heard.embeddings).all()


def test_without_a_testing_part_the_card_says_so(folder: Path, tmp_path: Path) -> None:
    listed = list_irmas(folder / "IRMAS-TrainingData")
    done = train_on_irmas(listed, tmp_path / "out.pt", architecture=TINY, steps=1)
    assert done.test is None
    assert done.validation is not None
    card = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert card["accuracy"]["test"] == "the testing part was not there"


def test_what_cannot_be_used_is_left_out_and_told(tmp_path: Path) -> None:
    folder = write_irmas(tmp_path / "irmas")
    write_quirks(folder)
    done = train_on_irmas(list_irmas(folder), tmp_path / "out.pt", architecture=TINY, steps=1)
    assert sorted(file.name for file in done.left_out) == [
        "[flu][cla]0498__1.wav",
        "[flu][cla]0499__1.wav",
        "[kaz][cla]0001__1.wav",
        "damaged-1.wav",
        "no labels-1.wav",
        "unknown-1.wav",
    ]
    assert done.test is not None
    assert done.test.excerpts == 3


def test_nothing_is_written_where_everything_is_damaged(tmp_path: Path) -> None:
    for code in ("flu", "tru"):
        (tmp_path / "irmas" / code).mkdir(parents=True)
        for number in range(3):
            (tmp_path / "irmas" / code / f"[{code}][cla]{number:04}__1.wav").write_bytes(b"RIFF")
    with pytest.raises(BadInput, match="fewer than two classes"):
        train_on_irmas(list_irmas(tmp_path / "irmas"), tmp_path / "out.pt", architecture=TINY, steps=1)
    assert [file.name for file in tmp_path.iterdir()] == ["irmas"]


def test_an_interrupted_run_goes_on_from_its_checkpoint(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.pt"
    _, steps = interrupted_and_gone_on_with(partial(train_on_irmas, list_irmas(folder), out, architecture=TINY), out)
    assert steps == [4, 5, 6]
    assert not out.with_suffix(".checkpoint").exists()


def test_a_budget_of_seconds_ends_by_the_clock(folder: Path, tmp_path: Path) -> None:
    ticking: Iterator[float] = map(float, count())
    train_on_irmas(list_irmas(folder), tmp_path / "out.pt", architecture=TINY, seconds=9.0, clock=lambda: next(ticking))
    assert 1 <= json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["training"]["steps"] < 9


def test_what_the_packages_ears_make_of_a_flute_and_a_trumpet(tmp_path: Path) -> None:
    """By the same functions as any excerpt: the score follows from the labels alone, here from all or none of them."""
    file = write(tmp_path / "a.wav", np.concatenate([flute(300.0, 3.0), np.zeros(4 * RATE_HZ), trumpet(300.0, 3.0)]))
    ears = load_ears()
    everything = TestExcerpt(file, frozenset(range(11)))
    evaluation, unreadable = evaluate(ears, [everything, everything])
    assert unreadable == ()
    assert evaluation is not None
    heard = [score == 1.0 for score in evaluation.f1.per_class]
    assert 1 <= sum(heard) <= 11
    assert evaluation.f1.micro == pytest.approx(2 * sum(heard) / (sum(heard) + 11))
    assert evaluation.f1.macro == pytest.approx(sum(heard) / 11)
