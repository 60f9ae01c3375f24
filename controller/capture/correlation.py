"""Finding a sound in a recording by cross-correlation: the whole of it, and one segment. Pure.

Sounds are [channels, n], of the same number of channels. The whole is found by its plain cross-correlation, which is
exact where nothing happened to the sound. A segment is found by a whitened one, R conj(E) / (|E|^2 + e): the impulse
response by Wiener's deconvolution, which has one sharp peak for tonal sounds, too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import fft

from embedding.kernels import FloatArray

Spectra = npt.NDArray[np.complex128]

LONGEST_SEGMENT_SAMPLES, SHORTEST_SEGMENT_SAMPLES = 2**14, 2**11
MOST_SEGMENTS = 12
QUIETEST_SEGMENT = 1e-5
"""Of the loudest one's energy."""
WHITENING = 0.01
"""e, as a part of the mean of |E|^2."""
HIGHEST = 0.8
"""Of the Nyquist frequency: above it, what resampled the sound on its way has changed it."""
CHUNK_SAMPLES, MOST_CHUNKS = 2**13, 64
"""What is left is measured in so many pieces of the whole."""
UPSAMPLING = 16
SINC_REACH = 24


def best_offset(expected: FloatArray, recorded: FloatArray) -> int:
    """The position in `recorded` at which `expected` begins: where their cross-correlation, of any sign, is largest."""
    size = fft.next_fast_len(expected.shape[1] + recorded.shape[1], real=True)
    spectrum = (fft.rfft(recorded, size, axis=1) * np.conj(fft.rfft(expected, size, axis=1))).sum(axis=0)
    at = int(np.argmax(np.abs(fft.irfft(spectrum, size))))
    return at if at < recorded.shape[1] else at - size


