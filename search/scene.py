"""A whitened recording and the sounds that are placed in it, shifted to quarters of a sample."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import scipy.fft

from embedding.kernels import FloatArray
from search.correlating import KNOWN_SAMPLES, LEAST_LEFT_SAMPLES, SoundOf, Voice
from search.whitening import REACH_SAMPLES, Whitening, whitening_of

K = TypeVar("K")
FRACTIONS = (0.0, 0.25, 0.5, 0.75)
KEPT_BYTES = 2**28


class Sighting(NamedTuple):
    """A voice that sounds from `at_samples` (22.05 kHz, quarters) on at a linear `gain`; `surety` as of `Candidate`,
    given all others."""

    voice: Voice
    at_samples: float
    gain: float
    surety: float = 0.0


@dataclass(eq=False)
class Kept(Generic[K]):
    """Arrays that were used last, up to so many bytes."""

    most_bytes: int
    _arrays: OrderedDict[K, FloatArray] = field(default_factory=OrderedDict, repr=False)
    _bytes: int = 0

    def get(self, key: K, make: Callable[[], FloatArray]) -> FloatArray:
        array = self._arrays.get(key)
        if array is not None:
            self._arrays.move_to_end(key)
            return array
        array = self._arrays[key] = make()
        self._bytes += array.nbytes
        while self._bytes > self.most_bytes and len(self._arrays) > 1:
            self._bytes -= self._arrays.popitem(last=False)[1].nbytes
        return array


@dataclass(eq=False)
class Scene:
    """A whitened recording and the whitened voices that are placed in it."""

    mono_samples: int
    whitening: Whitening
    whitened: FloatArray
    sound_of: SoundOf
    _sounds: Kept[Voice] = field(default_factory=lambda: Kept(KEPT_BYTES), repr=False)
    _whitened: Kept[tuple[Voice, float, int]] = field(default_factory=lambda: Kept(KEPT_BYTES), repr=False)

    def sound(self, voice: Voice) -> FloatArray:
        """[n]: as it is."""
        return self._sounds.get(voice, lambda: self.sound_of(voice))

    def filtered(self, left: FloatArray) -> FloatArray:
        """[n]: a whitened recording, whitened once more, within the recording."""
        return self.rung(left)[REACH_SAMPLES : REACH_SAMPLES + left.size]

    def rung(self, sound: FloatArray) -> FloatArray:
        """[n + 2 * reach]: whitened, from the filter's reach before its beginning on."""
        return self._delayed(sound, 0.0)

    def placed(self, voice: Voice, at_samples: float) -> tuple[int, FloatArray]:
        """(first sample, whitened sound [n]) within the recording; it is cut where the recording ends."""
        whole = int(at_samples // 1)
        fraction = at_samples - whole
        left_samples = self.mono_samples - whole
        key = (voice, fraction, min(left_samples, KNOWN_SAMPLES))
        return self._within(
            whole, self._whitened.get(key, lambda: self._delayed(self.sound(voice)[:left_samples], fraction))
        )

    def placed_sound(self, sound: FloatArray, at_samples: float) -> tuple[int, FloatArray]:
        """As `placed`, of any sound as it is."""
        whole = int(at_samples // 1)
        return self._within(whole, self._delayed(sound[: self.mono_samples - whole], at_samples - whole))

    def _within(self, whole: int, ringing: FloatArray) -> tuple[int, FloatArray]:
        first = whole - REACH_SAMPLES
        begin, end = max(0, -first), min(ringing.size, self.whitened.size - first)
        return first + begin, ringing[begin:end]

    def _delayed(self, raw: FloatArray, fraction: float) -> FloatArray:
        """[n + 2 * reach]: whitened, later by a fraction of a sample."""
        size = int(scipy.fft.next_fast_len(raw.size + 2 * REACH_SAMPLES, real=True))
        spectrum = scipy.fft.rfft(np.pad(raw, (REACH_SAMPLES, 0)), size) * self.whitening.at(size)
        turns = np.arange(spectrum.size) * (fraction / size)
        delayed = spectrum * np.exp(-2j * np.pi * turns).astype(np.complex64)
        return np.asarray(scipy.fft.irfft(delayed, size)[: raw.size + 2 * REACH_SAMPLES], dtype=np.float32)

    def residual(self, sightings: Sequence[Sighting]) -> FloatArray:
        """[n]: the whitened recording without them."""
        left = self.whitened.copy()
        for sighting in sightings:
            first, sound = self.placed(sighting.voice, sighting.at_samples)
            left[first : first + sound.size] -= np.float32(sighting.gain) * sound
        return left

    def best_near(self, left: FloatArray, voice: Voice, at_samples: float) -> tuple[float, Sighting] | None:
        """(energy explained, sighting) at the best of the quarters around `at_samples`."""
        best: tuple[float, Sighting] | None = None
        for whole in range(int(at_samples // 1) - 1, int(at_samples // 1) + 2):
            for fraction in FRACTIONS:
                at = whole + fraction
                if not 0 <= at <= self.mono_samples - LEAST_LEFT_SAMPLES:
                    continue
                first, sound = self.placed(voice, at)
                energy, product = energy_of(sound), float(left[first : first + sound.size] @ sound)
                if energy > 0.0 and product > 0.0 and (best is None or product * product / energy > best[0]):
                    best = product * product / energy, Sighting(voice, at, product / energy)
        return best


def scene_of(mono: FloatArray, sound_of: SoundOf) -> Scene:
    """Of a recording [n] at 22.05 kHz that is not silent."""
    whitening = whitening_of(mono)
    size = int(scipy.fft.next_fast_len(mono.size + 2 * REACH_SAMPLES, real=True))
    whitened = scipy.fft.irfft(scipy.fft.rfft(mono, size) * whitening.at(size), size)[: mono.size + REACH_SAMPLES]
    return Scene(mono.size, whitening, np.asarray(whitened, dtype=np.float32), sound_of)


def energy_of(signal: FloatArray) -> float:
    return float(signal @ signal)
