"""Plucked and struck one-shots. Each voice is (rng, frequency_hz) -> [n]."""

from __future__ import annotations

import numpy as np

from controller.starter.synthesis import (
    Signal,
    band_pass,
    decay,
    high_pass,
    low_pass,
    noise,
    partials,
    plucked_note,
    release,
    rise,
    sine,
    timeline,
)


def bright(rng: np.random.Generator, frequency_hz: float, seconds: float = 1.6) -> Signal:
    """A steel string."""
    return plucked_note(rng, frequency_hz, seconds, t60_seconds=2.8, damping=0.012, attack_hz=9000.0, plucked_at=0.13)


def nylon(rng: np.random.Generator, frequency_hz: float, seconds: float = 1.5) -> Signal:
    """A nylon string over a wooden body."""
    string = plucked_note(rng, frequency_hz, seconds, t60_seconds=2.0, damping=0.12, attack_hz=2400.0, plucked_at=0.3)
    t = timeline(seconds)
    body = 0.5 * band_pass(string, 90.0, 130.0, 1) + 0.5 * band_pass(string, 190.0, 250.0, 1)
    thumb = low_pass(noise(rng, t.size), 500.0) * decay(t, 0.05) * 0.08
    return np.asarray((string + body) / np.abs(string).max() + thumb)


def glass(rng: np.random.Generator, frequency_hz: float, seconds: float = 1.1) -> Signal:
    """FM: a modulator at three and a half times the pitch, quickly gone, and a softer one at the octave."""
    t = timeline(seconds)
    ping = 2.2 * decay(t, 0.25) * sine(3.5 * frequency_hz * t)
    warmth = 1.7 * decay(t, 1.3) * sine(2.0 * frequency_hz * t)
    tone = sine(frequency_hz * t + (ping + warmth) / (2.0 * np.pi))
    tick = 0.05 * high_pass(noise(rng, t.size), 4000.0) * decay(t, 0.01)
    return np.asarray((tone * decay(t, 1.1) + tick) * rise(t, 0.001) * release(t, 0.2))


def marimba(rng: np.random.Generator, frequency_hz: float, seconds: float = 1.1) -> Signal:
    """A tuned bar (partials 1, 4, 9.9) over its resonator, struck with yarn."""
    t = timeline(seconds)
    bar = partials(
        t,
        frequency_hz * np.array([1.0, 3.98, 9.9]),
        np.array([1.0, 0.28, 0.1]),
        np.array([1.2, 0.32, 0.1]) * (262.0 / frequency_hz) ** 0.4,
        np.zeros(3),
    )
    mallet = 0.2 * band_pass(noise(rng, t.size), 250.0, 1800.0, 1) * decay(t, 0.03)
    return np.asarray((bar + mallet) * rise(t, 0.0015) * release(t, 0.2))
