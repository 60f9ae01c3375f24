"""Spectral frames on one grid: mel magnitudes (the network's input) and chroma, from one STFT.

The paper's preprocessing (Howard and Chuba 2019, after Han, Kim and Lee 2016): mono, 22.05 kHz, STFT window 2048, hop
512, 128 mel bins, natural log, windows of 3 s, each divided by its own maximum. A window is 130 frames, one every 43
frames (0.998 s). Frames are kept in blocks of 43, so that windows k and k + 1 share two of their three blocks, and an
edit of an arrangement replaces only the blocks that it touches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy.fft

from embedding.kernels import FloatArray

SAMPLE_RATE_HZ = 22050
FFT_SAMPLES = 2048
HOP_SAMPLES = 512
MEL_BINS = 128
WINDOW_SAMPLES = 3 * SAMPLE_RATE_HZ
WINDOW_FRAMES = 1 + WINDOW_SAMPLES // HOP_SAMPLES  # 130
BLOCK_FRAMES = 43
BLOCK_SAMPLES = BLOCK_FRAMES * HOP_SAMPLES
BLOCKS_PER_WINDOW = 3
LOG_OFFSET = 1e-3
"""Added before the logarithm; with a window's maximum at 1 that is about -80 dB."""
QUIETEST_DIVISOR = 1e-3
"""A window is divided by its maximum, but never by less than this times the recording's peak."""

PITCH_CLASSES = 12
C_HZ = 440.0 * 2.0 ** (-9 / 12)
LOWEST_PEAK_HZ, HIGHEST_PEAK_HZ = 100.0, 4000.0
"""Where peaks count for the chroma: above most kick drums' fundamentals, as far up as the piano's."""
LEAST_PEAK = 0.01
"""Of a frame's largest magnitude: what is more than 40 dB below it is no peak."""
BLUNTEST = np.float32(1.8)
"""Times a peak's height is the most that its neighbours may sum to; beside a steady partial they sum to 1 to 1.2."""

assert BLOCKS_PER_WINDOW * BLOCK_FRAMES + 1 == WINDOW_FRAMES


@dataclass(frozen=True, eq=False)
class Frames:
    """Analysis of mono sound at 22.05 kHz, frame i centred on sample 512 i.

    mel: float32 [frames, 128] magnitudes (linear, not normalised); chroma: float32 [frames, 12], see `peak_chroma`.
    """

    mel: FloatArray
    chroma: FloatArray


@cache
def mel_filters() -> FloatArray:
    """[1025, 128]: triangles of equal area between points that are even on Slaney's mel scale (Auditory Toolbox, 1998).

    That scale is linear up to 1 kHz, its 15th mel, and logarithmic above. The filters are librosa's, bit for bit;
    importing that would take longer than hearing half a minute.
    """
    per_mel = np.log(6.4) / 27.0
    mels = np.linspace(0.0, 15.0 + np.log(SAMPLE_RATE_HZ / 2.0 / 1000.0) / per_mel, MEL_BINS + 2)
    hz = np.where(mels < 15.0, 200.0 / 3.0 * mels, 1000.0 * np.exp(per_mel * (mels - 15.0)))[:, np.newaxis]
    low, middle, high = hz[:-2], hz[1:-1], hz[2:]
    bins = np.fft.rfftfreq(FFT_SAMPLES, 1.0 / SAMPLE_RATE_HZ)
    triangles = np.maximum(0.0, np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)))
    return np.ascontiguousarray((triangles.astype(np.float32) * (2.0 / (high - low))).T, dtype=np.float32)


