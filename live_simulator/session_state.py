"""What plays and what waits to play: read only (live_simulator.session changes it)."""

from __future__ import annotations

from live_simulator.clip_geometry import content_at, session_content
from live_simulator.groups import slots_under
from live_simulator.nodes.clips import ClipNode, ClipSlotNode
from live_simulator.nodes.session import Playing
from live_simulator.nodes.songs import SceneNode, SongNode
from live_simulator.nodes.tracks import TrackNode


def is_playing(clip: ClipNode) -> bool:
    """A session clip also while the transport is stopped: it goes on with it. An arrangement clip at the playhead."""
    track = clip.track
    if clip.is_arrangement_clip:
        song = track.song
        is_heard = song.is_playing and clip.lane is track and not track.back_to_arranger
        return is_heard and content_at(clip, song.current_song_time) is not None
    return track.playing is not None and track.playing.clip is clip


def is_triggered(clip: ClipNode) -> bool:
    launch = clip.track.launch
    return launch is not None and launch.clip is clip


def is_slot_playing(slot: ClipSlotNode) -> bool:
    """Of a group track's slot: whether any that it stands for does."""
    if slot.clip is None:
        return track_of_slot(slot).role == "group" and any(is_slot_playing(under) for under in slots_under(slot))
    return is_playing(slot.clip)


def is_slot_triggered(slot: ClipSlotNode) -> bool:
    if track_of_slot(slot).role == "group":
        return any(is_slot_triggered(under) for under in slots_under(slot))
    launch = track_of_slot(slot).launch
    return launch is not None and launch.slot is slot


def will_record(slot: ClipSlotNode) -> bool:
    """Whether firing it would record a new clip."""
    return slot.clip is None and track_of_slot(slot).arm


def is_scene_triggered(scene: SceneNode) -> bool:
    song = scene.parent
    assert isinstance(song, SongNode)
    return song.fired_scene is not None and song.fired_scene[0] is scene


def playing_position(clip: ClipNode) -> float:
    """Content (beats, or seconds of unwarped audio) that is heard now; where it begins while it does not play."""
    track, song = clip.track, clip.track.song
    if clip.is_arrangement_clip:
        position = content_at(clip, song.current_song_time) if is_playing(clip) else None
        return clip.start_marker if position is None else position
    playing = track.playing
    if playing is None or playing.clip is not clip:
        return clip.start_marker
    return session_content(clip, *passed(song, playing))


def playing_slot_index(track: TrackNode) -> int:
    """-1: the arrangement plays; -2: the track was stopped."""
    if track.playing is not None and track.playing.clip.alive:
        return _row_of(track, track.playing.clip)
    return -2 if track.back_to_arranger else -1


def fired_slot_index(track: TrackNode) -> int:
    """-1: nothing waits for its beat; -2: the track's stopping does."""
    if track.launch is None:
        return -1
    return -2 if track.launch.clip is None else _row_of(track, track.launch.clip)


def started_song_beats(song: SongNode, playing: Playing) -> float:
    """The song's time at which the clip's start marker was heard, as if the song had never jumped or looped since."""
    return song.current_song_time - (song.played_beats - playing.started_beats)


def passed(song: SongNode, playing: Playing) -> tuple[float, float]:
    """Beats and seconds since the clip's start marker was heard."""
    return song.played_beats - playing.started_beats, song.played_seconds - playing.started_seconds


def _row_of(track: TrackNode, clip: ClipNode) -> int:
    assert isinstance(clip.parent, ClipSlotNode)
    return track.clip_slots.index(clip.parent)


def track_of_slot(slot: ClipSlotNode) -> TrackNode:
    assert isinstance(slot.parent, TrackNode)
    return slot.parent
