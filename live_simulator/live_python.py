"""What Live's Python is like for a script: no installed packages, and `logging` writes into Live's log."""

from __future__ import annotations

import logging
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any, Callable

OURS = ("live_simulator", "live_remote_script")
INSTALLED = {"site-packages", "dist-packages"}


def become_lives_python(log: Callable[[str], None]) -> None:
    """For the rest of this process."""
    sys.meta_path.insert(0, NoInstalledPackages())
    handler = LogHandler(log)
    handler.setFormatter(logging.Formatter("Python: %(levelname)s:%(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)


class NoInstalledPackages(MetaPathFinder):
    """Refuses what lies in the site-packages of the Python that stands in for Live's."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if path is not None or name in OURS:
            return None
        found = PathFinder.find_spec(name)
        if found is not None and any(INSTALLED & set(Path(place).parts) for place in _places(found)):
            raise ModuleNotFoundError(f"No module named {name!r} (Live's Python has no installed packages)", name=name)
        return None


class LogHandler(logging.Handler):
    def __init__(self, log: Callable[[str], None]) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._log(self.format(record))
        except Exception:
            self.handleError(record)


def _places(found: ModuleSpec) -> list[str]:
    return [found.origin] if found.origin else list(found.submodule_search_locations or ())
