"""The user's sample folders, heard once and kept in memory, and heard again where something in them has changed."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from controller.beside.watched_folders import WatchedFolders
from controller.library import Library, Listens, index_library
from controller.progress import Progress
from embedding.errors import BadLibrary

_log = logging.getLogger(__name__)
QUIET_SECONDS = 2.0
"""Without a change, after which a folder is looked at: files that are still being copied are not read."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 600.0
"""After a failure, until the next attempt if nothing changes; twice as long each time."""


class Libraries:
    """A context manager; inside it the folders are watched. BadLibrary where none is configured."""

    def __init__(self, folders: Sequence[Path], ears: Listens, cache_folder: Path) -> None:
        if not folders:
            raise BadLibrary("library.folders: names no folder; give your sample folders there, in config.yaml")
        self._folders = folders
        self._ears = ears
        self._cache_folder = cache_folder
        self._lock = threading.Lock()
        self._library: Library | None = None
        self._watched = WatchedFolders(folders)
        self._heard_seconds = float("-inf")
        self._tried_seconds = float("-inf")
        self._pause_seconds = 0.0

    def __enter__(self) -> Libraries:
        self._watched.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watched.stop()

    @property
    def is_stale(self) -> bool:
        """It should be heard again: something has changed since it was, and nothing for a while; where that was tried
        and failed, something has changed since then, or enough time has passed."""
        self._watched.look()
        now, changed = time.monotonic(), self._watched.changed_seconds
        is_due = changed > self._tried_seconds or now >= self._tried_seconds + self._pause_seconds
        return is_due and self._heard_seconds <= changed < now - QUIET_SECONDS

    def library(self, progress: Progress) -> Library:
        """All samples as they are now. JacqueesError where they cannot be had: a folder is missing, for example."""
        with self._lock:
            self._watched.look()
            if self._library is None or self._heard_seconds <= self._watched.changed_seconds:
                self._tried_seconds = time.monotonic()
                pause_seconds = min(LONGEST_PAUSE_SECONDS, max(FIRST_PAUSE_SECONDS, 2.0 * self._pause_seconds))
                self._pause_seconds = pause_seconds
                found = [index_library(folder, self._ears, self._cache_folder, progress) for folder in self._folders]
                self._library = joined(found)
                self._heard_seconds, self._pause_seconds = self._tried_seconds, 0.0
                _log.info("%d samples in %s", len(self._library.samples), ", ".join(map(str, self._folders)))
            return self._library


def joined(libraries: Sequence[Library]) -> Library:
    """One of all; its folder is the one that holds theirs. Of a sound that several have the first one's is taken."""
    if len(libraries) == 1:
        return libraries[0]
    by_content = {sample.content_hash: sample for one in reversed(libraries) for sample in one.samples}
    samples = tuple(sorted(by_content.values(), key=lambda sample: sample.path))
    unreadable = tuple(left_out for one in libraries for left_out in one.unreadable)
    try:
        folder = Path(os.path.commonpath([one.folder.absolute() for one in libraries]))
    except ValueError:  # on different drives
        folder = libraries[0].folder
    return Library(folder, samples, unreadable, libraries[0].decoded)
