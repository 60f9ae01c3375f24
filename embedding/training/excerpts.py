"""Realistic excerpts of 3 s, made on the fly from notes: a phrase of one instrument, at times over others, recorded.

Notes of a phrase are neighbours in their source's list, sorted by name: that keeps presets and articulations together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedding.analysis import MEL_BINS, SAMPLE_RATE_HZ, WINDOW_FRAMES, WINDOW_SAMPLES, analyse, log_mel
from embedding.kernels import FloatArray, db_to_gain
from embedding.network import CLASSES, SILENCE
from embedding.training.notes import Note, Notes
from embedding.training.sound import noise, overloaded, percussion, recorded, repitched

POLYPHONIC = frozenset(CLASSES.index(name) for name in ("acoustic guitar", "electric guitar", "organ", "piano"))
CHORDS = ((4, 7), (3, 7), (5, 9), (3, 8), (7,), (4,), (3,), (12,), (5, 10), (4, 7, 12), (3, 7, 10))
"""Semitones above the chord's lowest note."""
NEIGHBOURS = 10
MOST_NOTES = 24
FEWEST_SOUNDING = 0.02
"""An excerpt is made anew where its RMS is below this share of its peak's full scale."""


@dataclass(frozen=True, eq=False)
class Repertoire:
    """Notes by class and source. Sources are drawn by the square root of their size: small ones often, not by heart."""

    labels: tuple[int, ...]
    sources: dict[int, tuple[Notes, ...]]
    weights: dict[int, FloatArray]


def repertoire(notes: Sequence[Note]) -> Repertoire:
    grouped: dict[int, dict[str, list[Note]]] = defaultdict(lambda: defaultdict(list))
    for note in notes:
        grouped[note.label][note.source].append(note)
    labels = tuple(sorted(grouped))
    sources = {label: tuple(tuple(own) for own in grouped[label].values()) for label in labels}
    weights = {}
    for label in labels:
        sizes = np.sqrt([len(own) for own in sources[label]])
        weights[label] = np.asarray(sizes / sizes.sum())
    return Repertoire(labels, sources, weights)


