"""Repeats: exact where a recording holds copies, none where it does not repeat, whatever the recording."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sounds import burst, noise, placed, pluck, sine

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray
from embedding.onsets import onsets_seconds
from search.repetition import LEAST_SIMILARITY, SHORTEST_SECONDS, Repeat, repeats_in


def music(seconds: float, seed: int) -> FloatArray:
    """Plucks and bursts at no regular times, so that it does not repeat within itself."""
    rng = np.random.default_rng(seed)
    starts = np.cumsum(rng.uniform(0.1, 0.5, round(seconds / 0.1)))
    sounds = [
        pluck(float(110.0 * 2.0 ** rng.uniform(0, 4)), 0.5)
        if rng.random() < 0.7
        else burst(float(rng.uniform(0.05, 0.3)), seed=int(rng.integers(1000)))
        for at in starts
        if at < seconds
    ]
    return placed(seconds, *zip(starts, sounds, strict=False))


def found_in(mono: FloatArray) -> list[Repeat]:
    return repeats_in(mono, onsets_seconds(mono))


@pytest.mark.parametrize("loop_samples", [44100, 52921, 76543])
def test_loops_are_found_to_the_sample(loop_samples: int) -> None:
    loop = music(loop_samples / SAMPLE_RATE_HZ + 1.0, seed=3)[:loop_samples]
    found = found_in(np.tile(loop, 4))
    assert sum(repeat.seconds for repeat in found) >= 0.9 * 3 * loop_samples / SAMPLE_RATE_HZ
    for repeat in found:
        assert round(repeat.lag_seconds * SAMPLE_RATE_HZ) % loop_samples == 0
        assert repeat.similarity > 0.999


def test_a_stretch_that_comes_back_later_is_found_among_other_music() -> None:
    bars = [music(3.0, seed) for seed in (10, 20, 30, 10, 40)]
    (repeat,) = found_in(np.concatenate(bars))
    assert repeat.from_seconds == pytest.approx(0.0, abs=0.3)
    assert repeat.lag_seconds == pytest.approx(9.0, abs=1 / SAMPLE_RATE_HZ)
    assert repeat.seconds == pytest.approx(3.0, abs=0.5)


def test_what_is_played_over_a_loop_does_not_hide_it() -> None:
    loop = np.tile(music(2.0, seed=5), 4)
    found = found_in(loop + placed(8.0, *((at, sine(900.0 + 50.0 * at, 0.4, 0.1)) for at in (0.9, 3.2, 4.6, 7.1))))
    assert sum(repeat.seconds for repeat in found) > 4.0
    assert {round(repeat.lag_seconds, 3) % 2.0 for repeat in found} == {0.0}
    assert all(LEAST_SIMILARITY < repeat.similarity < 1.0 for repeat in found)


def test_repeats_begin_just_before_onsets() -> None:
    mono = np.concatenate([np.zeros(12000, np.float32), np.tile(music(2.0, seed=7), 3)])
    onsets = onsets_seconds(mono)
    for repeat in found_in(mono):
        assert 0.0 <= float(np.min(np.abs(onsets - repeat.to_seconds - 0.03))) < 0.02


@pytest.mark.parametrize(
    "mono",
    [
        noise(8 * SAMPLE_RATE_HZ, seed=1),
        np.zeros(8 * SAMPLE_RATE_HZ, np.float32),
        music(0.5, 0),
        music(1.02, 0),
        noise(1),
    ],
    ids=["noise", "silence", "short", "a second", "one sample"],
)
def test_what_does_not_repeat_has_none(mono: FloatArray) -> None:
    assert found_in(mono) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=8), st.integers(20000, 50000))
def test_repeats_lie_within_the_recording_and_apart(seeds: list[int], bar_samples: int) -> None:
    mono = np.concatenate([music(3.0, seed)[:bar_samples] for seed in seeds])
    found = found_in(mono)
    for repeat in found:
        assert SHORTEST_SECONDS <= repeat.seconds <= repeat.lag_seconds + 1e-9
        assert repeat.from_seconds >= 0.0
        assert repeat.to_seconds + repeat.seconds <= mono.size / SAMPLE_RATE_HZ + 1e-9
        assert LEAST_SIMILARITY <= repeat.similarity <= 1.0
    for before, after in pairwise(found):
        assert before.to_seconds + before.seconds <= after.to_seconds + 1e-9


def test_long_recordings_are_heard_more_coarsely_but_found_as_exactly() -> None:
    bar = music(6.0, seed=2)
    mono = np.concatenate([music(60.0, seed) if seed else bar for seed in (1, 0, 3, 0)])
    assert any(repeat.lag_seconds == pytest.approx(66.0, abs=1 / SAMPLE_RATE_HZ) for repeat in found_in(mono))
