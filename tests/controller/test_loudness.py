from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest

from controller.loudness import loudness_offset_db
from embedding.audio import Audio

RATE_HZ = 44100


def hum(level: float, seconds: float = 2.0, channels: int = 2) -> Audio:
    wave = level * np.sin(2 * np.pi * 220.0 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)
    return Audio(np.repeat(wave[np.newaxis].astype(np.float32), channels, axis=0), RATE_HZ)


@pytest.mark.parametrize(
    ("target", "cover", "offset_db"), [(0.1, 0.2, -6.0206), (0.2, 0.1, 6.0206), (0.15, 0.1, 3.5218)]
)
@pytest.mark.parametrize("seconds", [2.0, 0.1])
def test_level_differences_are_made_up(target: float, cover: float, offset_db: float, seconds: float) -> None:
    assert loudness_offset_db(hum(target, seconds), hum(cover, seconds)) == pytest.approx(offset_db, abs=1e-3)


def test_after_it_both_are_equally_loud_to_the_meter() -> None:
    rng = np.random.default_rng(1)
    target = Audio((0.05 * rng.standard_normal((2, 3 * RATE_HZ))).astype(np.float32), RATE_HZ)
    cover = hum(0.2)
    gain = 10 ** (loudness_offset_db(target, cover) / 20)
    meter = pyloudnorm.Meter(RATE_HZ)
    loudness = [meter.integrated_loudness(a.T.astype(float)) for a in (target.samples, gain * cover.samples)]
    assert loudness[0] == pytest.approx(loudness[1], abs=0.01)


def test_the_peak_stays_below_minus_one_dbfs() -> None:
    clicks = np.zeros((2, 2 * RATE_HZ), dtype=np.float32)
    clicks[:, ::4410] = 0.8
    offset = loudness_offset_db(hum(0.5), Audio(clicks, RATE_HZ))
    assert offset == pytest.approx(20 * np.log10(10 ** (-1 / 20) / 0.8), abs=1e-3)


def test_a_mono_target_counts_on_both_sides() -> None:
    assert loudness_offset_db(hum(0.1, channels=1), hum(0.1)) == pytest.approx(0.0, abs=1e-3)


def test_silence_has_no_loudness_to_match() -> None:
    assert loudness_offset_db(hum(0.1), hum(0.0)) == 0.0
    assert loudness_offset_db(hum(0.0), hum(0.1)) == 0.0
    assert loudness_offset_db(hum(0.1), Audio(np.zeros((2, 0), np.float32), RATE_HZ)) == 0.0
