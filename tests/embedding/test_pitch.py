from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedding.pitch import hz_to_midi, midi_to_hz, pitch_midi

RATE_HZ = 22050


def played(pitch: float, seconds: float, harmonics: int = 6) -> np.ndarray:
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    frequency_hz = midi_to_hz(pitch)
    audible = [k for k in range(1, harmonics + 1) if k * frequency_hz < RATE_HZ / 2]
    wave = sum(np.sin(2 * np.pi * frequency_hz * k * at + k) / k for k in audible)
    return (wave * np.exp(-2 * at)).astype(np.float32)


@given(st.floats(26.0, 94.0), st.floats(0.3, 3.0), st.integers(1, 8))
def test_a_note_has_its_pitch(pitch: float, seconds: float, harmonics: int) -> None:
    assert pitch_midi(played(pitch, seconds, harmonics)) == pytest.approx(pitch, abs=0.25)


@given(st.floats(1.0, 120.0))
def test_the_units_are_each_others_inverse(pitch: float) -> None:
    assert hz_to_midi(midi_to_hz(pitch)) == pytest.approx(pitch)


def test_noise_sweeps_melodies_and_silence_have_none() -> None:
    rng = np.random.default_rng(0)
    at = np.arange(RATE_HZ) / RATE_HZ
    assert pitch_midi(rng.standard_normal(RATE_HZ).astype(np.float32)) is None
    assert pitch_midi(np.sin(2 * np.pi * (300 * at - 120 * at**2)).astype(np.float32)) is None
    assert pitch_midi(np.concatenate([played(pitch, 0.4) for pitch in (60, 64, 67, 71)])) is None
    assert pitch_midi(np.zeros(RATE_HZ, np.float32)) is None
    assert pitch_midi(np.zeros(1, np.float32)) is None


def test_a_note_too_short_for_a_frame_still_counts() -> None:
    assert pitch_midi(played(69.0, 0.12)) == pytest.approx(69.0, abs=0.3)
