"""IRMAS (Bosch, Fuhrmann and Herrera 2014, doi:10.5281/zenodo.1290750) as it lies on a disk: its excerpts and labels.

Training part: `<code>/*.wav`, 3 s each, the folder naming the one predominant instrument; excerpts of one recording
share the number before the last `__` of their names (`[cel][cla]0001__1.wav`, `008__[cel][nod][cla]0058__3.wav`).
Testing part: `name.wav` of 5 to 20 s beside `name.txt`, a code per line. What a file is follows from that alone; how
deep it lies and what the folders above are called does not matter, as the archives unpack differently.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embedding.analysis import MEL_BINS, SAMPLE_RATE_HZ, WINDOW_FRAMES, windows_of
from embedding.audio import AUDIO_SUFFIXES, read_audio, require_sound
from embedding.errors import BadAudio, BadInput
from embedding.kernels import FloatArray
from embedding.network import CLASSES

CODES = ("cel", "cla", "flu", "gac", "gel", "org", "pia", "sax", "tru", "vio", "voi")
"""IRMAS' names of CLASSES, in their order."""
LICENCE = "CC BY-NC-SA 3.0, for non-commercial use only"
VALIDATION_SHARE = 0.15
RECORDING = re.compile(r"(\d+)__\d+$")

assert len(CODES) == len(CLASSES)


@dataclass(frozen=True)
class TrainingExcerpt:
    file: Path
    label: int
    """Index into CLASSES."""
    recording: str

    @property
    def labels(self) -> frozenset[int]:
        return frozenset((self.label,))


@dataclass(frozen=True)
class TestExcerpt:
    file: Path
    labels: frozenset[int]
    """Indices into CLASSES, at least one."""

    __test__ = False


@dataclass(frozen=True)
class Irmas:
    """Sorted by path. `test` is empty where the testing part is not there; `unlabelled` are recordings whose labels are
    missing, unreadable or none of the eleven."""

    training: tuple[TrainingExcerpt, ...]
    test: tuple[TestExcerpt, ...]
    unlabelled: tuple[Path, ...]


@dataclass(frozen=True, eq=False)
class Windows:
    """What is learned from: log-mel `windows` [n, 130, 128] in half precision, `labels` [n], indices into CLASSES."""

    windows: npt.NDArray[np.float16]
    labels: npt.NDArray[np.int64]


def list_irmas(folder: Path) -> Irmas:
    """All excerpts below `folder`; nothing is decoded yet.

    Raises BadInput where there is no folder, or training excerpts of fewer than two classes in it.
    """
    if not folder.is_dir():
        raise BadInput(
            f"{folder}: no such folder; give the one that holds IRMAS-TrainingData (is the path spelled right?)"
        )
    training, test, unlabelled = [], [], []
    for file, labels_file in _recordings(folder):
        code = file.parent.name.lower()
        if code in CODES:
            training.append(TrainingExcerpt(file, CODES.index(code), recording_of(file)))
        elif labels := _labels(labels_file):
            test.append(TestExcerpt(file, labels))
        else:
            unlabelled.append(file)
    found = {excerpt.label for excerpt in training}
    if len(found) < 2:
        held = f"training excerpts of {CODES[found.pop()]} alone" if found else "no training excerpts of IRMAS"
        raise BadInput(
            f"{folder}: holds {held}; it needs the folders {', '.join(CODES)} of IRMAS-TrainingData, at any depth "
            "(one level too low, or notes for --data?)"
        )
    return Irmas(tuple(training), tuple(test), tuple(unlabelled))


def recording_of(file: Path) -> str:
    """What the excerpts of one recording share: a number, else the whole name."""
    numbered = RECORDING.search(file.stem)
    return numbered.group(1) if numbered else file.stem


