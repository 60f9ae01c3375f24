"""Drums and cymbals."""

from __future__ import annotations

import numpy as np

from controller.starter.synthesis import (
    Signal,
    band_pass,
    cycles,
    decay,
    high_pass,
    low_pass,
    noise,
    partials,
    release,
    rise,
    sine,
    timeline,
)

METAL_RATIOS = np.array([1.0, 1.483, 1.932, 2.546, 2.630, 3.897])
"""Partials of a small cymbal, far from any harmonic series."""


def kick(
    rng: np.random.Generator,
    seconds: float,
    start_hz: float,
    end_hz: float,
    sweep_seconds: float,
    drive: float,
    click: float,
) -> Signal:
    """A sine that falls from `start_hz` to `end_hz`, saturated by `drive`, with a beater of level `click`."""
    t = timeline(seconds)
    body = sine(cycles(end_hz + (start_hz - end_hz) * np.exp(-t / sweep_seconds)))
    body = np.tanh(drive * body * decay(t, 1.8 * seconds)) / np.tanh(drive)
    beater = band_pass(noise(rng, t.size), 1500.0, 7000.0) * decay(t, 0.03)
    knock = sine(start_hz * 2.5 * t) * decay(t, 0.035)
    return np.asarray(body * decay(t, 2.0 * seconds) + click * (beater + 0.5 * knock))


def snare(
    rng: np.random.Generator,
    seconds: float,
    head_hz: float,
    head: float,
    wires_low_hz: float,
    wires_t60_seconds: float,
    strike_seconds: float = 0.0005,
) -> Signal:
    """A drum head (two modes that fall a little in pitch) and wires: noise above `wires_low_hz`."""
    t = timeline(seconds)
    fall = 1.0 + 0.25 * np.exp(-t / 0.012)
    modes = sine(cycles(head_hz * fall)) + 0.6 * sine(cycles(1.62 * head_hz * fall) + 0.2)
    wires = band_pass(noise(rng, t.size), wires_low_hz, 11000.0, 1)
    crack = high_pass(noise(rng, t.size), 3000.0) * decay(t, 0.03)
    shaped = 0.75 * decay(t, wires_t60_seconds) + 0.25 * decay(t, 2.0 * wires_t60_seconds)
    struck = head * modes * decay(t, 0.22) + 0.6 * wires * shaped + 0.2 * crack
    return np.asarray(np.tanh(1.3 * struck) * rise(t, strike_seconds))


def clap(rng: np.random.Generator, seconds: float = 0.4) -> Signal:
    """Several hands a few milliseconds apart, then the room."""
    t = timeline(seconds)
    shaped = 0.45 * np.where(t >= 0.031, decay(np.maximum(t - 0.031, 0.0), 0.3), 0.0)
    for start, level in ((0.0, 0.7), (0.011, 0.85), (0.02, 0.75), (0.031, 1.0)):
        shaped += level * np.where(t >= start, decay(np.maximum(t - start, 0.0), 0.045), 0.0)
    hands = noise(rng, t.size)
    return np.asarray(np.tanh(2.2 * (band_pass(hands, 850.0, 2100.0) + 0.1 * high_pass(hands, 2500.0, 1)) * shaped))


def rim(rng: np.random.Generator, seconds: float = 0.15) -> Signal:
    """A stick across the rim: three short wooden modes and a tick."""
    t = timeline(seconds)
    wood = partials(
        t, np.array([482.0, 1120.0, 1735.0]), np.array([0.6, 0.5, 1.0]), np.array([0.1, 0.06, 0.08]), np.zeros(3)
    )
    return np.asarray(np.tanh(1.8 * wood) + 0.4 * high_pass(noise(rng, t.size), 4000.0) * decay(t, 0.015))


