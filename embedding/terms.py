"""What the reward's terms hear in a window or a block, and how alike two of them are. Timbre is the ears' affair."""

from __future__ import annotations

from functools import cache

import numpy as np

from embedding.analysis import MEL_BINS
from embedding.blocks import Block
from embedding.kernels import FloatArray

SMOOTHING_FRAMES = 9
"""Chroma is averaged over so many frames, 0.2 s: noise evens out, and when exactly a note begins is left to onsets."""
BALANCE_BANDS = 16
BALANCE_FLOOR = 0.01
"""Of the loudest band's magnitude, -40 dB."""
BALANCE_SCALE_DB = 3.5
SPECTRUM_SCALE_DB = 9.0
RISE_FRAMES = 3
LEAST_RISE_DB = 7.0
"""Smaller rises are in all sound that goes on: with them random covers are .56 like their targets."""


@cache
def _smoothing(frames: int) -> FloatArray:
    """[frames, frames]: the mean over the frames around each; silence before and after."""
    apart = np.abs(np.subtract.outer(np.arange(frames), np.arange(frames)))
    return np.asarray(apart <= SMOOTHING_FRAMES // 2, dtype=np.float32) / np.float32(SMOOTHING_FRAMES)


def pitch_vector(chroma: FloatArray) -> tuple[FloatArray, float]:
    """([frames * 12], tonalness) of a window's `chroma` [frames, 12]: smoothed, each frame less its mean, flattened.

    Tonalness in [0, 1] is the vector's length beside what it was before the mean was taken off: about .15 for noise, .3
    for drums, .7 for chords, .95 for a single tone, 0 for silence.
    """
    smooth = _smoothing(len(chroma)) @ chroma
    outstanding = smooth - smooth.mean(axis=1, keepdims=True)
    whole = float(np.linalg.norm(smooth))
    tonalness = float(np.linalg.norm(outstanding)) / whole if whole > 0.0 else 0.0
    return outstanding.ravel(), tonalness


def balance_db(mel: FloatArray) -> FloatArray:
    """[16]: a window's `mel` [frames, 128] as mean levels of bands of 8, in dB above 40 dB below the loudest one."""
    power = np.square(mel).mean(axis=0).reshape(BALANCE_BANDS, MEL_BINS // BALANCE_BANDS).mean(axis=1)
    least = np.float32(BALANCE_FLOOR**2)
    loudest = max(float(power.max()), float(np.finfo(np.float32).tiny))
    return np.asarray(10.0 * np.log10(np.maximum(power / loudest, least) / least), dtype=np.float32)


def balance_similarity(a: FloatArray, b: FloatArray) -> FloatArray:
    """[n] of `balance_db` [n, 16] and [n, 16]: exp(-D / 3.5 dB), D the mean absolute difference."""
    return np.asarray(np.exp(-np.abs(a - b).mean(axis=1) / BALANCE_SCALE_DB), dtype=np.float32)


def levels_db(block: Block, floor_magnitude: float) -> FloatArray:
    """[43, 128]: mel levels in dB above the floor, 0 at and below it."""
    above = np.maximum(block.mel * np.float32(1.0 / floor_magnitude), np.float32(1.0))
    return np.asarray(np.float32(20.0) * np.log10(above), dtype=np.float32)


def rises_db(before: FloatArray | None, levels: FloatArray) -> FloatArray:
    """[43]: by how much more than 7 dB `levels` [43, 128] rise within 3 frames, 70 ms, mean over bins; `before` is the
    block that precedes, without one the first frame stands for what was before."""
    earlier = np.repeat(levels[:1], RISE_FRAMES, axis=0) if before is None else before[-RISE_FRAMES:]
    rises = levels - np.concatenate([earlier, levels[:-RISE_FRAMES]])
    return np.asarray(np.maximum(rises - np.float32(LEAST_RISE_DB), np.float32(0.0)).mean(axis=1), dtype=np.float32)


def spectrum_similarity(target_db: FloatArray, cover_db: FloatArray) -> float:
    """exp(-D / 9 dB), D the mean absolute difference; 0 where only the target sounds."""
    if target_db.any() and not cover_db.any():
        return 0.0
    return float(np.exp(-np.abs(target_db - cover_db).mean() / SPECTRUM_SCALE_DB))


def onset_similarity(target_db: FloatArray, cover_db: FloatArray) -> float:
    """1 - sum |f - g| / sum (f + g) (Bray and Curtis); 1 where neither rises."""
    both = float((target_db + cover_db).sum())
    return 1.0 if both < 1e-6 else 1.0 - float(np.abs(target_db - cover_db).sum()) / both
