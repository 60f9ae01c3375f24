"""The set itself: plain data, one class per kind of object. What scripts see of it is declared in live_simulator.api.

Lists of nodes are tuples, replaced whole by `put`, so that undo can bring them back.
"""

from __future__ import annotations

from typing import Any, Callable, NamedTuple, Optional

from live_simulator.runtime import Runtime


class AudioFile(NamedTuple):
    """What the audio engine found in a file."""

    path: str
    frames: int
    sample_rate_hz: int
    channels: int

    @property
    def seconds(self) -> float:
        return self.frames / self.sample_rate_hz


Probe = Callable[[str], Optional[AudioFile]]
"""What a file holds; None where it is not audio."""


class Node:
    """`pointer` is 0 until the object lives and again when it was deleted."""

    LIVE = ""
    """Its class in Live, such as 'Track.Track'."""
    EVENTS: dict[str, tuple[str, ...]] = {}
    """Field -> the listenable properties that change with it, where that is not the one of the same name."""

    def __init__(self, runtime: Runtime, parent: Node | None) -> None:
        self.runtime = runtime
        self.parent = parent
        self.alive = False
        self.pointer = 0
        self.listeners: dict[str, list[Callable[[], None]]] = {}

    def put(self, field: str, value: Any, undoable: bool = True, own_entry: bool = False) -> None:
        self.runtime.put(self, field, value, undoable, own_entry)

    def children(self) -> tuple[Node, ...]:
        return ()


def set_alive(node: Node, alive: bool) -> None:
    """Brings a new object and all in it to life, or deletes them."""
    for child in node.children():
        set_alive(child, alive)
    node.put("alive", alive)


class ParameterNode(Node):
    LIVE = "DeviceParameter.DeviceParameter"
    EVENTS = {"value": ("value", "display_value")}

    def __init__(
        self,
        parent: Node,
        name: str,
        span: tuple[float, float],
        default: float,
        text: Callable[[float], str],
        to_db: Any = None,
    ) -> None:
        super().__init__(parent.runtime, parent)
        self.name = name
        self.min, self.max = span
        self.default_value = default
        self.value = default
        self.text = text
        self.to_display = to_db or (lambda value: value)

    def set_value(self, value: float) -> None:
        self.put("value", value, own_entry=True)


class TempoNode(ParameterNode):
    """The song's tempo as the parameter that automation would move. It has no value of its own."""

    def __init__(self, parent: Node, song: SongNode) -> None:
        self._song = song
        super().__init__(parent, "Song Tempo", (20.0, 999.0), 120.0, lambda bpm: f"{bpm:.2f}")

    @property
    def value(self) -> float:
        return self._song.tempo

    @value.setter
    def value(self, bpm: float) -> None:
        """The song's default, which it has already."""

    def set_value(self, value: float) -> None:
        self._song.put("tempo", value)


class MixerNode(Node):
    LIVE = "MixerDevice.MixerDevice"

    def __init__(self, track: TrackNode) -> None:
        super().__init__(track.runtime, track)
        self.volume: Any = None
        self.panning: Any = None
        self.track_activator: Any = None
        self.crossfader: Any = None
        self.cue_volume: Any = None
        self.song_tempo: Any = None
        self.sends: tuple[ParameterNode, ...] = ()

    def children(self) -> tuple[Node, ...]:
        own = (self.volume, self.panning, self.track_activator, self.crossfader, self.cue_volume, self.song_tempo)
        return tuple(node for node in own if node is not None) + self.sends


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
    }

    def __init__(self, owner: Node, is_audio: bool) -> None:
        super().__init__(owner.runtime, owner)
        self.is_audio = is_audio
        self.file: AudioFile | None = None
        self.name = ""
        self.color_index = 0
        self.muted = False
        self.warping = is_audio
        self.warp_mode = 0
        self.warp_tempo_bpm = 120.0
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
        self.warping_set_tick = -1
        self.looping_set_tick = -1

    @property
    def is_unwarped(self) -> bool:
        return self.is_audio and not self.warping

    @property
    def is_arrangement_clip(self) -> bool:
        return isinstance(self.parent, TrackNode)

    @property
    def track(self) -> TrackNode:
        owner = self.parent if isinstance(self.parent, TrackNode) else self.parent.parent  # type: ignore[union-attr]
        assert isinstance(owner, TrackNode)
        return owner


