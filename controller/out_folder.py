"""`--out`: written beside under another name and renamed when complete, so that it never holds half a cover."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from controller.files import name_beside
from embedding.errors import BadOption
from search.arrangement import FORMAT

ARRANGEMENT_FILE = "arrangement.json"
CAPTURES_FOLDER = "captures"
"""What was heard of Live, where that is kept."""


@contextmanager
def new_out_folder(out: Path) -> Iterator[Path]:
    """An empty folder beside `out` to write to.

    At the end it becomes `out`, in place of a cover of ours, or variations of one, that were there. Where an exception
    passes, it goes, and `out` is as it was.

    Raises BadOption at once, so enter it before any work, where `out` cannot be written or holds something else.
    """
    _require_ours(out)
    out = out.resolve()  # a link stays one: what it leads to is replaced
    missing = [parent for parent in out.parents if not parent.exists()]
    beside = name_beside(out)
    try:
        beside.mkdir(parents=True)
    except OSError as why:
        raise BadOption(
            f"--out {out}: cannot be written ({why.strerror}); give a folder below one you may write"
        ) from why
    try:
        yield beside
        _require_ours(out)
        _put_in_place(beside, out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        for parent in missing:
            with suppress(OSError):  # of a folder that holds something by now
                parent.rmdir()


def holds_cover(folder: Path) -> bool:
    """Whether `folder` is a cover of ours, or variations of one."""
    return _is_ours(folder / ARRANGEMENT_FILE) or _holds_variations(folder)


def _require_ours(out: Path) -> None:
    if out.is_symlink() and not out.exists():
        raise BadOption(f"--out {out}: is a link to nothing; give a folder")
    if out.exists() and not out.is_dir():
        raise BadOption(f"--out {out}: is a file; give a folder (its parent folder?)")
    try:
        empty = not out.exists() or not any(out.iterdir())
    except OSError as why:
        raise BadOption(f"--out {out}: cannot be looked into ({why.strerror}); give another folder") from why
    if not empty and not holds_cover(out):
        raise BadOption(f"--out {out}: is not empty and holds no cover of ours; give a new folder (one below it?)")


def _is_ours(file: Path) -> bool:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and document.get("format") == FORMAT


def _holds_variations(out: Path) -> bool:
    """Whether there are covers of ours in folders 1, 2 and so on, and nothing else but captures of one of them."""
    found = [inside for inside in out.iterdir() if inside.name != CAPTURES_FOLDER]
    return bool(found) and all(inside.name.isdecimal() and _is_ours(inside / ARRANGEMENT_FILE) for inside in found)


def _put_in_place(beside: Path, out: Path) -> None:
    """A folder is not renamed over one that holds something: the old one steps aside and comes back on failure."""
    if not out.exists():
        beside.rename(out)
        return
    aside = beside.with_name(beside.name + "-old")
    out.rename(aside)
    try:
        beside.rename(out)
    except OSError:
        aside.rename(out)
        raise
    shutil.rmtree(aside, ignore_errors=True)
