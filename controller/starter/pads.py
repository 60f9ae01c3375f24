"""Sustained voices, stereo. Each voice is (rng, frequency_hz) -> [2, n]."""

from __future__ import annotations

import numpy as np

from controller.starter.synthesis import (
    Signal,
    band_pass,
    cycles,
    filtered_saw,
    harmonics,
    high_pass,
    noise,
    panned,
    play_table,
    release,
    rise,
    sine,
    table_of,
    timeline,
    vibrato,
)

AH_FORMANTS = ((720.0, 110.0, 1.0), (1120.0, 130.0, 0.6), (2600.0, 220.0, 0.22), (3300.0, 300.0, 0.12))
"""(centre hz, width hz, level) of a sung "ah"."""


def warm(rng: np.random.Generator, frequency_hz: float, seconds: float = 3.6) -> Signal:
    """Seven saws spread in pitch and place, a low pass that opens slowly and closes."""
    t = timeline(seconds)
    cutoff_hz = 350.0 + 1.5 * frequency_hz + 1500.0 * np.sin(np.pi * np.clip(t / seconds, 0.0, 1.0)) ** 2
    total = np.zeros((2, t.size))
    for cents, level, place in _spread(voices=7, widest_cents=11.0):
        sway = vibrato(t, 0.35 + 0.3 * rng.random(), 2.0, rng.random())
        phase = cycles(frequency_hz * 2.0 ** (cents / 1200.0) * sway) + rng.random()
        total += panned(level * filtered_saw(frequency_hz, phase, cutoff_hz, resonance=0.25), place)
    return total * rise(t, 0.7) * release(t, 1.2)


def strings(rng: np.random.Generator, frequency_hz: float, seconds: float = 3.4) -> Signal:
    """Seven players, each with a vibrato and a bow of their own, over the body's resonances."""
    t = timeline(seconds)
    hz = harmonics(frequency_hz)
    body = 1.0 + 1.2 * _peak(hz, 290.0, 60.0) + 0.9 * _peak(hz, 520.0, 120.0) + 1.3 * _peak(hz, 2600.0, 900.0)
    table = table_of(body * (frequency_hz / hz) * np.exp(-hz / 5200.0))
    total = np.zeros((2, t.size))
    for cents, level, place in _spread(voices=7, widest_cents=6.0):
        wobble = 1.0 + 0.15 * rise(t - 0.2, 0.6) * sine(0.7 * t + rng.random())
        depth = vibrato(t, 5.2 + 0.8 * rng.random(), 9.0, rng.random()) ** rise(t - 0.15, 0.7)
        phase = cycles(frequency_hz * 2.0 ** (cents / 1200.0) * depth) + rng.random()
        total += panned(level * wobble * play_table(table, phase) * rise(t, 0.12 + 0.12 * rng.random()), place)
    bow = band_pass(noise(rng, t.size), 2200.0, 6000.0, 1) * (0.4 + 0.6 * rise(t, 0.2)) * 0.02
    return high_pass(total + bow, 120.0) * rise(t, 0.3) * release(t, 0.7)


def choir(rng: np.random.Generator, frequency_hz: float, seconds: float = 3.8) -> Signal:
    """Five singers on "ah": harmonics under the vowel's formants, some breath."""
    t = timeline(seconds)
    hz = harmonics(frequency_hz)
    total = np.zeros((2, t.size))
    for cents, level, place in _spread(voices=5, widest_cents=8.0):
        throat = 1.0 + 0.04 * rng.standard_normal()
        vowel = sum(gain * _peak(hz, centre * throat, width) for centre, width, gain in AH_FORMANTS)
        # 0.35 of the plain voice keeps the pitch where no formant lies on it
        table = table_of((vowel + 0.35 * np.exp(-hz / 700.0)) * (frequency_hz / hz) ** 0.35, rng.random(hz.size))
        swing = vibrato(t, 5.0 + 0.7 * rng.random(), 12.0, rng.random()) ** (0.4 + 0.6 * rise(t - 0.3, 0.8))
        phase = cycles(frequency_hz * 2.0 ** (cents / 1200.0) * swing)
        total += panned(level * play_table(table, phase) * rise(t, 0.3 + 0.25 * rng.random()), place)
    breath = noise(rng, t.size)
    air = sum(gain * band_pass(breath, centre - width, centre + width, 1) for centre, width, gain in AH_FORMANTS)
    return (total + 0.06 * air) * rise(t, 0.5) * release(t, 1.0)


def _spread(voices: int, widest_cents: float) -> list[tuple[float, float, float]]:
    """(cents, level, place) of each of an odd number of voices: spread evenly to both sides of the pitch, the middle
    loudest, so that the whole stays in tune; neighbours in pitch stand on opposite sides."""
    spread = np.linspace(-1.0, 1.0, voices)
    return [(widest_cents * s, 1.0 - 0.75 * abs(s), 0.8 * s * (-1.0) ** i) for i, s in enumerate(spread.tolist())]


def _peak(hz: Signal, centre_hz: float, width_hz: float) -> Signal:
    """A resonance of height 1: the magnitude of a second-order peak."""
    return np.asarray(1.0 / (1.0 + ((hz - centre_hz) / width_hz) ** 2))
