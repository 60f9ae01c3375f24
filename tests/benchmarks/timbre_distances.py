"""Which distance of which features is timbre.

    python -m tests.benchmarks.timbre_distances NOTES LIBRARY [--weights FILE]

NOTES holds a folder of notes per class, as for `jacqueesbot train`, LIBRARY samples whose names say what they are.
Prints Markdown tables. Of each candidate, on windows of 3 s:
  notes    in how many triplets a note of the same instrument, 3 to 9 semitones away and 6 to 20 dB softer, is nearer
           than one of another instrument at the same pitch; of sources that the weights were not trained on
  kinds    in how many triplets a kick, snare, hi-hat, cymbal, tom or texture is nearer to one of its kind than to one
           of another; of how many the nearest neighbour is of their kind; medians of kicks, and of kick and hi-hat
  order    on mixes (`tests.benchmarks.mixes`): in how many pairs a small change leaves more than another instrument,
           and any of these more than another piece
and the mixes' similarity after each change, by every term of the reward.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
import torch.nn.functional as F

from embedding.analysis import LOG_OFFSET, SAMPLE_RATE_HZ, windows_of
from embedding.audio import Audio
from embedding.blocks import blocks_of
from embedding.ears import Ears
from embedding.kernels import FloatArray, db_to_gain
from embedding.mfcc import MfccEars
from embedding.network import POOL, SILENCE, SLOPE
from embedding.pitch import pitch_midi
from embedding.reward import TERMS, Candidate, hear_target, rate, weights_named
from embedding.terms import balance_db, balance_similarity
from embedding.timbre import timbre_similarity
from embedding.training.notes import Note, read_notes, split_by_source
from embedding.weights import load_ears
from tests.benchmarks.mixes import OTHER, SMALL, made_mixes, read_sounds
from tests.benchmarks.tables import table

TRIPLETS_EACH = 60
SOFTER_DB = (-20.0, -6.0)
INSTRUMENT = "chords of another instrument"
OCTAVE = "chords an octave up"
WINDOWS_AT_ONCE = 16
Similarity = Callable[[FloatArray, FloatArray], FloatArray]
"""Of rows [n, d] and [n, d]: [n]."""
Features = dict[str, FloatArray]


class Heard(NamedTuple):
    """Rows of one feature: of notes, of notes played softer, of the library, of mixes [pieces, changes, windows]."""

    notes: FloatArray
    softer: FloatArray
    library: FloatArray
    mixes: FloatArray

    def mapped(self, function: Callable[[FloatArray], FloatArray]) -> Heard:
        return Heard(*(function(rows) for rows in self))

    def joined(self, other: Heard) -> Heard:
        return Heard(*(np.concatenate(pair, axis=-1) for pair in zip(self, other, strict=True)))

    def music(self) -> FloatArray:
        return np.concatenate([self.library, self.mixes.reshape(-1, self.mixes.shape[-1])])


@torch.inference_mode()
def features_of(ears: Ears, windows: FloatArray) -> Features:
    """All features of log-mel `windows` [n, 130, 128], the network's layer by layer."""
    network = ears.network
    parts: list[dict[str, torch.Tensor]] = []
    for part in torch.split(torch.from_numpy(windows), WINDOWS_AT_ONCE):
        maps = (part[:, None] - SILENCE).to(network.output.weight.dtype)
        found: dict[str, torch.Tensor] = {}
        for index, convolution in enumerate(network.convolutions):
            maps = convolution(maps)
            if index % 2 == 0:
                maps = F.leaky_relu(maps, SLOPE)
            elif index < len(network.convolutions) - 1:
                maps = F.leaky_relu(F.max_pool2d(maps, POOL), SLOPE)
            if index == 5:
                over_time = maps.float().mean(3)
                found["third block"] = torch.cat([over_time.mean(2), over_time.std(2)], 1)
        over_time = F.leaky_relu(maps, SLOPE).float().mean(3)
        found["last maps"] = torch.cat([over_time.mean(2), over_time.std(2)], 1)
        dense = network.dense(F.leaky_relu(maps.amax((2, 3)), SLOPE)).float()
        found["before the ReLU"] = dense
        found["embedding"] = F.leaky_relu(dense, SLOPE)
        parts.append(found)
    network_features = {name: torch.cat([part[name] for part in parts]).numpy() for name in parts[0]}
    balance = np.stack([balance_db(np.exp(window) - np.float32(LOG_OFFSET)) for window in windows])
    return {**network_features, "balance": balance, "MFCCs": MfccEars().hear(windows).embeddings}


def cosine(a: FloatArray, b: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    return np.asarray(np.maximum((a * b).sum(axis=-1) / np.maximum(lengths, 1e-9), 0.0))


def half_direction(a: FloatArray, b: FloatArray) -> FloatArray:
    ways = [x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-9) for x in (a, b)]
    return np.asarray(1.0 - np.linalg.norm(ways[0] - ways[1], axis=-1) / 2.0)


