"""Which chroma tells what pitches sound: python -m tests.benchmarks.chroma_choice TARGETS LIBRARY

Similarities of each candidate's chromagrams (windows of 3 s, the mean over them) between a recording and what becomes
of it: of mixes made of the library (`tests.benchmarks.mixes`), medians; of the recordings in TARGETS, transposed
without a change of speed (librosa's phase vocoder), with noise or drums added or in their place, means. `use` is the
mean of what should stay alike (small changes, another instrument, an octave) less that of what should not (a semitone,
a tritone, another piece, noise). `ms` are processor milliseconds for a block of 43 frames, the transform included.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")

import librosa
import numpy as np
import scipy.fft

from embedding.analysis import (
    BLOCK_FRAMES,
    FFT_SAMPLES,
    HOP_SAMPLES,
    SAMPLE_RATE_HZ,
    WINDOW_FRAMES,
    peak_chroma,
    window_starts,
)
from embedding.audio import AUDIO_SUFFIXES, read_audio
from embedding.kernels import FloatArray
from embedding.similarity import direction_similarity
from embedding.terms import pitch_vector
from search.bands import band_filters
from tests.benchmarks.mixes import OTHER, SMALL, made_mixes, read_sounds
from tests.benchmarks.tables import table

MIDDLE = ("chords an octave up", "chords of another instrument")
UNLIKE = ("bass and chords a semitone up", "bass and chords a tritone up", OTHER)
TARGET_SECONDS = 10.0
Chroma = Callable[[FloatArray], FloatArray]
"""Of mono sound: [frames, 12]."""
Vector = Callable[[FloatArray], FloatArray]
"""Of a window's chroma [130, 12]: what is compared by direction."""


class Candidate(NamedTuple):
    chroma: Chroma
    vector: Vector
    squared: bool = True


def magnitudes(mono: FloatArray, size: int) -> FloatArray:
    """[frames, size / 2 + 1], Hann, of the same height for a steady tone whatever the size."""
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(mono, size // 2), size)[::HOP_SAMPLES]
    taper = np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size), dtype=np.float32)
    return np.asarray(np.abs(scipy.fft.rfft(frames * taper, axis=1)) * (FFT_SAMPLES / size), dtype=np.float32)


def by_librosas_filters(size: int) -> Chroma:
    filters = librosa.filters.chroma(sr=SAMPLE_RATE_HZ, n_fft=size, tuning=0.0).T.astype(np.float32)
    return lambda mono: np.sqrt(np.square(magnitudes(mono, size)) @ filters)


