"""Faults of the path where the set may colour its sound: what no filter, moving gain or clipping explains. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import fft

from controller.capture.alignment import align
from controller.capture.colour import Colour, colour_of
from controller.capture.comparison import Span, hole_mask, runs, spans
from controller.capture.correlation import energy_of
from controller.capture.reading import Alignment, aligned
from embedding.kernels import FloatArray

TAIL_EXPLAINS_DB, TAIL_DB = 3.0, -16.0
"""A tail that explains so much is one; its end, and what moves in it, may be so loud."""
BLOCK_SECONDS = 0.005
AUDIBLE = 0.03
"""Of the mean energy; blocks with less are not asked whether they are the sound."""
QUIET = 0.01
"""Of the energy that should be there: a gate is closed, nothing else is heard."""
EDGE_SECONDS = 0.01
UNLIKE, ALIKE = 0.7, 0.97
"""Correlation coefficients of a block that is not the sound, and of those in the middle of all."""
ABRUPT_SAMPLES, ABRUPT = 64, 0.01
"""Of the energy that should be there just before a hole, so much is; a gate closes more gently."""
DEVICE_RATES_HZ = (44100, 48000)
STEEP_DB = -40.0
"""No equaliser falls by so much from just below half a sample rate to just above it."""
FAINTEST_DB = -90.0
"""Of the loudest frequency: what has less there cannot show it."""
SPECTRUM_SAMPLES = 4096


def coloured(
    wanted: FloatArray, recorded: FloatArray, found: Alignment, sample_rate_hz: int, enough_db: float
) -> tuple[Alignment, FloatArray, Colour]:
    """Where the sound lies, what is heard of it, and the set's part in it. `found`: as far as could be told before."""
    count = wanted.shape[1]
    heard = aligned(recorded, found, count)
    colour = colour_of(wanted, heard, sample_rate_hz, enough_db)
    if found.speed == 1.0 and not found.jumps:
        return found, heard, colour
    again = align(colour.modelled, recorded)  # an equaliser moves each segment by a little, unlike its neighbours
    if again is None:
        return found, heard, colour
    heard_again = aligned(recorded, again, count)
    colour_again = colour_of(wanted, heard_again, sample_rate_hz, enough_db)
    if colour_again.unexplained_db < colour.unexplained_db:
        return again, heard_again, colour_again
    return found, heard, colour


def is_explained(colour: Colour, enough_db: float) -> bool:
    """Or most of it is a tail, longer than could be known."""
    return colour.unexplained_db <= (TAIL_DB if colour.by_tail_db >= TAIL_EXPLAINS_DB else enough_db)


def holes(colour: Colour, heard: FloatArray, sample_rate_hz: int) -> tuple[Span, ...]:
    """Where nothing is heard of what should be, from one sample to the next; but for a filter's own ends."""
    mask, edge = hole_mask(colour.filtered, colour.filtered, heard), round(EDGE_SECONDS * sample_rate_hz)
    for begin, end in runs(mask):
        if end < edge or begin > mask.size - edge:
            mask[begin:end] = False
        near = slice(max(0, begin - ABRUPT_SAMPLES), begin) if begin else slice(end, end + ABRUPT_SAMPLES)
        if energy_of(heard[:, near]) < ABRUPT * energy_of(colour.filtered[:, near]):
            mask[begin:end] = False
    return tuple(spans(mask, 1, sample_rate_hz))


def replaced(colour: Colour, heard: FloatArray, sample_rate_hz: int) -> tuple[Span, ...]:
    """Where something else is heard instead, whatever the gain."""
    block = max(1, round(BLOCK_SECONDS * sample_rate_hz))
    products, wanted, found = (_block_sums(one, block) for one in _products(colour.filtered, heard))
    audible = wanted > AUDIBLE * wanted.mean()
    alike = products / np.sqrt(wanted * found + 1e-30)
    if not audible.any() or np.median(alike[audible]) < ALIKE:
        return ()
    return tuple(spans(audible & (found > QUIET * wanted) & (alike < UNLIKE), block, sample_rate_hz))


def lower_rate_hz(wanted: FloatArray, heard: FloatArray, sample_rate_hz: int) -> int | None:
    """That of a device on the way, above half of which nothing is left."""
    gains, powers = _coherent_gains(wanted, heard)
    for rate_hz in DEVICE_RATES_HZ:
        below, above = (
            slice(*(round(part * rate_hz / sample_rate_hz * SPECTRUM_SAMPLES / 2) for part in band))
            for band in ((0.80, 0.90), (1.02, 1.08))
        )
        if above.stop >= gains.size or 10 * np.log10(powers[above].min() / powers.max() + 1e-30) < FAINTEST_DB:
            continue
        if 20 * np.log10(np.median(gains[above]) / (np.median(gains[below]) + 1e-30) + 1e-30) < STEEP_DB:
            return rate_hz
    return None


def _products(wanted: FloatArray, heard: FloatArray) -> Iterator[FloatArray]:
    yield wanted * heard
    yield np.square(wanted)
    yield np.square(heard)


def _block_sums(values: FloatArray, block: int) -> FloatArray:
    return np.add.reduceat(values.sum(axis=0, dtype=np.float64), np.arange(0, values.shape[1], block))


def _coherent_gains(wanted: FloatArray, heard: FloatArray) -> tuple[FloatArray, FloatArray]:
    """[bins] by how much `wanted` is heard, and its power."""
    size = min(SPECTRUM_SAMPLES, wanted.shape[1])
    starts = np.arange(0, wanted.shape[1] - size + 1, max(1, size // 2))
    window = np.hanning(size)
    one, other = (
        np.stack([fft.rfft(sound[:, at : at + size] * window, axis=1) for at in starts]) for sound in (wanted, heard)
    )
    powers = np.square(np.abs(one)).sum(axis=(0, 1))
    return np.abs((other * np.conj(one)).sum(axis=(0, 1))) / (powers + 1e-30), powers
