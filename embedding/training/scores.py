"""What the phrases of training play: parts of real scores, out of music21's corpus.

music21 (an extra: `pip install 'jacqueesbot[train]'`) brings some thousand scores in the public domain, from medieval
songs over Bach's chorales and string quartets to fiddle tunes and ragtime. They are read once, and kept as arrays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embedding.errors import BadInput

# fmt: off
FOLDERS = (
    "airdsAirs", "bach", "beach", "beethoven", "chopin", "ciconia", "corelli", "cpebach", "essenFolksong",
    "haydn", "johnson_j_r", "joplin", "josquin", "k155", "k156", "k458", "k545", "k80", "liliuokalani", "luca",
    "lusitano", "miscFolk", "monteverdi", "oneills1850", "opus17", "opus18no1", "opus19", "opus1no1", "opus3no1",
    "opus41no1", "opus59no1", "opus59no2", "opus59no3", "opus74no1", "palestrina", "rinaldo", "ryansMammoth",
    "schubert", "schumann_clara", "schumann_robert", "trecento", "verdi", "weber", "webern",
)
# fmt: on
SCORES_PER_FOLDER = 30
LARGEST_BYTES = 60_000
"""Larger files take music21 minutes."""
FEWEST_NOTES = 8
START, LENGTH, PITCH = range(3)

Part = npt.NDArray[np.float32]
"""[notes, 3]: start_beats, length_beats, pitch_midi, sorted by start; notes of a chord share their start."""


@dataclass(frozen=True, eq=False)
class Piece:
    """The parts of a score that sound together."""

    parts: tuple[Part, ...]


def read_pieces(cache_file: Path, rng: np.random.Generator, progress: Callable[[float], None]) -> tuple[Piece, ...]:
    """Up to 30 scores of each of FOLDERS; from `cache_file` (.npz) if it is there, else written to it."""
    if not cache_file.is_file():
        pieces = _read_corpus(rng, progress)
        sizes = [[len(part) for part in piece.parts] for piece in pieces]
        beside = cache_file.with_name(cache_file.stem + ".part.npz")
        np.savez_compressed(
            beside,
            notes=np.concatenate([part for piece in pieces for part in piece.parts]),
            parts=[size for own in sizes for size in own],
            pieces=[len(own) for own in sizes],
        )
        beside.replace(cache_file)
    with np.load(cache_file) as kept:
        parts = np.split(kept["notes"], np.cumsum(kept["parts"])[:-1])
        ends = np.cumsum(kept["pieces"])
        return tuple(Piece(tuple(parts[end - count : end])) for end, count in zip(ends, kept["pieces"], strict=True))


def _read_corpus(rng: np.random.Generator, progress: Callable[[float], None]) -> list[Piece]:
    try:
        from music21 import corpus
    except ImportError as why:
        raise BadInput(
            f"music21 is not installed ({why}); training needs it: pip install 'jacqueesbot[train]'"
        ) from why
    by_folder: dict[str, list[Path]] = defaultdict(list)
    for path in corpus.getCorePaths():
        if Path(path).parent.name in FOLDERS and Path(path).stat().st_size <= LARGEST_BYTES:
            by_folder[Path(path).parent.name].append(Path(path))
    chosen = [
        own[int(place)]
        for own in (sorted(paths) for _, paths in sorted(by_folder.items()))
        for place in rng.permutation(len(own))[:SCORES_PER_FOLDER]
    ]
    pieces = []
    for index, path in enumerate(chosen):
        progress(index / len(chosen))
        pieces += _read_score(path)
    return pieces


def _read_score(path: Path) -> list[Piece]:
    from music21 import corpus, exceptions21, stream

    try:
        parsed: Any = corpus.parse(path)
    except (exceptions21.Music21Exception, ValueError, KeyError, IndexError, AttributeError, TypeError):
        return []  # some of the corpus's files are beyond music21's own readers
    scores = list(parsed.scores)[:SCORES_PER_FOLDER] if isinstance(parsed, stream.Opus) else [parsed]
    pieces = []
    for score in scores:
        parts = tuple(part for part in (_part(own) for own in score.parts) if len(part) >= FEWEST_NOTES)
        if parts:
            pieces.append(Piece(parts))
    return pieces


def _part(part: Any) -> Part:
    notes = [
        (float(element.offset), float(element.quarterLength), pitch.midi)
        for element in part.flatten().notes
        for pitch in element.pitches
        if element.quarterLength > 0
    ]
    return np.array(sorted(notes), np.float32).reshape(-1, 3)
