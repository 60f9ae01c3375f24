"""The shared audio arithmetic: where resampled sound lies, how long it gets, levels and pan."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from embedding.kernels import (
    as_stereo,
    db_to_gain,
    gain_to_db,
    pan_gains,
    resample,
    semitones_to_ratio,
)

SINES = ((110.0, 0.3, 0.4), (997.0, 0.2, 1.9), (3500.0, 0.1, 2.7))
"""Hz, level, phase."""


def waves(at_seconds: np.ndarray) -> np.ndarray:
    """A sum of sines at any time, faded in and out over one second."""
    fade = np.where((at_seconds > 0) & (at_seconds < 1), np.sin(np.pi * at_seconds) ** 2, 0.0)
    return fade * sum(level * np.sin(2 * np.pi * hz * at_seconds + phase) for hz, level, phase in SINES)


@pytest.mark.parametrize("semitones", [-12.0, -5.0, 0.0, 0.3, 7.0, 12.0])
@pytest.mark.parametrize(("from_hz", "to_hz"), [(44100, 22050), (48000, 44100), (22050, 48000), (96000, 22050)])
def test_sample_k_is_the_source_at_its_time(from_hz: int, to_hz: int, semitones: float) -> None:
    source = waves(np.arange(from_hz) / from_hz).astype(np.float32)
    ratio = 2.0 ** (semitones / 12.0)
    found = resample(np.stack([source, -source]), from_hz, to_hz, semitones)
    assert found.shape == (2, round(from_hz * to_hz / (from_hz * ratio)))
    assert found.dtype == np.float32
    expected = waves(np.arange(found.shape[1]) / to_hz * ratio)
    np.testing.assert_allclose(found[0], expected, atol=2e-4)
    np.testing.assert_array_equal(found[1], -found[0])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 5000),
    st.sampled_from([8000, 22050, 44100, 48000, 192000]),
    st.sampled_from([22050, 44100, 48000]),
    st.integers(-12, 12),
)
@example(1, 44100, 22050, 12)
def test_length_of_a_repitch(samples: int, from_hz: int, to_hz: int, semitones: int) -> None:
    found = resample(np.ones((1, samples), np.float32), from_hz, to_hz, semitones)
    assert abs(found.shape[1] - samples * to_hz / (from_hz * semitones_to_ratio(semitones))) <= 0.5 + 1e-6
    assert np.isfinite(found).all()


def test_what_need_not_be_resampled_is_returned_as_it_is() -> None:
    samples = np.ones((2, 9), np.float32)
    assert resample(samples, 44100, 44100) is samples
    assert resample(samples, 22050, 44100, 12.0) is samples


def test_an_octave_up_is_twice_as_fast() -> None:
    assert semitones_to_ratio(12.0) == 2.0
    assert semitones_to_ratio(-12.0) == 0.5
    assert semitones_to_ratio(0.0) == 1.0


@given(st.floats(-60, 60), st.floats(-60, 60))
def test_ratios_of_semitones_multiply(a: float, b: float) -> None:
    assert semitones_to_ratio(a) * semitones_to_ratio(b) == pytest.approx(semitones_to_ratio(a + b))


@given(st.floats(-200, 60))
def test_levels_and_gains_are_inverse(level_db: float) -> None:
    assert gain_to_db(db_to_gain(level_db)) == pytest.approx(level_db, abs=1e-9)


def test_levels_by_hand() -> None:
    assert db_to_gain(0.0) == 1.0
    assert db_to_gain(20.0) == pytest.approx(10.0)
    assert db_to_gain(-6.0) == pytest.approx(0.501187)
    assert db_to_gain(-math.inf) == 0.0
    assert gain_to_db(0.0) == -math.inf
    assert gain_to_db(2.0) == pytest.approx(6.0206)


def test_pan_by_hand() -> None:
    assert pan_gains(0.0) == pytest.approx((1.0, 1.0))
    assert pan_gains(-1.0) == pytest.approx((math.sqrt(2.0), 0.0))
    assert pan_gains(1.0) == pytest.approx((0.0, math.sqrt(2.0)))
    assert pan_gains(0.5) == pytest.approx((math.sqrt(2.0) * math.cos(3 * math.pi / 8), 1.306563))


@given(st.floats(-1, 1))
def test_pan_keeps_the_power_and_mirrors(pan: float) -> None:
    left, right = pan_gains(pan)
    assert left**2 + right**2 == pytest.approx(2.0)
    assert pan_gains(-pan) == pytest.approx((right, left), abs=1e-12)


def test_stereo_of_mono_stereo_and_more() -> None:
    samples = np.arange(12, dtype=np.float32).reshape(3, 4)
    np.testing.assert_array_equal(as_stereo(samples[:1]), samples[[0, 0]])
    np.testing.assert_array_equal(as_stereo(samples[:2]), samples[:2])
    np.testing.assert_array_equal(as_stereo(samples), samples[:2])
