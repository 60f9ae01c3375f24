"""Where sounds begin: how strongly, frame by frame, and when, to about 3 ms."""

from __future__ import annotations

import numpy as np

from embedding.analysis import FFT_SAMPLES, HOP_SAMPLES, SAMPLE_RATE_HZ, frame_count
from embedding.kernels import FloatArray

ONSET_HOP_SAMPLES = 128
ONSET_FFT_SAMPLES = 1024


def onset_strength(mono: FloatArray) -> FloatArray:
    """[frames] of `mono` at 22.05 kHz, on the grid of `embedding.analysis`: librosa's, the mean rise in dB."""
    import librosa

    padded = np.pad(mono, (0, max(0, FFT_SAMPLES - mono.size)))
    strength = librosa.onset.onset_strength(y=padded, sr=SAMPLE_RATE_HZ, hop_length=HOP_SAMPLES)
    return np.asarray(strength[: frame_count(mono.size)], dtype=np.float32)


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
