"""Measures of a cover that the search does not see, so that it is not only judged by what it was driven by.

Both recordings are mono, the cover cut or padded to the target and brought to its RMS: at 22.05 kHz, and at 48 kHz for
`zimtohrli`. Judge by no single one of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import librosa
import mir_eval
import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.audio import Audio
from embedding.kernels import FloatArray

LOWER_IS_BETTER = ("spectral_convergence", "log_magnitude", "log_mel_db", "mfcc", "zimtohrli")
HIGHER_IS_BETTER = ("chroma", "onset_f1", "onset_correlation")
FFT_SIZES = (512, 1024, 2048, 4096)
LEAST_MAGNITUDE = 1e-3
MEL_BANDS = 64
MFCCS = 20
ONSET_WINDOW_SECONDS = 0.05
ZIMTOHRLI_RATE_HZ = 48000


def measures(target: Audio, cover: Audio) -> dict[str, float]:
    """By name, those where lower is better first:

    spectral_convergence: |A - B| / |A| of magnitude spectrograms, mean of four sizes; log_magnitude: mean difference of
    their logarithms; log_mel_db: mean difference of 64 mel bands; mfcc: distance of coefficients 1 to 19, mean over
    frames; zimtohrli: the psychoacoustic distance of that package (Alakuijala et al. 2025).
    chroma: cosine of CQT chroma, weighted by the target's level; onset_f1 within 50 ms; onset_correlation of onset
    strengths. ImportError where zimtohrli is not installed.
    """
    distance = psychoacoustic_distance()
    pair = _fitted(target, cover, SAMPLE_RATE_HZ)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            **_spectral_measures(*pair),
            **_mel_measures(*pair),
            "zimtohrli": distance(*_fitted(target, cover, ZIMTOHRLI_RATE_HZ)),
            "chroma": _chroma(*pair),
            **_onset_measures(*pair),
        }


def psychoacoustic_distance() -> Callable[[FloatArray, FloatArray], float]:
    """Of two signals at 48 kHz, 0 to 1, 0 for equal ones. ImportError where the package is missing."""
    try:
        from zimtohrli import Pyohrli
    except ImportError as why:
        raise ImportError(
            "zimtohrli, the psychoacoustic measure, is not installed; it comes with `pip install 'jacqueesbot[test]'` "
            "on x86-64 (another processor, or installed without the extra?)"
        ) from why
    return lambda target, cover: float(Pyohrli().distance(target, cover))


def _fitted(target: Audio, cover: Audio, rate_hz: int) -> tuple[FloatArray, FloatArray]:
    wanted, sound = (audio.at_rate(rate_hz).mono() for audio in (target, cover))
    sound = np.pad(sound, (0, max(0, wanted.size - sound.size)))[: wanted.size]
    gain = np.sqrt(np.mean(wanted**2) / (np.mean(sound**2) + 1e-12))
    return wanted, np.asarray(sound * gain, dtype=np.float32)


def _spectral_measures(target: FloatArray, cover: FloatArray) -> dict[str, float]:
    convergence, difference = [], []
    for size in FFT_SIZES:
        a, b = (np.abs(librosa.stft(y, n_fft=size, hop_length=size // 4)) for y in (target, cover))
        convergence.append(np.linalg.norm(a - b) / np.linalg.norm(a))
        difference.append(np.abs(np.log(a + LEAST_MAGNITUDE) - np.log(b + LEAST_MAGNITUDE)).mean())
    return {"spectral_convergence": float(np.mean(convergence)), "log_magnitude": float(np.mean(difference))}


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
