"""Keyboards. Each voice is (rng, frequency_hz) -> [n] or stereo [2, n]."""

from __future__ import annotations

import numpy as np

from controller.starter.synthesis import (
    HIGHEST_PARTIAL_HZ,
    Signal,
    band_pass,
    cycles,
    decay,
    high_pass,
    low_pass,
    noise,
    partials,
    play_table,
    release,
    rise,
    sine,
    table_of,
    timeline,
    vibrato,
)

DRAWBARS = np.array([1.0, 0.75, 0.5, 0.35, 0.0, 0.16, 0.0, 0.2])
"""Levels of harmonics 1 to 8: 8', 4', 2 2/3', 2', 1 1/3', 1'."""


def piano(rng: np.random.Generator, frequency_hz: float, seconds: float = 2.8) -> Signal:
    """Two stiff strings a fraction of a cent apart, struck at an eighth of their length.

    Partial k lies at k f sqrt(1 + B k^2) (Fletcher 1964); each falls fast at first, then slowly (Weinreich 1977).
    """
    t = timeline(seconds)
    stiffness = 2.2e-4 * (frequency_hz / 262.0) ** 0.9
    k = np.arange(1, 61, dtype=np.float64)
    hz = k * frequency_hz * np.sqrt((1.0 + stiffness * k**2) / (1.0 + stiffness))
    kept = hz < HIGHEST_PARTIAL_HZ * 0.7
    k, hz = k[kept], hz[kept]
    felt = np.exp(-hz / 1500.0) + 0.05 * np.exp(-hz / 4500.0)
    strength = np.abs(np.sin(np.pi * k / 8.0)) ** 0.7 / k**0.55 * felt * rng.uniform(0.75, 1.25, k.size)
    slow = 9.0 * (131.0 / frequency_hz) ** 0.45 / (1.0 + 0.12 * k)
    start = rng.random(k.size)
    tone = partials(t, hz * 2.0 ** (-0.4 / 1200.0), 0.55 * strength, 0.38 * slow, start)
    tone += partials(t, hz * 2.0 ** (0.4 / 1200.0), 0.45 * strength, slow, start)
    thud = band_pass(noise(rng, t.size), 90.0, 700.0, 1) * decay(t, 0.11)
    felt_noise = band_pass(noise(rng, t.size), 1200.0, 4500.0, 1) * decay(t, 0.03)
    hammer = (0.06 * thud + 0.035 * felt_noise) * np.abs(tone).max()
    return np.asarray((tone + hammer) * rise(t, 0.002) * release(t, 0.5))


def electric_piano(rng: np.random.Generator, frequency_hz: float, seconds: float = 2.5) -> Signal:
    """A tine and its tone bar by FM (1:1, and 1:14 for the strike), swaying slowly between the sides."""
    t = timeline(seconds)
    bark = (0.4 + 1.5 * decay(t, 1.5)) * min(1.0, (330.0 / frequency_hz) ** 0.5)
    body = sine(frequency_hz * t + bark * sine(frequency_hz * t) / (2.0 * np.pi))
    strike_hz = min(14.0 * frequency_hz, 7000.0)
    tine = sine(frequency_hz * t + 0.8 * decay(t, 0.3) * sine(strike_hz * t) / (2.0 * np.pi)) * decay(t, 1.3)
    key = 0.04 * low_pass(noise(rng, t.size), 700.0) * decay(t, 0.05)
    tone = (0.75 * body * decay(t, 4.5) + 0.35 * tine + key) * rise(t, 0.0015) * release(t, 0.4)
    sway = 0.14 * sine(4.6 * t) * rise(t, 0.3)
    return np.stack([tone * (1.0 - sway), tone * (1.0 + sway)])


def organ(rng: np.random.Generator, frequency_hz: float, seconds: float = 2.2) -> Signal:
    """Drawbars through a slowly turning horn: the sides sway in pitch and level against each other."""
    t = timeline(seconds)
    table = table_of(DRAWBARS, rng.random(DRAWBARS.size))
    click = 0.12 * high_pass(noise(rng, t.size), 1500.0) * decay(t, 0.012)
    percussion = 0.5 * sine(3.0 * frequency_hz * t) * decay(t, 0.35)
    sides = []
    for start_cycles in (0.0, 0.5):
        phase = cycles(frequency_hz * vibrato(t, 5.8, 5.0, start_cycles))
        level = 1.0 + 0.1 * sine(5.8 * t + start_cycles + 0.25)
        sides.append((np.tanh(0.7 * play_table(table, phase) * level) + 0.25 * percussion) + click)
    return np.stack(sides) * rise(t, 0.006) * release(t, 0.2)


def bell(rng: np.random.Generator, frequency_hz: float, seconds: float = 2.6) -> Signal:
    """A small metal bar with a resonator: partials 1, 2.76, 5.4, 8.93 (free bar), each a beating pair."""
    t = timeline(seconds)
    ratios = np.array([1.0, 2.0, 2.756, 5.404, 8.933])
    levels = np.array([1.0, 0.22, 0.35, 0.18, 0.06])
    t60s = np.array([3.2, 1.6, 1.5, 0.6, 0.25])
    tone = partials(t, frequency_hz * ratios, levels, t60s, rng.random(5))
    tone += partials(t, frequency_hz * ratios * 1.0007, 0.3 * levels, t60s, rng.random(5))
    mallet = 0.12 * high_pass(noise(rng, t.size), 3500.0) * decay(t, 0.012)
    return np.asarray((tone + mallet) * rise(t, 0.0008) * release(t, 0.5))