def peak_chroma(magnitude: FloatArray) -> FloatArray:
    """[n, 12] (C first): of each frame of `magnitude` [n, 1025] the peaks' magnitudes, summed by pitch class.

    A peak lies where the parabola through a bin and its neighbours has its maximum, and is shared between the two
    classes beside it. A partial so counts at its own pitch, where the bins under its main lobe, four times 10.8 Hz
    wide, would count at up to six classes; noise has peaks everywhere, and counts alike for all of them.
    """
    first, behind = (math.ceil(hz * FFT_SAMPLES / SAMPLE_RATE_HZ) for hz in (LOWEST_PEAK_HZ, HIGHEST_PEAK_HZ))
    here, below, above = (magnitude[:, first + by : behind + by] for by in (0, -1, 1))
    least = np.float32(LEAST_PEAK) * magnitude.max(axis=1, keepdims=True)
    frame, place = np.nonzero((here > below) & (here >= above) & (here > least) & (below + above < BLUNTEST * here))
    height, left, right = here[frame, place], below[frame, place], above[frame, place]
    aside = (right - left) / (np.float32(4.0) * height - np.float32(2.0) * (left + right))
    hz = (first + place + aside) * (SAMPLE_RATE_HZ / FFT_SAMPLES)
    pitch = PITCH_CLASSES * np.log2(hz / C_HZ)
    lower = np.floor(pitch)
    upper_part = (pitch - lower) * height
    cells, classes = PITCH_CLASSES * len(magnitude), lower.astype(np.intp)
    chroma = np.zeros(cells)
    for step, part in ((0, height - upper_part), (1, upper_part)):
        chroma += np.bincount(PITCH_CLASSES * frame + (classes + step) % PITCH_CLASSES, part, cells)
    return chroma.reshape(-1, PITCH_CLASSES).astype(np.float32)


@cache
def _taper() -> FloatArray:
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT_SAMPLES) / FFT_SAMPLES), dtype=np.float32)


def frame_count(samples: int) -> int:
    """Frames of a recording of that many samples: as librosa's with centred frames."""
    return 1 + samples // HOP_SAMPLES


def spectra(frames: FloatArray) -> FloatArray:
    """[n, 1025]: magnitudes of the Hann-weighted `frames` [n, 2048]."""
    return np.asarray(np.abs(scipy.fft.rfft(frames * _taper(), axis=1)), dtype=np.float32)


def analyse(mono: FloatArray) -> Frames:
    """All frames of `mono` [n] at 22.05 kHz, silence assumed before and after."""
    padded = np.pad(mono, FFT_SAMPLES // 2)
    magnitude = spectra(np.lib.stride_tricks.sliding_window_view(padded, FFT_SAMPLES)[::HOP_SAMPLES])
    return Frames(mel=magnitude @ mel_filters(), chroma=peak_chroma(magnitude))


def window_starts(frames: int) -> range:
    """First frames of the windows of a recording of so many frames; at least one (shorter ones are padded)."""
    return range(0, max(1, frames - WINDOW_FRAMES + 1), BLOCK_FRAMES)


def log_mel(mel: FloatArray, divisor: float | FloatArray) -> FloatArray:
    """The network's input: ln(mel / divisor + 0.001). The STFT is linear, so dividing the mel magnitudes by a window's
    maximum is dividing its samples by it. `divisor` broadcasts against `mel`."""
    return np.asarray(np.log(mel / divisor + np.float32(LOG_OFFSET)), dtype=np.float32)


def windows_of(mono: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(log-mel windows [n, 130, 128], their maxima [n]) of a whole recording; shorter than 3 s is padded with
    silence."""
    padded = np.pad(mono, (0, max(0, WINDOW_SAMPLES - mono.size)))
    frames = analyse(padded)
    starts = window_starts(frames.mel.shape[0])
    maxima = np.array(
        [np.abs(padded[s * HOP_SAMPLES : s * HOP_SAMPLES + WINDOW_SAMPLES]).max() for s in starts], dtype=np.float32
    )
    divisors = divisors_of(maxima, float(np.abs(mono).max(initial=0.0)))
    windows = np.stack([log_mel(frames.mel[s : s + WINDOW_FRAMES], d) for s, d in zip(starts, divisors, strict=True)])
    return windows, maxima


def divisors_of(maxima: FloatArray, peak: float) -> FloatArray:
    """What each window is divided by: its maximum, at least 0.001 of the recording's peak; 1 where all is silent."""
    if peak <= 0.0:
        return np.ones_like(maxima)
    least = max(QUIETEST_DIVISOR * peak, float(np.finfo(np.float32).tiny))
    return np.maximum(maxima, np.float32(least))
