"""Building blocks of the voices: time, envelopes, oscillators, filters, strings, rooms.

Signals are float64, [n] or stereo [2, n], at 44.1 kHz. Whatever is random comes from a Generator that is passed in.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.signal

RATE_HZ = 44100
TABLE_SAMPLES = 4096
HIGHEST_PARTIAL_HZ = 15000.0

Signal = npt.NDArray[np.float64]

_SEMITONES_ABOVE_C = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def note_hz(note: str) -> float:
    """Frequency of a natural note in scientific pitch notation: "A4" is 440 Hz, "C4" middle C."""
    return midi_hz(12 * (int(note[1:]) + 1) + _SEMITONES_ABOVE_C[note[0]])


def midi_hz(midi: float) -> float:
    """Frequency of a MIDI note number in equal temperament; 69 is 440 Hz."""
    return float(440.0 * 2.0 ** ((midi - 69.0) / 12.0))


def timeline(seconds: float) -> Signal:
    """The time in seconds of each sample."""
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def decay(t: Signal, t60_seconds: float) -> Signal:
    """Exponential decay from 1 that has fallen by 60 dB after `t60_seconds`."""
    return np.asarray(10.0 ** (-3.0 * t / t60_seconds))


def rise(t: Signal, seconds: float) -> Signal:
    """From 0 to 1 within `seconds`, without corners; 1 afterwards."""
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(t / seconds, 0.0, 1.0)))


def release(t: Signal, seconds: float) -> Signal:
    """1, then down to 0 within the last `seconds` of `t`, without corners."""
    return rise(t, seconds)[::-1]


def cycles(frequency_hz: Signal) -> Signal:
    """Phase, in cycles from 0, of a tone whose frequency follows `frequency_hz` [n]."""
    return np.concatenate(([0.0], np.cumsum(frequency_hz[:-1]))) / RATE_HZ


def sine(phase_cycles: Signal) -> Signal:
    return np.asarray(np.sin(2.0 * np.pi * phase_cycles))


def vibrato(t: Signal, rate_hz: float, depth_cents: float, start_cycles: float = 0.0) -> Signal:
    """Factor [n] on a frequency that swings by `depth_cents` to both sides."""
    return np.asarray(2.0 ** (depth_cents / 1200.0 * sine(rate_hz * t + start_cycles)))


def harmonics(frequency_hz: float) -> Signal:
    """Frequencies of all harmonics of a tone up to 15 kHz (repitched down none is missed, up none folds back)."""
    count = max(1, int(HIGHEST_PARTIAL_HZ / frequency_hz))
    return frequency_hz * np.arange(1, count + 1, dtype=np.float64)


def table_of(amplitudes: Signal, phases_cycles: Signal | float = 0.0) -> Signal:
    """One period of the sum of sines 1, 2, 3, ... with these amplitudes; band-limited because it is finite."""
    spectrum = np.zeros(TABLE_SAMPLES // 2 + 1, dtype=np.complex128)
    spectrum[1 : amplitudes.size + 1] = -0.5j * TABLE_SAMPLES * amplitudes * np.exp(2j * np.pi * phases_cycles)
    return np.asarray(np.fft.irfft(spectrum))


def play_table(table: Signal, phase_cycles: Signal) -> Signal:
    """`table` (one period) read at `phase_cycles` [n]."""
    return play_tables(table[np.newaxis], np.zeros_like(phase_cycles), phase_cycles)


def play_tables(tables: Signal, rows: Signal, phase_cycles: Signal) -> Signal:
    """`tables` [k, period] read at `phase_cycles` [n], neighbours blended by the fractional `rows` [n]."""
    position = np.mod(phase_cycles, 1.0) * TABLE_SAMPLES
    column = position.astype(np.int64)
    between = position - column
    here, right = column % TABLE_SAMPLES, (column + 1) % TABLE_SAMPLES
    row = np.clip(rows.astype(np.int64), 0, max(0, tables.shape[0] - 2))
    below = np.minimum(row + 1, tables.shape[0] - 1)
    upper = tables[row, here] * (1.0 - between) + tables[row, right] * between
    lower = tables[below, here] * (1.0 - between) + tables[below, right] * between
    blend = np.clip(rows - row, 0.0, 1.0)
    return np.asarray(upper * (1.0 - blend) + lower * blend)


def filtered_saw(frequency_hz: float, phase_cycles: Signal, cutoff_hz: Signal, resonance: float = 0.0) -> Signal:
    """A saw through a 24 dB/octave low pass whose cutoff follows `cutoff_hz` [n]; `resonance` lifts what lies at it.

    The filter is applied to the harmonics of a set of tables, one for each third of an octave of cutoff.
    """
    partials_hz = harmonics(frequency_hz)
    steps = 3
    lowest = np.log2(cutoff_hz.min())
    cutoffs_hz = 2.0 ** np.arange(lowest, np.log2(cutoff_hz.max()) + 2.0 / steps, 1.0 / steps)
    relative = partials_hz / cutoffs_hz[:, np.newaxis]
    response = 1.0 / np.sqrt(1.0 + relative**8) + resonance * np.exp(-((4.0 * np.log2(relative)) ** 2))
    tables = np.stack([table_of(row * frequency_hz / partials_hz) for row in response])
    return play_tables(tables, (np.log2(cutoff_hz) - lowest) * steps, phase_cycles)


def partials(t: Signal, frequencies_hz: Signal, amplitudes: Signal, t60s_seconds: Signal, phases: Signal) -> Signal:
    """Sum of decaying sines, one for each entry of the arrays; phases in cycles."""
    total = np.zeros_like(t)
    for hz, amplitude, t60, phase in zip(frequencies_hz, amplitudes, t60s_seconds, phases, strict=True):
        total += amplitude * decay(t, t60) * sine(hz * t + phase)
    return total


def low_pass(signal: Signal, cutoff_hz: float, order: int = 2) -> Signal:
    return _filtered(signal, cutoff_hz, "lowpass", order)


def high_pass(signal: Signal, cutoff_hz: float, order: int = 2) -> Signal:
    return _filtered(signal, cutoff_hz, "highpass", order)


def band_pass(signal: Signal, low_hz: float, high_hz: float, order: int = 2) -> Signal:
    return _filtered(signal, (low_hz, high_hz), "bandpass", order)


def _filtered(signal: Signal, corner_hz: float | tuple[float, float], kind: str, order: int) -> Signal:
    sections = scipy.signal.butter(order, corner_hz, kind, fs=RATE_HZ, output="sos")
    return np.asarray(scipy.signal.sosfilt(sections, signal))


def noise(rng: np.random.Generator, samples: int) -> Signal:
    """White noise of variance 1."""
    return rng.standard_normal(samples)


def plucked_string(excitation: Signal, samples: int, frequency_hz: float, t60_seconds: float, damping: float) -> Signal:
    """Karplus-Strong: `excitation` circulating in a delay line of one period, [samples].

    `damping` in [0, .25] is how much the loop's low pass [d, 1 - 2 d, d] takes from the highs on every turn. The loop
    is tuned by a third-order Lagrange delay (Laakso et al. 1996, "Splitting the unit delay").
    """
    period = RATE_HZ / frequency_hz - 1.0  # the symmetric low pass delays by one sample
    whole = int(period) - 1
    rest = period - whole
    taps = np.arange(4)
    lagrange = np.array([np.prod([(rest - j) / (k - j) for j in taps if j != k]) for k in taps])
    gain_per_turn = 10.0 ** (-3.0 / (frequency_hz * t60_seconds))
    loop = gain_per_turn * np.convolve(lagrange, [damping, 1.0 - 2.0 * damping, damping])
    feedback = np.concatenate(([1.0], np.zeros(whole - 1), -loop))
    driven = np.zeros(samples)
    driven[: min(samples, excitation.size)] = excitation[:samples]
    return np.asarray(scipy.signal.lfilter([1.0], feedback, driven))


def plucked_note(
    rng: np.random.Generator,
    frequency_hz: float,
    seconds: float,
    t60_seconds: float,
    damping: float,
    attack_hz: float,
    plucked_at: float,
) -> Signal:
    """A string let go at `plucked_at`, a fraction of its length: harmonics with a node there are missing."""
    t = timeline(seconds)
    period = RATE_HZ / frequency_hz
    # a bent string is a triangle with a corner where the finger was; noise alone would sound different on every note
    place = np.arange(int(period)) / period
    bent = np.where(place < plucked_at, place / plucked_at, (1.0 - place) / (1.0 - plucked_at))
    burst = 0.75 * period * np.gradient(bent - bent.mean()) + 0.5 * noise(rng, bent.size)
    burst = low_pass(burst - burst.mean(), attack_hz, 1)
    string = plucked_string(burst, t.size, frequency_hz, t60_seconds, damping)
    return high_pass(string, 25.0) * rise(t, 0.0008) * release(t, 0.25)


def panned(signal: Signal, position: float) -> Signal:
    """[2, n] of mono [n] at `position` in [-1, 1], constant power."""
    angle = (position + 1.0) * np.pi / 4.0
    return np.stack([np.cos(angle) * signal, np.sin(angle) * signal])


def room(rng: np.random.Generator, stereo: Signal, t60_seconds: float, before_seconds: float = 0.015) -> Signal:
    """The reverberation alone of `stereo` [2, n] in a room of that decay; highs die away in a third of it."""
    t = timeline(t60_seconds)
    onset = np.zeros(round(before_seconds * RATE_HZ))
    sides = []
    for side in stereo:
        white = noise(rng, t.size)
        tail = low_pass(white, 1800.0, 1) * decay(t, t60_seconds) + 0.35 * high_pass(white, 1800.0, 1) * decay(
            t, t60_seconds / 3.0
        )
        response = np.concatenate((onset, high_pass(tail, 150.0) * rise(t, 0.02)))
        response /= np.sqrt(np.sum(response**2))
        sides.append(scipy.signal.fftconvolve(side, response)[: side.size])
    return np.stack(sides)
