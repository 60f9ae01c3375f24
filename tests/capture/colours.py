"""What a set does to its sound, and what a path does: made here, sample by sample, at 48 kHz."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import soxr
from scipy.ndimage import maximum_filter1d
from scipy.signal import butter, fftconvolve, firwin2, lfilter

from tests.capture.played import RATE_HZ, noise

Sound = npt.NDArray[np.float64]
Change = Callable[[Sound], Sound]


def bell(sound: Sound, centre_hz: float = 800.0, gain_db: float = 9.0, quality: float = 2.0) -> Sound:
    """One band of a parametric equaliser (R. Bristow-Johnson's formulas)."""
    turn, root = 2 * np.pi * centre_hz / RATE_HZ, 10 ** (gain_db / 40)
    width, middle = np.sin(turn) / (2 * quality), -2 * np.cos(turn)
    return lfilter(
        [1 + width * root, middle, 1 - width * root], [1 + width / root, middle, 1 - width / root], sound, axis=1
    )


def cut_below(sound: Sound, hz: float) -> Sound:
    return lfilter(*butter(2, hz, "high", fs=RATE_HZ), sound, axis=1)


def cut_above(sound: Sound, hz: float) -> Sound:
    return lfilter(*butter(4, hz, fs=RATE_HZ), sound, axis=1)


def linear_phase(sound: Sound) -> Sound:
    kernel = firwin2(2047, [0, 0.005, 0.05, 0.2, 0.6, 1], [0.3, 1, 1, 2, 0.5, 0.2])
    return fftconvolve(sound, kernel[None], mode="same", axes=1)


def compressed(sound: Sound, above_db: float, ratio: float, seconds: float = 0.05) -> Sound:
    """Its gain follows the peaks of both sides: falls at once, comes back in `seconds`."""
    peaks = maximum_filter1d(np.abs(sound).max(axis=0), round(0.005 * RATE_HZ))
    level = lfilter([1 - (fall := np.exp(-1 / (seconds * RATE_HZ)))], [1, -fall], peaks)
    over = np.maximum(np.maximum(level, peaks) / 10 ** (above_db / 20), 1.0)
    return sound * over ** (1 / ratio - 1)


def limited(sound: Sound, drive_db: float) -> Sound:
    return np.clip(compressed(sound * 10 ** (drive_db / 20), -1.0, 1000.0), -1, 1)


def reverberant(sound: Sound, seconds: float = 1.0, wet: float = 0.3) -> Sound:
    at = np.arange(round(1.5 * seconds * RATE_HZ)) / RATE_HZ
    rooms = np.random.default_rng(0).standard_normal((2, 2, at.size)) * 10 ** (-3 * at / seconds)
    rooms /= np.sqrt(2 * np.square(rooms).sum(axis=2, keepdims=True))
    heard = [sum(fftconvolve(one, room)[: one.size] for one, room in zip(sound, side, strict=True)) for side in rooms]
    return sound + wet * np.stack(heard)


def ridden(sound: Sound) -> Sound:
    """Its fader goes up and down."""
    return sound * 10 ** ((-6 + 5 * np.sin(np.pi * np.arange(sound.shape[1]) / RATE_HZ)) / 20)


def widened(sound: Sound) -> Sound:
    middle, side = (sound[0] + sound[1]) / 2, (sound[0] - sound[1]) / 2
    return np.stack([middle + 1.6 * side, middle - 1.6 * side])


LEVELS: dict[str, Change] = {
    "fader at -8 dB": lambda sound: sound * 0.4,
    "polarity turned": lambda sound: -sound,
    "balance": lambda sound: sound * np.array([[1.0], [0.5]]),
    "fader that moves": ridden,
    "fade out": lambda sound: sound * np.linspace(1, 0.05, sound.shape[1]),
    "compressor": lambda sound: compressed(sound, -20.0, 4.0),
    "limiter, 9 dB": lambda sound: limited(sound, 9.0),
    "limiter, 18 dB": lambda sound: limited(sound, 18.0),
    "6 dB too loud": lambda sound: np.clip(sound * 4, -1, 1),
}
SPECTRA: dict[str, Change] = {
    "bell": bell,
    "low cut, 40 Hz": lambda sound: cut_below(sound, 40.0),
    "low cut, 2 kHz": lambda sound: cut_below(sound, 2000.0),
    "high cut, 1 kHz": lambda sound: cut_above(sound, 1000.0),
    "linear phase": linear_phase,
    "width": widened,
    "reverb, 1 s": reverberant,
    "reverb, 3 s": lambda sound: reverberant(sound, 3.0, 0.3),
    "low cut, bell, compressor, limiter": lambda sound: limited(compressed(bell(cut_below(sound, 40)), -20, 4), 6),
}


def lost(sound: Sound) -> Sound:
    at = 45 * sound.shape[1] // 100
    return np.concatenate([sound[:, :at], sound[:, at + 1024 :]], axis=1)


def delayed(sound: Sound) -> Sound:
    at = 45 * sound.shape[1] // 100
    return np.concatenate([sound[:, :at], np.zeros((2, 30000)), sound[:, at:]], axis=1)


def with_hole(sound: Sound) -> Sound:
    return np.concatenate([sound[:, :60000], np.zeros((2, 6000)), sound[:, 66000:]], axis=1)


def repeating(sound: Sound) -> Sound:
    """Blocks of a device that play once more instead of the next one."""
    torn = sound.copy()
    for at in (30000, 63000, 96000):
        torn[:, at : at + 512] = sound[:, at - 4096 : at - 3584]
    return torn


def at_rates(sound: Sound, here_hz: float, there_hz: float) -> Sound:
    return soxr.resample(sound.T, here_hz, there_hz, quality="VHQ").T


def with_other(sound: Sound) -> Sound:
    other = noise(77, sound.shape[1] / RATE_HZ)[:, : sound.shape[1]]
    return sound + other * (0.1 * sound.std() / other.std())


PATHS: dict[str, Change] = {
    "gap": lost,
    "gap, put in": delayed,
    "gap, hole": with_hole,
    "drop_outs": repeating,
    "drift": lambda sound: at_rates(sound, 1.0, 1 + 80e-6),
    "sample_rate": lambda sound: at_rates(sound, 44100, 48000),
    "mono": lambda sound: np.repeat(sound.mean(axis=0, keepdims=True), 2, axis=0),
    "other_sound": with_other,
    "not_heard": lambda sound: noise(5, sound.shape[1] / RATE_HZ).astype(np.float64),
}
"""By the fault's name, up to a comma."""
