"""A recording as blocks of 43 spectral frames: what windows are made of, and what an edit replaces.

Window k is the blocks k, k + 1, k + 2 and the first frame of block k + 3. A recording with W windows has W + 3 blocks,
which together hold each of its frames once; frames behind its end are those of silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedding.analysis import (
    BLOCK_FRAMES,
    BLOCK_SAMPLES,
    BLOCKS_PER_WINDOW,
    FFT_SAMPLES,
    HOP_SAMPLES,
    MEL_BINS,
    WINDOW_FRAMES,
    WINDOW_SAMPLES,
    frame_count,
    mel_filters,
    peak_chroma,
    spectra,
    window_starts,
)
from embedding.kernels import FloatArray

HALF_FFT_SAMPLES = FFT_SAMPLES // 2
SPAN_SAMPLES = (BLOCK_FRAMES - 1) * HOP_SAMPLES + FFT_SAMPLES
"""Samples that the frames of one block see: from 1024 before its first centre to 1024 behind its last."""
HEAD_SAMPLES = WINDOW_SAMPLES - BLOCKS_PER_WINDOW * BLOCK_SAMPLES
"""Samples by which a window of 3 s reaches into its fourth block."""
SILENT = 1e-4
"""A window is silent where its maximum is below this times the recording's peak (-80 dB)."""


@dataclass(frozen=True, eq=False)
class Block:
    """mel [43, 128] magnitudes, chroma [43, 12], peak of its 22016 samples and of the first 102 of them."""

    mel: FloatArray
    chroma: FloatArray
    peak: float
    head_peak: float


def block_count(samples: int) -> int:
    """Blocks of a recording of so many samples at 22.05 kHz."""
    return len(window_starts(frame_count(samples))) + BLOCKS_PER_WINDOW


def span_start(block: int) -> int:
    """First sample (may be negative) that the frames of block number `block` see."""
    return block * BLOCK_SAMPLES - HALF_FFT_SAMPLES


def analyse_spans(spans: FloatArray) -> list[Block]:
    """Blocks of `spans` [n, SPAN_SAMPLES], each of which begins at its block's `span_start`."""
    frames = np.lib.stride_tricks.sliding_window_view(spans, FFT_SAMPLES, axis=1)[:, ::HOP_SAMPLES]
    magnitude = spectra(frames.reshape(-1, FFT_SAMPLES))
    mel = (magnitude @ mel_filters()).reshape(len(spans), BLOCK_FRAMES, MEL_BINS)
    chroma = peak_chroma(magnitude).reshape(len(spans), BLOCK_FRAMES, -1)
    level = np.abs(spans[:, HALF_FFT_SAMPLES : HALF_FFT_SAMPLES + BLOCK_SAMPLES])
    peaks, head_peaks = level.max(axis=1), level[:, :HEAD_SAMPLES].max(axis=1)
    return [Block(m, c, float(p), float(h)) for m, c, p, h in zip(mel, chroma, peaks, head_peaks, strict=True)]


def blocks_of(mono: FloatArray, samples: int) -> tuple[Block, ...]:
    """Blocks of `mono` [n] at 22.05 kHz, padded or cut to `samples`."""
    count = block_count(samples)
    padded = np.zeros(HALF_FFT_SAMPLES + count * BLOCK_SAMPLES + HALF_FFT_SAMPLES, dtype=np.float32)
    kept = min(samples, mono.size)
    padded[HALF_FFT_SAMPLES : HALF_FFT_SAMPLES + kept] = mono[:kept]
    spans = np.lib.stride_tricks.sliding_window_view(padded, SPAN_SAMPLES)[::BLOCK_SAMPLES][:count]
    return tuple(block for span in spans for block in analyse_spans(span[np.newaxis]))


def window_maxima(blocks: Sequence[Block]) -> FloatArray:
    """[W]: each window's largest absolute sample."""
    peaks = np.array([block.peak for block in blocks], dtype=np.float32)
    heads = np.array([block.head_peak for block in blocks], dtype=np.float32)
    return np.asarray(np.maximum.reduce([peaks[:-3], peaks[1:-2], peaks[2:-1], heads[3:]]), dtype=np.float32)


def window_mel(blocks: Sequence[Block], window: int) -> FloatArray:
    """[130, 128]: the mel magnitudes of one window."""
    return np.concatenate([block.mel for block in blocks[window : window + 4]])[:WINDOW_FRAMES]


def window_chroma(blocks: Sequence[Block], window: int) -> FloatArray:
    """[130, 12]: the chromagram of one window."""
    return np.concatenate([block.chroma for block in blocks[window : window + 4]])[:WINDOW_FRAMES]


def is_silent(maxima: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """[W]: which windows count as silent, by their maxima."""
    return maxima <= SILENT * float(maxima.max(initial=0.0))
