"""The demo recording's own instruments, made otherwise than the starter library's, so that covering it is a fair task.

Pitched voices are (rng, frequency_hz, held_seconds) -> [n], longer than `held_seconds` by their release.
"""

from __future__ import annotations

import numpy as np

from controller.starter.synthesis import (
    Signal,
    band_pass,
    cycles,
    decay,
    harmonics,
    high_pass,
    low_pass,
    noise,
    partials,
    play_table,
    play_tables,
    release,
    rise,
    sine,
    table_of,
    timeline,
    vibrato,
)


def felt_kick(rng: np.random.Generator) -> Signal:
    """An acoustic bass drum: the modes of a damped membrane, a felt beater."""
    t = timeline(0.38)
    skin = partials(
        t,
        np.array([61.0, 97.0, 131.0, 164.0]),
        np.array([1.0, 0.45, 0.3, 0.2]),
        np.array([0.36, 0.2, 0.13, 0.1]),
        np.zeros(4),
    )
    beater = low_pass(noise(rng, t.size), 2600.0) * decay(t, 0.035)
    return np.asarray((0.8 * skin + 0.35 * beater) * rise(t, 0.001) * release(t, 0.05))


def dry_snare(rng: np.random.Generator) -> Signal:
    """A damped drum whose wires buzz with it."""
    t = timeline(0.26)
    skin = partials(
        t, np.array([221.0, 352.0, 503.0]), np.array([0.8, 0.5, 0.3]), np.array([0.13, 0.1, 0.07]), np.zeros(3)
    )
    wires = band_pass(noise(rng, t.size), 1400.0, 6800.0) * (0.7 + 0.3 * sine(221.0 * t)) * decay(t, 0.24)
    return np.asarray((0.6 * skin + wires) * rise(t, 0.0006) * release(t, 0.05))


def thin_hat(rng: np.random.Generator, t60_seconds: float) -> Signal:
    t = timeline(1.3 * t60_seconds)
    return high_pass(noise(rng, t.size), 7200.0, 4) * decay(t, t60_seconds) * rise(t, 0.0006) * release(t, 0.01)


def splash(rng: np.random.Generator) -> Signal:
    t = timeline(1.3)
    hiss = band_pass(noise(rng, t.size), 3600.0, 12000.0, 1)
    return hiss * (0.7 * decay(t, 0.5) + 0.3 * decay(t, 1.5)) * rise(t, 0.003) * release(t, 0.3)


def round_bass(rng: np.random.Generator, frequency_hz: float, held_seconds: float) -> Signal:
    """A triangle that starts brighter than it goes on, like a muted upright."""
    t = timeline(held_seconds + 0.06)
    k = np.arange(1, 16, dtype=np.float64)
    dark = table_of(np.where(k % 2 == 1, (-1.0) ** ((k - 1) // 2) / k**2.2, 0.06 / k**2))
    open_ = table_of(1.0 / k**1.25)
    slide = 2.0 ** (-0.6 / 12.0 * np.exp(-t / 0.012))
    tone = play_tables(np.stack([open_, dark]), np.clip(t / 0.12, 0.0, 1.0), cycles(frequency_hz * slide))
    finger = 0.12 * band_pass(noise(rng, t.size), 500.0, 1600.0, 1) * decay(t, 0.03)
    return np.asarray((tone * (0.45 + 0.55 * decay(t, 1.8)) + finger) * rise(t, 0.005) * release(t, 0.06))


def reed_piano(rng: np.random.Generator, frequency_hz: float, held_seconds: float) -> Signal:
    """A struck reed: harmonics that fade from the top, under a tremolo."""
    t = timeline(held_seconds + 0.12)
    k = np.arange(1, 13, dtype=np.float64)
    levels = np.array([1.0, 0.55, 0.38, 0.15, 0.22, 0.08, 0.1, 0.04, 0.05, 0.02, 0.02, 0.01])
    tone = partials(t, k * frequency_hz, levels, 3.2 / k**0.75, rng.random(12) * 0.2)
    tremolo = 1.0 + 0.16 * sine(5.3 * t)
    knock = 0.05 * band_pass(noise(rng, t.size), 300.0, 1200.0, 1) * decay(t, 0.03)
    return np.asarray((tone * tremolo + knock) * rise(t, 0.003) * release(t, 0.12))


def ocarina(rng: np.random.Generator, frequency_hz: float, held_seconds: float) -> Signal:
    """A blown vessel: nearly a sine, with breath, scooped into from below, its vibrato coming late."""
    t = timeline(held_seconds + 0.05)
    hz = harmonics(frequency_hz)[:6]
    table = table_of(np.array([1.0, 0.12, 0.2, 0.04, 0.06, 0.015])[: hz.size])
    scoop = 2.0 ** (-0.35 / 12.0 * np.exp(-t / 0.025))
    swing = vibrato(t, 5.1, 16.0) ** rise(t - 0.22, 0.3)
    tone = play_table(table, cycles(frequency_hz * scoop * swing))
    breath = band_pass(noise(rng, t.size), 0.85 * frequency_hz, 2.4 * frequency_hz, 1)
    chiff = 0.05 + 0.16 * decay(t, 0.12)
    swell = (0.82 + 0.18 * rise(t, 0.35)) * decay(np.maximum(t - 0.6, 0.0), 6.0)
    return np.asarray((tone * swell + chiff * breath) * rise(t, 0.022) * release(t, 0.07))
