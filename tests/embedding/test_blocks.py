"""Blocks: each frame of a recording once, and windows made of them equal to windows of the whole analysis."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_sounds import noise, phrase, placed, sine

from embedding.analysis import BLOCK_FRAMES, BLOCK_SAMPLES, WINDOW_FRAMES, WINDOW_SAMPLES, analyse, frame_count
from embedding.blocks import (
    HALF_FFT_SAMPLES,
    SPAN_SAMPLES,
    analyse_spans,
    block_count,
    blocks_of,
    is_silent,
    span_start,
    window_chroma,
    window_maxima,
    window_mel,
)
from embedding.kernels import FloatArray

LENGTHS = st.integers(1, 6 * 22050)


def assert_near(found: FloatArray, expected: FloatArray) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6 * float(np.abs(expected).max(initial=1e-9)))


@settings(max_examples=20, deadline=None)
@given(LENGTHS)
@example(1)
@example(WINDOW_SAMPLES)
@example(WINDOW_SAMPLES + BLOCK_SAMPLES)
@example(WINDOW_SAMPLES + BLOCK_SAMPLES - 103)
def test_blocks_hold_each_frame_once_in_order(samples: int) -> None:
    sound = noise(samples, seed=samples)
    blocks = blocks_of(sound, samples)
    assert len(blocks) == block_count(samples)
    assert BLOCK_FRAMES * len(blocks) >= frame_count(samples)
    whole = analyse(np.pad(sound, (0, (len(blocks) + 1) * BLOCK_SAMPLES - samples)))
    assert_near(np.concatenate([block.mel for block in blocks]), whole.mel[: BLOCK_FRAMES * len(blocks)])
    assert_near(np.concatenate([block.chroma for block in blocks]), whole.chroma[: BLOCK_FRAMES * len(blocks)])


@settings(max_examples=15, deadline=None)
@given(st.integers(WINDOW_SAMPLES, 7 * 22050))
def test_windows_of_blocks_are_windows_of_the_whole(samples: int) -> None:
    sound = noise(samples, seed=samples)
    blocks, whole = blocks_of(sound, samples), analyse(sound)
    assert len(blocks) == len(window_maxima(blocks)) + 3
    for window in range(len(blocks) - 3):
        frames = slice(window * BLOCK_FRAMES, window * BLOCK_FRAMES + WINDOW_FRAMES)
        assert_near(window_mel(blocks, window), whole.mel[frames])
        assert_near(window_chroma(blocks, window), whole.chroma[frames])


@settings(max_examples=30, deadline=None)
@given(LENGTHS, st.integers(0, 6 * 22050))
@example(4 * 22050, WINDOW_SAMPLES - 1)
@example(4 * 22050, WINDOW_SAMPLES)
@example(5 * 22050, BLOCK_SAMPLES + WINDOW_SAMPLES - 1)
@example(5 * 22050, BLOCK_SAMPLES + WINDOW_SAMPLES)
def test_maxima_are_the_largest_absolute_samples_of_three_seconds(samples: int, loudest: int) -> None:
    sound = noise(samples, level=0.1, seed=samples)
    sound[min(loudest, samples - 1)] = -1.0
    maxima = window_maxima(blocks_of(sound, samples))
    starts = [BLOCK_SAMPLES * window for window in range(len(maxima))]
    assert maxima.tolist() == [float(np.abs(sound[s : s + WINDOW_SAMPLES]).max()) for s in starts]


def test_a_recording_is_padded_or_cut_to_the_length_asked_for() -> None:
    sound = phrase(4.0)
    samples = 3 * 22050
    for given_sound, same in ((sound, sound[:samples]), (sound[:30000], np.pad(sound[:30000], (0, samples - 30000)))):
        for a, b in zip(blocks_of(given_sound, samples), blocks_of(same, samples), strict=True):
            np.testing.assert_array_equal(a.mel, b.mel)
            np.testing.assert_array_equal(a.chroma, b.chroma)
            assert (a.peak, a.head_peak) == (b.peak, b.head_peak)


def test_a_block_is_found_from_its_span_alone() -> None:
    sound = phrase(4.0)
    blocks = blocks_of(sound, sound.size)
    padded = np.pad(sound, (HALF_FFT_SAMPLES, 4 * BLOCK_SAMPLES))
    for number, block in enumerate(blocks):
        first = span_start(number) + HALF_FFT_SAMPLES
        (alone,) = analyse_spans(padded[np.newaxis, first : first + SPAN_SAMPLES])
        assert_near(alone.mel, block.mel)
        assert (alone.peak, alone.head_peak) == (block.peak, block.head_peak)


@pytest.mark.parametrize(("quiet", "silent"), [(0.0, True), (0.9e-4, True), (1.1e-4, False)])
def test_a_window_is_silent_80_db_below_the_loudest(quiet: float, silent: bool) -> None:
    found = is_silent(np.array([1.0, quiet], dtype=np.float32))
    assert found.tolist() == [False, silent]
    assert is_silent(np.zeros(3, np.float32)).all()


def test_blocks_of_silence_are_zero() -> None:
    for block in blocks_of(np.zeros(100, np.float32), 100):
        assert not block.mel.any()
        assert not block.chroma.any()
        assert block.peak == block.head_peak == 0.0


def test_sound_reaches_only_the_blocks_whose_frames_see_it() -> None:
    blocks = blocks_of(placed(6.0, (2.5, sine(440.0, 0.2))), 6 * 22050)
    sounding = [number for number, block in enumerate(blocks) if block.mel.any()]
    assert sounding == [2]
