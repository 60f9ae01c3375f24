"""What doctor checks of the sample folders: how many files, and which of them cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from controller.checks import Check, bad, fine, note
from controller.config import Settings
from controller.library_files import FileStamp, find_audio
from controller.library_index import open_index
from controller.progress import Progress
from embedding.audio import read_audio, require_sound
from embedding.errors import BadAudio, BadLibrary

MOST_READ = 300
"""Of the files that were never heard, so many are read as the index will. It is left to read the others: that may take
minutes."""
MOST_NAMED = 5

Known = frozenset[tuple[bytes, int, int]]
"""Keys of the files that could be used before."""


@dataclass(frozen=True)
class Looked:
    """`usable` files, `unheard` of them not read now or before; `left_out`: why each of the others cannot be used."""

    usable: int
    unheard: int
    left_out: tuple[str, ...]


def library_check(settings: Settings, progress: Progress) -> Check:
    folders = settings.library.folders
    if not folders:
        mend = "`run` needs library.folders in config.yaml; other commands name theirs with --library."
        return note("library", "none in config.yaml", mend)
    known = _known(settings.cache_folder)
    try:
        looked = {folder: look(folder, known, progress) for folder in folders}
    except (BadLibrary, OSError) as why:
        return bad("library", str(why), "Correct library.folders in config.yaml.")
    left_out = [reason for one in looked.values() for reason in one.left_out]
    useless = [str(folder) for folder, one in looked.items() if not one.usable]
    if useless:
        found = f"{', '.join(useless)}: no file can be used: {_named(left_out)}"
        return bad("library", found, "Correct library.folders in config.yaml, or export those files anew.")
    found = "; ".join(f"{folder}: {_counted(one)}" for folder, one in looked.items())
    if left_out:
        return note("library", f"{found}. Left out: {_named(left_out)}", "Export those files anew, or remove them.")
    return fine("library", found)


def look(folder: Path, known: Known, progress: Progress) -> Looked:
    """BadLibrary as `find_audio`."""
    stamps, unreachable = find_audio(folder)
    new = [stamp for stamp in stamps if stamp.key not in known]
    unusable = []
    for number, stamp in enumerate(new[:MOST_READ]):
        progress.show("reading samples", number / min(len(new), MOST_READ))
        unusable += _unusable(stamp)
    left_out = sorted([*(f"{path}: {reason}" for path, reason in unreachable), *unusable])
    return Looked(len(stamps) - len(unusable), max(0, len(new) - MOST_READ), tuple(left_out))


def _unusable(stamp: FileStamp) -> list[str]:
    try:
        require_sound(read_audio(stamp.path), stamp.path)
    except BadAudio as why:
        return [str(why)]
    return []


def _known(cache_folder: Path) -> Known:
    try:
        with open_index(cache_folder, "any ears") as index:
            return frozenset(index.contents())
    except (OSError, sqlite3.Error):
        return frozenset()  # what is wrong with the folder, its own check tells; files are read then


def _counted(looked: Looked) -> str:
    return f"{looked.usable} audio files" + (f", {looked.unheard} not looked at yet" if looked.unheard else "")


def _named(left_out: Sequence[str]) -> str:
    more = len(left_out) - MOST_NAMED
    return "; ".join(left_out[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
