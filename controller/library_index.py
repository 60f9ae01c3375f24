"""The library's memory in the user's cache folder: which content lies at a path, and what is known of a content.

One SQLite file, so that an interrupted or a second, simultaneous run never leaves or reads half of anything.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from controller.library_files import FileStamp

FORMAT = 1
"""Raised whenever what is stored, or how it is worked out, changes: older files are then not read."""
BUSY_SECONDS = 30.0

_TABLES = """
CREATE TABLE IF NOT EXISTS files (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, hash TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sounds (
    hash TEXT NOT NULL, ears TEXT NOT NULL, facts TEXT NOT NULL, embedding BLOB NOT NULL, PRIMARY KEY (hash, ears)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of a content, whatever its files are called."""

    seconds: float
    sample_rate_hz: int
    channels: int
    pitch_midi: float | None
    loudness_db: float
    onset_count: int
    instrument: str
    embedding: npt.NDArray[np.float32]


class LibraryIndex:
    """Facts by content and ears, contents by file. Use `open_index`."""

    def __init__(self, database: sqlite3.Connection, ears_key: str) -> None:
        self._database = database
        self._ears_key = ears_key

    def contents(self) -> dict[tuple[bytes, int, int], str]:
        """Content hashes of all files ever seen, by `FileStamp.key`."""
        rows = self._database.execute("SELECT path, size, mtime_ns, hash FROM files")
        return {(path, size, mtime_ns): content for path, size, mtime_ns, content in rows}

    def facts(self) -> dict[str, Facts]:
        """All that these ears know, by content hash."""
        rows = self._database.execute("SELECT hash, facts, embedding FROM sounds WHERE ears = ?", (self._ears_key,))
        return {
            content: Facts(**json.loads(facts), embedding=np.frombuffer(embedding, dtype=np.float32))
            for content, facts, embedding in rows
        }

    def add(self, files: Sequence[tuple[FileStamp, str]], sounds: Sequence[tuple[str, Facts]]) -> None:
        """All of it or, where that is interrupted, nothing."""
        with self._database:
            self._database.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", [(*stamp.key, content) for stamp, content in files]
            )
            self._database.executemany(
                "INSERT OR REPLACE INTO sounds VALUES (?, ?, ?, ?)",
                [(content, self._ears_key, *_as_row(facts)) for content, facts in sounds],
            )


@contextmanager
def open_index(cache_folder: Path, ears_key: str) -> Iterator[LibraryIndex]:
    """The index in `cache_folder`, made where there is none; one that is damaged is begun anew: it is only a memory."""
    cache_folder.mkdir(parents=True, exist_ok=True)
    file = cache_folder / f"library-{FORMAT}.sqlite"
    try:
        database = _connect(file)
    except sqlite3.DatabaseError as why:
        if isinstance(why, sqlite3.OperationalError):
            raise
        file.unlink()
        database = _connect(file)
    with closing(database):
        yield LibraryIndex(database, ears_key)


def _connect(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=BUSY_SECONDS)
    try:
        database.executescript(_TABLES)
        database.execute("PRAGMA quick_check(1)")
    except BaseException:
        database.close()
        raise
    return database


def _as_row(facts: Facts) -> tuple[str, bytes]:
    known = {name: value for name, value in vars(facts).items() if name != "embedding"}
    return json.dumps(known), facts.embedding.astype(np.float32).tobytes()
