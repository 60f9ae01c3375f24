"""Excerpts that wait to be learnt from: in memory, in half precision, the oldest giving way; or in files that several
processes write while one learns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from embedding.analysis import MEL_BINS, WINDOW_FRAMES
from embedding.kernels import FloatArray
from embedding.training.excerpts import Repertoire, Targets, draw_batch
from embedding.training.labels import LABELS

CHUNK = 512
CHUNK_NAME = "chunk-{:05d}.npz"


class Pool:
    """The latest `room` excerpts."""

    def __init__(self, room: int) -> None:
        self._windows = np.empty((room, WINDOW_FRAMES, MEL_BINS), np.float16)
        self._targets = np.empty((room, len(LABELS)), np.float16)
        self._count = 0

    def __len__(self) -> int:
        return min(self._count, len(self._windows))

    def put(self, windows: npt.NDArray[np.floating], targets: npt.NDArray[np.floating]) -> None:
        places = np.arange(self._count, self._count + len(targets)) % len(self._windows)
        self._windows[places], self._targets[places] = windows, targets
        self._count += len(targets)

    def draw(self, size: int, rng: np.random.Generator) -> tuple[FloatArray, Targets]:
        places = rng.integers(0, len(self), size)
        return self._windows[places].astype(np.float32), self._targets[places].astype(np.float32)


def write_chunk(folder: Path, number: int, notes: Repertoire, seed: int) -> Path:
    """512 excerpts as `folder/chunk-<number>.npz`, the same for the same notes, number and seed; not made again."""
    file = folder / CHUNK_NAME.format(number)
    if not file.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        windows, targets = draw_batch(notes, CHUNK, np.random.default_rng([seed, number]))
        beside = folder / f"part-{number:05d}.npz"
        np.savez(beside, windows=windows.astype(np.float16), targets=targets.astype(np.float16))
        beside.replace(file)
    return file


def read_chunk(folder: Path, number: int) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.float16]] | None:
    """(windows [512, 130, 128], targets [512, labels]), None while it is not written."""
    file = folder / CHUNK_NAME.format(number)
    if not file.is_file():
        return None
    with np.load(file) as kept:
        return kept["windows"], kept["targets"]
