"""Tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, NamedTuple, cast

from live_simulator.nodes.clips import ClipNode, ClipSlotNode, TakeLaneNode
from live_simulator.nodes.device_chain import DeviceNode
from live_simulator.nodes.devices import MixerNode
from live_simulator.nodes.node import Node
from live_simulator.nodes.session import Launch, Playing

if TYPE_CHECKING:
    from live_simulator.nodes.songs import SongNode


INPUT_EVENTS = (
    "input_routing_type",
    "input_routing_channel",
    "available_input_routing_channels",
    "current_input_routing",
    "current_input_sub_routing",
    "input_sub_routings",
)
OUTPUT_EVENTS = tuple(name.replace("input", "output") for name in INPUT_EVENTS)
ROUTING_LISTS = (
    "available_input_routing_types",
    "available_output_routing_types",
    "input_routings",
    "output_routings",
    *INPUT_EVENTS,
    *OUTPUT_EVENTS,
)
"""What changes with other tracks."""


class Routing(NamedTuple):
    """One end of a track's sound: 'external', 'resampling', 'master', 'group', 'none', or 'track' with that track.

    'default' is whatever a new track of that role has.
    """

    kind: str
    track: TrackNode | None = None


class TrackNode(Node):
    """`role`: 'audio', 'midi', 'group', 'return' or 'master'. `name` may hold '#' for the track's number.

    `group`: the group track that it lies in, which comes before it in the song; `is_folded` is a group track's own.
    `source`, `target`: where its sound comes from and goes to (live_simulator.routing).

    `playing`, `launch`: of the Session view (live_simulator.session); `back_to_arranger`: the arrangement is not heard.
    """

    LIVE = "Track.Track"
    EVENTS = {
        "color_index": ("color", "color_index"),
        "clips": ("arrangement_clips",),
        "playing": ("playing_slot_index",),
        "launch": ("fired_slot_index",),
        "source": INPUT_EVENTS,
        "source_channel": ("input_routing_channel", "current_input_sub_routing"),
        "target": OUTPUT_EVENTS,
        "target_channel": ("output_routing_channel", "current_output_sub_routing"),
    }

    def __init__(self, song: SongNode, role: str, name: str, color_index: int) -> None:
        super().__init__(song.runtime, song)
        self.role = role
        self.name = name
        self.color_index = color_index
        self.group: TrackNode | None = None
        self.is_folded = False
        self.is_frozen = False
        self.created_tick = -1
        self.routings_due_ms = 0.0
        self.source = Routing("default")
        self.source_channel = ""
        self.target = Routing("default")
        self.target_channel = ""
        self.implicit_arm = False
        self.solo = False
        self.arm = False
        self.current_monitoring_state = 1
        self.clips: tuple[ClipNode, ...] = ()
        self.clip_slots: tuple[ClipSlotNode, ...] = ()
        self.playing: Playing | None = None
        self.launch: Launch | None = None
        self.back_to_arranger = False
        self.data: dict[str, Any] = {}
        self.take_lanes: tuple[TakeLaneNode, ...] = ()
        self.devices: tuple[DeviceNode, ...] = ()
        self.mixer = MixerNode(self)
        self.view = TrackViewNode(self)

    @property
    def song(self) -> SongNode:
        return cast("SongNode", self.parent)

    def changes_with(self, field: str) -> Iterable[tuple[Node, str]]:
        if field == "solo":
            yield from ((track, "muted_via_solo") for track in self.song.all_tracks())
        elif field == "devices":
            yield from ((self, event) for event in ("has_audio_output", "has_midi_output"))
        if field in ("name", "devices"):
            yield from ((track, event) for track in self.song.all_tracks() for event in ROUTING_LISTS)
        elif field == "is_folded":
            yield self.song, "visible_tracks"
        elif field == "group":
            yield from ((self, event) for event in ROUTING_LISTS)

    @property
    def mute(self) -> bool:
        """Live's track activator is the same switch the other way round."""
        return self.mixer.track_activator is not None and self.mixer.track_activator.value < 0.5

    @property
    def holds_clips(self) -> bool:
        return self.role in ("audio", "midi")

    def children(self) -> tuple[Node, ...]:
        return (*self.clips, *self.clip_slots, *self.take_lanes, *self.devices, self.mixer, self.view)


class TrackViewNode(Node):
    LIVE = "Track.Track.View"

    def __init__(self, track: TrackNode) -> None:
        super().__init__(track.runtime, track)
        self.is_collapsed = False
        self.device_insert_mode = 0
        self.selected_device: DeviceNode | None = None
