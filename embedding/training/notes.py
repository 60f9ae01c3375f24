"""The notes that the ears learn from: a folder per class, decoded once, and split by source.

`DIR/<class>/*.ogg|wav|flac|mp3|aif`, the class with spaces or underscores. Recordings of one source (a player, a room,
a sample library) are alike, so what is tested on must come from sources that were never trained on. A file's source is
  1. in a csv with the columns file, class, source beside DIR or in it (`DIR.csv`, `DIR/*.csv`), `file` ending in the
     same two parts as the path;
  2. else in its name: what stands before the first '__';
  3. else it is a source of its own.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.audio import AUDIO_SUFFIXES, read_audio
from embedding.errors import BadAudio, BadInput
from embedding.kernels import FloatArray
from embedding.network import CLASSES
from embedding.pitch import pitch_midi
from embedding.training.labels import FIRST_DRUM, LABELS, label_of

KEY_IN_NAME = re.compile(r"__(\d{3})-")
NOTE_IN_NAME = re.compile(r"(?:^|[-_. ])([A-G])([#sb]?)(-?\d)(?=$|[-_. v])")
SEMITONES_OF = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11, "#": 1, "s": 1, "b": -1, "": 0}
LONGEST_SECONDS = 5.0
LEAST_TEST_NOTES = 8
TEST_SHARE = 0.15
LEAST_PEAK = 10 ** (-60 / 20)
QUIET_START = 0.01
"""What lies before a note's first sample above this share of its peak is cut off."""


@dataclass(frozen=True, eq=False)
class Note:
    """One recorded note: int16 mono `samples` at 22.05 kHz (half of float32's memory)."""

    name: str
    label: int
    """Index into LABELS."""
    source: str
    midi: float | None
    """Its pitch, None where it has no steady one."""
    samples: npt.NDArray[np.int16]

    def sound_of(self, most_samples: int) -> FloatArray:
        """The note's beginning, float32 [at most `most_samples`]; the whole note's peak is 1."""
        return self.samples[:most_samples].astype(np.float32) / np.float32(32767.0)


Notes = tuple[Note, ...]


@dataclass(frozen=True, eq=False)
class Split:
    train: Notes
    test: Notes


def read_notes(folder: Path, progress: Callable[[float], None] = lambda _share: None) -> Notes:
    """All notes below `folder`, sorted by class, source and name. Files that are silent or damaged are left out.

    Raises BadInput where there is no folder, no class folder with sound in it, or fewer than two classes.
    """
    files = list(note_files(folder))
    if not files:
        allowed = ", ".join(name.replace(" ", "_") for name in CLASSES)
        raise BadInput(
            f"{folder}: holds no notes; it needs a folder per class, named {allowed} (one level too high or low?)"
        )
    sources = sources_of(folder, [file for _, file in files])
    notes = []
    for index, (label, file) in enumerate(files):
        progress(index / len(files))
        sound = _note_sound(file)
        if sound is not None:
            notes.append(Note(file.name, label, sources[file], _pitch(file, label, sound), sound))
    if len({note.label for note in notes if note.label < len(CLASSES)}) < 2:
        raise BadInput(f"{folder}: holds sound of fewer than two classes; there is nothing to tell apart")
    return tuple(sorted(notes, key=lambda note: (note.label, note.source, note.name)))


def note_files(folder: Path) -> Iterator[tuple[int, Path]]:
    """(label, path) of each audio file in a class folder; folders of other names are not looked into."""
    if not folder.is_dir():
        raise BadInput(
            f"{folder}: no such folder; give one with a folder of notes per class (is the path spelled right?)"
        )
    for below in sorted(folder.iterdir()):
        label = label_of(below.name)
        if below.is_dir() and label is not None:
            for file in sorted(below.rglob("*")):
                if file.suffix.lower() in AUDIO_SUFFIXES:
                    yield label, file


def sources_of(folder: Path, files: Sequence[Path]) -> dict[Path, str]:
    """The source of each file; see the module."""
    listed = _listed_sources(folder)
    return {file: listed.get(_tail(file)) or _source_in_name(file) for file in files}


