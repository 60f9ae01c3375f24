"""Loads a MIDI Remote Script folder as Live does: a package of the folder's name, and its create_instance."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

from live_simulator.c_instance import CInstance
from live_simulator.errors import BadScript

MIDI_MAP_HANDLE = 1


class Script:
    """One instance of a script. Methods that it lacks are tolerated, errors in them are logged."""

    def __init__(self, folder: str, log_error: Callable[[str], None]) -> None:
        self._log_error = log_error
        self._package = load_package(folder)
        self._instance: Any = None
        self._c_instance: CInstance | None = None

    def create(self, c_instance: CInstance) -> None:
        """Calls create_instance and what Live calls next. BadScript; the script's own errors come through."""
        if not hasattr(self._package, "create_instance"):
            raise BadScript(
                f"{self._package.__name__}: has no create_instance(c_instance) (is it a Remote Script folder?)"
            )
        if hasattr(self._package, "get_capabilities"):
            self._package.get_capabilities()
        self._c_instance = c_instance
        self._instance = self._package.create_instance(c_instance)
        self.call("connect_script_instances", [self._instance])
        for question in (
            "suggest_input_port",
            "suggest_output_port",
            "can_lock_to_devices",
            "supports_pad_translation",
        ):
            self.call(question)
        self.call("port_settings_changed")
        self._build_midi_map()
        self.call("refresh_state")

    def call(self, name: str, *arguments: Any) -> None:
        method = getattr(self._instance, name, None)
        if method is None:
            return
        try:
            method(*arguments)
        except Exception:
            self._log_error(f"in {name}")

    def update_display(self) -> None:
        """What Live calls every 100 ms; before it build_midi_map, where the script asked for that."""
        if self._c_instance is not None and self._c_instance.rebuild_is_due:
            self._build_midi_map()
        self.call("update_display")

    def disconnect(self) -> None:
        self.call("disconnect")
        self._instance = None
        self._c_instance = None

    def _build_midi_map(self) -> None:
        if self._c_instance is not None:
            self._c_instance.rebuild_is_due = False
        self.call("build_midi_map", MIDI_MAP_HANDLE)


def load_package(folder: str) -> ModuleType:
    """The package in `folder`, imported under the folder's name, which may be any that Python can look up.

    The folder above is on sys.path afterwards, as Live's folder of scripts is. BadScript where it is none.
    """
    path = Path(folder).resolve()
    name, entry = path.name, path / "__init__.py"
    if not path.is_dir():
        raise BadScript(f"{folder}: there is no such folder (is the path right?)")
    if not entry.is_file():
        raise BadScript(f"{folder}: has no __init__.py (is it a Remote Script folder?)")
    if name.startswith(("_", ".")):
        raise BadScript(f"{folder}: Live does not list scripts whose name begins with {name[0]!r} (rename the folder?)")
    if "." in name:
        raise BadScript(f"{folder}: a dot in the name makes it no package for Python (rename the folder?)")
    known = sys.modules.get(name)
    if known is not None:
        if Path(getattr(known, "__file__", None) or "").resolve() != entry:
            raise BadScript(f"{folder}: a module called {name} is already loaded from elsewhere (rename the folder?)")
        return known
    above = str(path.parent)
    if above not in sys.path:
        sys.path.append(above)  # behind Python's own: no script hides a module of the library
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
