"""Folders that are watched for changes, also when they go and come back, as those of a drive that is pulled out do."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

_log = logging.getLogger(__name__)
CHANGES = frozenset({"created", "deleted", "modified", "moved", "closed"})
Identity = tuple[int, int]
"""Of a folder: another one of the same name has another."""


class WatchedFolders(FileSystemEventHandler):
    """From `start` to `stop` it is known when something in them changed last; `look` now and then."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.changed_seconds = float("-inf")
        """By the monotonic clock; minus infinity where nothing has."""
        self._folders = folders
        self._lock = threading.Lock()
        self._there: dict[Path, Identity | None] = dict.fromkeys(folders)
        self._watches: dict[Path, ObservedWatch] = {}
        self._observer = Observer()

    def start(self) -> None:
        self._observer.start()
        self.look()
        self.changed_seconds = float("-inf")

    def stop(self) -> None:
        self._observer.stop()
        self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Of watchdog's, in its thread. Reading a file is no change. What becomes of files is told of themselves, too,
        but of a folder that is moved away whole nothing is told than that."""
        if event.event_type in CHANGES and not (event.is_directory and event.event_type == "modified"):
            self.changed_seconds = time.monotonic()

    def look(self) -> None:
        """Watches what has come, or come back: of that nobody is told."""
        with self._lock:
            for folder in self._folders:
                identity = _identity(folder)
                if identity != self._there[folder] or self._is_blind(folder):
                    self._there[folder] = identity
                    self.changed_seconds = time.monotonic()
                    self._watch(folder, identity is not None)

    def _is_blind(self, folder: Path) -> bool:
        """A watch ends with the folder; one that is made anew may have the same identity."""
        watch = self._watches.get(folder)
        return watch is not None and not any(
            emitter.watch == watch and emitter.is_alive() for emitter in self._observer.emitters
        )

    def _watch(self, folder: Path, is_there: bool) -> None:
        before = self._watches.pop(folder, None)
        if before is not None:
            self._observer.unschedule(before)
        if not is_there:
            return
        try:
            self._watches[folder] = self._observer.schedule(self, str(folder), recursive=True)
        except OSError as why:
            _log.warning("%s: cannot be watched (%s); after changes in it start jacqueesbot run anew", folder, why)


def _identity(folder: Path) -> Identity | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if folder.is_dir() else None