def by_lengths(a: FloatArray, b: FloatArray) -> FloatArray:
    """1 - |a - b| / (|a| + |b|)"""
    return np.asarray(np.sqrt(timbre_similarity(a, b)))


def euclid(scale: float) -> Similarity:
    return lambda a, b: np.exp(-np.linalg.norm(a - b, axis=-1) / scale)


def with_balance(size: int, how: Callable[[FloatArray, FloatArray], FloatArray]) -> Similarity:
    """Of rows that are an embedding of `size` and a balance: `how` of both similarities."""
    return lambda a, b: how(timbre_similarity(a[:, :size], b[:, :size]), balance_similarity(a[:, size:], b[:, size:]))


def candidates_of(heard: dict[str, Heard], centre: FloatArray) -> dict[str, tuple[Heard, Similarity]]:
    plain = heard["embedding"]
    centred = plain.mapped(lambda rows: rows - centre)
    joined = centred.joined(heard["balance"])
    typical = float(np.median(np.linalg.norm(centred.music(), axis=1)))

    def standard(name: str) -> Heard:
        music = heard[name].music()
        mean, deviation = music.mean(axis=0), music.std(axis=0) + 1e-6
        return heard[name].mapped(lambda rows: (rows - mean) / deviation)

    return {
        "`timbre`: (1 - \\|a-b\\| / (\\|a\\|+\\|b\\|))², centred": (centred, timbre_similarity),
        "without the square": (centred, by_lengths),
        "without the square, not centred": (plain, by_lengths),
        "cosine": (centred, cosine),
        "half the distance of directions": (centred, half_direction),
        "exp(-\\|a-b\\| / median length)": (centred, euclid(typical)),
        "before the ReLU, centred on music": (
            heard["before the ReLU"].mapped(lambda rows: rows - heard["before the ReLU"].music().mean(axis=0)),
            timbre_similarity,
        ),
        "centred on music": (plain.mapped(lambda rows: rows - plain.music().mean(axis=0)), timbre_similarity),
        "standardised": (standard("embedding"), timbre_similarity),
        "last maps, mean and deviation, standardised": (standard("last maps"), timbre_similarity),
        "third block's, standardised": (standard("third block"), timbre_similarity),
        "embedding and last maps, standardised": (
            standard("embedding").joined(standard("last maps")),
            timbre_similarity,
        ),
        "MFCCs (Jensen)": (heard["MFCCs"], MfccEars().similarity),
        "`balance`": (heard["balance"], balance_similarity),
        "`timbre` and `balance`, mean": (joined, with_balance(centre.size, lambda one, other: (one + other) / 2)),
        "`timbre` and `balance`, root of product": (
            joined,
            with_balance(centre.size, lambda one, other: np.sqrt(one * other)),
        ),
    }


def note_triplets(notes: tuple[Note, ...], rng: np.random.Generator) -> np.ndarray:
    """[n, 3] places of (a note, one of the same class 3 to 9 semitones away, one of another class at its pitch)."""
    pitches = np.array([pitch_midi(note.sound_of(note.samples.size)) or np.nan for note in notes])
    labels = np.array([note.label for note in notes])
    found = []
    for place in np.flatnonzero(np.isfinite(pitches)):
        apart = np.abs(pitches - pitches[place])
        same = np.flatnonzero((labels == labels[place]) & (apart >= 2.5) & (apart <= 9.5))
        other = np.flatnonzero((labels != labels[place]) & (apart <= 1.0))
        if same.size and other.size:
            found += [(place, rng.choice(same), rng.choice(other)) for _ in range(TRIPLETS_EACH)]
    return np.array(found)


