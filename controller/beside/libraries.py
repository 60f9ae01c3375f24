"""The user's sample folders, heard once and kept in memory, and heard again where something in them has changed."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from controller.library import Library, Listens, index_library
from controller.progress import Progress
from embedding.errors import BadLibrary

_log = logging.getLogger(__name__)
QUIET_SECONDS = 2.0
"""Without a change, after which a folder is looked at: files that are still being copied are not read."""
CHANGES = frozenset({"created", "deleted", "modified", "moved", "closed"})


class Libraries(FileSystemEventHandler):
    """A context manager; inside it the folders are watched. BadLibrary where none is configured."""

    def __init__(self, folders: Sequence[Path], ears: Listens, cache_folder: Path) -> None:
        if not folders:
            raise BadLibrary("library.folders: names no folder; give your sample folders there, in config.yaml")
        self._folders = folders
        self._ears = ears
        self._cache_folder = cache_folder
        self._lock = threading.Lock()
        self._library: Library | None = None
        self._changed_seconds = float("-inf")
        self._heard_seconds = float("-inf")
        self._observer = Observer()

    def __enter__(self) -> Libraries:
        for folder in self._folders:
            if folder.is_dir():
                self._observer.schedule(self, str(folder), recursive=True)
        self._observer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._observer.stop()
        self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Of watchdog's, in its thread; reading a file is no change."""
        if event.event_type in CHANGES and not event.is_directory:
            self._changed_seconds = time.monotonic()

    @property
    def is_stale(self) -> bool:
        """Something has changed since it was heard, and nothing for a while."""
        changed = self._changed_seconds
        return self._heard_seconds <= changed < time.monotonic() - QUIET_SECONDS

    def library(self, progress: Progress) -> Library:
        """All samples as they are now. BadLibrary where a folder is missing or none can be used."""
        with self._lock:
            if self._library is None or self._heard_seconds <= self._changed_seconds:
                heard_seconds = time.monotonic()
                found = [index_library(folder, self._ears, self._cache_folder, progress) for folder in self._folders]
                self._library, self._heard_seconds = joined(found), heard_seconds
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
