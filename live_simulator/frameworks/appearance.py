"""Colours and skins: what lamps show."""

from __future__ import annotations

from typing import Any


class Color:
    """What a lamp may show: draw(element) sends it."""

    def __init__(self, midi_value: int = 0) -> None:
        self.midi_value = midi_value

    def draw(self, interface: Any) -> None:
        interface.send_value(self.midi_value)


class Skin:
    """Colours by name: Skin(Colors)['Session.ClipEmpty']."""

    def __init__(self, colors: Any = None) -> None:
        self._colors: dict[str, Any] = {}
        if colors is not None:
            self._fill(colors, "")

    def _fill(self, colors: Any, path: str) -> None:
        for name in dir(colors):
            value = getattr(colors, name)
            if isinstance(value, type):
                self._fill(value, f"{path}{name}.")
            elif not name.startswith("_"):
                self._colors[path + name] = value

    def __getitem__(self, key: str) -> Any:
        return self._colors[key]


def merge_skins(*skins: Skin) -> Skin:
    merged = Skin()
    for skin in skins:
        merged._colors.update(skin._colors)
    return merged
