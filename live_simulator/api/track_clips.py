"""Live.Track: its clips, in the arrangement and in its slots."""

from __future__ import annotations

from live_simulator import session, session_state
from live_simulator.api import checks
from live_simulator.api.classes import CLIP, TRACK
from live_simulator.api.track import clips_only
from live_simulator.boost import BOOL, FLOAT, INT, TEXT
from live_simulator.clip_geometry import MOST_BEATS
from live_simulator.clips import move_playhead, new_audio_clip, new_midi_clip, session_copy
from live_simulator.duplicates import copy_into
from live_simulator.lane import Lane, add_clip, remove_clip
from live_simulator.nodes.clips import ClipNode, ClipSlotNode
from live_simulator.nodes.node import set_alive
from live_simulator.nodes.tracks import TrackNode
from live_simulator.tracks import insert_scene
from live_simulator.versions import AUDIO_CLIPS, since

TRACK.field("arrangement_clips", listenable=True, refuses=clips_only, stored_as="clips")
TRACK.field("clip_slots", listenable=True)
TRACK.readable(listenable=True, refuses=clips_only)(session_state.playing_slot_index)
TRACK.readable(listenable=True, refuses=clips_only)(session_state.fired_slot_index)


@TRACK.writable(BOOL, listenable=True, refuses=clips_only, versions=since(12, 0, 5))
def back_to_arranger(track: TrackNode, overridden: bool) -> None:
    if overridden:
        raise RuntimeError("back_to_arranger can only be set to False")
    session.back_to_arrangement(track)


@TRACK.method(TEXT, FLOAT, versions=AUDIO_CLIPS, returns=since(12, 2))
def create_audio_clip(track: TrackNode, path: str, position_beats: float) -> ClipNode:
    if track.role != "audio":
        raise RuntimeError("Audio clips can only be created on audio tracks")
    require_writable(track)
    clip = new_audio_clip(track, path)
    return place(track, clip, position_beats)


@TRACK.method(FLOAT, FLOAT, versions=since(12, 1, 10))
def create_midi_clip(track: TrackNode, position_beats: float, length_beats: float) -> ClipNode:
    if track.role != "midi":
        raise RuntimeError("MIDI clips can only be created on MIDI tracks")
    require_writable(track)
    return place(track, new_midi_clip(track, length_beats), position_beats)


@TRACK.method(CLIP.kind(), FLOAT)
def duplicate_clip_to_arrangement(track: TrackNode, clip: ClipNode, position_beats: float) -> ClipNode:
    if clip.is_audio != (track.role == "audio") or not track.holds_clips:
        raise RuntimeError("Incompatible track types for clip duplication")
    require_writable(track)
    return place(track, session_copy(clip, track), position_beats)


@TRACK.method(CLIP.kind())
def delete_clip(track: TrackNode, clip: ClipNode) -> None:
    if clip.track is not track:
        raise RuntimeError("The clip does not belong to this track")
    if clip.is_recording:
        raise RuntimeError("A clip cannot be deleted while it is being recorded")
    if isinstance(clip.parent, ClipSlotNode):
        session.forget(clip)
        clip.parent.put("clip", None)
        set_alive(clip, False)
    else:
        remove_clip(clip)


@TRACK.method(INT)
def duplicate_clip_slot(track: TrackNode, index: int) -> int:
    """Into the next free slot below; a scene is added where there is none."""
    clips_refusal = clips_only(track)
    if clips_refusal or not 0 <= index < len(track.clip_slots):
        raise RuntimeError(clips_refusal or "Slot index is out of range")
    if track.clip_slots[index].clip is None:
        raise RuntimeError("This clip slot has no clip")
    free = [place for place in range(index + 1, len(track.clip_slots)) if track.clip_slots[place].clip is None]
    if not free:
        insert_scene(track.song, len(track.clip_slots))
        free = [len(track.clip_slots) - 1]
    copy_into(track.clip_slots[index], track.clip_slots[free[0]])
    return free[0]


@TRACK.method(BOOL, defaults=(True,))
def stop_all_clips(track: TrackNode, quantized: bool) -> None:
    session.stop_track(track, quantized)


@TRACK.method(FLOAT)
def jump_in_running_session_clip(track: TrackNode, content: float) -> None:
    """Nothing happens while no session clip plays there."""
    if track.playing is not None:
        session.move_playing_position(track.playing.clip, content)


def require_writable(track: TrackNode) -> None:
    if track.is_frozen:
        raise RuntimeError("Clips cannot be created on frozen tracks")
    if track.arm and track.song.record_mode and track.song.is_playing:
        raise RuntimeError("Clips cannot be created on a track that is being recorded into")


def place(lane: Lane, clip: ClipNode, position_beats: float) -> ClipNode:
    checks.require_beats(position_beats, 0.0, MOST_BEATS, "Position is out of range")
    clip.start_time = position_beats
    set_alive(clip, True)
    add_clip(lane, clip)
    move_playhead(clip.track.song, position_beats)
    return clip
