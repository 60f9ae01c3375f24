"""Simpler and the sample in it."""

from __future__ import annotations

from typing import Iterable

from live_simulator.nodes.device_chain import DeviceNode, DeviceViewNode, track_of
from live_simulator.nodes.node import AudioFile, Node
from live_simulator.warping import at_tempo


class SimplerNode(DeviceNode):
    LIVE = "SimplerDevice.SimplerDevice"
    LIVE_BASES = ("Device.Device", "LomObject.LomObject")
    EVENTS = {"sample": ("sample", "can_warp_as", "can_warp_double", "can_warp_half")}

    def __init__(self, holder: Node, name: str, class_name: str, kind: int) -> None:
        super().__init__(holder, name, class_name, kind)
        self.sample: SampleNode | None = None
        self.playback_mode = 0
        self.slicing_playback_mode = 0
        self.pad_slicing = False
        self.retrigger = False
        self.voices = 6
        self.pitch_bend_range = 5
        self.note_pitch_bend_range = 48
        self.view: SimplerViewNode = SimplerViewNode(self)

    def changes_with(self, field: str) -> Iterable[tuple[Node, str]]:
        if field == "sample":
            for event in ("sample_start", "sample_end", "sample_loop_start", "sample_loop_end"):
                yield self.view, event

    def children(self) -> tuple[Node, ...]:
        return (*super().children(), *((self.sample,) if self.sample else ()))


class SimplerViewNode(DeviceViewNode):
    LIVE = "SimplerDevice.SimplerDevice.View"
    LIVE_BASES = ("Device.Device.View", "LomObject.LomObject")

    def __init__(self, simpler: SimplerNode) -> None:
        super().__init__(simpler)
        self.selected_slice = -1


class SampleNode(Node):
    """Positions are frames of the file. `slices_frames`: those that were put by hand, ascending."""

    LIVE = "Sample.Sample"

    def __init__(self, simpler: SimplerNode, file: AudioFile) -> None:
        super().__init__(simpler.runtime, simpler)
        self.file = file
        self.start_marker = 0
        self.end_marker = file.frames
        self.gain = 0.4000000059604645
        self.warping = False
        self.warp_mode = 0
        self.warp_markers = at_tempo(track_of(simpler).song.tempo)
        self.slices_frames: tuple[int, ...] = ()
        self.slicing_style = 0
        self.slicing_sensitivity = 0.5
        self.slicing_beat_division = 4
        self.slicing_region_count = 8
        self.beats_granulation_resolution = 6
        self.beats_transient_envelope = 100.0
        self.beats_transient_loop_mode = 1
        self.complex_pro_envelope = 128.0
        self.complex_pro_formants = 100.0
        self.texture_flux = 25.0
        self.texture_grain_size = 65.0
        self.tones_grain_size = 30.0

    EVENTS = {
        **{
            field: (field, "slices")
            for field in ("slicing_style", "slicing_beat_division", "slicing_region_count", "warp_markers")
        },
        "slices_frames": ("slices",),
        "start_marker": ("start_marker", "slices"),
        "end_marker": ("end_marker", "slices"),
    }

    def changes_with(self, field: str) -> Iterable[tuple[Node, str]]:
        if field == "warping":
            yield from ((self.simpler, event) for event in ("can_warp_as", "can_warp_double", "can_warp_half"))
        elif field == "start_marker":
            yield from ((self.simpler.view, event) for event in ("sample_start", "sample_loop_start"))
        elif field == "end_marker":
            yield from ((self.simpler.view, event) for event in ("sample_end", "sample_loop_end"))

    @property
    def simpler(self) -> SimplerNode:
        assert isinstance(self.parent, SimplerNode)
        return self.parent
