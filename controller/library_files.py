"""The audio files in and below a folder, and how to tell whether one has changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from controller.out_folder import ARRANGEMENT_FILE, holds_cover
from embedding.audio import AUDIO_SUFFIXES
from embedding.errors import BadLibrary

NO_SAMPLES = ".jacqueesbot-no-samples"
"""A file of this name says that no library has what is in its folder and below it."""


@dataclass(frozen=True)
class FileStamp:
    """A file as it was last seen; where size and time are the same, so is its content."""

    path: Path
    size: int
    mtime_ns: int

    @property
    def key(self) -> tuple[bytes, int, int]:
        return os.fsencode(self.path), self.size, self.mtime_ns


def find_audio(folder: Path) -> tuple[list[FileStamp], list[tuple[str, str]]]:
    """(audio files in and below `folder`, by path; what could not be looked at, with the reason).

    Hidden files and folders are passed over, and what we made: covers below `folder`, and where a file NO_SAMPLES is.
    Links are followed, no folder is entered twice. BadLibrary where none is found.
    """
    if not folder.exists():
        raise BadLibrary(f"{folder}: no such folder; give a folder that holds samples (is the path spelled right?)")
    if not folder.is_dir():
        raise BadLibrary(f"{folder}: is a file; give a folder that holds samples (its parent folder?)")
    stamps: list[FileStamp] = []
    unreadable: list[tuple[str, str]] = []
    for file in _walk(folder.absolute(), unreadable):
        try:
            str(file).encode()
            status = file.stat()
        except UnicodeEncodeError:
            unreadable.append((os.fsencode(file).decode(errors="replace"), "its name is not UTF-8 (rename it)"))
        except OSError as why:
            unreadable.append((str(file), str(why.strerror)))
        else:
            stamps.append(FileStamp(file, status.st_size, status.st_mtime_ns))
    if not stamps:
        kinds = ", ".join(sorted(suffix.lstrip(".") for suffix in AUDIO_SUFFIXES))
        raise BadLibrary(f"{folder}: holds no audio; give a folder with samples in or below it ({kinds})")
    return sorted(stamps, key=lambda stamp: str(stamp.path)), unreadable


def newest_audio(folder: Path) -> Path:
    """The audio file in and below `folder` that was changed last. BadLibrary as `find_audio`."""
    return max(find_audio(folder)[0], key=lambda stamp: stamp.mtime_ns).path


def _walk(folder: Path, unreadable: list[tuple[str, str]]) -> Iterator[Path]:
    entered: set[tuple[int, int]] = set()

    def report(why: OSError) -> None:
        unreadable.append((str(why.filename), str(why.strerror)))

    for parent, folders, files in os.walk(folder, followlinks=True, onerror=report):
        status = Path(parent).stat()
        if (status.st_dev, status.st_ino) in entered:
            folders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        if Path(parent) != folder and _is_made(Path(parent), folders, files):
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in AUDIO_SUFFIXES:
                yield Path(parent, name)


def _is_made(folder: Path, folders: Sequence[str], files: Sequence[str]) -> bool:
    """By us. What is in it is looked into only where it may be so, as libraries are large."""
    return NO_SAMPLES in files or ((ARRANGEMENT_FILE in files or "1" in folders) and holds_cover(folder))


def content_hash(file: Path) -> str:
    """SHA-256 of the file's bytes, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
