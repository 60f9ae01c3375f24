"""Which of the ears' eleven instruments a recording holds, as a whole and over time."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from embedding.analysis import BLOCK_SAMPLES, SAMPLE_RATE_HZ, windows_of
from embedding.audio import Audio
from embedding.kernels import FloatArray
from embedding.network import CLASSES

LEAST_PROBABILITY = 0.5


class HasProbabilities(Protocol):
    @property
    def probabilities(self) -> FloatArray:
        """[n, 11], in CLASSES order."""


class HearsInstruments(Protocol):
    def hear(self, windows: FloatArray) -> HasProbabilities:
        """Probabilities of log-mel windows [n, 130, 128]."""


def classify(audio: Audio, ears: HearsInstruments) -> dict[str, Any]:
    """{"probabilities": {class: p}, "windows": [{"start_seconds": s, "probabilities": {class: p}}]}.

    Windows are of 3 s, one every 0.998 s; shorter audio is padded with silence to one. The whole recording's
    probabilities are the mean over its windows (Han, Kim and Lee 2016), each in [0, 1] and not summing to 1: several
    instruments may sound. A silent window holds none of them (0 throughout) and is no part of the mean.
    Any rate, number of channels and length will do; of a rate above 22.05 kHz the part up to 11 kHz is heard.
    """
    probabilities = window_probabilities(audio.at_rate(SAMPLE_RATE_HZ).mono(), ears)
    sounding = probabilities.any(axis=1)
    whole = probabilities[sounding].mean(axis=0) if sounding.any() else np.zeros(len(CLASSES), np.float32)
    return {
        "probabilities": _by_class(whole),
        "windows": [
            {"start_seconds": round(index * BLOCK_SAMPLES / SAMPLE_RATE_HZ, 6), "probabilities": _by_class(own)}
            for index, own in enumerate(probabilities)
        ],
    }


def window_probabilities(mono: FloatArray, ears: HearsInstruments) -> FloatArray:
    """[W, 11], in CLASSES order, of `mono` [n] at 22.05 kHz; 0 throughout where a window is silent."""
    windows, maxima = windows_of(mono)
    sounding = maxima > 0.0
    probabilities = np.zeros((len(windows), len(CLASSES)), np.float32)
    probabilities[sounding] = ears.hear(windows[sounding]).probabilities
    return probabilities


def predominant(probabilities: FloatArray) -> str | None:
    """The instrument that is most probable of [11], None where none is at least .5."""
    best = int(probabilities.argmax())
    return CLASSES[best] if probabilities[best] >= LEAST_PROBABILITY else None


def _by_class(probabilities: FloatArray) -> dict[str, float]:
    return {name: round(float(p), 6) for name, p in zip(CLASSES, probabilities, strict=True)}
