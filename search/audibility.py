"""How quiet a clip may be: so far below what the target plays while it sounds."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray
from search.arrangement import Clip
from search.rendering import VoiceBank

BLOCK_SAMPLES = round(0.05 * SAMPLE_RATE_HZ)
BLOCK_SECONDS = BLOCK_SAMPLES / SAMPLE_RATE_HZ
VOICES_KEPT = 2**16


def lowest_gains(bank: VoiceBank, target_mono: FloatArray, quietest_db: float) -> Callable[[Clip], float]:
    """Of a clip, the gain in dB below which its loudest 50 ms lie more than -`quietest_db` below the loudest 50 ms of
    the target [n] while it sounds; -inf where the target is silent there."""
    target_db = levels_db(target_mono)

    @lru_cache(maxsize=VOICES_KEPT)
    def sound_db(sample: str, offset_seconds: float, length_seconds: float, transpose_semitones: float) -> float:
        voice = Clip(0.0, sample, offset_seconds, length_seconds, 0.0, transpose_semitones)
        return float(levels_db(bank.sound_of(voice)).max(initial=-math.inf))

    def lowest_gain_db(clip: Clip) -> float:
        first = int(clip.start_seconds / BLOCK_SECONDS)
        behind = math.ceil(clip.end_seconds / BLOCK_SECONDS)
        there_db = float(target_db[first:behind].max(initial=-math.inf))
        if there_db == -math.inf:
            return there_db
        return there_db + quietest_db - sound_db(*_voice(clip))

    return lowest_gain_db


def levels_db(mono: FloatArray) -> npt.NDArray[np.float64]:
    """[blocks]: RMS of each 50 ms of `mono`, the last of what is there filled up with silence; -inf for silence."""
    blocks = np.pad(mono, (0, -mono.size % BLOCK_SAMPLES)).reshape(-1, BLOCK_SAMPLES)
    squares = np.einsum("ij,ij->i", blocks, blocks, dtype=np.float64) / BLOCK_SAMPLES
    with np.errstate(divide="ignore"):
        return np.asarray(10.0 * np.log10(squares))


def _voice(clip: Clip) -> tuple[str, float, float, float]:
    return clip.sample, clip.offset_seconds, clip.length_seconds, clip.transpose_semitones