def draw_batch(
    notes: Repertoire, size: int, rng: np.random.Generator, accompanied: float = 0.35
) -> tuple[FloatArray, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """(log-mel windows [size, 130, 128], labels [size]), classes equally often; `accompanied`: share over others."""
    labels = rng.choice(notes.labels, size)
    windows = np.stack([excerpt(notes, int(label), rng, accompanied) for label in labels])
    return windows, labels.astype(np.int64)


def excerpt(notes: Repertoire, label: int, rng: np.random.Generator, accompanied: float) -> FloatArray:
    """One log-mel window [130, 128] in which `label` predominates."""
    sound = phrase(notes, label, rng)
    while float(np.sqrt(np.mean(np.square(sound)))) < FEWEST_SOUNDING:
        sound = phrase(notes, label, rng)
    if rng.random() < accompanied:
        sound = sound + accompaniment(notes, label, rng)
    if rng.random() < accompanied:
        sound = sound + percussion(sound.size, rng) * np.float32(db_to_gain(-float(rng.uniform(0.0, 20.0))))
    heard = recorded(sound, rng)
    heard /= max(float(np.abs(heard).max()), 1e-6)
    if rng.random() < 0.7:
        level = float(np.sqrt(np.mean(np.square(heard))))
        heard = heard + noise(heard.size, rng) * np.float32(level * db_to_gain(-float(rng.uniform(12.0, 65.0))))
    if rng.random() < 0.15:
        heard = overloaded(heard, rng)
    return log_mel(analyse(heard).mel, max(float(np.abs(heard).max()), 1e-6))


def accompaniment(notes: Repertoire, label: int, rng: np.random.Generator) -> FloatArray:
    """[n] of one or two other classes, each 6 to 20 dB below a phrase."""
    others = [other for other in notes.labels if other != label]
    mixed = np.zeros(WINDOW_SAMPLES, np.float32)
    for other in rng.choice(others, min(len(others), int(rng.integers(1, 3))), replace=False):
        mixed += phrase(notes, int(other), rng) * np.float32(db_to_gain(-float(rng.uniform(6.0, 20.0))))
    return mixed


def phrase(notes: Repertoire, label: int, rng: np.random.Generator) -> FloatArray:
    """[66150] of one source of a class, its peak 1: one held note to a run of them, staccato to overlapping."""
    source = notes.sources[label][int(rng.choice(len(notes.sources[label]), p=notes.weights[label]))]
    place = int(rng.integers(len(source)))
    near = source[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]
    tuning = float(rng.normal(0.0, 0.3))
    beat_seconds = float(np.exp(rng.uniform(np.log(0.12), np.log(1.6))))
    chordal = label in POLYPHONIC and rng.random() < 0.5
    held = float(rng.choice((0.5, 0.9, 1.1, 4.0)))
    mixed = np.zeros(WINDOW_SAMPLES, np.float32)
    at_seconds = float(rng.uniform(-1.0, 0.4))
    for _ in range(MOST_NOTES):
        note = near[int(rng.integers(len(near)))]
        step_seconds = beat_seconds * float(rng.choice((0.5, 1.0, 1.0, 1.0, 2.0)))
        if held < 2.0 and rng.random() < 0.7:  # few players wait for the next note longer than one sounds
            step_seconds = min(step_seconds, 1.2 * note.samples.size / SAMPLE_RATE_HZ)
        pitch = tuning + float(rng.integers(-4, 5))
        intervals = CHORDS[int(rng.integers(len(CHORDS)))] if chordal else ()
        gain = db_to_gain(-float(rng.uniform(0.0, 10.0)))
        length = int(held * step_seconds * SAMPLE_RATE_HZ)
        for semitones in (0, *intervals):
            strum_seconds = float(rng.uniform(0.0, 0.02)) if semitones else 0.0
            _play(mixed, note, pitch + semitones, gain, at_seconds + strum_seconds, length, rng)
        at_seconds += step_seconds
        if at_seconds > 3.0 or (at_seconds > 0.2 and rng.random() < 0.04):
            break
    return mixed / np.float32(max(float(np.abs(mixed).max()), 1e-6))


def _play(
    mixed: FloatArray,
    note: Note,
    semitones: float,
    gain: float,
    at_seconds: float,
    length: int,
    rng: np.random.Generator,
) -> None:
    """Add a note of at most `length` samples, faded out over 10 to 80 ms, to `mixed`."""
    start = int(at_seconds * SAMPLE_RATE_HZ)
    needed = min(length, mixed.size - start)
    if needed <= 64:
        return
    source_needed = int(needed * 2.0 ** (max(semitones, 0.0) / 12.0)) + 64
    sound = repitched(note.sound_of(source_needed), semitones)[:needed]
    fade = min(sound.size, int(rng.uniform(0.01, 0.08) * SAMPLE_RATE_HZ))
    if sound.size == 0 or start + sound.size <= 0:
        return
    sound = sound * np.float32(gain)
    sound[sound.size - fade :] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    skipped = max(0, -start)
    mixed[start + skipped : start + sound.size] += sound[skipped:]


def masked(windows: FloatArray, rng: np.random.Generator) -> FloatArray:
    """SpecAugment, light: in 0.4 of the windows a band of up to 20 mel bins is silenced, in 0.4 up to 25 frames."""
    changed = windows.copy()
    for window in changed:
        if rng.random() < 0.4:
            width = int(rng.integers(1, 21))
            low = int(rng.integers(0, MEL_BINS - width))
            window[:, low : low + width] = SILENCE
        if rng.random() < 0.4:
            width = int(rng.integers(1, 26))
            first = int(rng.integers(0, WINDOW_FRAMES - width))
            window[first : first + width] = SILENCE
    return changed
