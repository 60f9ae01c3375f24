"""Phrases of 3 s: parts of a score, played by one source's notes as its players would."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from embedding.kernels import FloatArray, db_to_gain
from embedding.training.labels import LABELS
from embedding.training.notes import Note, Notes
from embedding.training.scores import LENGTH, PITCH, START, Part, Piece
from embedding.training.sound import repitched, warped

CHORDAL = frozenset({"acoustic guitar", "electric guitar", "organ", "piano", "electric piano", "accordion", "harp"})
SINGING = frozenset({"cello", "clarinet", "flute", "saxophone", "trumpet", "violin", "voice"})
"""Their notes can be slurred, swell and waver."""
STRUCK = frozenset({"acoustic guitar", "electric guitar", "piano", "electric piano", "mallets", "harp", "bass"})
"""Their notes die away by themselves and are never drawn out."""
STRUMS = (
    (0, 7, 12, 16, 19),
    (0, 7, 12, 15, 19),
    (0, 7, 12),
    (0, 4, 7),
    (0, 3, 7),
    (0, 5, 9),
    (0, 4, 7, 11),
    (0, 3, 7, 10),
)
FEWEST_IN_STYLE = 4
MOST_NOTES = 40
NEAREST = 3
PITCHED_NAME = re.compile(r"^(?:[A-Ga-g][#sb]?-?\d|\d+|very|long|note\d+|rr\d)$")


@dataclass(frozen=True, eq=False)
class Source:
    """One source's notes, pitched ones apart by playing style (arco, pizzicato; a register of an organ)."""

    name: str
    label: int
    styles: tuple[Notes, ...]
    """Notes with a known pitch."""
    others: Notes
    """Notes without one, drums among them."""

    @property
    def notes(self) -> int:
        return len(self.others) + sum(len(style) for style in self.styles)


def source_of(name: str, label: int, notes: Sequence[Note]) -> Source:
    styles: dict[str, list[Note]] = defaultdict(list)
    for note in notes:
        if note.midi is not None:
            styles[style_in(note.name)].append(note)
    large = [tuple(own) for own in styles.values() if len(own) >= FEWEST_IN_STYLE]
    rest = tuple(note for own in styles.values() if len(own) < FEWEST_IN_STYLE for note in own)
    return Source(name, label, (*large, rest) if rest else tuple(large), tuple(n for n in notes if n.midi is None))


def style_in(file_name: str) -> str:
    """What is left of a file's name without its source, pitch, length and number: 'forte-arco-normal'."""
    words = re.split(r"[-_. ]", file_name.rpartition("__")[2].rpartition(".")[0])
    return "-".join(word for word in words if not PITCHED_NAME.match(word))


def phrase(source: Source, pieces: Sequence[Piece], rng: np.random.Generator) -> FloatArray:
    """[66150], its peak 1: a part (or parts) of a piece, or at times a single sound of the source."""
    if not source.styles or (source.others and rng.random() < len(source.others) / source.notes) or rng.random() < 0.12:
        return single_sound(source, rng)
    weights = np.sqrt([len(style) for style in source.styles])
    style = source.styles[int(rng.choice(len(source.styles), p=weights / weights.sum()))]
    name = LABELS[source.label]
    notes = transposed(passage(pieces, name in CHORDAL, rng), style, rng)
    if "guitar" in name and rng.random() < 0.4:
        notes = strummed(notes, rng)
    return _peak_1(_sung(notes, style, rng) if name in SINGING else _played(notes, style, name, rng))


def single_sound(source: Source, rng: np.random.Generator) -> FloatArray:
    """One sound of `source` as it is, a little repitched: once or over and over, from somewhere within it if long."""
    every = source.others or tuple(note for style in source.styles for note in style)
    note = every[int(rng.integers(len(every)))]
    sound = repitched(note.sound_of(note.samples.size), float(rng.normal(0.0, 1.0)))
    mixed = np.zeros(WINDOW_SAMPLES, np.float32)
    if sound.size > WINDOW_SAMPLES:
        first = int(rng.integers(sound.size - WINDOW_SAMPLES))
        mixed[:] = sound[first : first + WINDOW_SAMPLES]
    else:
        at, gap = int(rng.uniform(0.0, 0.5) * SAMPLE_RATE_HZ), int(rng.uniform(0.0, 0.6) * SAMPLE_RATE_HZ)
        gap = WINDOW_SAMPLES if rng.random() < 0.5 else gap
        while at < WINDOW_SAMPLES:
            kept = sound[: WINDOW_SAMPLES - at]
            mixed[at : at + kept.size] += kept
            at += sound.size + gap
    return _peak_1(mixed)


