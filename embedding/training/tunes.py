"""Tunes for training where no scores are at hand: walks on a scale, with chords below."""

from __future__ import annotations

import numpy as np

from embedding.training.scores import Part, Piece

SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 6, 7, 10))
LENGTHS_BEATS = (0.25, 0.5, 0.5, 0.5, 1.0, 1.0, 2.0)
NOTES = 64
PIECES = 200


def made_pieces(rng: np.random.Generator) -> tuple[Piece, ...]:
    """200 pieces of a tune and its chords."""
    return tuple(Piece((tune, chords_below(tune))) for tune in (walk(rng) for _ in range(PIECES)))


def walk(rng: np.random.Generator) -> Part:
    """64 notes on a random scale, mostly by steps, around the middle of a keyboard."""
    scale = SCALES[int(rng.integers(len(SCALES)))]
    lengths = rng.choice(LENGTHS_BEATS, NOTES)
    starts = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    degrees = np.cumsum(rng.choice((-3, -2, -1, -1, 0, 1, 1, 2, 4), NOTES))
    folded = np.abs((degrees + 14) % 28 - 14)
    pitches = 55 + rng.integers(0, 12) + np.array([12 * (d // len(scale)) + scale[d % len(scale)] for d in folded])
    return np.stack([starts, lengths, pitches], axis=1).astype(np.float32)


def chords_below(tune: Part) -> Part:
    """A triad every two beats, an octave or so below what `tune` plays there."""
    beats = np.arange(0.0, float(tune[-1, 0]), 2.0)
    roots = tune[np.searchsorted(tune[:, 0], beats, side="right") - 1, 2] - 12
    notes = [(beat, 2.0, root - step) for beat, root in zip(beats, roots, strict=True) for step in (0, 5, 8)]
    return np.array(notes, np.float32)
