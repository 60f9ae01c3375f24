"""The key of a recording, by its chroma.

Krumhansl and Schmuckler's way: how much each pitch class sounds is correlated with the profile of each of the 24 keys.
The profiles are Albrecht and Shanahan's ("The use of large corpora to train a new type of key-finding algorithm", Music
Perception 31(1), 2013), counted in scores; with Krumhansl and Kessler's, from listening tests, a transposed recording
keeps its key less often (docs/ears.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from embedding.kernels import FloatArray

Mode = Literal["major", "minor"]
MODES: tuple[Mode, ...] = ("major", "minor")
PROFILES = (
    (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
    (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
)
"""In the order of MODES: how often each pitch class occurs, from the tonic upwards."""
NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
QUIET = 1e-3
"""Frames count alike, however loud, but those below this times the loudest count less and less."""


@dataclass(frozen=True)
class Key:
    """`tonic` 0 to 11 from C upwards; `confidence` 0 to 1: the correlation, about .3 for noise, above .5 for music."""

    tonic: int
    mode: Mode
    confidence: float

    @property
    def name(self) -> str:
        """E.g. 'F# minor'."""
        return f"{NAMES[self.tonic]} {self.mode}"


def key_of(chroma: FloatArray) -> Key | None:
    """The key of frames `chroma` [n, 12], C first. None where all classes sound alike, or nothing does."""
    levels = chroma.astype(np.float64)
    loudest = levels.max(axis=1, keepdims=True)
    if not loudest.any():
        return None
    shares = (levels / np.maximum(loudest, QUIET * loudest.max())).mean(axis=0)
    if np.ptp(shares) < 1e-6:
        return None
    found = [
        (float(np.corrcoef(shares, np.roll(profile, tonic))[0, 1]), tonic, mode)
        for mode, profile in zip(MODES, PROFILES, strict=True)
        for tonic in range(len(NAMES))
    ]
    correlation, tonic, mode = max(found)
    return Key(tonic, mode, min(max(correlation, 0.0), 1.0))
