"""Sounds that tests make themselves, and ears small enough to hear a hundred of them in a second."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch

from embedding.audio import Audio
from embedding.ears import Ears, ears_of
from embedding.kernels import FloatArray
from embedding.network import Architecture, EarsNetwork

HEARD_RATE_HZ = 22050
NOT_QUITE_THE_CPU = "cpu:0"
"""What torch calls the processor, too: ears on it work as on an accelerator."""
TINY = Architecture("tiny", (2, 3, 4, 6), 8)


def sine(hz: float, seconds: float, level: float = 0.3, rate_hz: int = HEARD_RATE_HZ) -> FloatArray:
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    return (level * np.sin(2 * np.pi * hz * at)).astype(np.float32)


def pluck(hz: float, seconds: float, level: float = 0.3, rate_hz: int = HEARD_RATE_HZ) -> FloatArray:
    """Five harmonics that decay, the higher the faster."""
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    waves = sum(np.sin(2 * np.pi * hz * k * at) * np.exp(-2.0 * k * at / seconds) / k for k in range(1, 6))
    ending = np.minimum(1.0, (seconds - at) / 0.01)
    return np.asarray(level * waves * ending, dtype=np.float32)


def burst(seconds: float, level: float = 0.3, seed: int = 0, rate_hz: int = HEARD_RATE_HZ) -> FloatArray:
    """Noise that decays."""
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    wave = np.random.default_rng(seed).standard_normal(at.size) * np.exp(-6.0 * at / seconds)
    return np.asarray(level * wave / np.abs(wave).max(), dtype=np.float32)


def noise(samples: int, level: float = 0.3, seed: int = 0) -> FloatArray:
    return (level * np.random.default_rng(seed).uniform(-1, 1, samples)).astype(np.float32)


def placed(seconds: float, *sounds: tuple[float, FloatArray]) -> FloatArray:
    """Sounds at 22.05 kHz added up, each from its start in seconds on; what reaches behind the end is cut."""
    mix = np.zeros(round(seconds * HEARD_RATE_HZ), np.float32)
    for start_seconds, sound in sounds:
        first = round(start_seconds * HEARD_RATE_HZ)
        mix[first : first + sound.size] += sound[: max(0, mix.size - first)]
    return mix


def phrase(seconds: float, seed: int = 0) -> FloatArray:
    """Plucks and bursts, something like music: two each second, differently for each seed."""
    rng = np.random.default_rng(seed)
    starts = np.arange(0.0, seconds, 0.5)
    sounds = [
        pluck(float(rng.uniform(110, 880)), 0.8) if i % 2 == 0 else burst(0.3, seed=seed + i)
        for i in range(len(starts))
    ]
    return placed(seconds, *zip(starts.tolist(), sounds, strict=True))


def recording(mono: FloatArray, rate_hz: int = HEARD_RATE_HZ) -> Audio:
    return Audio(mono[np.newaxis], rate_hz)


@cache
def tiny_ears(seed: int = 3) -> Ears:
    """Untrained, but partly centred, so that unlike sounds point in unlike directions."""
    torch.manual_seed(seed)
    network = EarsNetwork(TINY)
    windows = np.random.default_rng(seed).normal(-4.0, 2.0, (16, 130, 128)).astype(np.float32)
    centre = 0.5 * ears_of(network, {}).hear(windows).embeddings.mean(axis=0)
    network.centre.copy_(torch.from_numpy(centre))
    return ears_of(network, {})