def passage(pieces: Sequence[Piece], chordal: bool, rng: np.random.Generator) -> Part:
    """Notes [n, 3] in seconds (start, length) that sound within 3 s; of one voice, or of all parts."""
    piece = pieces[int(rng.integers(len(pieces)))]
    part = piece.parts[int(rng.integers(len(piece.parts)))]
    if chordal and rng.random() < 0.55:
        part = np.concatenate(piece.parts)
        part = part[np.argsort(part[:, START], kind="stable")]
    elif not chordal:
        part = part[np.unique(part[:, START], return_index=True)[1]]  # one note at a time: the lowest
    first = part[int(rng.integers(len(part))), START]
    near = part[(part[:, START] >= first - 4.0) & (part[:, START] < first + 12.0)]
    density = len(np.unique(near[:, START])) / 16.0
    beat_seconds = float(np.exp(rng.uniform(np.log(0.25), np.log(1.0))))
    beat_seconds = float(np.clip(beat_seconds, density / 9.0, max(density / 0.9, 0.1)))
    notes = near.copy()
    notes[:, START] = (near[:, START] - first) * beat_seconds + rng.uniform(0.0, 0.15)
    notes[:, LENGTH] = near[:, LENGTH] * beat_seconds
    return np.asarray(notes[(notes[:, START] < 3.0) & (notes[:, START] + notes[:, LENGTH] > 0.0)][:MOST_NOTES])


def transposed(notes: Part, style: Notes, rng: np.random.Generator) -> Part:
    """`notes` moved, the same for all, to where `style` has notes; half a tone of mistuning at most."""
    own = [note.midi for note in style if note.midi is not None]
    low, high = min(own) - 2.0, max(own) + 2.0
    least, most = low - float(notes[:, PITCH].min()), high - float(notes[:, PITCH].max())
    by = rng.uniform(min(least, most), max(least, most))
    moved = notes.copy()
    moved[:, PITCH] += round(by) + rng.normal(0.0, 0.15)
    return moved


