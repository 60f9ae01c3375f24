"""Where files lie that are written for a set: in its project's folder, so that they go where the set goes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from controller.config import APP_NAME

PROJECT_INFO = "Ableton Project Info"
"""The folder by which Live knows a project's."""
BELOW_PROJECT = Path("Samples", APP_NAME)


def placement_folder(set_file: str, otherwise: Path, warn: Callable[[str], None]) -> Path:
    """Of the set saved as `set_file`; `otherwise` where it is not saved (""), or nothing can be written beside it, of
    which `warn` is told. It is there then."""
    if not set_file:
        return otherwise
    folder = project_of(Path(set_file)) / BELOW_PROJECT
    try:
        _require_writable(folder)
    except OSError as why:
        warn(f"{folder}: cannot be written ({why.strerror or why}); files for the set go into {otherwise}")
        return otherwise
    return folder


def project_of(set_file: Path) -> Path:
    """The nearest folder above it that is a project of Live's; else the one that it lies in."""
    return next((one for one in set_file.parents if (one / PROJECT_INFO).is_dir()), set_file.parent)


def _require_writable(folder: Path) -> None:
    """Makes `folder`, but nothing of the way to the project that it lies in."""
    for made in (folder.parent, folder):
        made.mkdir(exist_ok=True)
    tempfile.TemporaryFile(dir=folder).close()
