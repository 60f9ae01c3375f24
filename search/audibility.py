"""How quiet a clip may be: so far below what the target plays while it sounds."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray
from search.arrangement import Clip
from search.rendering import VoiceBank

BLOCK_SAMPLES = round(0.05 * SAMPLE_RATE_HZ)
BLOCK_SECONDS = BLOCK_SAMPLES / SAMPLE_RATE_HZ
VOICES_KEPT = 2**16


@dataclass(frozen=True, eq=False)
class LowestGains:
    """Of a clip, the gain in dB below which its loudest 50 ms lie more than -`quietest_db` below the loudest 50 ms of
    the target while it sounds (`target_db` [blocks], see `levels_db`); -inf where the target is silent there."""

    bank: VoiceBank
    target_db: npt.NDArray[np.float64]
    quietest_db: float
    _sounds_db: dict[tuple[str, float, float, float], float] = field(init=False, default_factory=dict, repr=False)

    def __call__(self, clip: Clip) -> float:
        first = max(0, int(clip.start_seconds / BLOCK_SECONDS))
        behind = max(0, math.ceil(clip.end_seconds / BLOCK_SECONDS))
        there_db = float(self.target_db[first:behind].max(initial=-math.inf))
        if there_db == -math.inf:
            return there_db
        return there_db + self.quietest_db - self._sound_db(clip)

    def _sound_db(self, clip: Clip) -> float:
        voice = clip.sample, clip.offset_seconds, clip.length_seconds, clip.transpose_semitones
        level = self._sounds_db.get(voice)
        if level is None:
            if len(self._sounds_db) >= VOICES_KEPT:
                self._sounds_db.clear()
            level = float(levels_db(self.bank.sound_of(clip)).max(initial=-math.inf))
            self._sounds_db[voice] = level
        return level


def lowest_gains(bank: VoiceBank, target_mono: FloatArray, quietest_db: float) -> LowestGains:
    """For a target [n] at 22.05 kHz."""
    return LowestGains(bank, levels_db(target_mono), quietest_db)


def levels_db(mono: FloatArray) -> npt.NDArray[np.float64]:
    """[blocks]: RMS of each 50 ms of `mono`, the last of what is there filled up with silence; -inf for silence."""
    blocks = np.pad(mono, (0, -mono.size % BLOCK_SAMPLES)).reshape(-1, BLOCK_SAMPLES)
    squares = np.einsum("ij,ij->i", blocks, blocks, dtype=np.float64) / BLOCK_SAMPLES
    with np.errstate(divide="ignore"):
        return np.asarray(10.0 * np.log10(squares))