def segments_of(expected: FloatArray) -> list[slice]:
    """Of up to MOST_SEGMENTS parts of the sound, spread over it: where each has most energy. Without silent parts."""
    count = expected.shape[1]
    length = min(count, max(SHORTEST_SEGMENT_SAMPLES, min(LONGEST_SEGMENT_SAMPLES, count // 8)))
    sums = np.concatenate([[0.0], np.cumsum(np.square(expected, dtype=np.float64).sum(axis=0))])
    energies = sums[length:] - sums[:-length]
    parts = np.array_split(np.arange(energies.size), max(1, min(MOST_SEGMENTS, count // length)))
    starts = [int(part[np.argmax(energies[part])]) for part in parts]
    return [slice(one, one + length) for one in starts if energies[one] > QUIETEST_SEGMENT * energies.max()]


def response(piece: FloatArray, around: FloatArray) -> FloatArray:
    """[n] the size of the whitened cross-correlation at all shifts of `piece` within `around`."""
    size = fft.next_fast_len(around.shape[1], real=True)
    wanted = fft.rfft(piece, size, axis=1)
    power = (np.abs(wanted) ** 2).sum(axis=0)
    cross = (fft.rfft(around, size, axis=1) * np.conj(wanted)).sum(axis=0)
    heights = np.abs(fft.irfft(cross / (power + WHITENING * power.mean() + 1e-30), size))
    return np.asarray(heights[: around.shape[1] - piece.shape[1] + 1], dtype=np.float32)


def peak_between(heights: FloatArray) -> float:
    """Where the largest height lies, between the samples: by band-limited interpolation, then a parabola."""
    at = int(np.argmax(heights))
    taken = np.arange(max(0, at - SINC_REACH), min(heights.size, at + SINC_REACH + 1))
    fine = at + np.arange(-UPSAMPLING, UPSAMPLING + 1) / UPSAMPLING
    curve = np.sinc(fine[:, None] - taken) @ heights[taken].astype(np.float64)
    top = int(np.clip(np.argmax(curve), 1, fine.size - 2))
    before, here, after = curve[top - 1 : top + 2]
    bend = before - 2 * here + after
    return float(fine[top] + (0.5 * (before - after) / bend / UPSAMPLING if bend < 0 else 0.0))


def delay_between(piece: FloatArray, heard: FloatArray) -> float:
    """By how many samples, less than one, `heard` comes later: from the phases of their cross-spectrum.

    By least squares over the frequencies at which there is sound; exact to 1e-4 samples where nothing else is heard.
    """
    window = np.hanning(piece.shape[1])
    wanted, found = fft.rfft(piece * window, axis=1), fft.rfft(heard * window, axis=1)
    cross = (found * np.conj(wanted)).sum(axis=0)
    power = (np.abs(wanted) ** 2).sum(axis=0)
    turns = 2 * np.pi * np.arange(power.size) / piece.shape[1]
    weights = np.abs(cross) * (power > WHITENING * power.mean()) * (turns < HIGHEST * np.pi)
    spread = float(weights @ np.square(turns))
    return -float((weights * turns) @ np.angle(cross)) / spread if spread > 0 else 0.0


def likeness(expected: FloatArray, heard: FloatArray) -> float:
    """The size of their correlation coefficient, 0 to 1; 0 where one is silent."""
    size = float(np.linalg.norm(expected)) * float(np.linalg.norm(heard))
    return abs(float(np.vdot(expected, heard))) / size if size > 0 else 0.0


def fitted_gain(expected: FloatArray, heard: FloatArray) -> float:
    """The factor on `expected` that leaves the least of `heard`; 0 for silence."""
    energy = energy_of(expected)
    return float(np.vdot(expected.astype(np.float64), heard.astype(np.float64))) / energy if energy > 0 else 0.0


def energy_of(samples: FloatArray) -> float:
    return float(np.square(samples, dtype=np.float64).sum())


def left_at_one_gain(expected: FloatArray, heard: FloatArray) -> float:
    """The energy of what of `heard` is not the expected sound at one gain, as a part of all. Below HIGHEST."""
    wanted, found = _chunk_spectra(expected), _chunk_spectra(heard)
    power, energy = float(np.vdot(wanted, wanted).real), float(np.vdot(found, found).real)
    if power <= 0 or energy <= 0:
        return 1.0
    gain = float(np.vdot(wanted, found).real) / power
    rest = found - gain * wanted
    return float(np.vdot(rest, rest).real) / energy


def left_of_coloured(expected: FloatArray, heard: FloatArray) -> float:
    """The same times what is left where a filter may have changed it, and a gain from chunk to chunk: either shows what
    is in its right place."""
    return left_at_one_gain(expected, heard) * _left_of_filtered(expected, heard)


def _left_of_filtered(expected: FloatArray, heard: FloatArray) -> float:
    """By the coherence of the two."""
    wanted, found = _even(_chunk_spectra(expected)), _even(_chunk_spectra(heard))
    cross, power = (found * np.conj(wanted)).sum(axis=0), np.square(np.abs(wanted)).sum(axis=0)
    energies = np.square(np.abs(found)).sum(axis=0)
    rest = energies - np.square(np.abs(cross)) / (power + 1e-12 * power.mean() + 1e-30)
    return float(np.maximum(rest, 0.0).sum() / max(float(energies.sum()), 1e-30))


def _even(spectra: Spectra) -> Spectra:
    """Each chunk at the same level, but those that are as good as silent."""
    levels = np.sqrt(np.square(np.abs(spectra)).sum(axis=(1, 2), keepdims=True))
    return np.asarray(spectra / (levels + 1e-3 * levels.max() + 1e-30))


def _chunk_spectra(samples: FloatArray) -> Spectra:
    """[chunks, channels, bins], below HIGHEST: resampling changes what is above."""
    size = min(CHUNK_SAMPLES, samples.shape[1])
    starts = np.linspace(0, samples.shape[1] - size, MOST_CHUNKS).astype(int)
    kept, window = slice(0, max(1, round(HIGHEST * size / 2))), np.hanning(size)
    return np.stack([np.fft.rfft(samples[:, at : at + size] * window, axis=1)[:, kept] for at in starts])
