"""Max patches as values: boxes, patch cords, and the JSON that Max 8 and newer read.

A box's numbers of inlets and outlets are those that Max's reference pages state (docs.cycling74.com/reference/NAME).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Point = tuple[float, float]
Rect = tuple[float, float, float, float]
"""x, y, width, height in pixels."""

Json = dict[str, Any]

_CHARACTER_WIDTH = 7.0
_ROW_HEIGHT = 22.0


@dataclass(frozen=True)
class Box:
    """One object of a patch. `outlets` are their types as Max writes them: "" for any message, "bang", "signal"."""

    name: str
    max_class: str
    at: Point
    inlets: int
    outlets: tuple[str, ...]
    text: str | None = None
    shown: Rect | None = None
    """Where it stands in presentation mode; None: nowhere."""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cord:
    """From outlet `outlet` of the box named `source` to inlet `inlet` of the box named `target`, both from 0."""

    source: str
    outlet: int
    target: str
    inlet: int


@dataclass(frozen=True)
class Patch:
    boxes: tuple[Box, ...]
    cords: tuple[Cord, ...]

    def __add__(self, other: Patch) -> Patch:
        return Patch(self.boxes + other.boxes, self.cords + other.cords)


def message(name: str, at: Point, text: str) -> Box:
    return Box(name, "message", at, 2, ("",), text)


def button(name: str, at: Point, shown: Rect, text: str) -> Box:
    """Sends a bang from its first outlet when it is clicked. It is no parameter of Live's: a click is no undo step."""
    return Box(name, "live.text", at, 1, ("", ""), text, shown, {"mode": 0, "parameter_enable": 0, "texton": text})


def label(name: str, at: Point, shown: Rect, text: str) -> Box:
    """`set WORDS` changes what it says."""
    return Box(name, "live.comment", at, 1, (), text, shown)


def number(name: str, at: Point, shown: Rect, **attributes: object) -> Box:
    return Box(name, "flonum", at, 1, ("", "bang"), None, shown, {"parameter_enable": 0, **attributes})


def patcher(patch: Patch, window: Rect, **more: object) -> Json:
    """What a .maxpat holds. It opens in presentation mode.

    Raises:
        ValueError: two boxes have one name, or a cord ends nowhere.
    """
    boxes = {box.name: box for box in patch.boxes}
    if len(boxes) != len(patch.boxes):
        raise ValueError(f"each box needs a name of its own; given {sorted(box.name for box in patch.boxes)}")
    for cord in patch.cords:
        source, target = boxes.get(cord.source), boxes.get(cord.target)
        if source is None or target is None or cord.outlet >= len(source.outlets) or cord.inlet >= target.inlets:
            raise ValueError(f"{cord} ends nowhere: no such box, outlet or inlet")
    return {
        "patcher": {
            "fileversion": 1,
            "appversion": {"major": 8, "minor": 5, "revision": 0, "architecture": "x64", "modernui": 1},
            "classnamespace": "box",
            "rect": list(window),
            "openinpresentation": 1,
            "default_fontsize": 10.0,
            "default_fontname": "Arial",
            "gridsize": [15.0, 15.0],
            "boxes": [{"box": _box(box)} for box in patch.boxes],
            "lines": [{"patchline": _line(cord)} for cord in patch.cords],
            **more,
        }
    }


def to_text(document: Json) -> str:
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def _box(box: Box) -> Json:
    width, height = box.shown[2:] if box.shown else (len(box.text or "") * _CHARACTER_WIDTH + 14.0, _ROW_HEIGHT)
    made: Json = {
        "id": box.name,
        "maxclass": box.max_class,
        "numinlets": box.inlets,
        "numoutlets": len(box.outlets),
        "patching_rect": [*box.at, width, height],
        **box.attributes,
    }
    if box.outlets:
        made["outlettype"] = list(box.outlets)
    if box.text is not None:
        made["text"] = box.text
    if box.shown is not None:
        made |= {"presentation": 1, "presentation_rect": list(box.shown)}
    return made


def _line(cord: Cord) -> Json:
    return {"source": [cord.source, cord.outlet], "destination": [cord.target, cord.inlet]}
