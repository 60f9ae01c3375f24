"""Tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from live_simulator.nodes.clips import ClipNode, ClipSlotNode
from live_simulator.nodes.devices import MixerNode
from live_simulator.nodes.node import Node
from live_simulator.nodes.session import Launch, Playing

if TYPE_CHECKING:
    from live_simulator.nodes.songs import SongNode


class TrackNode(Node):
    """`role`: 'audio', 'midi', 'return' or 'master'. `name` may hold '#' for the track's number.

    `playing`, `launch`: of the Session view (live_simulator.session); `back_to_arranger`: the arrangement is not heard.
    """

    LIVE = "Track.Track"
    EVENTS = {
        "color_index": ("color", "color_index"),
        "clips": ("arrangement_clips",),
        "playing": ("playing_slot_index",),
        "launch": ("fired_slot_index",),
    }

    def __init__(self, song: SongNode, role: str, name: str, color_index: int) -> None:
        super().__init__(song.runtime, song)
        self.role = role
        self.name = name
        self.color_index = color_index
        self.mute = False
        self.solo = False
        self.arm = False
        self.current_monitoring_state = 1
        self.clips: tuple[ClipNode, ...] = ()
        self.clip_slots: tuple[ClipSlotNode, ...] = ()
        self.playing: Playing | None = None
        self.launch: Launch | None = None
        self.back_to_arranger = False
        self.data: dict[str, Any] = {}
        self.mixer = MixerNode(self)
        self.view = TrackViewNode(self)

    @property
    def song(self) -> SongNode:
        return cast("SongNode", self.parent)

    @property
    def holds_clips(self) -> bool:
        return self.role in ("audio", "midi")

    def children(self) -> tuple[Node, ...]:
        return (*self.clips, *self.clip_slots, self.mixer, self.view)


class TrackViewNode(Node):
    LIVE = "Track.Track.View"

    def __init__(self, track: TrackNode) -> None:
        super().__init__(track.runtime, track)
        self.is_collapsed = False
