"""The recipe of the packaged weights: what is gathered, what is kept out, and in which order it is learnt.

    python -m embedding.training.recipe --notes NOTES --sound-set GM.sf2 --speech WORDS --work FOLDER --out FOLDER

NOTES holds a folder of recorded notes per class; every sound set is played (fluidsynth; TiMidity++ for a .cfg), every
folder of spoken words below WORDS sings. `--work` keeps what was gathered, the excerpts and the checkpoints: the same
command goes on from there. docs/ears.md says what was used for the packaged weights.

Each network is trained twice: first without the sources that are kept out, which is when its accuracy is measured, then
a little longer with them, for what is shipped should know all there is. `han2016` begins as `slim` widened.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from embedding.kernels import FloatArray
from embedding.network import CLASSES, HAN2016, SLIM, Architecture
from embedding.training import run as training
from embedding.training.excerpts import Repertoire, Targets, repertoire
from embedding.training.labels import LABELS
from embedding.training.made_notes import gather_made_notes
from embedding.training.network import TrainingNetwork, widened
from embedding.training.notes import Note, Split, licences_of, read_notes, split_by_source
from embedding.training.pool import CHUNK, Pool, read_chunk, write_chunk
from embedding.training.scores import read_pieces
from embedding.training.singers import gather_singers
from embedding.training.soundfonts import gather_sound_set
from embedding.weights import save_ears

KEPT_OUT = frozenset(
    {(name, "tonejs npm") for name in CLASSES}
    | {("electric guitar", "karoryfer.emilyguitar"), ("voice", "solfege katy"), ("voice", "solfege jennifer")}
)
"""As (class, source): recorded by others than whatever is trained on (`tests/benchmarks/same_recordings.py`)."""
GATHERED_LICENCES = {
    "FluidR3_GM (Debian's fluid-soundfont-gm)": "MIT",
    "MuseScore_General_Full (musescore-general-soundfont-lossless)": "MIT",
    "TimGM6mb (timgm6mb-soundfont)": "GPL-2",
    "sf_GMbank (csound-soundfont)": "LGPL-2.1+",
    "freepats": "GPL-2+ with an exception for music",
    "sung words of klettres-data, ktuberling-data": "GPL-2+",
    "sung words of tuxpaint-stamps-default, hedgewars-data": "GPL-2",
    "tonejs-instrument-* of npm": "CC-BY-3.0",
    "scores of music21's corpus": "public domain, or free for research as its files say; only notes' times were used",
}
"""What is trained on beside recorded notes, whose csv tells their licences."""
BATCH = 32
ROOM = 150_000
CHUNKS = 176
CHUNKS_PER_KEPT_CHUNK = 8
LOOKED_FOR_CHUNKS_EVERY = 40
HEARD, KEPT = "heard", "kept-out"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Lesson:
    """One stretch of learning: from which checkpoint, on which excerpts, how long, at which share of the usual rate."""

    name: str
    architecture: Architecture
    begins_as: str | None
    folders: tuple[str, ...]
    share: float
    rate: float


LESSONS = (
    Lesson("slim-heard", SLIM, None, (HEARD,), 0.43, 1.0),
    Lesson("slim-all", SLIM, "slim-heard", (HEARD, KEPT), 0.22, 0.3),
    Lesson("han2016-heard", HAN2016, "slim-heard", (HEARD,), 0.29, 0.5),
    Lesson("han2016-all", HAN2016, "han2016-heard", (HEARD, KEPT), 0.06, 0.2),
)
"""`share`: of all the seconds that learning may take."""


def gather(work: Path, sound_sets: Sequence[Path], speech: Sequence[Path], say: Say) -> Path:
    """The folder of gathered notes; what is there already is not made again."""
    gathered = work / "notes"
    for sound_set in sound_sets:
        say(f"{sound_set}: {sum(1 for _ in gather_sound_set(sound_set, gathered))} notes")
    for folder in speech:
        say(f"{folder}: {sum(1 for _ in gather_singers(folder, gathered, np.random.default_rng(0)))} sung notes")
    say(f"made by formulas: {sum(1 for _ in gather_made_notes(gathered))} notes")
    return gathered


def split_of(folders: Sequence[Path], say: Say) -> Split:
    """What to train on and what to keep out, of all the notes in `folders`."""
    notes: list[Note] = []
    for folder in folders:
        notes += read_notes(folder)
        say(f"{folder}: {len(notes)} notes in all")
    return split_by_source(tuple(notes), KEPT_OUT)


def repertoires(folders: Sequence[Path], work: Path, say: Say) -> tuple[Repertoire, Repertoire]:
    """(what is trained on, what is kept out)."""
    split = split_of(folders, say)
    pieces = read_pieces(work / "scores.npz", np.random.default_rng(0), lambda _share: None)
    return repertoire(split.train, pieces), repertoire(split.test, pieces)


def write_pools(folders: Sequence[Path], work: Path, first: int, step: int) -> None:
    """Chunks `first`, `first + step`, ... of excerpts to train on; for every eighth, one of the sources kept out."""
    heard, kept = repertoires(folders, work, lambda _text: None)
    for number in range(first, CHUNKS, step):
        if number % CHUNKS_PER_KEPT_CHUNK == 0:
            write_chunk(work / KEPT, number // CHUNKS_PER_KEPT_CHUNK, kept, 1)
        write_chunk(work / HEARD, number, heard, 0)


def drawn_from(pool: Pool, folders: Sequence[Path], wait: Callable[[float], None] = time.sleep) -> training.Draw:
    """Batches of 32 from the chunks in `folders`, new ones taken in as they are written."""
    read = dict.fromkeys(folders, 0)
    drawn = 0

    def draw(rng: np.random.Generator) -> tuple[FloatArray, Targets]:
        nonlocal drawn
        while drawn % LOOKED_FOR_CHUNKS_EVERY == 0 or not len(pool):
            for folder in folders:
                while (chunk := read_chunk(folder, read[folder])) is not None:
                    pool.put(*chunk)
                    read[folder] += 1
            if len(pool):
                break
            wait(1.0)
        drawn += 1
        return pool.draw(BATCH, rng)

    return draw


def learn(lesson: Lesson, work: Path, seconds: float, say: Say) -> training.Run:
    """The run after `lesson`; gone on with from its own checkpoint where there is one."""
    file = work / f"{lesson.name}.checkpoint"
    run = training.start(lesson.architecture, 0)
    run.rate = lesson.rate
    if lesson.begins_as:
        run.network.load_state_dict(begun(work / f"{lesson.begins_as}.checkpoint", lesson.architecture).state_dict())
    run = training.resume(file, lesson.name, run)
    draw = drawn_from(Pool(ROOM), [work / folder for folder in lesson.folders])
    budget = training.Budget(seconds * lesson.share)
    said = 0

    def progress(share: float, text: str) -> None:
        nonlocal said
        if share >= said / 20:
            said += 1
            say(f"{lesson.name} {share:.0%} {text}")

    training.train(run, draw, budget, progress, time.monotonic, 60.0, lambda: training.keep(file, lesson.name, run))
    training.keep(file, lesson.name, run)
    return run


def begun(checkpoint: Path, architecture: Architecture) -> TrainingNetwork:
    """The network of an earlier lesson, widened if `architecture` is wider."""
    state = torch.load(checkpoint, weights_only=True)["network"]
    before = SLIM if len(state["dense.bias"]) == SLIM.dense else HAN2016
    network = TrainingNetwork(before)
    network.load_state_dict(state)
    return network if before == architecture else widened(network, architecture)


def card_of(
    measured: dict[str, Any], steps: int, heard: Repertoire, kept: Repertoire, licences: dict[str, str]
) -> dict[str, Any]:
    """What the card says beside the accuracy, which was `measured` before the sources kept out were learnt too."""

    def named(notes: Repertoire) -> list[str]:
        return sorted(f"{LABELS[label]}: {source.name}" for label, own in notes.sources.items() for source in own)

    return measured | {
        "date": datetime.now(UTC).date().isoformat(),
        "training": {
            "excerpts": CHUNKS * CHUNK,
            "steps": steps,
            "batch": BATCH,
            "sources": named(heard),
            "test_sources_learnt_after_testing": True,
        },
        "test_sources": named(kept),
        "data_licences": licences,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="The recipe of the packaged weights; docs/ears.md tells more.")
    for name in ("--notes", "--sound-set", "--speech"):
        parser.add_argument(name, type=Path, action="append", default=[])
    for name in ("--work", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--hours", type=float, default=1.75, help="of learning; gathering comes on top")
    parser.add_argument("--processes", type=int, default=1, help="that make excerpts meanwhile")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    folders = [*asked.notes, gather(asked.work, asked.sound_set, asked.speech, print)]
    heard, kept = repertoires(folders, asked.work, print)
    spawn = multiprocessing.get_context("spawn")
    makers = [
        spawn.Process(target=write_pools, args=(folders, asked.work, first, asked.processes), daemon=True)
        for first in range(asked.processes)
    ]
    for maker in makers:
        maker.start()
    measured: dict[str, Any] = {}
    steps = 0
    licences = {source: licence for folder in asked.notes for source, licence in licences_of(folder).items()}
    for lesson in LESSONS:
        run = learn(lesson, asked.work, asked.hours * 3600, print)
        ears, card = training.finish(run, heard, kept, 0)
        if KEPT not in lesson.folders:
            measured, steps = card, run.steps
            print(lesson.name, card["accuracy"])
        else:
            card = card_of(measured, steps + run.steps, heard, kept, licences | GATHERED_LICENCES)
            save_ears(asked.out / f"{lesson.architecture.name}.pt", ears.network.float(), card)


if __name__ == "__main__":
    main()