def _source_in_name(file: Path) -> str:
    before, separator, _ = file.name.partition("__")
    return before if separator else f"{file.parent.name}/{file.name}"


def split_by_source(notes: Notes, kept_out: frozenset[tuple[str, str]] = frozenset()) -> Split:
    """What to train on, and what to test on: the sources `kept_out`, as (class, source), and one of each other class
    (none of the other kinds, which nothing is tested on).

    Of each class with several sources that is the smallest one of at least 8 notes: little is lost for training. Where
    no source is so large (sources of one file each), the first sources that make up 15 % are kept.
    """
    by_class: dict[int, dict[str, list[Note]]] = defaultdict(lambda: defaultdict(list))
    for note in notes:
        by_class[note.label][note.source].append(note)
    kept: set[tuple[int, str]] = set()
    for label, by_source in by_class.items():
        named = [source for source in by_source if (LABELS[label], source) in kept_out]
        chosen = named or (_test_sources(by_source) if label < len(CLASSES) else [])
        kept |= {(label, source) for source in chosen}
    test = tuple(note for note in notes if (note.label, note.source) in kept)
    return Split(train=tuple(note for note in notes if (note.label, note.source) not in kept), test=test)


def _test_sources(by_source: dict[str, list[Note]]) -> list[str]:
    if len(by_source) < 2:
        return []
    large = [source for source, own in by_source.items() if len(own) >= LEAST_TEST_NOTES]
    if large:
        return [min(large, key=lambda source: (len(by_source[source]), source))]
    total = sum(len(own) for own in by_source.values())
    kept: list[str] = []
    for source in sorted(by_source):
        if len(kept) + 1 < len(by_source) and sum(len(by_source[k]) for k in kept) < TEST_SHARE * total:
            kept.append(source)
    return kept


def _tail(file: Path) -> tuple[str, ...]:
    return file.parts[-2:]


def licences_of(folder: Path) -> dict[str, str]:
    """{source: licence}, as far as a csv as above has a column licence."""
    return {row["source"]: row["licence"] for row in _rows(folder) if row.get("source") and row.get("licence")}


def _listed_sources(folder: Path) -> dict[tuple[str, ...], str]:
    return {_tail(Path(row["file"])): row["source"] for row in _rows(folder) if row.get("file") and row.get("source")}


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    whole = folder.absolute()
    for table in [whole.with_name(whole.name + ".csv"), *sorted(whole.glob("*.csv"))]:
        if table.is_file():
            with table.open(encoding="utf-8", newline="") as lines:
                yield from csv.DictReader(lines)


def _pitch(file: Path, label: int, sound: npt.NDArray[np.int16]) -> float | None:
    """What the file's name says ('__060-' as `soundfonts` writes it), else what is heard, else a note in the name (A#3)
    unless it is that of a phrase's beginning."""
    if label >= FIRST_DRUM:
        return None
    if key := KEY_IN_NAME.search(file.name):
        return float(key[1])
    heard = pitch_midi(sound.astype(np.float32) / np.float32(32767.0))
    named = NOTE_IN_NAME.search(file.stem)
    if heard is not None or named is None or "phrase" in file.stem:
        return heard
    return 12.0 * (int(named[3]) + 1) + SEMITONES_OF[named[1]] + SEMITONES_OF[named[2]]


def _note_sound(file: Path) -> npt.NDArray[np.int16] | None:
    try:
        audio = read_audio(file)
    except BadAudio:
        return None
    heard = audio.at_rate(SAMPLE_RATE_HZ).mono()
    peak = float(np.abs(heard).max(initial=0.0))
    if peak < LEAST_PEAK:
        return None
    first = int(np.argmax(np.abs(heard) > QUIET_START * peak))
    kept = heard[first : first + int(LONGEST_SECONDS * SAMPLE_RATE_HZ)]
    return np.round(kept * (32767.0 / peak)).clip(-32767, 32767).astype(np.int16)
