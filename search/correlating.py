"""Where in a recording a sound lies as it is: matched filters for many sounds, by transforms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import scipy.fft
from scipy.ndimage import uniform_filter1d

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.cores import usable_cores
from embedding.kernels import FloatArray, resample
from search.arrangement import Sample
from search.rendering import Sounds
from search.whitening import REACH_SAMPLES, Whitening

KNOWN_SECONDS = 4.0
"""A sound is recognised by so much of its beginning."""
KNOWN_SAMPLES = round(KNOWN_SECONDS * SAMPLE_RATE_HZ)
LEAST_LEFT_SAMPLES = 200
"""Of a sound, before the recording ends."""
PEAK_SPACING_SAMPLES = 220
PEAKS = 40
AROUND_SAMPLES = 8192
LEAST_HEARD = 0.05
"""A sound that the recording's end cuts counts as if at least so much of its energy were heard."""
NEAR, FAR = 0.6366, -0.2122
"""2 / pi and -2 / 3 pi: what the two nearest and the next two samples add halfway between them (the sinc's values)."""


class Voice(NamedTuple):
    """A sample at a transposition: `sample` is its number in the library."""

    sample: int
    semitones: float


class Candidate(NamedTuple):
    """A voice at a place: `explained` is how much of the whitened energy it takes away, `at_samples` a multiple of
    half a sample at 22.05 kHz, `energy` its own, `surety` the correlation beside what chance gives there, in standard
    deviations."""

    explained: float
    surety: float
    voice: Voice
    at_samples: float
    energy: float


class SoundOf(NamedTuple):
    """The beginning of each voice [n] at 22.05 kHz, as heard; made anew at each call."""

    samples: Sequence[Sample]
    sounds: Sounds

    def __call__(self, voice: Voice) -> FloatArray:
        mono, rate_hz = self.sounds(self.samples[voice.sample].path)
        needed = round(KNOWN_SECONDS * rate_hz * 2.0 ** (voice.semitones / 12.0)) + rate_hz // 10
        heard: FloatArray = resample(mono[np.newaxis, :needed], rate_hz, SAMPLE_RATE_HZ, voice.semitones)[0]
        return heard[:KNOWN_SAMPLES]


def transform_samples(mono_samples: int) -> int:
    """Length of a transform in which a recording and what rings on behind it do not wrap around."""
    return int(scipy.fft.next_fast_len(mono_samples + KNOWN_SAMPLES + 2 * REACH_SAMPLES, real=True))


def scan_voices(
    residual: FloatArray,
    mono_samples: int,
    whitening: Whitening,
    voices: Sequence[Voice],
    sound_of: SoundOf,
    proceed: Callable[[], bool],
) -> list[Candidate]:
    """The likeliest places of each voice in a whitened `residual` of a recording of `mono_samples` samples; voices
    whose turn comes when `proceed` has become false are passed over."""
    size = transform_samples(mono_samples)
    response = whitening.at(size)
    spectrum = scipy.fft.rfft(residual, size) * response
    power = uniform_filter1d(np.square(residual), AROUND_SAMPLES, origin=-AROUND_SAMPLES // 2 + 1)
    deviation = np.sqrt(np.maximum(power, 1e-3 * power.mean() + 1e-20))
    places = max(1, mono_samples - LEAST_LEFT_SAMPLES)

    def scan(voice: Voice) -> list[Candidate]:
        if not proceed():
            return []
        sound = sound_of(voice)
        own = scipy.fft.rfft(sound, size)
        energy = 2.0 * float(np.square(np.abs(own) * response).sum()) / size
        if energy <= 0.0:
            return []
        correlation = scipy.fft.irfft(spectrum * np.conj(own), size)[:places]
        heard = _heard_shares(sound, mono_samples, places)
        correlation[places - heard.size :] /= np.sqrt(heard)
        found = []
        for value, at in _peaks(np.asarray(correlation, dtype=np.float32) / np.float32(np.sqrt(energy))):
            cut = int(at) - (places - heard.size)
            own_energy = energy * float(heard[cut]) if cut >= 0 else energy
            found.append(Candidate(value * value, value / float(deviation[int(at)]), voice, at, own_energy))
        return found

    with ThreadPoolExecutor(usable_cores()) as pool:
        return [found for each in pool.map(scan, voices) for found in each]


def _heard_shares(sound: FloatArray, mono_samples: int, places: int) -> FloatArray:
    """[n]: for the last n places, at which the recording ends before the sound, the share of its energy before that."""
    grown = np.cumsum(np.square(sound))
    left = mono_samples - np.arange(max(0, mono_samples - sound.size), places)
    shares = grown[np.minimum(left, sound.size) - 1] / max(float(grown[-1]), 1e-20)
    return np.asarray(np.maximum(shares, LEAST_HEARD), dtype=np.float32)


def _peaks(correlation: FloatArray) -> list[tuple[float, float]]:
    """(value, place in samples) of the highest stretches' maxima, on a grid of half samples."""
    between = correlation.copy()
    if correlation.size > 4:
        near = correlation[1:-2] + correlation[2:-1]
        between[1:-2] = np.float32(NEAR) * near + np.float32(FAR) * (correlation[:-3] + correlation[3:])
    higher = np.maximum(correlation, between)
    padded = np.pad(higher, (0, -higher.size % PEAK_SPACING_SAMPLES), constant_values=-np.inf)
    stretches = padded.reshape(-1, PEAK_SPACING_SAMPLES)
    maxima = stretches.max(axis=1)
    count = min(PEAKS, maxima.size)
    found = []
    for stretch in np.argpartition(-maxima, count - 1)[:count]:
        if maxima[stretch] > 0.0:
            at = int(stretch) * PEAK_SPACING_SAMPLES + int(stretches[stretch].argmax())
            found.append((float(maxima[stretch]), at + 0.5 * bool(between[at] > correlation[at])))
    return found
