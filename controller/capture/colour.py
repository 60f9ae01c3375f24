"""What a set can make of its sound: filters (an equaliser, a reverb) and a gain that moves (a fader, a compressor, a
limiter), cut off at full scale. Pure.

The plainest of these that explains what is heard is taken: the gain alone, filters and gain, filters with a long tail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter1d

from controller.capture.comparison import MANY_AT_PEAK, peak_samples
from controller.capture.correlation import energy_of, fitted_gain
from controller.capture.filters import EQUALISER, SECTION_SAMPLES, explained, tail
from embedding.kernels import FloatArray

GAIN_SECONDS = 0.001
"""A gain is measured over twice that, of both sides together: a limiter is as quick, another sound is told from it."""
LEAST_GAIN = 0.03
"""Of the usual gain: what is turned down by more is not made louder again to be compared."""
CUT_OFF = 0.98
"""Of the peak: there a sound may have been cut off."""
ROUNDS = (EQUALISER[:1], EQUALISER[:1], EQUALISER, EQUALISER, EQUALISER)
"""Of filters and gain, by turns: a short filter first, which cannot take a moving gain for its own."""
WELL_DB = -5.0
"""Below what will do, nothing better is looked for."""
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Colour:
    """`modelled` [2, n] is what a set can make of the sound that is most like what is heard; `filtered` the same
    without the movements of its gain, [n] `gains`."""

    filtered: FloatArray
    gains: FloatArray
    modelled: FloatArray
    unexplained_db: float
    """What remains, of the heard sound's level."""
    by_tail_db: float = 0.0
    """So much less remains with a long tail than without one."""


def colour_of(wanted: FloatArray, heard: FloatArray, sample_rate_hz: int, enough_db: float) -> Colour:
    """The plainest that leaves WELL_DB less than `enough_db`, or the best. A tail is tried where more is left."""
    best: Colour | None = None
    for one in _colours(wanted, heard, sample_rate_hz):
        if best is None or one.unexplained_db < best.unexplained_db:
            best = one
        if one.unexplained_db <= enough_db + WELL_DB:
            break
    assert best is not None
    if best.unexplained_db <= enough_db:
        return best
    by_tail = min(_with_tail(wanted, heard, best), key=lambda one: one.unexplained_db)
    gained_db = best.unexplained_db - by_tail.unexplained_db
    return replace(by_tail, by_tail_db=gained_db) if gained_db > 0 else best


def _colours(wanted: FloatArray, heard: FloatArray, rate_hz: int) -> Iterator[Colour]:
    cut_off = _cut_off(wanted, heard)
    plain = wanted * np.array([[fitted_gain(*sides)] for sides in zip(wanted, heard, strict=True)], dtype=np.float32)
    yield _judged(plain, _gain(plain, heard, rate_hz), heard, cut_off)
    modelled, gains = plain, np.ones(wanted.shape[1], dtype=np.float32)
    for ways in ROUNDS:
        whole = _whole(modelled, heard, cut_off)
        filtered = explained(wanted, whole / gains, ways)
        gains = np.maximum(_gain(filtered, whole, rate_hz), LEAST_GAIN)
        modelled = filtered * gains
        yield _judged(filtered, gains, heard, cut_off)


def _with_tail(wanted: FloatArray, heard: FloatArray, best: Colour) -> Iterator[Colour]:
    """Without and with the gain's movements. Of what is left, so long a response explains a part by chance."""
    cut_off = _cut_off(wanted, heard)
    whole = _whole(best.modelled, heard, cut_off)
    way = tail(wanted.shape[1])
    by_chance = 2.0 * way.taps / min(wanted.shape[1], SECTION_SAMPLES)
    for gains in (np.ones_like(best.gains), best.gains):
        filtered = explained(wanted, whole / gains, (*EQUALISER, way))
        yield _judged(filtered, gains, heard, cut_off, by_chance)


def _cut_off(wanted: FloatArray, heard: FloatArray) -> Mask:
    """Where a sample may have been louder before it was cut off."""
    there = np.abs(heard) >= CUT_OFF * np.abs(heard).max()
    return np.asarray(there & (peak_samples(heard) > MANY_AT_PEAK + 2 * peak_samples(wanted)))


def _whole(modelled: FloatArray, heard: FloatArray, cut_off: Mask) -> FloatArray:
    """`heard` as it was before."""
    return np.where(_over(modelled, heard, cut_off), modelled, heard)


def _over(modelled: FloatArray, heard: FloatArray, cut_off: Mask) -> Mask:
    return cut_off & (modelled * np.sign(heard) > np.abs(heard))


def _gain(modelled: FloatArray, heard: FloatArray, rate_hz: int) -> FloatArray:
    """[n]: by which the model has to be multiplied at each moment."""
    products, energies = (
        _smoothed(one.sum(axis=0), round(GAIN_SECONDS * rate_hz))
        for one in (modelled.astype(np.float64) * heard, np.square(modelled, dtype=np.float64))
    )
    floor = 1e-4 * energies.mean() + 1e-15
    return np.asarray((products + floor) / (energies + floor), dtype=np.float32)


def _smoothed(values: npt.NDArray[np.float64], samples: int) -> npt.NDArray[np.float64]:
    for _ in range(2):
        values = uniform_filter1d(values, samples)
    return np.maximum(values, 0.0)


def _judged(
    filtered: FloatArray, gains: FloatArray, heard: FloatArray, cut_off: Mask, by_chance: float = 0.0
) -> Colour:
    modelled = filtered * gains
    left = energy_of(np.where(_over(modelled, heard, cut_off), np.float32(0.0), heard - modelled))
    energy = energy_of(heard) * (1.0 - by_chance)
    return Colour(filtered, gains, modelled, float(10 * np.log10(max(left / energy, 1e-20))))
