"""Live.Track: mixer, clips, what kind of track it is."""

from __future__ import annotations

import re
from typing import Any

from live_simulator import session
from live_simulator.api import checks
from live_simulator.api.classes import CLIP, TRACK, TRACK_VIEW
from live_simulator.boost import ANYTHING, BOOL, FLOAT, INT, TEXT
from live_simulator.clip_geometry import MOST_BEATS
from live_simulator.clips import move_playhead, new_audio_clip, new_midi_clip, session_copy
from live_simulator.declaration import Event
from live_simulator.lane import add_clip, remove_clip
from live_simulator.nodes.clips import ClipNode, ClipSlotNode
from live_simulator.nodes.node import set_alive
from live_simulator.nodes.tracks import TrackNode
from live_simulator.tracks import DEFAULT_NAMES
from live_simulator.versions import AUDIO_CLIPS, since


def _not_master(track: TrackNode) -> str | None:
    return "The Master Track has no such state" if track.role == "master" else None


def _clips_only(track: TrackNode) -> str | None:
    return None if track.holds_clips else "Master and Return Tracks have no clips and cannot be armed"


def _never(track: TrackNode) -> str | None:
    return "Only Group Tracks have a fold state"


TRACK.enums["monitoring_states"] = {"IN": 0, "AUTO": 1, "OFF": 2}
TRACK.field("canonical_parent", stored_as="parent")
TRACK.field("view")
TRACK.field("mixer_device", stored_as="mixer")
TRACK.field("mute", BOOL, listenable=True, refuses=_not_master)
TRACK.field("solo", BOOL, listenable=True, refuses=_not_master)
TRACK.field("arm", BOOL, listenable=True, refuses=_clips_only)
TRACK.field("arrangement_clips", listenable=True, refuses=_clips_only, stored_as="clips")
TRACK.field("clip_slots", listenable=True)
TRACK.field("fold_state", BOOL, refuses=_never, stored_as="mute")
TRACK.writable(INT, checks.read_color, listenable=True)(checks.named("color", checks.set_color))
TRACK.writable(INT, listenable=True)(checks.named("color_index", checks.set_color_index))
TRACK.constant(False, "is_foldable", "is_grouped", "can_show_chains")
TRACK.constant(False, "is_frozen", listenable=True)
TRACK.constant(True, "is_visible")
TRACK.constant(True, "has_audio_output", listenable=True)
TRACK.constant(None, "group_track")
TRACK.constant((), "devices", listenable=True)
TRACK.constant(0.0, "output_meter_left", "output_meter_right", "output_meter_level", listenable=True)
TRACK.events.append(Event("data"))
TRACK_VIEW.field("canonical_parent", stored_as="parent")
TRACK_VIEW.field("is_collapsed", BOOL, listenable=True)


def _number(track: TrackNode) -> int:
    place = track.song.tracks if track.holds_clips else track.song.return_tracks
    return place.index(track) + 1 if track in place else 0


@TRACK.writable(TEXT, lambda track: track.name.replace("#", str(_number(track))), listenable=True)
def name(track: TrackNode, text: str) -> None:
    """A name that looks like a default one, or none at all, is a default one: it follows the track's number."""
    if track.holds_clips and (not text or re.match(r"\d+-(Audio|MIDI)$", text)):
        text = DEFAULT_NAMES[track.role]
    track.put("name", text)


@TRACK.writable(INT, listenable=True, refuses=_clips_only)
def current_monitoring_state(track: TrackNode, state: int) -> None:
    if state not in (0, 1, 2):
        raise RuntimeError("Invalid monitoring state")
    track.put("current_monitoring_state", state)


@TRACK.readable(listenable=True)
def has_audio_input(track: TrackNode) -> bool:
    return track.role != "midi"


@TRACK.readable(listenable=True)
def has_midi_input(track: TrackNode) -> bool:
    return track.role == "midi"


@TRACK.readable()
def can_be_armed(track: TrackNode) -> bool:
    return track.holds_clips


@TRACK.readable(listenable=True, refuses=_not_master)
def muted_via_solo(track: TrackNode) -> bool:
    return not track.solo and any(other.solo for other in track.song.tracks)


TRACK.readable(listenable=True, refuses=_clips_only)(session.playing_slot_index)
TRACK.readable(listenable=True, refuses=_clips_only)(session.fired_slot_index)


@TRACK.writable(BOOL, listenable=True, refuses=_clips_only, versions=since(12, 0, 5))
def back_to_arranger(track: TrackNode, overridden: bool) -> None:
    if overridden:
        raise RuntimeError("back_to_arranger can only be set to False")
    session.back_to_arrangement(track)


@TRACK.method(TEXT, FLOAT, versions=AUDIO_CLIPS, returns=since(12, 2))
def create_audio_clip(track: TrackNode, path: str, position_beats: float) -> ClipNode:
    if track.role != "audio":
        raise RuntimeError("Audio clips can only be created on audio tracks")
    clip = new_audio_clip(track, path)
    return _place(track, clip, position_beats)


@TRACK.method(FLOAT, FLOAT, versions=since(12, 1, 10))
def create_midi_clip(track: TrackNode, position_beats: float, length_beats: float) -> ClipNode:
    if track.role != "midi":
        raise RuntimeError("MIDI clips can only be created on MIDI tracks")
    return _place(track, new_midi_clip(track, length_beats), position_beats)


@TRACK.method(CLIP.kind(), FLOAT)
def duplicate_clip_to_arrangement(track: TrackNode, clip: ClipNode, position_beats: float) -> ClipNode:
    if clip.is_audio != (track.role == "audio") or not track.holds_clips:
        raise RuntimeError("Incompatible track types for clip duplication")
    return _place(track, session_copy(clip, track), position_beats)


@TRACK.method(CLIP.kind())
def delete_clip(track: TrackNode, clip: ClipNode) -> None:
    if clip.track is not track:
        raise RuntimeError("The clip does not belong to this track")
    if isinstance(clip.parent, ClipSlotNode):
        clip.parent.put("clip", None)
        set_alive(clip, False)
    else:
        remove_clip(clip)


@TRACK.method(BOOL, defaults=(True,))
def stop_all_clips(track: TrackNode, quantized: bool) -> None:
    session.stop_track(track, quantized)


@TRACK.method(TEXT, ANYTHING, changes=False)
def get_data(track: TrackNode, key: str, default: Any) -> Any:
    return checks.get_data(track, key, default)


@TRACK.method(TEXT, ANYTHING)
def set_data(track: TrackNode, key: str, value: Any) -> None:
    checks.set_data(track, key, value)


def _place(track: TrackNode, clip: ClipNode, position_beats: float) -> ClipNode:
    checks.require_beats(position_beats, 0.0, MOST_BEATS, "Position is out of range")
    clip.start_time = position_beats
    set_alive(clip, True)
    add_clip(track, clip)
    move_playhead(track.song, position_beats)
    return clip
