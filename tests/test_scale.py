"""The measurements of scale measure what they say: recordings of any length, libraries of any size, real work."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from embedding.kernels import FloatArray
from search.arrangement import Sample
from tests.benchmarks.scale import measured, with_ratio
from tests.benchmarks.scale_job import Job, chosen_samples, tiled
from tests.conftest import tone, write
from tests.made_sounds import HEARD_RATE_HZ, phrase, recording

SOUNDS = {f"/{number}": tone(110.0 * (number + 1), 0.8) for number in range(6)}


def sounds(path: str) -> tuple[FloatArray, int]:
    return SOUNDS[path], 44100


def real_samples() -> list[Sample]:
    embedding = np.ones(4, np.float32)
    return [Sample(path, path, 0.8, 44100, 1, "piano", None, -12.0, "one-shot", embedding) for path in SOUNDS]


@pytest.mark.parametrize("seconds", [0.5, 2.0, 5.0])
def test_a_recording_is_cut_or_repeated_to_any_length(seconds: float) -> None:
    once = phrase(2.0)
    made = tiled(recording(once), seconds)
    assert made.seconds == pytest.approx(seconds, abs=1 / HEARD_RATE_HZ)
    assert np.array_equal(made.samples[0], np.tile(once, 3)[: made.samples.shape[1]])


def test_a_small_library_is_of_the_first_folder_and_a_larger_one_holds_it_whole() -> None:
    few, _ = chosen_samples(real_samples(), 4, sounds, 3)
    assert {sample.path for sample in few} < {"/0", "/1", "/2", "/3"}
    more, _ = chosen_samples(real_samples(), 4, sounds, 5)
    assert {sample.path for sample in more[:4]} == {"/0", "/1", "/2", "/3"}


def test_beyond_the_real_samples_there_are_made_up_ones_that_sound_differently() -> None:
    samples, sound_of = chosen_samples(real_samples(), 4, sounds, 40)
    assert len({sample.path for sample in samples}) == len({sample.content_hash for sample in samples}) == 40
    heard = [sound_of(sample.path) for sample in samples]
    assert len({mono.tobytes() for mono, _ in heard}) == 40
    for sample, (mono, rate_hz) in zip(samples, heard, strict=True):
        assert mono.any()
        assert sample.seconds == pytest.approx(mono.size / rate_hz, abs=1e-4)


def test_ratios_are_to_the_first_row() -> None:
    assert with_ratio(6.0, 3.0) == "6 (2x)"
    assert with_ratio(3.0, 3.0) == "3"
    assert with_ratio(3.0, 0.0) == "3"


def test_new_files_are_indexed_and_then_known(small_library: Path, tmp_path: Path) -> None:
    target = write(tmp_path / "target.wav", phrase(2.0), HEARD_RATE_HZ)
    found = measured(Job("indexing", str(target), (str(small_library),), 2.0, 4, 1.0, 8.0), 120.0)
    assert isinstance(found, dict), found
    assert found["files"] == 4
    assert all(math.isfinite(value) and value > 0 for value in found.values())


def test_what_does_not_end_in_time_is_said_and_not_waited_for(small_library: Path, tmp_path: Path) -> None:
    job = Job("indexing", str(tmp_path / "none.wav"), (str(small_library),), 2.0, 4, 1.0, 8.0)
    assert measured(job, 0.05) == "more than 0.05 s"


def test_what_fails_is_said(small_library: Path, tmp_path: Path) -> None:
    job = Job("search", str(tmp_path / "none.wav"), (str(small_library),), 2.0, 4, 1.0, 8.0)
    found = measured(job, 120.0)
    assert isinstance(found, str)
    assert "none.wav" in found
