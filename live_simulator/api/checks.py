"""Refusals and conversions that several classes share."""

from __future__ import annotations

import json
import math
from typing import Any, Callable

from live_simulator.nodes.node import Node
from live_simulator.palette import PALETTE, nearest_index


def require_beats(value: float, least: float, most: float, text: str) -> float:
    """`value`, or a RuntimeError with `text` where it is not a number within the limits."""
    if not math.isfinite(value) or not least <= value <= most:
        raise RuntimeError(text)
    return value


def require_numerator(beats: int) -> int:
    return int(require_beats(beats, 1, 99, "Invalid signature"))


def require_denominator(part: int) -> int:
    if part not in (1, 2, 4, 8, 16):
        raise RuntimeError("Invalid signature")
    return part


def set_color(node: Node, color: int) -> None:
    if not 0 <= color <= 0xFFFFFF:
        raise RuntimeError("Invalid color")
    node.put("color_index", nearest_index(color))


def set_color_index(node: Node, index: int) -> None:
    if not 0 <= index < len(PALETTE):
        raise RuntimeError("Invalid color index")
    node.put("color_index", index)


def read_color(node: Any) -> int:
    return PALETTE[node.color_index] if node.color_index is not None else 0


def get_data(node: Any, key: str, default: Any) -> Any:
    return json.loads(node.data[key]) if key in node.data else default


def set_data(node: Any, key: str, value: Any) -> None:
    """Keeps a copy; values are those of JSON."""
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        raise RuntimeError("Only None, bool, int, float, str, list and dict can be stored") from None
    if json.loads(text) != value:
        raise RuntimeError("Only dictionaries with string keys, and lists, can be stored")
    node.put("data", {**node.data, key: text}, undoable=False)


def renamed(name: str, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same reader under a property's name."""

    def reader(node: Any) -> Any:
        return read(node)

    reader.__name__ = name
    return reader


def named(name: str, write: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """The same writer under a property's name."""

    def renamed(node: Any, value: Any) -> None:
        write(node, value)

    renamed.__name__ = name
    return renamed
