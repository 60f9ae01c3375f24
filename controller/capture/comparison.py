"""What became of a sound on its way: level, holes, clipping, channels, and what is left when these are accounted for.

Pure. `expected` and `heard` are [2, n] at one rate, aligned to the sample. Levels in dB are relative to the expected
sound's root mean square at the gain with which it was heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import firwin, oaconvolve

from controller.capture.correlation import energy_of, fitted_gain
from embedding.kernels import FloatArray, gain_to_db

Mask = npt.NDArray[np.bool_]

BLOCK_SECONDS = 0.02
NOTHING = 2.0**-17
"""Samples below are 0 even at 16 bit."""
LEAST_HOLE_SAMPLES = 4
JOINED_SAMPLES = 128
"""A hole goes on where the sound itself crosses zero for so long."""
AUDIBLE = 10 ** (-60 / 20)
"""Of the sound's peak: what is quieter may be missing without notice."""
ONE_SIDE_DB = -50.0
"""The difference of two channels, below their sum, that makes them one."""
AT_PEAK, MANY_AT_PEAK = 1e-4, 8
"""Samples that differ from the highest by less than that part of it are clipped, if there are more than so many."""
REPLACED = 0.5
IN_BAND = 0.75
"""Of the Nyquist frequency: where a sound that was resampled can be compared."""
SPECTRUM_SAMPLES = 4096
FLOOR_DB = -200.0


@dataclass(frozen=True)
class Span:
    start_seconds: float
    length_seconds: float


@dataclass(frozen=True, eq=False)
class Comparison:
    gains: tuple[float, float]
    """Of left and right; negative where the polarity is turned, 0 where nothing is heard."""
    is_mono: bool
    """Left and right are one though they should differ; all else is compared with their mean then."""
    clipped_samples: int
    holes: tuple[Span, ...]
    """Where nothing is heard of what should be."""
    residual_db: tuple[float, ...]
    """What differs, second by second."""
    left_db: float
    """What differs in all, without holes and clipping; `left_dbfs`: relative to full scale."""
    left_dbfs: float
    played: FloatArray
    """[2, n] the expected sound at the gain with which it was heard; `left`: what differs, 0 where explained."""
    left: FloatArray


@dataclass(frozen=True)
class Reasons:
    """What would be left, relative to the level, were a reason for it taken away."""

    followed_db: float
    """The level followed through all its changes."""
    incoherent_db: float
    """Any filter undone, such as an equaliser or a resampler's: what is not of the sound at all."""
    level_range_db: float
    highs_share: float
    """How much of what is left lies in the highest quarter of the frequencies, 0 to 1."""
    bursts: tuple[Span, ...]
    """Where nearly all of it lies, if that is a small part of the time."""
    replaced: bool
    """In these bursts, the sound itself is not heard."""


def compare(expected: FloatArray, heard: FloatArray, sample_rate_hz: int, resampled: bool) -> Comparison:
    """`resampled`: drift or a fraction of a sample was taken out of `heard`, so that its highs do not count."""
    clipped = peak_samples(heard)
    clipped = clipped if clipped > MANY_AT_PEAK + 2 * peak_samples(expected) else 0
    if resampled:
        expected, heard = _in_band(expected), _in_band(heard)
    is_mono = _is_one(heard) and not _is_one(expected)
    wanted = np.repeat(expected.mean(axis=0, keepdims=True), 2, axis=0) if is_mono else expected
    peak = float(np.abs(heard).max(initial=0.0))
    below = np.abs(heard) < (0.9 if clipped else 2.0) * peak
    block = max(1, round(BLOCK_SECONDS * sample_rate_hz))
    gains = [float(np.median(_block_gains(wanted[c] * below[c], heard[c] * below[c], block))) for c in (0, 1)]
    played = wanted * np.array(gains, dtype=np.float32)[:, None]
    holes = hole_mask(wanted, played, heard)
    over = (np.abs(heard) > 0.98 * peak) & (np.abs(played) > np.abs(heard)) if clipped else ~below
    error = heard - played
    left = np.where(holes[None] | over, np.float32(0.0), error)
    level = _rms(played)
    parts = [error[:, at : at + sample_rate_hz] for at in range(0, error.shape[1], sample_rate_hz)]
    return Comparison(
        gains=(gains[0], gains[1]),
        is_mono=is_mono,
        clipped_samples=clipped,
        holes=tuple(spans(holes, 1, sample_rate_hz)),
        residual_db=tuple(_below(_rms(part), level) for part in parts),
        left_db=_below(_rms(left), level),
        left_dbfs=max(FLOOR_DB, gain_to_db(_rms(left))),
        played=played,
        left=left,
    )


