"""The pitch of a single sound, if it has one: YIN (de Cheveigne and Kawahara 2002) on frames of 93 ms."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import scipy.fft

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray

WINDOW_SAMPLES = 2048
LONGEST_LAG_SAMPLES = 900
"""24.5 Hz, below the lowest note of a piano."""
SHORTEST_LAG_SAMPLES = 5
"""4.4 kHz, above the highest."""
HOP_SAMPLES = 2048
MOST_FRAMES = 48
"""The first 4.5 s: a pitch that is not clear by then is none."""
QUIETEST_FRAME_DB = -25.0
"""Frames further below the loudest are not asked."""
OCTAVE_SLACK = 0.03
"""The shortest lag is taken whose aperiodicity is within this of the best one's, or below twice this."""
PERIODIC = 0.2
"""A frame has a pitch where its aperiodicity is below this,"""
CLEAR = 0.12
"""a sound where the median is below this, and"""
STEADY = 0.8
"""this part of its frames lies within half a semitone of their median, octaves apart."""

Array = npt.NDArray[np.float64]


def hz_to_midi(frequency_hz: float) -> float:
    return 69.0 + 12.0 * math.log2(frequency_hz / 440.0)


def midi_to_hz(pitch_midi: float) -> float:
    return 440.0 * float(2.0 ** ((pitch_midi - 69.0) / 12.0))


def pitch_midi(mono: FloatArray) -> float | None:
    """The one pitch of `mono` [n] at 22.05 kHz as a MIDI number with fraction (69 = 440 Hz).

    None where there is no steady one: noise, drums whose pitch falls, chords, melodies. From 2 kHz on, where a
    period is ten samples, bright sounds may come out an octave low or as None.
    """
    periods, aperiodicities = np.array([_period(frame) for frame in _difference(mono)]).T
    periodic = aperiodicities < PERIODIC
    if periodic.mean() < 0.5 or np.median(aperiodicities) > CLEAR:
        return None
    pitches = 69.0 + 12.0 * np.log2(SAMPLE_RATE_HZ / periods[periodic] / 440.0)
    apart = pitches - np.median(pitches)
    steady = np.abs((apart + 6.0) % 12.0 - 6.0) < 0.5
    return float(np.median(pitches[steady])) if steady.mean() >= STEADY else None


def _difference(mono: FloatArray) -> Array:
    """[frames, lags]: YIN's cumulative mean normalised difference of the frames that are loud enough."""
    samples = WINDOW_SAMPLES + LONGEST_LAG_SAMPLES
    padded = np.pad(mono, (0, max(0, samples - mono.size)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, samples)[::HOP_SAMPLES][:MOST_FRAMES].astype(np.float64)
    energy_to = np.cumsum(np.pad(np.square(frames), ((0, 0), (1, 0))), axis=1)
    energies = energy_to[:, WINDOW_SAMPLES:-1] - energy_to[:, :LONGEST_LAG_SAMPLES]
    loud = energies[:, 0] >= energies[:, 0].max() * 10.0 ** (QUIETEST_FRAME_DB / 10.0)
    frames, energies = frames[loud], energies[loud]
    size = scipy.fft.next_fast_len(samples + WINDOW_SAMPLES, real=True)
    spectrum = scipy.fft.rfft(frames, size, axis=1) * np.conj(scipy.fft.rfft(frames[:, :WINDOW_SAMPLES], size, axis=1))
    correlation = scipy.fft.irfft(spectrum, size, axis=1)[:, :LONGEST_LAG_SAMPLES]
    difference = np.maximum(energies[:, :1] + energies - 2.0 * correlation, 0.0)
    lags = np.arange(1, LONGEST_LAG_SAMPLES)
    normalised: Array = np.ones(difference.shape)
    normalised[:, 1:] = difference[:, 1:] * lags / np.maximum(np.cumsum(difference[:, 1:], axis=1), 1e-20)
    return normalised


def _period(difference: Array) -> tuple[float, float]:
    """(period in samples, its aperiodicity 0..1) of one frame; (1, 1) where there is none."""
    inner = difference[1:-1]
    dips = 1 + np.flatnonzero((inner <= difference[:-2]) & (inner < difference[2:]))
    dips = dips[dips >= SHORTEST_LAG_SAMPLES]
    if not dips.size:
        return 1.0, 1.0
    before, here, after = difference[dips - 1], difference[dips], difference[dips + 1]
    curve = np.maximum(before - 2.0 * here + after, 1e-12)
    # of the parabola through each dip: at high pitches the true one lies between two lags, and much deeper
    lags = dips + 0.5 * (before - after) / curve
    depths = np.maximum(here - (before - after) ** 2 / (8.0 * curve), 0.0)
    best = int(np.flatnonzero(depths <= max(depths.min() + OCTAVE_SLACK, 2 * OCTAVE_SLACK))[0])
    return float(lags[best]), float(depths[best])