def kind_triplets(kinds: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """[n, 3] places of (a sample, one of its kind, one of another); '' is no kind."""
    found = []
    for place in np.flatnonzero(kinds != ""):
        same = np.flatnonzero((kinds == kinds[place]) & (np.arange(kinds.size) != place))
        other = np.flatnonzero((kinds != kinds[place]) & (kinds != ""))
        found += [(place, rng.choice(same), rng.choice(other)) for _ in range(TRIPLETS_EACH)]
    return np.array(found)


def spread(values: FloatArray) -> str:
    return " / ".join(f"{value:.2f}" for value in np.quantile(values, [0.05, 0.5, 0.95]))


def ordered(by_change: dict[str, FloatArray]) -> tuple[float, float]:
    """Of similarities [pieces] by change: how often small ones are above another instrument, and all above another
    piece."""
    small = [by_change[name] for name in (*SMALL, OCTAVE)]
    first = np.mean([one > by_change[INSTRUMENT] for one in small])
    second = np.mean([one > by_change[OTHER] for one in (*small, by_change[INSTRUMENT])])
    return float(first), float(second)


def candidate_row(
    heard: Heard,
    similarity: Similarity,
    notes: np.ndarray,
    kind_places: np.ndarray,
    kinds: np.ndarray,
    names: list[str],
) -> list[str]:
    same = similarity(heard.notes[notes[:, 0]], heard.softer[notes[:, 1]])
    other = similarity(heard.notes[notes[:, 0]], heard.softer[notes[:, 2]])
    first, second = np.triu_indices(len(heard.library), 1)
    pairs = similarity(heard.library[first], heard.library[second])
    near, far = (similarity(heard.library[kind_places[:, 0]], heard.library[kind_places[:, k]]) for k in (1, 2))
    square = np.eye(len(heard.library)) * -2.0
    square[first, second] = square[second, first] = pairs
    known = np.flatnonzero(kinds != "")
    own = square[np.ix_(known, known)]
    nearest = kinds[known][own.argmax(axis=1)] == kinds[known]
    kick, hat = kinds[known] == "kick", kinds[known] == "hat"
    kicks = own[np.ix_(kick, kick)]
    pieces, changes, windows, size = heard.mixes.shape
    whole = np.repeat(heard.mixes[:, :1], changes, axis=1).reshape(-1, size)
    after = similarity(whole, heard.mixes.reshape(-1, size)).reshape(pieces, changes, windows).mean(axis=2)
    order = ordered(dict(zip(names, after.T, strict=True)))
    return [
        f"{np.mean(same > other):.3f}", spread(same), spread(other), spread(pairs),
        f"{np.mean(near > far):.3f}", f"{nearest.mean():.3f}",
        f"{np.median(kicks[kicks >= 0]):.2f}, {np.median(own[np.ix_(kick, hat)]):.2f}",
        f"{order[0]:.2f}, {order[1]:.2f}",
    ]  # fmt: skip


def change_rows(mixes: list[dict[str, FloatArray]], ears: Ears) -> list[list[str]]:
    """Medians over the pieces of each term and of both rewards after each change."""
    names = [name for name in mixes[0] if name != "piece"]
    values = np.zeros((len(mixes), len(names), len(TERMS) + 2))
    for index, mix in enumerate(mixes):
        target = hear_target(Audio(mix["piece"][np.newaxis], SAMPLE_RATE_HZ), ears)
        candidates = [Candidate(blocks_of(mix[name], target.samples), target.samples) for name in names]
        for column, rated in enumerate(rate(target, candidates, ears, weights_named("default"))):
            terms = [getattr(rated.score, term) for term in TERMS]
            paper = float(np.dot(weights_named("paper"), terms))
            values[index, column] = [*terms, rated.score.total, paper]
    rows = [["change", *TERMS, "total", "paper"]]
    medians = np.median(values, axis=0)
    rows += [[name, *(f"{v:.2f}" for v in row)] for name, row in zip(names, medians, strict=True)]
    orders = [ordered(dict(zip(names, values[:, :, k].T, strict=True))) for k in range(values.shape[2])]
    rows.append(["small above another instrument, all above another piece", *(f"{a:.2f}, {b:.2f}" for a, b in orders)])
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", type=Path)
    parser.add_argument("library", type=Path)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--pieces", type=int, default=16)
    given = parser.parse_args()
    torch.set_num_threads(1)
    ears, rng = load_ears(given.weights), np.random.default_rng(0)
    kept_out = frozenset(tuple(each.split(": ", 1)) for each in ears.card["test_sources"])
    test = split_by_source(read_notes(given.notes), kept_out).test
    sounds = read_sounds(given.library)
    mixes = made_mixes(sounds, given.pieces)
    tones = [note.sound_of(note.samples.size) for note in test]
    softer = [np.float32(db_to_gain(rng.uniform(*SOFTER_DB))) * tone for tone in tones]
    singles = (np.stack([windows_of(one)[0][0] for one in some]) for some in (tones, softer, sounds.mono.values()))
    mixed = np.stack([[windows_of(sound)[0] for sound in mix.values()] for mix in mixes])
    parts = [features_of(ears, windows) for windows in (*singles, mixed.reshape(-1, *mixed.shape[3:]))]
    heard = {
        name: Heard(*(part[name] for part in parts[:3]), parts[3][name].reshape(*mixed.shape[:3], -1))
        for name in parts[0]
    }
    kinds = np.array([sounds.kinds.get(path, "") for path in sounds.mono])
    notes, kind_places = note_triplets(test, rng), kind_triplets(kinds, rng)
    columns = "notes", "same", "other", "pairs of the library", "kinds", "neighbour", "kicks, kick–hat", "order"
    rows = [["candidate", *columns]]
    centre = ears.network.centre.float().numpy()
    for name, (rows_of, similarity) in candidates_of(heard, centre).items():
        rows.append([name, *candidate_row(rows_of, similarity, notes, kind_places, kinds, list(mixes[0]))])
    counts = f"{len(test)} notes, {len(notes)} triplets; {len(kinds)} samples, {int((kinds != '').sum())} of a kind"
    print(f"{counts}; quantiles are 5 / 50 / 95 %\n\n{table(rows)}\n\n{table(change_rows(mixes, ears))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
