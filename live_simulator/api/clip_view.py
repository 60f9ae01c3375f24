"""Live.Clip.View: the grid of the clip's editor, and what it shows."""

from __future__ import annotations

from live_simulator.api.classes import CLIP, CLIP_VIEW, DEVICE_PARAMETER
from live_simulator.boost import BOOL, enum
from live_simulator.nodes.clips import ClipViewNode
from live_simulator.nodes.devices import ParameterNode

CLIP.field("view")
CLIP_VIEW.field("canonical_parent", stored_as="parent")
CLIP_VIEW.field("grid_is_triplet", BOOL)


@CLIP_VIEW.writable(enum("Clip.GridQuantization"), vector="Clip.GridQuantization")
def grid_quantization(view: ClipViewNode, grid: int) -> None:
    view.put("grid_quantization", grid)


@CLIP_VIEW.method()
def show_envelope(view: ClipViewNode) -> None:
    view.put("shows_envelope", True, undoable=False)


@CLIP_VIEW.method()
def hide_envelope(view: ClipViewNode) -> None:
    view.put("shows_envelope", False, undoable=False)


@CLIP_VIEW.method(DEVICE_PARAMETER.kind())
def select_envelope_parameter(view: ClipViewNode, parameter: ParameterNode) -> None:
    view.put("envelope_parameter", parameter, undoable=False)


@CLIP_VIEW.method()
def show_loop(view: ClipViewNode) -> None:
    """Scrolls the editor, which nobody sees here."""
