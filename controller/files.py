"""Writing files so that nobody ever reads a half-written one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_STEM = 40


def name_beside(path: Path) -> Path:
    """A hidden path in the same folder that nothing has: what is made there can be renamed to `path`."""
    return path.with_name(f".{path.stem[:LONGEST_STEM]}-{secrets.token_hex(8)}{path.suffix}")


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
