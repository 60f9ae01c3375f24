"""The tempo of a recording."""

from __future__ import annotations

import numpy as np

from embedding.analysis import HOP_SAMPLES, SAMPLE_RATE_HZ
from embedding.kernels import FloatArray

DEFAULT_BPM = 120.0
LEAST_SECONDS = 3.0
LEAST_BEATS = 8
WIDEST_CORRECTION = 0.06


def tempo_bpm(mono: FloatArray) -> float:
    """Beats per minute of `mono` [n] at 22.05 kHz, about 120 where it has no rhythm: librosa's estimate, which knows
    only some tempi, made finer by the straight line through its beats."""
    import librosa

    if mono.size < LEAST_SECONDS * SAMPLE_RATE_HZ:
        return DEFAULT_BPM
    strength = librosa.onset.onset_strength(y=mono, sr=SAMPLE_RATE_HZ, hop_length=HOP_SAMPLES)
    if not strength.any():
        return DEFAULT_BPM
    estimate, beats = librosa.beat.beat_track(
        onset_envelope=strength, sr=SAMPLE_RATE_HZ, hop_length=HOP_SAMPLES, units="time"
    )
    coarse = float(np.atleast_1d(estimate)[0]) or DEFAULT_BPM
    if len(beats) < LEAST_BEATS:
        return round(coarse, 2)
    fine = 60.0 / float(np.polyfit(np.arange(len(beats)), beats, 1)[0])
    return round(fine if abs(fine / coarse - 1.0) < WIDEST_CORRECTION else coarse, 2)