def by_semitones(
    size: int, compress: Callable[[FloatArray], FloatArray] = lambda x: x, harmonic: bool = False
) -> Chroma:
    """Triangles of a semitone to either side from 100 to 4000 Hz, pitch by pitch (a constant Q), compressed, folded."""
    hz = np.maximum(np.arange(size // 2 + 1) * SAMPLE_RATE_HZ / size, 1.0)
    midi = 69.0 + 12.0 * np.log2(hz / 440.0)
    pitches = np.arange(43, 108)
    filters = np.maximum(1.0 - np.abs(midi[:, np.newaxis] - pitches), 0.0).astype(np.float32)
    folding = np.equal.outer(pitches % 12, np.arange(12)).astype(np.float32)

    def chroma(mono: FloatArray) -> FloatArray:
        played = np.sqrt(np.square(magnitudes(mono, size)) @ filters)
        if harmonic:
            played = np.asarray(librosa.decompose.hpss(played.T)[0].T, dtype=np.float32)
        return np.asarray(compress(played) @ folding, dtype=np.float32)

    return chroma


def logarithmic(pitches: FloatArray) -> FloatArray:
    """As before a chroma's energy is normalised in CENS and CRP: ln(1 + 100 x), 1 the recording's loudest."""
    return np.asarray(np.log1p(100.0 * pitches / max(float(pitches.max()), 1e-9)), dtype=np.float32)


def whitened(pitches: FloatArray) -> FloatArray:
    """Divided by the mean over an octave around each pitch."""
    around = np.apply_along_axis(np.convolve, 1, pitches, np.ones(13) / 13, mode="same")
    return np.asarray(pitches / np.maximum(around, 0.01 * around.max()), dtype=np.float32)


def by_peaks(size: int) -> Chroma:
    """`peak_chroma`; of longer transforms the same of the peaks that librosa tracks."""
    if size == FFT_SAMPLES:
        return lambda mono: peak_chroma(magnitudes(mono, size))

    def chroma(mono: FloatArray) -> FloatArray:
        spectrum = magnitudes(mono, size).T
        hz, heights = librosa.piptrack(S=spectrum, sr=SAMPLE_RATE_HZ, n_fft=size, fmin=100, fmax=4000, threshold=0.01)
        found = np.zeros((spectrum.shape[1], 12), np.float32)
        place, frame = np.nonzero(hz)
        lower, upper_part = np.divmod(librosa.hz_to_midi(hz[place, frame]), 1.0)
        for step, part in ((0, 1.0 - upper_part), (1, upper_part)):
            np.add.at(found, (frame, (lower.astype(int) + step) % 12), heights[place, frame] * part)
        return found

    return chroma


def half_common(chroma: FloatArray) -> FloatArray:
    """What is common to all twelve classes counts half."""
    common = chroma.mean(axis=1, keepdims=True)
    return np.concatenate([chroma - common, common * np.float32(0.5 * np.sqrt(12.0))], axis=1).ravel()


def outstanding(chroma: FloatArray) -> FloatArray:
    return (chroma - chroma.mean(axis=1, keepdims=True)).ravel()


def smoothed(chroma: FloatArray) -> FloatArray:
    return pitch_vector(chroma)[0]


CANDIDATES = {
    "librosa's filters, half of what is common, no square": Candidate(by_librosas_filters(2048), half_common, False),
    "librosa's filters, half of what is common": Candidate(by_librosas_filters(2048), half_common),
    "librosa's filters": Candidate(by_librosas_filters(2048), outstanding),
    "librosa's filters, 4096": Candidate(by_librosas_filters(4096), outstanding),
    "librosa's filters, 8192": Candidate(by_librosas_filters(8192), outstanding),
    "the planner's 12 bands": Candidate(lambda mono: magnitudes(mono, 2048) @ band_filters(1.0)[:, -12:], outstanding),
    "semitones, 2048": Candidate(by_semitones(2048), outstanding),
    "semitones, 8192": Candidate(by_semitones(8192), outstanding),
    "semitones, 8192, 9 frames": Candidate(by_semitones(8192), smoothed),
    "semitones, 8192, logarithm, 9 frames": Candidate(by_semitones(8192, logarithmic), smoothed),
    "semitones, 8192, whitened, 9 frames": Candidate(by_semitones(8192, whitened), smoothed),
    "semitones, 8192, harmonic part, 9 frames": Candidate(by_semitones(8192, harmonic=True), smoothed),
    "peaks, 2048": Candidate(by_peaks(2048), outstanding),
    "peaks, 2048, 9 frames: `pitch`": Candidate(by_peaks(2048), smoothed),
    "peaks, 4096, 9 frames": Candidate(by_peaks(4096), smoothed),
    "peaks, 8192, 9 frames": Candidate(by_peaks(8192), smoothed),
}


def similarity(candidate: Candidate, one: FloatArray, other: FloatArray) -> float:
    """Mean over the windows."""
    a, b = (
        np.stack([candidate.vector(chroma[first : first + WINDOW_FRAMES]) for first in window_starts(len(chroma))])
        for chroma in (one, other)
    )
    alike = direction_similarity(a, b)
    return float((alike if candidate.squared else np.sqrt(alike)).mean())


def pink_noise(samples: int, rng: np.random.Generator) -> FloatArray:
    spectrum = np.fft.rfft(rng.standard_normal(samples)) / np.sqrt(np.maximum(np.arange(samples // 2 + 1), 1))
    noise = np.fft.irfft(spectrum, samples)
    return np.asarray(0.3 * noise / np.abs(noise).max(), dtype=np.float32)


def changes_of(
    target: FloatArray, other: FloatArray, drums: FloatArray, rng: np.random.Generator
) -> dict[str, FloatArray]:
    """What becomes of a recording; what is added is as loud as it is (drums) or half as loud (noise)."""
    noise, drums = pink_noise(target.size, rng), np.resize(drums, target.size)
    level, noise_level, drum_level = (float(np.sqrt(np.mean(x**2))) for x in (target, noise, drums))
    shifted = {
        name: librosa.effects.pitch_shift(target, sr=SAMPLE_RATE_HZ, n_steps=steps)
        for name, steps in (("vocoder alone", 1e-3), ("octave", 12), ("20 cents", 0.2), ("semitone", 1))
    }
    return {
        "with noise": target + noise * np.float32(0.5 * level / noise_level),
        "with drums": target + drums * np.float32(level / drum_level),
        **shifted,
        "another recording": np.resize(other, target.size),
        "noise": noise,
        "drums": drums,
    }


def milliseconds(chroma: Chroma, sound: FloatArray) -> float:
    began = time.process_time()
    chroma(sound)
    return 1000.0 * (time.process_time() - began) / (sound.size / HOP_SAMPLES / BLOCK_FRAMES)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", type=Path)
    parser.add_argument("library", type=Path)
    parser.add_argument("--pieces", type=int, default=6)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(0)
    mixes = made_mixes(read_sounds(given.library), given.pieces)
    mixes = [{**mix, "noise": pink_noise(mix["piece"].size, rng)} for mix in mixes]
    files = sorted(file for file in given.targets.iterdir() if file.suffix.lower() in AUDIO_SUFFIXES)
    most = round(TARGET_SECONDS * SAMPLE_RATE_HZ)
    targets = [read_audio(file).at_rate(SAMPLE_RATE_HZ).mono()[:most] for file in files]
    becomes = [
        changes_of(target, targets[index - 1], mixes[index % len(mixes)]["drums alone"], rng)
        for index, target in enumerate(targets)
    ]
    changes = [name for name in mixes[0] if name != "piece"]
    of_mixes, of_targets = [["chroma", "use", "ms", *changes]], [["chroma", *becomes[0]]]
    for name, candidate in CANDIDATES.items():
        heard = [{change: candidate.chroma(sound) for change, sound in mix.items()} for mix in mixes]
        left = [[similarity(candidate, one["piece"], one[change]) for change in changes] for one in heard]
        medians = dict(zip(changes, np.median(left, axis=0), strict=True))
        use = np.mean([medians[c] for c in (*SMALL, *MIDDLE)]) - np.mean([medians[c] for c in (*UNLIKE, "noise")])
        spent = milliseconds(candidate.chroma, mixes[0]["piece"])
        of_mixes.append([name, f"{use:.2f}", f"{spent:.2f}", *(f"{value:.2f}" for value in medians.values())])
        means = np.mean(
            [
                [similarity(candidate, whole, candidate.chroma(sound)) for sound in became.values()]
                for whole, became in zip(map(candidate.chroma, targets), becomes, strict=True)
            ],
            axis=0,
        )
        of_targets.append([name, *(f"{value:.2f}" for value in means)])
    print(f"{table(of_mixes)}\n\n{table(of_targets)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
