"""The tempo of a recording."""

from __future__ import annotations

from embedding.analysis import HOP_SAMPLES, SAMPLE_RATE_HZ
from embedding.kernels import FloatArray

DEFAULT_BPM = 120.0
LEAST_SECONDS = 3.0


def tempo_bpm(mono: FloatArray) -> float:
    """Beats per minute of `mono` [n] at 22.05 kHz (librosa's estimate, to 0.01), about 120 where it has no rhythm."""
    import librosa

    if mono.size < LEAST_SECONDS * SAMPLE_RATE_HZ:
        return DEFAULT_BPM
    strength = librosa.onset.onset_strength(y=mono, sr=SAMPLE_RATE_HZ, hop_length=HOP_SAMPLES)
    if not strength.any():
        return DEFAULT_BPM
    estimate = librosa.feature.tempo(onset_envelope=strength, sr=SAMPLE_RATE_HZ, hop_length=HOP_SAMPLES)
    return round(float(estimate[0]), 2)