def reasons(found: Comparison, sample_rate_hz: int) -> Reasons:
    block = max(1, round(BLOCK_SECONDS * sample_rate_hz))
    heard = found.played + found.left
    followed = np.stack([_followed(one, other, block) for one, other in zip(found.played, heard, strict=True)])
    bursts = _bursts(found.left, max(1, block // 4))
    there = np.repeat(bursts, max(1, block // 4))[: heard.shape[1]]
    energy = energy_of(found.left)
    return Reasons(
        followed_db=_below(_rms(followed), _rms(found.played)),
        incoherent_db=_below(float(np.sqrt(_incoherent(found.played, heard) / heard.size)), _rms(found.played)),
        level_range_db=max(
            _range_db(_block_gains(one, other, block)) for one, other in zip(found.played, heard, strict=True)
        ),
        highs_share=energy_of(found.left - _in_band(found.left)) / energy if energy > 0 else 0.0,
        bursts=tuple(spans(bursts, max(1, block // 4), sample_rate_hz)),
        replaced=bool(bursts.any()) and fitted_gain(found.played[:, there], heard[:, there]) < REPLACED,
    )


def peak_samples(samples: FloatArray) -> int:
    """How many samples stand at the highest value there is, as where something was cut off."""
    peak = float(np.abs(samples).max(initial=0.0))
    return int(np.count_nonzero(np.abs(samples) >= (1 - AT_PEAK) * peak)) if peak > 0 else 0


def _rms(samples: FloatArray) -> float:
    return float(np.sqrt(energy_of(samples) / max(1, samples.size)))


def _below(rms: float, level: float) -> float:
    """In dB, relative to the `level` at which the sound was heard."""
    return max(FLOOR_DB, gain_to_db(rms / level)) if level > 0 else 0.0


def _is_one(samples: FloatArray) -> bool:
    """Left and right are the same."""
    side, middle = energy_of(samples[0] - samples[1]), energy_of(samples[0] + samples[1])
    return side <= middle * 10 ** (ONE_SIDE_DB / 10)


def _block_gains(expected: FloatArray, heard: FloatArray, block: int) -> npt.NDArray[np.float64]:
    """The gains of those blocks in which there is sound."""
    count = max(1, expected.size // block)
    products = np.add.reduceat(expected.astype(np.float64) * heard, np.arange(count) * block)
    energies = np.add.reduceat(np.square(expected, dtype=np.float64), np.arange(count) * block)
    sounding = energies > 1e-4 * energies.max()
    return products[sounding] / energies[sounding] if sounding.any() else np.zeros(1)


def _range_db(gains: npt.NDArray[np.float64]) -> float:
    """Of nine tenths of the blocks; 0 where a part has no level at all, as in a hole."""
    low, high = np.abs(np.percentile(gains, [5, 95]))
    return float(20 * np.log10(high / low)) if min(low, high) > 0 else 0.0


def _followed(played: FloatArray, heard: FloatArray, block: int) -> FloatArray:
    """What is left of one channel when each block's own gain is taken."""
    left = heard.copy()
    for begin in range(0, heard.size, block):
        part = slice(begin, begin + block)
        left[part] -= np.float32(fitted_gain(played[part], heard[part])) * played[part]
    return left


def hole_mask(wanted: FloatArray, played: FloatArray, heard: FloatArray) -> Mask:
    """[n]: nothing is heard in either channel, though something audible should be."""
    loudness, peak = np.abs(wanted).max(axis=0), float(np.abs(wanted).max(initial=0.0))
    audible = (loudness > AUDIBLE * peak) & (np.abs(played).max(axis=0) > 2 * NOTHING)
    missing = np.abs(heard).max(axis=0) <= NOTHING
    mask = np.zeros(missing.shape, dtype=np.bool_)
    missed = [list(run) for run in runs(missing & audible)]
    joined: list[list[int]] = []
    for begin, end in missed:
        if joined and begin - joined[-1][1] <= JOINED_SAMPLES and missing[joined[-1][1] : begin].all():
            joined[-1][1] = end
        else:
            joined.append([begin, end])
    for begin, end in joined:
        if end - begin >= LEAST_HOLE_SAMPLES:
            mask[begin:end] = True
    return mask


def _bursts(left: FloatArray, block: int) -> Mask:
    """Which blocks have nearly all of what is left; none if these are more than a third of all."""
    energies = np.add.reduceat(np.square(left, dtype=np.float64).sum(axis=0), np.arange(0, left.shape[1], block))
    mask = np.zeros(energies.size, dtype=np.bool_)
    order = np.argsort(energies)[::-1]
    shares = np.cumsum(energies[order]) / max(float(energies.sum()), 1e-300)
    loud = order[: int(np.searchsorted(shares, 0.99)) + 1]
    mask[loud] = 3 * loud.size <= energies.size
    return mask


def _incoherent(wanted: FloatArray, heard: FloatArray) -> float:
    """The energy of `heard` that no filter makes of `wanted`: the sum of (1 - coherence) times its spectrum."""
    size = min(SPECTRUM_SAMPLES, wanted.shape[1])
    starts = range(0, wanted.shape[1] - size + 1, max(1, size // 2))
    window = np.hanning(size)
    alone = 0.0
    for one, other in zip(wanted, heard, strict=True):
        cross = np.zeros(size // 2 + 1, dtype=np.complex128)
        power, found = np.zeros(size // 2 + 1), np.zeros(size // 2 + 1)
        for start in starts:
            a = np.fft.rfft(one[start : start + size] * window)
            b = np.fft.rfft(other[start : start + size] * window)
            cross += b * np.conj(a)
            power += np.abs(a) ** 2
            found += np.abs(b) ** 2
        part = found - np.abs(cross) ** 2 / np.maximum(power, 1e-30)
        total = float(found.sum())
        alone += energy_of(other) * max(0.0, float(part.sum())) / total if total > 0 else 0.0
    return alone


def _in_band(samples: FloatArray) -> FloatArray:
    kernel = firwin(255, IN_BAND)
    return np.asarray(oaconvolve(samples, kernel[None, :], mode="same", axes=1), dtype=np.float32)


def spans(mask: Mask, block: int, sample_rate_hz: int) -> Iterator[Span]:
    """Of a mask over blocks of so many samples."""
    for begin, end in runs(mask):
        yield Span(begin * block / sample_rate_hz, (end - begin) * block / sample_rate_hz)


def runs(mask: Mask) -> list[tuple[int, int]]:
    """(begin, end) of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
