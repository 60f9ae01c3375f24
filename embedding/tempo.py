"""The tempo of a recording."""

from __future__ import annotations

import numpy as np

from embedding.analysis import HOP_SAMPLES, SAMPLE_RATE_HZ, WINDOW_FRAMES
from embedding.kernels import FloatArray

DEFAULT_BPM = 120.0
WIDEST_CORRECTION = 0.05
CORRECTIONS = 401
MOST_BEATS = 16


def tempo_bpm(strength: FloatArray) -> float:
    """Beats per minute by `embedding.onsets.onset_strength` [frames], to 0.01; 120 for silence and for less than 3 s,
    about that where there is no rhythm. librosa's estimate, which knows only some tempi, made finer by how well onsets
    repeat up to 16 beats later."""
    import librosa

    if strength.size < WINDOW_FRAMES or not strength.any():
        return DEFAULT_BPM
    estimate = librosa.feature.tempo(onset_envelope=strength, sr=SAMPLE_RATE_HZ, hop_length=HOP_SAMPLES)
    return round(_finer(float(estimate[0]), strength), 2)


def _finer(coarse_bpm: float, strength: FloatArray) -> float:
    """The tempo within 5 % of `coarse_bpm` whose beats' multiples lie highest on the autocorrelation of `strength`."""
    centred = strength - strength.mean()
    spectrum = np.fft.rfft(centred, 2 * centred.size)
    correlation = np.fft.irfft(np.square(np.abs(spectrum)))[: centred.size]
    factors = np.linspace(1 - WIDEST_CORRECTION, 1 + WIDEST_CORRECTION, CORRECTIONS)
    periods = 60.0 * SAMPLE_RATE_HZ / HOP_SAMPLES / (coarse_bpm * factors)
    beats = [beat for beat in range(1, MOST_BEATS + 1) if beat * periods.max() < centred.size / 2]
    if not beats:
        return coarse_bpm
    frames = np.arange(centred.size)
    heights = sum(np.interp(beat * periods, frames, correlation) for beat in beats)
    return float(coarse_bpm * factors[int(np.argmax(heights))])
