"""Notes made by formulas: drawbar and pipe organs and plucked electric strings, of which recordings have few sources.

A seed is a source: another set of drawbars, of pipes, of strings and pickups. They are no instruments to listen to;
they keep the network from taking what one organ sounds like for what an organ is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray
from embedding.pitch import midi_to_hz
from embedding.training.soundfonts import write_note

SOURCES = 12
KEYS_ORGAN = range(36, 94, 4)
KEYS_GUITAR = range(40, 82, 3)
DRAWBARS = np.array([0.5, 1.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0])
"""Harmonics of a tonewheel organ's nine drawbars, 16' to 1'."""


def gather_made_notes(out_folder: Path) -> Iterator[Path]:
    """Write `out_folder/organ/made-*` and `out_folder/electric_guitar/made-*`; what was written."""
    for folder, keys, make in (
        ("organ", KEYS_ORGAN, organ_note),
        ("electric_guitar", KEYS_GUITAR, plucked_note),
    ):
        (out_folder / folder).mkdir(parents=True, exist_ok=True)
        for source in range(SOURCES):
            for key in keys:
                file = out_folder / folder / f"made-{folder.replace('_', '-')}-{source:02d}__{key:03d}-00.flac"
                if not file.is_file():
                    sound = make(key, np.random.default_rng(source), np.random.default_rng([source, key]))
                    yield write_note(file, sound / np.abs(sound).max() * np.float32(0.9), SAMPLE_RATE_HZ)


def organ_note(key: int, source: np.random.Generator, own: np.random.Generator) -> FloatArray:
    """[n] of 3 s, made of sines: tonewheels with a key's click, or ranks of pipes that speak slowly, with wind."""
    seconds = np.arange(3 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    tonewheels = source.random() < 0.5
    if tonewheels:
        harmonics, levels = DRAWBARS, source.integers(0, 9, DRAWBARS.size) / 8.0
        levels[2] = max(levels[2], 0.5)
        attack_seconds = 0.004
    else:
        ranks = source.choice([0.5, 1.0, 2.0, 3.0, 4.0, 8.0], int(source.integers(1, 5)), replace=False)
        steepness = source.uniform(0.8, 2.5)
        overtones = np.arange(1, 13)
        harmonics = np.concatenate([rank * overtones for rank in ranks])
        levels = np.tile(overtones**-steepness * np.where(overtones % 2, 1.0, source.uniform(0.1, 1.0)), ranks.size)
        attack_seconds = float(source.uniform(0.02, 0.12))
    sound = np.zeros(seconds.size)
    for harmonic, level in zip(harmonics, levels, strict=True):
        hz = midi_to_hz(key) * harmonic * 2.0 ** (own.normal(0.0, 0.0 if tonewheels else 0.02) / 12.0)
        if level > 0.0 and hz < 10000.0:
            sound += level * np.sin(2 * np.pi * hz * seconds + own.uniform(0.0, 6.28))
    sound *= 1.0 - np.exp(-seconds / attack_seconds)
    breath = own.standard_normal(seconds.size)
    if tonewheels:
        sound += source.uniform(0.0, 0.6) * breath * np.exp(-seconds / 0.004)
        if source.random() < 0.4:  # percussion: the second harmonic, struck
            sound += 2.0 * np.sin(4 * np.pi * midi_to_hz(key) * seconds) * np.exp(-seconds / 0.25)
    else:
        sound += 0.02 * source.random() * np.abs(sound).max() * breath
    return sound.astype(np.float32)


def plucked_note(key: int, source: np.random.Generator, own: np.random.Generator) -> FloatArray:
    """[n] of 3 s: partials of a stiff string, plucked at one point, heard at another (the pickup), the high ones dying
    first."""
    seconds = np.arange(3 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    plucked_at, heard_at = source.uniform(0.08, 0.3) + own.normal(0.0, 0.01), source.uniform(0.06, 0.25)
    stiffness, ringing = 10 ** source.uniform(-4.8, -3.6), source.uniform(0.6, 3.0)
    brightness, damping = source.uniform(0.6, 1.4), source.uniform(0.1, 0.6)
    tone_hz = source.uniform(2000.0, 5000.0)
    sound = np.zeros(seconds.size)
    for partial in range(1, 41):
        hz = partial * midi_to_hz(key) * np.sqrt(1.0 + stiffness * partial * partial)
        if hz > 9000.0:
            break
        level = np.sin(np.pi * partial * plucked_at) * np.sin(np.pi * partial * heard_at) * partial**-brightness
        level /= np.sqrt(1.0 + (hz / tone_hz) ** 4)  # the pickup's coil
        decay = ringing / (1.0 + damping * (partial - 1) * (hz / 800.0) ** 0.5)
        sound += level * np.exp(-seconds / decay) * np.sin(2 * np.pi * hz * seconds + own.uniform(0.0, 0.3))
    pick = own.standard_normal(seconds.size) * np.exp(-seconds / 0.003)
    return np.asarray(sound + 0.1 * np.abs(sound).max() * source.random() * pick, dtype=np.float32)