class ClipSlotNode(Node):
    LIVE = "ClipSlot.ClipSlot"
    EVENTS = {"clip": ("has_clip",)}

    def __init__(self, track: TrackNode) -> None:
        super().__init__(track.runtime, track)
        self.clip: ClipNode | None = None
        self.has_stop_button = True

    def children(self) -> tuple[Node, ...]:
        return (self.clip,) if self.clip else ()


class TrackNode(Node):
    """`role`: 'audio', 'midi', 'return' or 'master'. `name` may hold '#' for the track's number."""

    LIVE = "Track.Track"
    EVENTS = {"color_index": ("color", "color_index"), "clips": ("arrangement_clips",)}

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
        self.data: dict[str, Any] = {}
        self.mixer = MixerNode(self)
        self.view = TrackViewNode(self)

    @property
    def song(self) -> SongNode:
        assert isinstance(self.parent, SongNode)
        return self.parent

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


class SceneNode(Node):
    LIVE = "Scene.Scene"
    EVENTS = {"color_index": ("color", "color_index")}

    def __init__(self, song: SongNode, name: str = "") -> None:
        super().__init__(song.runtime, song)
        self.name = name
        self.color_index: int | None = None


class SongViewNode(Node):
    LIVE = "Song.Song.View"

    def __init__(self, song: SongNode) -> None:
        super().__init__(song.runtime, song)
        self.selected_track: TrackNode | None = None
        self.selected_scene: SceneNode | None = None
        self.detail_clip: ClipNode | None = None
        self.highlighted_clip_slot: ClipSlotNode | None = None
        self.follow_song = False
        self.draw_mode = False


class SongNode(Node):
    LIVE = "Song.Song"
    EVENTS = {"tracks": ("tracks", "visible_tracks"), "last_event_time": ("song_length",)}

    def __init__(self, runtime: Runtime, version: tuple[int, int, int], probe: Probe) -> None:
        super().__init__(runtime, None)
        self.version = version
        self.probe = probe
        self.name = ""
        self.file_path = ""
        self.tempo = 120.0
        self.signature_numerator = 4
        self.signature_denominator = 4
        self.tracks: tuple[TrackNode, ...] = ()
        self.return_tracks: tuple[TrackNode, ...] = ()
        self.master_track: Any = None
        self.scenes: tuple[SceneNode, ...] = ()
        self.is_playing = False
        self.current_song_time = 0.0
        self.start_time = 0.0
        self.loop = False
        self.loop_start = 0.0
        self.loop_length = 16.0
        self.punch_in = False
        self.punch_out = False
        self.record_mode = False
        self.metronome = False
        self.back_to_arranger = False
        self.is_ableton_link_enabled = False
        self.tempo_follower_enabled = False
        self.is_ableton_link_start_stop_sync_enabled = False
        self.data: dict[str, Any] = {}
        self.next_color = 0
        self.song_time_set_tick = -1
        self.view = SongViewNode(self)

    def children(self) -> tuple[Node, ...]:
        return (*self.tracks, *self.return_tracks, self.master_track, *self.scenes, self.view)

    def all_tracks(self) -> tuple[TrackNode, ...]:
        return (*self.tracks, *self.return_tracks, self.master_track)


class ApplicationNode(Node):
    LIVE = "Application.Application"

    def __init__(self, runtime: Runtime, version: tuple[int, int, int], song: SongNode) -> None:
        super().__init__(runtime, None)
        self.version = version
        self.song = song
        self.view = ApplicationViewNode(self)

    def children(self) -> tuple[Node, ...]:
        return (self.view,)


class ApplicationViewNode(Node):
    LIVE = "Application.Application.View"

    def __init__(self, application: ApplicationNode) -> None:
        super().__init__(application.runtime, application)
        self.focused_document_view = "Arranger"
