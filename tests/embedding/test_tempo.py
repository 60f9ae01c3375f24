"""The tempo estimate: of regular clicks, and where there is none to estimate."""

from __future__ import annotations

import numpy as np
import pytest
from made_sounds import burst, placed, sine

from embedding.kernels import FloatArray
from embedding.onsets import onset_strength
from embedding.tempo import DEFAULT_BPM, tempo_bpm


def tempo_of(sound: FloatArray) -> float:
    return tempo_bpm(onset_strength(sound))


@pytest.mark.parametrize("bpm", [90.0, 120.0, 150.0])
def test_of_clicks_or_half_or_twice_that(bpm: float) -> None:
    starts = np.arange(0.0, 7.9, 60.0 / bpm)
    found = tempo_of(placed(8.0, *((float(start), burst(0.05)) for start in starts)))
    assert min(abs(found / bpm / factor - 1.0) for factor in (0.5, 1.0, 2.0)) < 0.04
    assert found == round(found, 2)


@pytest.mark.parametrize("seconds", [0.0, 1.0, 2.9, 5.0])
def test_silence_and_short_sounds_have_the_default(seconds: float) -> None:
    assert tempo_of(np.zeros(round(seconds * 22050), np.float32)) == DEFAULT_BPM
    assert tempo_of(sine(440.0, min(seconds, 2.9))) == DEFAULT_BPM


def test_a_steady_sound_has_a_tempo_that_a_set_can_have() -> None:
    assert 20.0 <= tempo_of(sine(440.0, 4.0)) <= 999.0
