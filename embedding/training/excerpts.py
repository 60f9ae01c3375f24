"""Excerpts of 3 s as recordings hold them: a phrase of one instrument, at times over others, played and recorded.

What an excerpt teaches is a vector over LABELS: 1 what predominates (drums: whatever is struck), 0 what is not there,
-1 what is not asked for: an accompaniment that may or may not be heard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embedding.analysis import MEL_BINS, SAMPLE_RATE_HZ, WINDOW_FRAMES, WINDOW_SAMPLES, analyse, log_mel
from embedding.kernels import FloatArray, db_to_gain
from embedding.network import CLASSES, SILENCE
from embedding.training.labels import FIRST_DRUM, LABELS
from embedding.training.notes import Note
from embedding.training.phrases import Source, phrase, source_of
from embedding.training.scores import Piece
from embedding.training.sound import (
    amplified,
    bent,
    lossy,
    noise,
    overloaded,
    percussion,
    recorded,
    repitched,
    rotated,
    taped,
)

CLASS_SHARE = 0.8
"""The eleven classes, where there are other kinds of sound too; the rest is half drums, half others."""
FEWEST_SOUNDING = 0.02
"""An excerpt is made anew where its RMS is below this share of its peak's full scale."""
UNKNOWN = -1.0

Targets = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Repertoire:
    """What excerpts are made of: sources by label, and pieces to play. Sources are drawn by the square root of their
    size: small ones often, not by heart."""

    sources: dict[int, tuple[Source, ...]]
    pieces: Sequence[Piece]

    @property
    def labels(self) -> tuple[int, ...]:
        return tuple(self.sources)

    def source(self, label: int, rng: np.random.Generator) -> Source:
        weights = np.sqrt([source.notes for source in self.sources[label]])
        return self.sources[label][int(rng.choice(weights.size, p=weights / weights.sum()))]

    def only(self, label: int) -> Repertoire:
        return Repertoire({label: self.sources[label]}, self.pieces)


def repertoire(notes: Sequence[Note], pieces: Sequence[Piece]) -> Repertoire:
    grouped: dict[int, dict[str, list[Note]]] = defaultdict(lambda: defaultdict(list))
    for note in notes:
        grouped[note.label][note.source].append(note)
    sources = {
        label: tuple(source_of(name, label, own) for name, own in grouped[label].items()) for label in sorted(grouped)
    }
    return Repertoire(sources, pieces)


def draw_batch(
    notes: Repertoire, size: int, rng: np.random.Generator, accompanied: float = 0.35
) -> tuple[FloatArray, Targets]:
    """(log-mel windows [size, 130, 128], targets [size, labels]), classes equally often; `accompanied`: share over
    others."""
    made = [excerpt(notes, drawn_label(notes, rng), rng, accompanied) for _ in range(size)]
    return np.stack([window for window, _ in made]), np.stack([target for _, target in made])


def drawn_label(notes: Repertoire, rng: np.random.Generator) -> int:
    groups = [
        [label for label in notes.labels if label < len(CLASSES)],
        [label for label in notes.labels if len(CLASSES) <= label < FIRST_DRUM],
        [label for label in notes.labels if label >= FIRST_DRUM],
    ]
    weights = np.array([CLASS_SHARE, (1 - CLASS_SHARE) / 2, (1 - CLASS_SHARE) / 2]) * [bool(group) for group in groups]
    group = groups[int(rng.choice(3, p=weights / weights.sum()))]
    return int(group[int(rng.integers(len(group)))])


def excerpt(notes: Repertoire, label: int, rng: np.random.Generator, accompanied: float) -> tuple[FloatArray, Targets]:
    """(log-mel window [130, 128] in which `label` predominates, target [labels])."""
    target = np.zeros(len(LABELS), np.float32)
    target[label] = 1.0
    sound = _predominant(notes, label, target, rng)
    while float(np.sqrt(np.mean(np.square(sound)))) < FEWEST_SOUNDING * (label < FIRST_DRUM):
        sound = _predominant(notes, label, target, rng)
    if label < FIRST_DRUM and rng.random() < accompanied:
        sound = sound + accompaniment(notes, label, target, rng)
    if label < FIRST_DRUM and rng.random() < 0.8 * accompanied:
        target[FIRST_DRUM:] = UNKNOWN
        struck = drums(notes, target.copy(), rng) if rng.random() < 0.6 else percussion(WINDOW_SAMPLES, rng)
        sound = sound + struck * np.float32(db_to_gain(-float(rng.uniform(0.0, 20.0))))
    heard = capture(sound, rng)
    return log_mel(analyse(heard).mel, max(float(np.abs(heard).max()), 1e-6)), target