def _recordings(folder: Path) -> Iterator[tuple[Path, Path | None]]:
    """(recording, the text beside it of the same name) of each audio file below `folder`."""
    files = sorted(_files(folder))
    texts = {(file.parent, file.stem.casefold()): file for file in files if file.suffix.lower() == ".txt"}
    for file in files:
        if file.suffix.lower() in AUDIO_SUFFIXES:
            yield file, texts.get((file.parent, file.stem.casefold()))


def _files(folder: Path) -> Iterator[Path]:
    """All files below `folder`: links followed, no folder entered twice, hidden files passed over (archives that were
    made on a Mac hold a `._name.wav` for each `name.wav`)."""
    entered = set()
    for parent, below, names in os.walk(folder, followlinks=True):
        if (place := Path(parent).resolve()) in entered:
            below.clear()
            continue
        entered.add(place)
        yield from (Path(parent, name) for name in names if not name.startswith("."))


def _labels(file: Path | None) -> frozenset[int]:
    if file is None:
        return frozenset()
    try:
        words = file.read_text(encoding="utf-8-sig", errors="replace").lower().split()
    except OSError:
        return frozenset()
    return frozenset(CODES.index(word) for word in words if word in CODES)


def split_by_recording(
    excerpts: tuple[TrainingExcerpt, ...], share: float = VALIDATION_SHARE
) -> tuple[tuple[TrainingExcerpt, ...], tuple[TrainingExcerpt, ...]]:
    """(to learn from, to validate with): whole recordings, about `share` of each class's excerpts to validate with.

    A recording that is in several classes is on one side. Of each class at least one recording is learned from. Which
    ones are kept is drawn by their numbers alone, so that it is the same in every run.
    """
    classes: dict[str, Counter[int]] = defaultdict(Counter)
    for excerpt in excerpts:
        classes[excerpt.recording][excerpt.label] += 1
    wanted = {label: share * count for label, count in Counter(excerpt.label for excerpt in excerpts).items()}
    left = Counter(label for own in classes.values() for label in own)
    kept = set()
    for recording in sorted(classes, key=lambda name: hashlib.sha256(name.encode()).digest()):
        own = classes[recording]
        if all(left[label] > 1 for label in own) and any(wanted[label] > 0 for label in own):
            kept.add(recording)
            for label, count in own.items():
                left[label] -= 1
                wanted[label] -= count
    learned = tuple(excerpt for excerpt in excerpts if excerpt.recording not in kept)
    return learned, tuple(excerpt for excerpt in excerpts if excerpt.recording in kept)


def sounding_windows(file: Path) -> FloatArray:
    """The log-mel windows [n, 130, 128], n at least 1, of a recording's windows that are not silent.

    Raises BadAudio where it cannot be read or is silent throughout.
    """
    audio = require_sound(read_audio(file), file)
    windows, maxima = windows_of(audio.at_rate(SAMPLE_RATE_HZ).mono())
    return windows[maxima > 0.0]


def read_windows(
    excerpts: tuple[TrainingExcerpt, ...], progress: Callable[[float], None] = lambda _share: None
) -> tuple[Windows, tuple[Path, ...]]:
    """(what is learned from, the files left out because they are silent or cannot be read)."""
    windows, labels, unreadable = [np.empty((0, WINDOW_FRAMES, MEL_BINS), np.float16)], [], []
    for index, excerpt in enumerate(excerpts):
        progress(index / len(excerpts))
        try:
            own = sounding_windows(excerpt.file)
        except BadAudio:
            unreadable.append(excerpt.file)
            continue
        windows.append(own.astype(np.float16))
        labels += [excerpt.label] * len(own)
    return Windows(np.concatenate(windows), np.array(labels, np.int64)), tuple(unreadable)


def draw_windows(learned: Windows, size: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """(windows float32 [size, 130, 128], targets float32 [size, 11], one of each row 1); classes equally often."""
    labels = rng.choice(np.unique(learned.labels), size)
    places = [int(rng.choice(np.flatnonzero(learned.labels == label))) for label in labels]
    return learned.windows[places].astype(np.float32), np.eye(len(CLASSES), dtype=np.float32)[labels]
