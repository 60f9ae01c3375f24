"""Measures of a cover that the search does not see, so that it is not only judged by what it was driven by.

Both recordings are mono at 22.05 kHz, the cover cut or padded to the target and brought to its RMS. Lower is better for
the first three, higher for the others.
"""

from __future__ import annotations

import warnings

import librosa
import mir_eval
import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray

LOWER_IS_BETTER = ("spectral_convergence", "log_mel_db", "mfcc")
FFT_SIZES = (512, 1024, 2048, 4096)
MEL_BANDS = 64
MFCCS = 20
ONSET_WINDOW_SECONDS = 0.05


def measures(target: FloatArray, cover: FloatArray) -> dict[str, float]:
    """spectral_convergence: |A - B| / |A| of magnitude spectrograms, mean of four sizes; log_mel_db: mean difference of
    64 mel bands; mfcc: distance of coefficients 1 to 19, mean over frames; chroma: cosine of CQT chroma, weighted by
    the target's level; onset_f1 within 50 ms; onset_correlation of onset strengths."""
    fitted = np.pad(cover, (0, max(0, target.size - cover.size)))[: target.size]
    fitted = fitted * np.sqrt(np.mean(target**2) / (np.mean(fitted**2) + 1e-12))
    pair = (target, fitted)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "spectral_convergence": float(np.mean([_convergence(*pair, size) for size in FFT_SIZES])),
            **_mel_measures(*pair),
            "chroma": _chroma(*pair),
            **_onset_measures(*pair),
        }


def _convergence(target: FloatArray, cover: FloatArray, size: int) -> float:
    a, b = (np.abs(librosa.stft(y, n_fft=size, hop_length=size // 4)) for y in (target, cover))
    return float(np.linalg.norm(a - b) / np.linalg.norm(a))


def _mel_measures(target: FloatArray, cover: FloatArray) -> dict[str, float]:
    mels = [librosa.feature.melspectrogram(y=y, sr=SAMPLE_RATE_HZ, n_mels=MEL_BANDS) for y in (target, cover)]
    a, b = (librosa.power_to_db(mel, ref=1.0, amin=1e-5) for mel in mels)
    coefficients = [librosa.feature.mfcc(S=level, n_mfcc=MFCCS)[1:] for level in (a, b)]
    return {
        "log_mel_db": float(np.abs(a - b).mean()),
        "mfcc": float(np.linalg.norm(coefficients[0] - coefficients[1], axis=0).mean()),
    }


def _chroma(target: FloatArray, cover: FloatArray) -> float:
    a, b = (librosa.feature.chroma_cqt(y=y, sr=SAMPLE_RATE_HZ) for y in (target, cover))
    level = librosa.feature.rms(y=target)[0][: a.shape[1]]
    cosine = (a * b).sum(axis=0) / (np.linalg.norm(a, axis=0) * np.linalg.norm(b, axis=0) + 1e-9)
    return float((cosine[: level.size] * level).sum() / level.sum())


def _onset_measures(target: FloatArray, cover: FloatArray) -> dict[str, float]:
    times = [librosa.onset.onset_detect(y=y, sr=SAMPLE_RATE_HZ, units="time") for y in (target, cover)]
    strengths = [librosa.onset.onset_strength(y=y, sr=SAMPLE_RATE_HZ) for y in (target, cover)]
    return {
        "onset_f1": float(mir_eval.onset.f_measure(times[0], times[1], window=ONSET_WINDOW_SECONDS)[0]),
        "onset_correlation": float(np.nan_to_num(np.corrcoef(strengths[0], strengths[1])[0, 1])),
    }
