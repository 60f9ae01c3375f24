"""How well the timbre similarity spreads and orders: single notes of unseen sources, and a sample library.

    python tests/benchmarks/timbre_spread.py NOTES LIBRARY [--weights FILE.pt] [--kept-out CLASS:SOURCE ...]

NOTES holds a folder of notes per class, as for `jacqueesbot train`; LIBRARY any folder of samples.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ, windows_of
from embedding.audio import AUDIO_SUFFIXES, read_audio
from embedding.ears import Ears
from embedding.kernels import FloatArray
from embedding.pitch import pitch_midi
from embedding.timbre import timbre_similarity
from embedding.training.notes import Note, read_notes, split_by_source
from embedding.weights import load_ears

TRIPLETS_PER_NOTE = 60
Similarity = Callable[[FloatArray, FloatArray], FloatArray]


def by_direction(a: FloatArray, b: FloatArray) -> FloatArray:
    """1 - |a/|a| - b/|b|| / 2"""
    ways = [x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-9) for x in (a, b)]
    return np.asarray(1.0 - np.linalg.norm(ways[0] - ways[1], axis=-1) / 2.0)


def triplets(notes: tuple[Note, ...], rng: np.random.Generator) -> np.ndarray:
    """[n, 3] places of (a note, one of the same class 3 to 9 semitones away, one of another class at its pitch)."""
    pitches = np.array([pitch_midi(note.sound_of(note.samples.size)) or np.nan for note in notes])
    labels = np.array([note.label for note in notes])
    found = []
    for place in np.flatnonzero(np.isfinite(pitches)):
        apart = np.abs(pitches - pitches[place])
        same = np.flatnonzero((labels == labels[place]) & (apart >= 2.5) & (apart <= 9.5))
        other = np.flatnonzero((labels != labels[place]) & (apart <= 1.0))
        if same.size and other.size:
            found += [(place, rng.choice(same), rng.choice(other)) for _ in range(TRIPLETS_PER_NOTE)]
    return np.array(found)


def embeddings_of(ears: Ears, sounds: list[FloatArray]) -> FloatArray:
    """[n, d] of each sound's first 3 s."""
    return ears.hear(np.stack([windows_of(sound)[0][0] for sound in sounds])).embeddings


def spread(values: FloatArray) -> str:
    return " / ".join(f"{value:.2f}" for value in np.quantile(values, [0.05, 0.5, 0.95]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", type=Path)
    parser.add_argument("library", type=Path)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--kept-out", nargs="*", default=[], metavar="CLASS:SOURCE")
    given = parser.parse_args()
    ears = load_ears(given.weights)
    kept_out = frozenset(tuple(each.split(":", 1)) for each in given.kept_out)
    test = split_by_source(read_notes(given.notes), kept_out).test
    chosen = triplets(test, np.random.default_rng(0))
    files = sorted(file for file in given.library.rglob("*") if file.suffix.lower() in AUDIO_SUFFIXES)
    notes = embeddings_of(ears, [note.sound_of(note.samples.size) for note in test])
    library = embeddings_of(ears, [read_audio(file).at_rate(SAMPLE_RATE_HZ).mono() for file in files])
    first, second = np.triu_indices(len(files), 1)
    centre = ears.network.centre.float().numpy()
    say = sys.stdout.write
    say(f"{len(test)} notes, {len(chosen)} triplets, {len(files)} samples; quantiles are 5 / 50 / 95 %\n")
    named: dict[str, Similarity] = {"as shipped": timbre_similarity, "direction": by_direction}
    for name, similarity in named.items():
        for centred, shift in (("centred", 0.0 * centre), ("not centred", centre)):
            a, b, c = (notes[chosen[:, column]] + shift for column in range(3))
            same, other = similarity(a, b), similarity(a, c)
            pairs = similarity(library[first] + shift, library[second] + shift)
            say(f"{name}, {centred}: same instrument nearer in {np.mean(same > other):.3f}; same {spread(same)}; ")
            say(f"other {spread(other)}; pairs of the library {spread(pairs)}\n")


if __name__ == "__main__":
    main()
