"""The recipe of the packaged weights, in small."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from embedding.network import HAN2016, SLIM
from embedding.training.excerpts import repertoire
from embedding.training.labels import LABELS
from embedding.training.notes import licences_of
from embedding.training.pool import Pool, write_chunk
from embedding.training.recipe import HEARD, KEPT, Lesson, begun, drawn_from, learn, split_of
from tests.embedding.training.test_phrases import FLUTES, KICK, PIECES, note

BAND = repertoire([*FLUTES, note(KICK, None)], PIECES)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("embedding.training.pool.CHUNK", 8)
    monkeypatch.setattr("embedding.training.recipe.ROOM", 64)
    for folder in (HEARD, KEPT):
        write_chunk(tmp_path / folder, 0, BAND, 0)
    return tmp_path


def test_what_is_kept_out_is_never_trained_on(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    rows = ["file,class,source,licence"]
    for label in ("flute", "cello"):
        (folder / label).mkdir(parents=True)
        for source in ("tonejs npm", "another"):
            for number in range(2):
                name = f"{label}/{source[0]}{number}.wav"
                soundfile.write(folder / name, 0.5 * np.sin(np.arange(22050) * 0.06), 22050)
                rows.append(f"notes/{name},{label},{source},CC0")
    (tmp_path / "notes.csv").write_text("\n".join(rows))
    split = split_of([folder], lambda _text: None)
    assert {(LABELS[one.label], one.source) for one in split.test} == {("flute", "tonejs npm"), ("cello", "tonejs npm")}
    assert {one.source for one in split.train} == {"another"}
    assert licences_of(folder) == {"tonejs npm": "CC0", "another": "CC0"}


def test_new_chunks_are_taken_in_as_they_are_written(work: Path) -> None:
    pool, waited = Pool(64), []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        write_chunk(work / "late", 0, BAND, 0)

    windows, targets = drawn_from(pool, [work / "late"], wait)(np.random.default_rng(0))
    assert waited == [1.0]
    assert len(pool) == 8
    assert windows.shape == (32, 130, 128)
    assert targets.shape == (32, len(LABELS))


def test_lessons_follow_each_other_and_are_not_learnt_twice(work: Path) -> None:
    first = Lesson("small", SLIM, None, (HEARD,), 1.0, 1.0)
    second = Lesson("wide", HAN2016, "small", (HEARD, KEPT), 1.0, 0.2)
    said: list[str] = []
    run = learn(first, work, 0.01, said.append)
    assert run.steps >= 1
    assert said
    again = learn(first, work, 0.01, said.append)
    assert again.steps == run.steps
    for one, other in zip(run.network.parameters(), again.network.parameters(), strict=True):
        assert torch.equal(one, other)
    wide = learn(second, work, 0.01, said.append)
    assert wide.network.architecture == HAN2016
    assert wide.rate == 0.2
    assert begun(work / "wide.checkpoint", HAN2016).architecture == HAN2016
