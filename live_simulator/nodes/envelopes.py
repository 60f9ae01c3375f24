"""Automation in clips."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from live_simulator.breakpoints import Breakpoints
from live_simulator.nodes.devices import ParameterNode
from live_simulator.nodes.node import Node

if TYPE_CHECKING:
    from live_simulator.nodes.clips import ClipNode

NAMED_ENVELOPE_SINCE = (12, 2, 0)
"""Older versions call the class Clip.AutomationEnvelope."""


class EnvelopeNode(Node):
    """What a clip does to a parameter of its track; times are beats of the clip's content."""

    def __init__(self, clip: ClipNode, parameter: ParameterNode) -> None:
        super().__init__(clip.runtime, clip)
        named = clip.track.song.version >= NAMED_ENVELOPE_SINCE
        self.LIVE = "Envelope.Envelope" if named else "Clip.AutomationEnvelope"
        self.parameter = parameter
        self.points: Breakpoints = ()

    @property
    def clip(self) -> ClipNode:
        return cast("ClipNode", self.parent)
