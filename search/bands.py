"""The features in which samples are matched against a target: magnitudes in 48 mel bands and 12 pitch classes, pooled
in time.

Early frames count singly, later ones in groups, so that four seconds are 53 time steps: attacks are matched finely,
sustained parts coarsely. A repitch is read off the same spectrum through filters whose frequencies are divided by it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from embedding.analysis import FFT_SAMPLES, HOP_SAMPLES, SAMPLE_RATE_HZ, spectra
from embedding.kernels import FloatArray

MEL_BANDS = 48
LOWEST_HZ, HIGHEST_HZ = 30.0, 10500.0
PITCH_CLASSES = 12
PITCH_LOWEST_HZ, PITCH_HIGHEST_HZ = 100.0, 4200.0
PITCH_WEIGHT = 1.0
"""How much a pitch class counts beside a mel band: a mel band is wider than a semitone below 1 kHz."""
BANDS = MEL_BANDS + PITCH_CLASSES
FINE_HOP_SAMPLES = HOP_SAMPLES // 4
"""Grid on which a moment of the target can lie: 5.8 ms."""
POOL_FRAMES = np.array([1] * 8 + [2] * 8 + [4] * 37)
"""Frames (hop 512) in each time step."""
STEPS = len(POOL_FRAMES)
PATCH_FRAMES = int(POOL_FRAMES.sum())  # 172: 4 s
_STEP_STARTS = np.concatenate([[0], np.cumsum(POOL_FRAMES)[:-1]])


@cache
def band_filters(ratio: float) -> FloatArray:
    """[1025, 60] for sound that is heard `ratio` times as fast (so as high): triangles on the mel scale, then
    triangles of two semitones' width around each pitch class, C first."""
    bin_hz = np.arange(FFT_SAMPLES // 2 + 1) * SAMPLE_RATE_HZ / FFT_SAMPLES * ratio
    edges_mel = np.linspace(_mel(np.array(LOWEST_HZ)), _mel(np.array(HIGHEST_HZ)), MEL_BANDS + 2)
    position = np.interp(_mel(bin_hz), edges_mel, np.arange(MEL_BANDS + 2), left=-1.0, right=MEL_BANDS + 2.0)
    mel = np.maximum(1.0 - np.abs(position[:, np.newaxis] - np.arange(1, MEL_BANDS + 1)), 0.0)
    midi = 69.0 + 12.0 * np.log2(np.maximum(bin_hz, 1.0) / 440.0)
    apart = np.abs((midi[:, np.newaxis] - np.arange(PITCH_CLASSES) + 6.0) % 12.0 - 6.0)
    pitched = (bin_hz >= PITCH_LOWEST_HZ) & (bin_hz <= PITCH_HIGHEST_HZ)
    pitch = np.maximum(1.0 - apart, 0.0) * pitched[:, np.newaxis] * PITCH_WEIGHT
    return np.ascontiguousarray(np.concatenate([mel, pitch], axis=1), dtype=np.float32)


def _mel(hz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1127.0 * np.log1p(hz / 700.0), dtype=np.float64)


def framed(mono: FloatArray, first_sample: int, frames: int, hop_samples: int) -> FloatArray:
    """[frames, 1025] magnitudes of frames centred on first_sample + i * hop; silence around the sound."""
    half = FFT_SAMPLES // 2
    begin, size = first_sample - half, (frames - 1) * hop_samples + FFT_SAMPLES
    padded = np.zeros(size, dtype=np.float32)
    low, high = max(0, begin), min(mono.size, begin + size)
    if low < high:
        padded[low - begin : high - begin] = mono[low:high]
    return spectra(np.lib.stride_tricks.sliding_window_view(padded, FFT_SAMPLES)[::hop_samples])


def bands_of(mono: FloatArray, first_sample: int, frames: int, hop_samples: int) -> FloatArray:
    """[frames, 60] band magnitudes of `mono` on that grid."""
    return framed(mono, first_sample, frames, hop_samples) @ band_filters(1.0)


def pooled(frames: FloatArray) -> FloatArray:
    """[..., 53, 60]: means of `frames` [..., 172, 60] over each time step."""
    sums = np.add.reduceat(frames, _STEP_STARTS, axis=-2)
    return np.asarray(sums / POOL_FRAMES[:, np.newaxis], dtype=np.float32)


@cache
def pooling_at(ratio: float) -> FloatArray:
    """[53, n]: from frames of a sound to their means over each time step when it is heard `ratio` times as fast; frames
    that fall between two are interpolated."""
    at = np.arange(PATCH_FRAMES) * ratio
    low = at.astype(np.intp)
    matrix = np.zeros((STEPS, int(low[-1]) + 2), np.float32)
    step = np.repeat(np.arange(STEPS), POOL_FRAMES)
    np.add.at(matrix, (step, low), (1.0 - (at - low)) / POOL_FRAMES[step])
    np.add.at(matrix, (step, low + 1), (at - low) / POOL_FRAMES[step])
    return matrix
