"""The song, its scenes and its view."""

from __future__ import annotations

from typing import Any, Iterable

from live_simulator.editions import SUITE, Edition
from live_simulator.nodes.clips import GROUP_SLOT_EVENTS, ClipNode, ClipSlotNode
from live_simulator.nodes.device_chain import ChainNode, DeviceNode
from live_simulator.nodes.node import Node, Probe
from live_simulator.nodes.tracks import ROUTING_LISTS, TrackNode
from live_simulator.runtime import Runtime


class SceneNode(Node):
    LIVE = "Scene.Scene"
    EVENTS = {
        "color_index": ("color", "color_index"),
        "tempo_enabled": ("tempo_enabled", "tempo"),
        "time_signature_enabled": (
            "time_signature_enabled",
            "time_signature_numerator",
            "time_signature_denominator",
        ),
    }

    def __init__(self, song: SongNode, name: str = "") -> None:
        super().__init__(song.runtime, song)
        self.name = name
        self.color_index: int | None = None
        self.tempo = 120.0
        self.tempo_enabled = False
        self.time_signature_numerator = 4
        self.time_signature_denominator = 4
        self.time_signature_enabled = False


class CuePointNode(Node):
    LIVE = "Song.CuePoint"
    EVENTS = {"time_beats": ("time",)}

    def __init__(self, song: SongNode, time_beats: float, name: str) -> None:
        super().__init__(song.runtime, song)
        self.time_beats = time_beats
        self.name = name


class GroovePoolNode(Node):
    """No grooves: they come out of the browser, from which nothing can be loaded."""

    LIVE = "GroovePool.GroovePool"

    def __init__(self, song: SongNode) -> None:
        super().__init__(song.runtime, song)
        self.grooves: tuple[Node, ...] = ()


class SongViewNode(Node):
    LIVE = "Song.Song.View"

    def __init__(self, song: SongNode) -> None:
        super().__init__(song.runtime, song)
        self.selected_track: TrackNode | None = None
        self.selected_scene: SceneNode | None = None
        self.detail_clip: ClipNode | None = None
        self.highlighted_clip_slot: ClipSlotNode | None = None
        self.selected_parameter: Node | None = None
        self.selected_chain: ChainNode | None = None
        self.follow_song = False
        self.draw_mode = False


class SongNode(Node):
    """`played_beats`, `played_seconds`: for how long it has played in all, wherever that was; only session clips care.

    `fired_scene`: the scene that waits for its beat, with that beat. `clips_run`: session clips know that it plays.
    `count_in_end`: the beat up to which it counts in. `arms_new_tracks`: a preference of the user's.
    `routings_delay_ms`: how long after its tick a new track does not know where its sound may come from and go to.
    `cues_around`: whether listeners know of a cue point behind the playhead, and of one before it.
    `awaited_cue`: the cue point to jump to, with the beat (of those played) at which that is due.
    `automated_tempo_bpm`: what automation sets the tempo to, None where there is none; `tempo_overridden`: somebody has
    set another since. `link_tempo_bpm`: the tempo that others on Ableton Link insist on. `tap_ms`: the last tap.
    """

    LIVE = "Song.Song"
    EVENTS = {
        "tracks": ("tracks", "visible_tracks"),
        "last_event_time": ("song_length",),
        "cues_around": ("can_jump_to_next_cue", "can_jump_to_prev_cue"),
        "signature_numerator": ("signature_numerator", "song_length"),
        "signature_denominator": ("signature_denominator", "song_length"),
        "root_note": ("root_note", "scale_information"),
        "scale_name": ("scale_name", "scale_intervals", "scale_information"),
        "scale_mode": ("scale_mode", "scale_information"),
        "session_record": ("session_record", "session_record_status"),
        "tempo_overridden": ("re_enable_automation_enabled",),
    }

    def __init__(self, runtime: Runtime, version: tuple[int, int, int], probe: Probe, edition: Edition = SUITE) -> None:
        super().__init__(runtime, None)
        self.version = version
        self.edition = edition
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
        self.record_wanted = False
        self.metronome = False
        self.count_in_duration = 0
        self.is_counting_in = False
        self.count_in_end = 0.0
        self.arms_new_tracks = False
        self.routings_delay_ms = 0.0
        self.back_to_arranger = False
        self.appointed_device: DeviceNode | None = None
        self.clip_trigger_quantization = 4
        self.played_beats = 0.0
        self.played_seconds = 0.0
        self.clips_run = False
        self.fired_scene: tuple[SceneNode, float] | None = None
        self.cue_points: tuple[CuePointNode, ...] = ()
        self.cues_around = (False, False)
        self.awaited_cue: tuple[CuePointNode, float] | None = None
        self.automated_tempo_bpm: float | None = None
        self.tempo_overridden = False
        self.link_tempo_bpm: float | None = None
        self.tap_ms = -1.0
        self.nudge_up = False
        self.nudge_down = False
        self.arrangement_overdub = False
        self.overdub = False
        self.session_record = False
        self.session_automation_record = False
        self.midi_recording_quantization = 0
        self.groove_amount = 1.0
        self.swing_amount = 0.0
        self.root_note = 0
        self.scale_name = "Major"
        self.scale_mode = False
        self.is_ableton_link_enabled = False
        self.tempo_follower_enabled = False
        self.is_ableton_link_start_stop_sync_enabled = False
        self.data: dict[str, Any] = {}
        self.next_color = 0
        self.song_time_set_tick = -1
        self.groove_pool = GroovePoolNode(self)
        self.view = SongViewNode(self)

    def children(self) -> tuple[Node, ...]:
        own = (self.master_track, self.groove_pool, self.view)
        return (*self.tracks, *self.return_tracks, *self.scenes, *self.cue_points, *own)

    def changes_with(self, field: str) -> Iterable[tuple[Node, str]]:
        if field in ("tracks", "return_tracks"):
            for track in self.all_tracks():
                yield from ((track, event) for event in ROUTING_LISTS)
                if "#" in track.name:
                    yield track, "name"
                if track.role == "group":
                    yield from ((slot, event) for slot in track.clip_slots for event in GROUP_SLOT_EVENTS)
            yield from ((scene, "clip_slots") for scene in self.scenes)
        elif field == "tempo":
            yield from ((self.master_track.mixer.song_tempo, event) for event in ("value", "display_value"))
            yield from ((clip, "end_time") for track in self.tracks for clip in track.clips if clip.is_unwarped)
        elif field in ("automated_tempo_bpm", "tempo_overridden"):
            yield self.master_track.mixer.song_tempo, "automation_state"

    def all_tracks(self) -> tuple[TrackNode, ...]:
        return (*self.tracks, *self.return_tracks, self.master_track)
