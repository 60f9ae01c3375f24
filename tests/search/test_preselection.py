"""Of a large library some of each kind are chosen, the nearest first; of a small one all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from planner_case import SIX

from embedding.kernels import FloatArray
from search.arrangement import Sample
from search.preselection import preselected

ONE = SIX.samples[0]


def made(number: int, instrument: str, near: float, pitch: float | None = None) -> Sample:
    embedding = np.array([near, 0.0], np.float32)
    return replace(ONE, path=f"/{number}", instrument=instrument, pitch_midi=pitch, embedding=embedding)


def first_coordinate(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(1.0 - np.abs(a[:, 0] - b[:, 0]), dtype=np.float32)


TARGET = np.array([[1.0, 0.0], [0.9, 0.0]], np.float32)
MANY = [made(n, "piano", n / 100.0) for n in range(90)] + [made(100 + n, "flute", 0.0, 60.0 + 5 * n) for n in range(4)]


def never(sample: Sample) -> bool:
    return False


def test_a_small_library_is_taken_whole() -> None:
    assert preselected(MANY, TARGET, first_coordinate, never, len(MANY)) == MANY


def test_every_kind_is_there_and_the_nearest_of_it() -> None:
    chosen = preselected(MANY, TARGET, first_coordinate, never, 10)
    assert len(chosen) == 10
    assert sum(sample.instrument == "flute" for sample in chosen) == 4
    assert {sample.path for sample in chosen if sample.instrument == "piano"} == {f"/{n}" for n in range(84, 90)}
    assert chosen == sorted(chosen, key=MANY.index)


def test_what_is_required_is_there_too() -> None:
    chosen = preselected(MANY, TARGET, first_coordinate, lambda sample: sample.path == "/3", 10)
    assert MANY[3] in chosen
    assert len(chosen) == 11


def test_other_ears_than_the_targets_do_no_harm() -> None:
    other = np.zeros((3, 7), np.float32)
    assert len(preselected(MANY, other, first_coordinate, never, 10)) == 10
