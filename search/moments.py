"""Moments of the target at which a sample may sound: its onsets, and between them where they lie far apart."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray

ONSET_HOP_SAMPLES = 128
ONSET_FFT_SAMPLES = 1024
WIDEST_GAP_SECONDS = 0.25
CLOSEST_SECONDS = 0.04


def onsets_seconds(mono: FloatArray) -> FloatArray:
    """[n] ascending: onsets of `mono` at 22.05 kHz, each where the level begins to rise, to about 3 ms."""
    import librosa

    if mono.size < ONSET_FFT_SAMPLES:
        return np.zeros(0, np.float32)
    strength = librosa.onset.onset_strength(
        y=mono, sr=SAMPLE_RATE_HZ, hop_length=ONSET_HOP_SAMPLES, n_fft=ONSET_FFT_SAMPLES
    )
    frames = librosa.onset.onset_detect(
        onset_envelope=strength, sr=SAMPLE_RATE_HZ, hop_length=ONSET_HOP_SAMPLES, units="frames", wait=6, delta=0.05
    )
    return np.array([_refined(mono, int(frame) * ONSET_HOP_SAMPLES) for frame in frames], dtype=np.float32)


def _refined(mono: FloatArray, near_sample: int) -> float:
    """Seconds of the steepest rise of short-term energy within 25 ms of `near_sample`."""
    reach, smooth = 550, 64
    begin = max(0, near_sample - reach)
    energy = np.square(mono[begin : near_sample + reach].astype(np.float64))
    if energy.size < 4 * smooth:
        return near_sample / SAMPLE_RATE_HZ
    total = np.concatenate([[0.0], np.cumsum(energy)])
    after = total[2 * smooth :] - total[smooth:-smooth]
    before = total[smooth:-smooth] - total[: -2 * smooth]
    rise = np.log((after + 1e-9) / (before + 1e-9)) * np.sqrt(after)
    return float(begin + smooth + int(np.argmax(rise))) / SAMPLE_RATE_HZ


def moments_seconds(mono: FloatArray) -> npt.NDArray[np.float64]:
    """[n] ascending from 0: the onsets, none nearer than 40 ms to the one before, gaps filled to at most 0.25 s."""
    seconds = mono.size / SAMPLE_RATE_HZ
    kept = [0.0]
    for onset in onsets_seconds(mono):
        if onset - kept[-1] >= CLOSEST_SECONDS and onset < seconds - CLOSEST_SECONDS:
            kept.append(float(onset))
    filled: list[float] = []
    for begin, end in zip(kept, [*kept[1:], seconds], strict=True):
        parts = max(1, int(np.ceil((end - begin) / WIDEST_GAP_SECONDS - 1e-6)))
        filled.extend(begin + (end - begin) * part / parts for part in range(parts))
    return np.array(filled, dtype=np.float64)
