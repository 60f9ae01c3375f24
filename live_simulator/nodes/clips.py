"""Clips and the slots of the Session view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, Iterator, cast

from live_simulator.nodes.devices import ParameterNode
from live_simulator.nodes.envelopes import EnvelopeNode
from live_simulator.nodes.node import AudioFile, Node
from live_simulator.notes import Notes
from live_simulator.warping import at_tempo, tempos_bpm

if TYPE_CHECKING:
    from live_simulator.nodes.tracks import TrackNode


class ClipNode(Node):
    """`loop_start`, `loop_end` and the markers are beats; of unwarped audio seconds (content time).

    `placed_start`, `placed_end`: the content that the arrangement shows of an unwarped clip; a tick behind the loop's.
    `looped_extent_beats`: how long a looping clip lasts in the arrangement.
    """

    LIVE = "Clip.Clip"
    EVENTS = {
        "start_time": ("start_time", "end_time"),
        "loop_end": ("loop_end", "end_time"),
        "loop_start": ("loop_start", "end_time"),
        "placed_end": ("end_time",),
        "placed_start": ("end_time",),
        "color_index": ("color", "color_index"),
        "envelopes": ("has_envelopes",),
    }

    def __init__(self, owner: Node, is_audio: bool) -> None:
        super().__init__(owner.runtime, owner)
        self.is_audio = is_audio
        self.file: AudioFile | None = None
        self.name = ""
        self.color_index = 0
        self.muted = False
        self.is_recording = False
        self.warping = is_audio
        self.warp_mode = 0
        self.warp_markers = at_tempo(120.0)
        self.looping = False
        self.start_marker = 0.0
        self.end_marker = 0.0
        self.loop_start = 0.0
        self.loop_end = 0.0
        self.placed_start = 0.0
        self.placed_end = 0.0
        self.start_time = 0.0
        self.looped_extent_beats = 0.0
        self.gain = 0.4000000059604645
        self.pitch_coarse = 0
        self.pitch_fine = 0.0
        self.ram_mode = False
        self.launch_mode = 0
        self.launch_quantization = 0
        self.legato = False
        self.notes: Notes = ()
        self.selected_note_ids: frozenset[int] = frozenset()
        self.next_note_id = 1
        self.envelopes: tuple[EnvelopeNode, ...] = ()
        self.groove: Node | None = None
        self.signature_numerator = 4
        self.signature_denominator = 4
        self.velocity_amount = 0.0
        self.warping_set_tick = -1
        self.looping_set_tick = -1
        self.view = ClipViewNode(self)

    @property
    def warp_tempo_bpm(self) -> float:
        """That of its beginning, and throughout where its markers are even (live_simulator.warping)."""
        return tempos_bpm(self.warp_markers)[0]

    @property
    def is_unwarped(self) -> bool:
        return self.is_audio and not self.warping

    def changes_with(self, field: str) -> Iterable[tuple[Node, str]]:
        if field in ("muted", "color_index") and isinstance(self.parent, ClipSlotNode):
            yield from self.parent.changes_with("clip")

    def children(self) -> tuple[Node, ...]:
        return (self.view, *self.envelopes)

    @property
    def is_arrangement_clip(self) -> bool:
        return not isinstance(self.parent, ClipSlotNode)

    @property
    def track(self) -> TrackNode:
        owner = self.parent.parent if isinstance(self.parent, (ClipSlotNode, TakeLaneNode)) else self.parent
        return cast("TrackNode", owner)

    @property
    def lane(self) -> TrackNode | TakeLaneNode:
        """Of an arrangement clip: the track's own lane, or one of its take lanes."""
        return cast("TrackNode | TakeLaneNode", self.parent)


class ClipViewNode(Node):
    LIVE = "Clip.Clip.View"

    def __init__(self, clip: ClipNode) -> None:
        super().__init__(clip.runtime, clip)
        self.grid_quantization = 8
        self.grid_is_triplet = False
        self.shows_envelope = False
        self.envelope_parameter: ParameterNode | None = None


class TakeLaneNode(Node):
    LIVE = "TakeLane.TakeLane"
    EVENTS = {"clips": ("arrangement_clips",)}

    def __init__(self, track: TrackNode, name: str) -> None:
        super().__init__(track.runtime, track)
        self.name = name
        self.clips: tuple[ClipNode, ...] = ()

    @property
    def track(self) -> TrackNode:
        return cast("TrackNode", self.parent)

    def children(self) -> tuple[Node, ...]:
        return self.clips


GROUP_SLOT_EVENTS = ("controls_other_clips", "color", "color_index")
"""What a group's slot shows of those under it."""


class ClipSlotNode(Node):
    LIVE = "ClipSlot.ClipSlot"
    EVENTS = {"clip": ("has_clip", "color", "color_index")}

    def __init__(self, track: TrackNode) -> None:
        super().__init__(track.runtime, track)
        self.clip: ClipNode | None = None
        self.has_stop_button = True
        self.is_held = False

    def slots_over(self) -> Iterator[ClipSlotNode]:
        """Those of group tracks that stand for it among others."""
        track = cast("TrackNode", self.parent)
        if track.group is not None and self in track.clip_slots:
            row = track.clip_slots.index(self)
            while track.group is not None:
                track = track.group
                yield track.clip_slots[row]

    def changes_with(self, field: str) -> Iterable[tuple[Node, str]]:
        if field == "clip":
            for slot in self.slots_over():
                yield from ((slot, event) for event in GROUP_SLOT_EVENTS)

    def children(self) -> tuple[Node, ...]:
        return (self.clip,) if self.clip else ()