def capture(sound: FloatArray, rng: np.random.Generator) -> FloatArray:
    """[n]: `sound` as some recording holds it; `embedding.training.sound` says how each step sounds."""
    heard = recorded(sound, rng)
    heard /= np.float32(max(float(np.abs(heard).max()), 1e-6))
    if rng.random() < 0.15:
        heard = taped(heard, rng)
    if rng.random() < 0.7:
        level = float(np.sqrt(np.mean(np.square(heard))))
        heard = heard + noise(heard.size, rng) * np.float32(level * db_to_gain(-float(rng.uniform(12.0, 65.0))))
    if rng.random() < 0.15:
        heard = overloaded(heard, rng)
    if rng.random() < 0.25:
        heard = lossy(heard / np.float32(max(float(np.abs(heard).max()), 1e-6)), rng)
    return heard


def _predominant(notes: Repertoire, label: int, target: Targets, rng: np.random.Generator) -> FloatArray:
    if label >= FIRST_DRUM:
        return drums(notes, target, rng)
    sound = phrase(notes.source(label, rng), notes.pieces, rng)
    if LABELS[label] == "electric guitar":
        if rng.random() < 0.3:
            sound = bent(sound, rng)
        if rng.random() < 0.65:
            sound = amplified(sound, rng)
    if LABELS[label] in ("organ", "electric piano") and rng.random() < 0.4:
        sound = rotated(amplified(sound, rng) if rng.random() < 0.4 else sound, rng)
    return sound


def accompaniment(notes: Repertoire, label: int, target: Targets, rng: np.random.Generator) -> FloatArray:
    """[n] of one to three other kinds, each 5 to 20 dB below a phrase; `target` no longer asks for them."""
    others = [other for other in notes.labels if other != label and other < FIRST_DRUM]
    mixed = np.zeros(WINDOW_SAMPLES, np.float32)
    for other in rng.choice(others, min(len(others), int(rng.integers(1, 4))), replace=False):
        target[other] = UNKNOWN
        level = np.float32(db_to_gain(-float(rng.uniform(5.0, 20.0))))
        mixed += phrase(notes.source(int(other), rng), notes.pieces, rng) * level
    return mixed


def drums(notes: Repertoire, target: Targets, rng: np.random.Generator) -> FloatArray:
    """[66150], its peak 1: one hit of the kind that `target` names, or a rhythm of it, at times with other kinds, which
    `target` then names as well."""
    kinds = [int(kind) for kind in np.flatnonzero(target[FIRST_DRUM:] > 0) + FIRST_DRUM if kind in notes.sources]
    every = [label for label in notes.labels if label >= FIRST_DRUM]
    if not every:
        return percussion(WINDOW_SAMPLES, rng)
    alone = rng.random() < 0.7
    if not kinds or not alone:
        more = rng.choice(every, min(len(every), int(rng.integers(1, 4))), replace=False)
        kinds += [int(kind) for kind in more if int(kind) not in kinds]
    once = len(kinds) == 1 and rng.random() < 0.6
    step = int(rng.uniform(0.1, 0.35) * SAMPLE_RATE_HZ)
    mixed = np.zeros(WINDOW_SAMPLES, np.float32)
    for kind in kinds:
        target[kind] = 1.0
        source = notes.source(kind, rng)
        note = source.others[int(rng.integers(len(source.others)))]
        hit = repitched(note.sound_of(note.samples.size), float(rng.normal(0.0, 2.0)))
        level = np.float32(rng.uniform(0.3, 1.0))
        every_step, offset = int(rng.integers(1, 6)), int(rng.integers(0, 4))
        starts = [int(rng.uniform(0.0, 0.4) * step)] if once else range(offset * step, mixed.size, every_step * step)
        for start in starts:
            kept = hit[: mixed.size - start]
            mixed[start : start + kept.size] += kept * level * np.float32(rng.uniform(0.6, 1.0))
    return mixed / np.float32(max(float(np.abs(mixed).max()), 1e-6))


def masked(windows: FloatArray, rng: np.random.Generator) -> FloatArray:
    """SpecAugment, light: in 0.4 of the windows a band of up to 20 mel bins is silenced, in 0.4 up to 25
    frames."""
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
