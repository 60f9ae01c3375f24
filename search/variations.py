"""Variations: several covers of one recording that are good and different.

Each is searched for in turn. What those before have used is proposed less, by its sample and more so at the same
transposition, so that other samples come first where they fit about as well; the exact score stays what it is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from search.arrangement import Arrangement
from search.evaluator import Evaluation
from search.planner import Planner

CELL_SECONDS = 0.25
SAMPLE_WEAR, VOICE_WEAR = 0.9, 0.9
"""What a sample, and besides a sample at one transposition, explains counts so much for each cover that has used it:
among many samples the next best are near, so that at .93 covers of a recording share but 4 % of their voices (by
`similarity`; seeds alone leave 32 to 39 %), for .01 to .02 of the score."""

Cell = tuple[int, str, float]
"""A stretch of a quarter of a second, and what sounds in it: a sample and its transposition."""


def varied(
    planner: Planner,
    root: Arrangement | None,
    count: int,
    search: Callable[[Planner, Arrangement | None], Evaluation | None],
) -> list[Evaluation]:
    """At most `count` arrangements as `search` finds them, best first; fewer where it gives None, as it was stopped.

    The first goes on from `root`; the others only from what of it is held, and look for no samples that the recording
    was made of: that answer is the first one's."""
    found: list[Evaluation] = []
    while len(found) < count:
        before = [one.arrangement for one in found]
        evaluation = search(worn(planner, before), only_held(root, planner)) if before else search(planner, root)
        if evaluation is None:
            break
        found.append(evaluation)
    return sorted(found, key=lambda one: -one.total)


def worn(planner: Planner, made: Sequence[Arrangement]) -> Planner:
    """The planner for another cover beside those that are `made`."""
    atoms = planner.matcher.atoms
    samples = Counter(path for arrangement in made for path in {clip.sample for _, clip in arrangement.clips()})
    voices = Counter(
        voice
        for arrangement in made
        for voice in {(clip.sample, clip.transpose_semitones) for _, clip in arrangement.clips()}
    )
    paths = [atoms.samples[int(index)].path for index in atoms.sample_index]
    factors = [
        SAMPLE_WEAR ** samples[path] * VOICE_WEAR ** voices[path, float(semitones)]
        for path, semitones in zip(paths, atoms.semitones, strict=True)
    ]
    less = replace(atoms, preference=atoms.preference * np.array(factors, dtype=np.float32))
    return replace(planner, matcher=replace(planner.matcher, atoms=less), library=())


def only_held(root: Arrangement | None, planner: Planner) -> Arrangement | None:
    held = planner.matcher.book.held
    if root is None or not held:
        return None
    tracks = (replace(track, clips=tuple(clip for clip in track.clips if clip in held)) for track in root.tracks)
    return replace(root, tracks=tuple(track for track in tracks if track.clips))


def similarity(one: Arrangement, other: Arrangement) -> float:
    """Of all quarters of a second of all voices the share that both have, 0 to 1; 1 where both are empty."""
    cells, others = _cells(one), _cells(other)
    return len(cells & others) / len(cells | others) if cells | others else 1.0


def _cells(arrangement: Arrangement) -> set[Cell]:
    return {
        (cell, clip.sample, clip.transpose_semitones)
        for _, clip in arrangement.clips()
        for cell in range(int(clip.start_seconds / CELL_SECONDS), math.ceil(clip.end_seconds / CELL_SECONDS))
    }
