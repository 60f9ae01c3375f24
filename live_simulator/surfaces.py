"""The control surfaces of Live's preferences: which slots hold the script, and its instances."""

from __future__ import annotations

from typing import Any, Callable

from live_simulator.errors import BadRequest
from live_simulator.script import Script

MOST_SLOTS = 6


class Surfaces:
    """`c_instance` makes what create_instance is handed, given the slot's number from 1."""

    def __init__(self, c_instance: Callable[[int], Any], log_error: Callable[[str], None]) -> None:
        self._c_instance = c_instance
        self._log_error = log_error
        self._folder = ""
        self._selected: list[Script] = []
        self._running: list[Script] = []

    def select(self, folder: str) -> None:
        """The script in the first slot. BadScript, or the script's own error where it fails to load."""
        self._folder = folder
        script = Script(folder, self._log_error)
        self._selected = [script]
        script.create(self._c_instance(1))
        self._running = [script]

    def double(self) -> None:
        """The same script in one more slot: another instance out of the modules that are loaded."""
        if not 0 < len(self._selected) < MOST_SLOTS:
            raise BadRequest(
                f"{len(self._selected)} slots have the script; there are {MOST_SLOTS}, and one has to have it"
            )
        self._selected.append(Script(self._folder, self._log_error))
        if self._running:
            self._create(len(self._selected))

    def disable(self) -> None:
        """Every slot's instance is disconnected; modules stay loaded, as in Live."""
        for script in self._running:
            script.disconnect()
        self._running = []

    def enable(self) -> None:
        """New instances in the same slots; those that run stay. Their errors are logged."""
        if not self._running:
            for slot in range(1, len(self._selected) + 1):
                self._create(slot)

    def update_display(self) -> None:
        for script in tuple(self._running):
            script.update_display()

    @property
    def is_enabled(self) -> bool:
        return bool(self._running)

    def _create(self, slot: int) -> None:
        script = self._selected[slot - 1]
        try:
            script.create(self._c_instance(slot))
        except Exception:
            self._log_error(f"control surface {slot} failed to start")
        else:
            self._running.append(script)
