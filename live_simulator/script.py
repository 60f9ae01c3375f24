"""Loads a MIDI Remote Script folder as Live does: a package of the folder's name, and its create_instance."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

from live_simulator.errors import BadScript


class Script:
    """One instance of a script. Methods that it lacks are tolerated, errors in them are logged."""

    def __init__(self, folder: str, log_error: Callable[[str], None]) -> None:
        self._log_error = log_error
        self._package = load_package(folder)
        self._instance: Any = None

    def create(self, c_instance: Any) -> None:
        """Calls create_instance and what Live calls next. BadScript; the script's own errors come through."""
        if not hasattr(self._package, "create_instance"):
            raise BadScript(
                f"{self._package.__name__}: has no create_instance(c_instance) (is it a Remote Script folder?)"
            )
        self._instance = self._package.create_instance(c_instance)
        self.call("connect_script_instances", [self._instance])
        self.call("port_settings_changed")
        self.call("build_midi_map", 1)
        self.call("refresh_state")

    def call(self, name: str, *arguments: Any) -> None:
        method = getattr(self._instance, name, None)
        if method is None:
            return
        try:
            method(*arguments)
        except Exception:
            self._log_error(f"in {name}")

    def disconnect(self) -> None:
        self.call("disconnect")
        self._instance = None


def load_package(folder: str) -> ModuleType:
    """The package in `folder`, imported under the folder's name. BadScript where it is none."""
    path = Path(folder).resolve()
    name, entry = path.name, path / "__init__.py"
    if not entry.is_file():
        raise BadScript(f"{folder}: has no __init__.py (is it a Remote Script folder?)")
    if not name.isidentifier() or name.startswith("_"):
        raise BadScript(
            f"{folder}: a script folder's name is letters, digits and _, and begins with a letter (rename it?)"
        )
    known = sys.modules.get(name)
    if known is not None:
        if Path(getattr(known, "__file__", None) or "").resolve() != entry:
            raise BadScript(f"{folder}: a module called {name} is already loaded from elsewhere (rename the folder?)")
        return known
    spec = importlib.util.spec_from_file_location(name, entry, submodule_search_locations=[str(path)])
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
