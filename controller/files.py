"""Paths as users write them, and writing files so that nobody ever reads a half-written one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_STEM = 40


def expanded(path: str | Path) -> Path:
    """`path` with ~ and ~user expanded. As in a shell, ~user stays as it is where there is no such user."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path.expanduser raises there


def name_beside(path: Path) -> Path:
    """A hidden path in the same folder that nothing has: what is made there can be renamed to `path`."""
    return path.with_name(f"{beginning_beside(path)}{secrets.token_hex(8)}{path.suffix}")


def beginning_beside(path: Path) -> str:
    """With which the names begin that `name_beside` gives."""
    return f".{path.stem[:LONGEST_STEM]}-"


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A path beside `file` to write to; it takes `file`'s place at the end, or goes where that fails."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = name_beside(file)
    try:
        yield beside
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