def strummed(notes: Part, rng: np.random.Generator) -> Part:
    """A chord on every note, its strings struck one after the other."""
    shape, spread = STRUMS[int(rng.integers(len(STRUMS)))], rng.uniform(0.0, 0.03)
    downward = 1 if rng.random() < 0.7 else -1
    chords = [
        (start + spread * (string if downward > 0 else len(shape) - string), length, pitch - 7 + step)
        for start, length, pitch in notes[: MOST_NOTES // 4]
        for string, step in enumerate(shape)
    ]
    return np.array(chords, np.float32)


def _played(notes: Part, style: Notes, name: str, rng: np.random.Generator) -> FloatArray:
    """Keys, strings that are plucked, and whatever else: each note for itself, short to overlapping."""
    mixed = np.zeros(WINDOW_SAMPLES, np.float32)
    held = float(rng.choice((0.35, 0.7, 0.95, 1.05, 3.0), p=(0.1, 0.2, 0.3, 0.25, 0.15)))
    for start, length, pitch in notes:
        seconds = max(0.08, held * float(length))
        sound = _note(style, float(pitch), seconds, name not in STRUCK, rng)
        _add(mixed, sound * _dynamic(rng), float(start), 0.003, float(rng.uniform(0.02, 0.15)))
    return mixed


def _sung(notes: Part, style: Notes, rng: np.random.Generator) -> FloatArray:
    """One voice: notes slurred or set apart, swelling, over it all a vibrato."""
    mixed = np.zeros(WINDOW_SAMPLES, np.float32)
    slurred, held = rng.random() < 0.5, float(rng.uniform(0.4, 1.0))
    for number, (start, length, pitch) in enumerate(notes):
        bound = slurred and number > 0
        seconds = max(0.08, float(length) * (1.0 if slurred else held)) + (0.06 if slurred else 0.0)
        skipped = float(rng.uniform(0.03, 0.1)) if bound else 0.0
        sound = _note(style, float(pitch), seconds + skipped, True, rng)[int(skipped * SAMPLE_RATE_HZ) :]
        if rng.random() < 0.4:
            sound = sound * _swell(sound.size, rng)
        _add(mixed, sound * _dynamic(rng), float(start), 0.03 if bound else 0.003, float(rng.uniform(0.03, 0.12)))
    if rng.random() < 0.5:
        seconds_at = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE_HZ
        depth = rng.uniform(0.05, 0.4) * np.interp(seconds_at, np.linspace(0, 3, 7), rng.uniform(0.2, 1.0, 7))
        mixed = warped(mixed, np.asarray(depth, np.float32), float(rng.uniform(4.3, 7.0)))
    return mixed


def _note(style: Notes, pitch: float, seconds: float, drawn_out: bool, rng: np.random.Generator) -> FloatArray:
    """[n] of `seconds` at most: one of the nearest notes of `style`, repitched."""
    apart = np.array([abs(note.midi - pitch) for note in style if note.midi is not None])
    short = np.array([max(0.0, seconds - note.samples.size / SAMPLE_RATE_HZ) for note in style])
    order = np.argsort(apart + 3.0 * np.minimum(short, 1.0) + rng.uniform(0.0, 0.5, apart.size))
    note = style[int(order[int(rng.integers(min(NEAREST, len(order))))])]
    semitones = pitch - (note.midi or pitch)
    if abs(semitones) > 12.0:  # out of reach: the octave that is not
        semitones -= 12.0 * round(semitones / 12.0)
    needed = int(seconds * SAMPLE_RATE_HZ)
    read = int(needed * 2.0 ** (max(semitones, 0.0) / 12.0)) + 64
    sound = repitched(note.sound_of(read), semitones)[:needed]
    return _extended(sound, needed) if drawn_out and sound.size < 0.9 * needed else sound


def _extended(sound: FloatArray, samples: int) -> FloatArray:
    """`sound` drawn out by repeating its middle, crossfaded."""
    first, last = int(0.35 * sound.size), int(0.75 * sound.size)
    loop = last - first
    if loop < SAMPLE_RATE_HZ // 20:
        return sound
    fade = loop // 3
    rising = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    made = sound[:last].copy()
    while made.size < samples - (sound.size - last):
        again = sound[first:last].copy()
        made[made.size - fade :] *= rising[::-1]
        made[made.size - fade :] += again[:fade] * rising
        made = np.concatenate([made, again[fade:]])
    return np.concatenate([made, sound[last:]])[:samples]


def _swell(samples: int, rng: np.random.Generator) -> FloatArray:
    knots = db_to_gain(0.0) * 10.0 ** (rng.uniform(-9.0, 0.0, 4) / 20.0)
    return np.interp(np.arange(samples), np.linspace(0, max(samples, 1), 4), knots).astype(np.float32)


def _dynamic(rng: np.random.Generator) -> np.float32:
    return np.float32(db_to_gain(-float(rng.uniform(0.0, 9.0))))


def _add(mixed: FloatArray, sound: FloatArray, start_seconds: float, rise_seconds: float, fall_seconds: float) -> None:
    """Add `sound`, faded in and out, to `mixed`; what lies before or behind it is lost."""
    start = int(start_seconds * SAMPLE_RATE_HZ)
    rise, fall = (min(sound.size, int(seconds * SAMPLE_RATE_HZ)) for seconds in (rise_seconds, fall_seconds))
    shaped = sound.copy()
    shaped[:rise] *= np.linspace(0.0, 1.0, rise, dtype=np.float32)
    shaped[shaped.size - fall :] *= np.linspace(1.0, 0.0, fall, dtype=np.float32)
    skipped, end = max(0, -start), min(shaped.size, mixed.size - start)
    if end > skipped:
        mixed[start + skipped : start + end] += shaped[skipped:end]


def _peak_1(sound: FloatArray) -> FloatArray:
    return sound / np.float32(max(float(np.abs(sound).max()), 1e-6))
