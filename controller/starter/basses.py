"""Basses. Each voice is (rng, frequency_hz) -> [n]."""

from __future__ import annotations

import numpy as np

from controller.starter.synthesis import (
    Signal,
    band_pass,
    decay,
    filtered_saw,
    high_pass,
    low_pass,
    noise,
    plucked_note,
    release,
    rise,
    sine,
    timeline,
)


def sub(rng: np.random.Generator, frequency_hz: float, seconds: float = 1.6) -> Signal:
    """A sine, warmed a little so that small loudspeakers hear it too."""
    t = timeline(seconds)
    tone = np.tanh(1.6 * sine(frequency_hz * t + 0.0)) + 0.18 * sine(2.0 * frequency_hz * t) * decay(t, 1.0)
    knock = 0.15 * low_pass(noise(rng, t.size), 900.0) * decay(t, 0.03)
    return np.asarray((tone * (0.6 + 0.4 * decay(t, 1.5)) * release(t, 0.35) + knock) * rise(t, 0.004))


def saw(rng: np.random.Generator, frequency_hz: float, seconds: float = 1.3) -> Signal:
    """Saws slightly apart, a softer one an octave up, under a low pass that closes."""
    t = timeline(seconds)
    cutoff_hz = 260.0 + 8.0 * frequency_hz + 3000.0 * decay(t, 0.9)
    tone = np.zeros_like(t)
    for cents, level in ((-4.0, 0.4), (0.0, 0.8), (4.0, 0.4), (1200.0, 0.7)):
        voice_hz = frequency_hz * 2.0 ** (cents / 1200.0)
        tone += level * filtered_saw(voice_hz, voice_hz * t + 0.1 * rng.random(), cutoff_hz, resonance=0.7)
    shaped = tone * (0.35 + 0.65 * decay(t, 2.2)) * rise(t, 0.003) * release(t, 0.2)
    return high_pass(np.tanh(0.8 * shaped), 25.0)


def fm(rng: np.random.Generator, frequency_hz: float, seconds: float = 1.4) -> Signal:
    """A rubbery bass: modulators at the octave and the pitch itself, their index falling."""
    t = timeline(seconds)
    index = 0.8 + 2.2 * decay(t, 0.7)
    modulator = (
        sine(2.0 * frequency_hz * t)
        + 0.4 * sine(frequency_hz * t)
        + 0.25 * sine(5.0 * frequency_hz * t) * decay(t, 0.12)
    )
    tone = sine(frequency_hz * t + index * modulator / (2.0 * np.pi))
    thump = 0.3 * low_pass(noise(rng, t.size), 1200.0) * decay(t, 0.03)
    return np.asarray((tone * decay(t, 2.6) + thump) * rise(t, 0.002) * release(t, 0.25))


def picked(rng: np.random.Generator, frequency_hz: float, seconds: float = 1.9) -> Signal:
    """A plectrum on a round-wound string, heard by a pickup near the bridge."""
    t = timeline(seconds)
    string = plucked_note(rng, frequency_hz, seconds, t60_seconds=3.4, damping=0.1, attack_hz=1300.0, plucked_at=0.17)
    string /= np.abs(string).max()
    body = 0.35 * sine(frequency_hz * t) * decay(t, 3.0) * rise(t, 0.01)
    tick = 0.06 * band_pass(noise(rng, t.size), 1800.0, 5000.0) * decay(t, 0.012)
    return np.asarray(np.tanh(1.2 * (low_pass(string, 2600.0, 1) + body + tick)) * release(t, 0.3))
