"""Sounds to be played and captured: what a test says it hears, it made here."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from embedding.audio import Audio

Samples = npt.NDArray[np.float32]
RATE_HZ = 48000
STEP = 2.0**-15
"""Of 16 bit."""


def noise(seed: int, seconds: float, rate_hz: int = RATE_HZ) -> Samples:
    """[2, n] noise whose spectrum falls as music's does, unlike in left and right, on the grid of 16 bit, faded."""
    return on_grid(_faded(_brown(seed, round(seconds * rate_hz)), round(0.02 * rate_hz)))


def tune(seed: int, seconds: float, rate_hz: int = RATE_HZ) -> Samples:
    """[2, n] struck tones with overtones, every quarter of a second another one, unlike in left and right."""
    draw, count = np.random.default_rng(seed), round(seconds * rate_hz)
    sides = np.zeros((2, count))
    for start in range(0, count, rate_hz // 4):
        at = np.arange(min(rate_hz, count - start)) / rate_hz
        for side in sides:
            pitch_hz = 110 * 2 ** (draw.integers(36) / 12)
            waves = sum(np.sin(2 * np.pi * pitch_hz * k * at) / k**1.5 for k in range(1, 8))
            side[start : start + at.size] += 0.1 * np.exp(-6 * at) * np.minimum(1, at * 500) * waves
    return on_grid(_faded(sides, round(0.02 * rate_hz)))


def on_grid(samples: npt.NDArray[np.float64]) -> Samples:
    return (np.round(np.clip(samples, -1, 1 - STEP) / STEP) * STEP).astype(np.float32)


def recorded(played: Samples, before: int, after: int) -> Samples:
    """`played` between so many samples of silence."""
    return np.pad(played, ((0, 0), (before, after)))


def audio(samples: Samples, rate_hz: int = RATE_HZ) -> Audio:
    return Audio(np.ascontiguousarray(samples, dtype=np.float32), rate_hz)


def _brown(seed: int, count: int) -> npt.NDArray[np.float64]:
    white = np.random.default_rng(seed).standard_normal((2, count))
    falling = np.fft.irfft(np.fft.rfft(white, axis=1) / np.sqrt(np.arange(count // 2 + 1) + 50), count, axis=1)
    return np.asarray(0.1 * falling / falling.std())


def _faded(samples: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.float64]:
    ramp = np.linspace(0, 1, count)
    samples[:, :count] *= ramp
    samples[:, samples.shape[1] - count :] *= ramp[::-1]
    return samples
