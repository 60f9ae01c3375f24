"""Repetition: which later stretches of a recording are much like earlier ones, to the sample where they are copies.

The self-similarity of its band magnitudes (Foote 2000) is the correlation of the frames around one moment and around
another, smoothed over a second. For each moment the best earlier one is sought so that the lag between them changes
rarely: the best path through all lags (Viterbi 1967). No beat has to be found for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from embedding.analysis import FFT_SAMPLES, HOP_SAMPLES, SAMPLE_RATE_HZ
from embedding.kernels import FloatArray
from search.bands import BANDS, bands_of

SHORTEST_SECONDS = 1.0
"""Of a repeat, and of the lag between the two stretches."""
LEAST_SIMILARITY = 0.5
SMOOTHED_SECONDS = 1.0
SWITCH_COST_SECONDS = 0.8
"""A change of lag has to gain as much as so many seconds of perfect similarity do."""
QUIETEST = 10.0 ** (-50.0 / 20.0)
"""Relative to the loudest band."""
MOST_FRAMES = 2400
"""Of longer recordings several frames are taken together, as time and memory grow with the square."""
EARLY_SECONDS = 0.03
"""Stretches begin so long before an onset, as clips may start a little before they are heard."""
SNAP_SECONDS = 0.25
CREST_SAMPLES = 64


@dataclass(frozen=True, order=True)
class Repeat:
    """What sounds for `seconds` from `to_seconds` on is like what sounds from `from_seconds` on, earlier by at least as
    much. `similarity` is the correlation of their band magnitudes, 1: the same."""

    to_seconds: float
    from_seconds: float
    seconds: float
    similarity: float

    @property
    def lag_seconds(self) -> float:
        return self.to_seconds - self.from_seconds


def repeats_in(mono: FloatArray, onsets_seconds: Sequence[float] | FloatArray) -> list[Repeat]:
    """The repeats in `mono` [n] at 22.05 kHz, in time order and not overlapping in where they are repeats; they begin
    just before onsets where there are any near."""
    features = Features.of(mono)
    frames = features.frames(0, mono.size // HOP_SAMPLES)
    together = max(1, -(-len(frames) // MOST_FRAMES))
    pooled = frames[: len(frames) // together * together].reshape(-1, together, BANDS).mean(axis=1)
    step_seconds = together * HOP_SAMPLES / SAMPLE_RATE_HZ
    onsets = np.sort(np.asarray(onsets_seconds, dtype=np.float64))
    repeats = []
    for begin, end, lag in _stretches(_similarities(pooled, step_seconds), step_seconds):
        first, last = (_snapped(frame * step_seconds, onsets) for frame in (begin, end))
        repeats += _pieces(features, first, min(last, mono.size / SAMPLE_RATE_HZ), lag * step_seconds, step_seconds)
    return repeats


@dataclass(frozen=True, eq=False)
class Features:
    """Log band magnitudes of a recording, less their means over it."""

    mono: FloatArray
    noise: float
    means: FloatArray

    @classmethod
    def of(cls, mono: FloatArray) -> Features:
        bands = bands_of(mono, 0, max(1, mono.size // HOP_SAMPLES), HOP_SAMPLES)
        noise = max(float(bands.max()) * QUIETEST, 1e-9)
        return cls(mono, noise, np.log(bands + np.float32(noise)).mean(axis=0))

    def frames(self, first_sample: int, count: int) -> FloatArray:
        """[count, 60] every 512 samples from `first_sample` on."""
        bands = bands_of(self.mono, first_sample, max(1, count), HOP_SAMPLES)
        return np.asarray(np.log(bands + np.float32(self.noise)) - self.means, dtype=np.float32)

    def similarity(self, from_sample: int, to_sample: int, samples: int) -> float:
        """The correlation of two stretches, 0 to 1; 0 where both are what the recording always is. What lies around
        them is not heard, so that copies have 1 whatever comes before and behind."""
        count = (samples - FFT_SAMPLES) // HOP_SAMPLES + 1
        one, other = (self.frames(first + FFT_SAMPLES // 2, count) for first in (from_sample, to_sample))
        energy = float(np.square(one).sum() + np.square(other).sum()) / 2.0
        return max(0.0, float((one * other).sum()) / energy) if energy > 0.0 else 0.0


def _similarities(features: FloatArray, step_seconds: float) -> FloatArray:
    """[lags, frames]: how like the frames around a frame are to those so many frames earlier; row i is the lag i plus
    the shortest. 0 where there is nothing so early."""
    frames = len(features)
    shortest = _frames(SHORTEST_SECONDS, step_seconds)
    reach = _frames(SMOOTHED_SECONDS, step_seconds) // 2 + 1
    energy = np.square(features).sum(axis=1)
    found = np.zeros((max(0, frames - shortest), frames), np.float32)
    for row, lag in enumerate(range(shortest, frames)):
        both = _summed((features[lag:] * features[:-lag]).sum(axis=1), reach)
        norms = _summed((energy[lag:] + energy[:-lag]) / 2.0, reach)
        found[row, lag:] = both / np.maximum(norms, 1e-9)
    return found


def _summed(values: FloatArray, reach: int) -> npt.NDArray[np.float64]:
    """[n]: sums of `values` [n] over all within `reach`."""
    totals = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    at = np.arange(values.size)
    return np.asarray(totals[np.minimum(at + reach + 1, values.size)] - totals[np.maximum(at - reach, 0)])


def _stretches(similarities: FloatArray, step_seconds: float) -> list[tuple[int, int, int]]:
    """(first frame, frame behind the last, lag in frames) of the stretches on the best path."""
    lags, frames = similarities.shape
    shortest = _frames(SHORTEST_SECONDS, step_seconds)
    if lags == 0:
        return []
    switch = SWITCH_COST_SECONDS / step_seconds * (1.0 - LEAST_SIMILARITY)
    gains = np.concatenate([np.zeros((1, frames), np.float32), similarities - np.float32(LEAST_SIMILARITY)])
    values = np.zeros(lags + 1)
    came_from = np.zeros((frames, lags + 1), np.intp)
    own = np.arange(lags + 1)
    for frame in range(frames):
        best = int(np.argmax(values))
        stays = values >= values[best] - switch
        came_from[frame] = np.where(stays, own, best)
        values = np.where(stays, values, values[best] - switch) + gains[:, frame]
    path = [int(np.argmax(values))]
    for frame in range(frames - 1, 0, -1):
        path.append(int(came_from[frame, path[-1]]))
    path.reverse()
    edges = [0, *(frame for frame in range(1, frames) if path[frame] != path[frame - 1]), frames]
    found = [(begin, end, path[begin] - 1 + shortest) for begin, end in pairwise(edges) if path[begin]]
    return [one for one in found if one[1] - one[0] >= shortest]


def _pieces(
    features: Features, begin_seconds: float, end_seconds: float, lag_seconds: float, within_seconds: float
) -> list[Repeat]:
    """The stretch as repeats no longer than the lag, so that none overlaps what it repeats."""
    begin, end, near, reach = (
        round(seconds * SAMPLE_RATE_HZ) for seconds in (begin_seconds, end_seconds, lag_seconds, within_seconds)
    )
    lag = _refined_lag(features, begin, end, near, reach)
    begin = max(begin, lag)
    pieces = []
    for number in range(max(1, -(-(end - begin) // lag))):
        first = begin + number * lag
        samples = min(end - first, lag)
        alike = features.similarity(first - lag, first, samples)
        if samples >= SHORTEST_SECONDS * SAMPLE_RATE_HZ and alike >= LEAST_SIMILARITY:
            seconds = (first / SAMPLE_RATE_HZ, (first - lag) / SAMPLE_RATE_HZ, samples / SAMPLE_RATE_HZ)
            pieces.append(Repeat(*seconds, alike))
    return pieces


def _refined_lag(features: Features, begin: int, end: int, lag: int, reach: int) -> int:
    """The lag in samples at which the waves correlate best, or else the crests of their levels, or else as it was:
    whichever makes the stretches most alike."""
    begin = max(begin, lag + reach)
    first = begin - lag - reach
    before, after = features.mono[first : end - lag + reach], features.mono[begin:end]
    if end - begin < 2 * CREST_SAMPLES:
        return lag
    shifts = [_best_shift(before, after), _best_shift(_crests(before), _crests(after))]
    lags = [lag, *(begin - first - shift for shift in shifts)]
    return max(lags, key=lambda one: features.similarity(begin - one, begin, end - begin))


def _best_shift(where: FloatArray, what: FloatArray) -> int:
    """Where in `where` [n] `what` [m <= n] fits best."""
    size = 1 << int(np.ceil(np.log2(where.size + what.size)))
    spectrum = np.fft.rfft(where, size) * np.conj(np.fft.rfft(what, size))
    return int(np.argmax(np.fft.irfft(spectrum, size)[: where.size - what.size + 1]))


def _crests(mono: FloatArray) -> FloatArray:
    """[n]: how steeply the level rises, less the mean: it aligns attacks to about a millisecond."""
    kernel = np.hanning(CREST_SAMPLES)
    level = np.log(np.convolve(np.square(mono), kernel / kernel.sum(), mode="same") + 1e-7)
    rise = np.maximum(level[CREST_SAMPLES:] - level[:-CREST_SAMPLES], 0.0)
    return np.asarray(rise - rise.mean(), dtype=np.float32)


def _snapped(seconds: float, onsets: npt.NDArray[np.float64]) -> float:
    """Just before the nearest onset, if there is one near."""
    if not onsets.size:
        return seconds
    nearest = float(onsets[np.argmin(np.abs(onsets - seconds))])
    return max(0.0, nearest - EARLY_SECONDS) if abs(nearest - seconds) <= SNAP_SECONDS else seconds


def _frames(seconds: float, step_seconds: float) -> int:
    return max(1, round(seconds / step_seconds))