def cymbal(
    rng: np.random.Generator,
    seconds: float,
    base_hz: float,
    t60_seconds: float,
    low_hz: float,
    metal: float = 0.5,
    swell_seconds: float = 0.0004,
) -> Signal:
    """A hi-hat: clanging squares on the metal ratios of `base_hz` and hiss, both above `low_hz`."""
    t = timeline(seconds)
    squares = np.zeros_like(t)
    for ratio in METAL_RATIOS:
        phase = base_hz * ratio * t + rng.random()
        # the squares' aliases are as inharmonic as the metal itself, and wanted
        squares += np.sign(sine(phase)) / METAL_RATIOS.size
    clang = high_pass(squares, low_hz, 4)
    hiss = high_pass(noise(rng, t.size), low_hz, 2)
    stick = high_pass(noise(rng, t.size), 2.0 * low_hz / 3.0) * decay(t, 0.012)
    shaped = (metal * clang * 2.5 + (1.0 - metal) * 0.5 * hiss) * decay(t, t60_seconds) + 0.12 * stick
    return low_pass(np.tanh(1.2 * shaped) * rise(t, swell_seconds), 16000.0, 1)


def shaker(rng: np.random.Generator, seconds: float = 0.16) -> Signal:
    """Beads that gather, then strike."""
    t = timeline(seconds)
    beads = band_pass(noise(rng, t.size), 4500.0, 11000.0)
    return beads * (0.35 * rise(t, 0.04) * decay(t, 0.3) + np.exp(-(((t - 0.05) / 0.013) ** 2)))


def tom(rng: np.random.Generator, seconds: float, end_hz: float) -> Signal:
    t = timeline(seconds)
    fall = end_hz * (1.0 + 0.55 * np.exp(-t / 0.045))
    skin = sine(cycles(fall)) * decay(t, 0.95 * seconds) + 0.3 * sine(cycles(1.59 * fall)) * decay(t, 0.4 * seconds)
    stick = band_pass(noise(rng, t.size), 400.0, 4000.0, 1) * decay(t, 0.07)
    return np.asarray(np.tanh(1.4 * skin) + 0.3 * stick)


def crash(rng: np.random.Generator, seconds: float = 2.2) -> Signal:
    """A dense cluster of modes over hiss, stereo; the higher, the sooner gone."""
    t = timeline(seconds)
    sides = []
    modes_hz = np.exp(rng.uniform(np.log(380.0), np.log(9500.0), 70))
    for _ in range(2):
        detuned_hz = modes_hz * (1.0 + 0.003 * rng.standard_normal(modes_hz.size))
        t60s = 3.2 * (1000.0 / detuned_hz) ** 0.3
        ring = partials(t, detuned_hz, rng.uniform(0.3, 1.0, modes_hz.size), t60s, rng.random(modes_hz.size))
        white = noise(rng, t.size)
        hiss = band_pass(white, 3000.0, 9000.0, 1) * decay(t, 2.6) + 0.5 * high_pass(white, 8000.0) * decay(t, 1.4)
        wash = (0.09 * ring + hiss) * (0.7 + 0.3 * decay(t, 0.25))
        sides.append(np.tanh(1.6 * wash) * rise(t, 0.002) * release(t, 0.5))
    return high_pass(np.stack(sides), 300.0)


def ride(rng: np.random.Generator, seconds: float = 1.4) -> Signal:
    """A ping over a quiet wash."""
    t = timeline(seconds)
    modes_hz = np.exp(rng.uniform(np.log(900.0), np.log(8000.0), 40))
    wash = partials(t, modes_hz, rng.uniform(0.2, 1.0, 40), 1.9 * (1000.0 / modes_hz) ** 0.25, rng.random(40))
    ping_hz = np.array([3120.0, 4415.0, 5230.0, 6890.0])
    ping = partials(t, ping_hz, np.array([1.0, 0.8, 0.7, 0.5]), np.array([0.7, 0.5, 0.45, 0.3]), rng.random(4))
    stick = high_pass(noise(rng, t.size), 5000.0) * decay(t, 0.025)
    struck = np.tanh(0.09 * wash + 0.3 * ping * rise(t, 0.0005) + 0.35 * stick)
    return high_pass(struck * release(t, 0.3), 500.0)
