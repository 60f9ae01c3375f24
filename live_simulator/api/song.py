"""Live.Song: tempo, tracks, transport, undo."""

from __future__ import annotations

from typing import Any

from live_simulator import session, tracks, transport
from live_simulator.api import checks
from live_simulator.api.classes import SONG
from live_simulator.boost import ANYTHING, BOOL, FLOAT, INT, TEXT, mismatch, type_names
from live_simulator.clip_geometry import MOST_BEATS, last_event_beats
from live_simulator.declaration import Event
from live_simulator.nodes.songs import SceneNode, SongNode
from live_simulator.nodes.tracks import TrackNode
from live_simulator.versions import since

SONG.field("view")
SONG.field("tracks", listenable=True)
SONG.field("visible_tracks", listenable=True, stored_as="tracks")
SONG.field("return_tracks", listenable=True)
SONG.field("master_track")
SONG.field("scenes", listenable=True)
SONG.field("metronome", BOOL, listenable=True, undoable=False)
SONG.field("name", versions=since(11, 3, 25))
SONG.field("file_path", versions=since(11, 3, 25))
SONG.field("is_ableton_link_enabled", BOOL, listenable=True, undoable=False, versions=since(11, 1))
SONG.field("is_ableton_link_start_stop_sync_enabled", BOOL, listenable=True, undoable=False, versions=since(11, 1))
SONG.field("tempo_follower_enabled", BOOL, listenable=True, undoable=False)
SONG.constant(None, "canonical_parent")
SONG.constant(0, "count_in_duration", listenable=True)
SONG.constant(False, "is_counting_in", "exclusive_arm", listenable=True)
SONG.constant(True, "exclusive_solo", "select_on_launch")
SONG.events.append(Event("data"))


@SONG.writable(FLOAT, listenable=True)
def tempo(song: SongNode, bpm: float) -> None:
    song.put("tempo", checks.require_beats(bpm, 20.0, 999.0, "Tempo is out of range"))
    for track in song.tracks:
        for clip in track.clips:
            if clip.is_unwarped:
                song.runtime.touch(clip, "end_time")


@SONG.writable(INT, listenable=True)
def signature_numerator(song: SongNode, beats: int) -> None:
    song.put("signature_numerator", int(checks.require_beats(beats, 1, 99, "Invalid signature")))


@SONG.writable(INT, listenable=True)
def signature_denominator(song: SongNode, part: int) -> None:
    if part not in (1, 2, 4, 8, 16):
        raise RuntimeError("Invalid signature")
    song.put("signature_denominator", part)


# Transport


@SONG.writable(FLOAT, listenable=True)
def current_song_time(song: SongNode, beats: float) -> None:
    checks.require_beats(beats, 0.0, MOST_BEATS, "Invalid song time")
    if beats > song_length(song):
        raise RuntimeError("Cannot set the Songtime behind the Songlength")
    transport.jump(song, beats)


@SONG.writable(FLOAT, listenable=True, versions=since(11, 2))
def start_time(song: SongNode, beats: float) -> None:
    checks.require_beats(beats, 0.0, MOST_BEATS, "Invalid start time")
    song.runtime.defer(lambda: song.put("start_time", beats, undoable=False))


@SONG.writable(BOOL, listenable=True)
def is_playing(song: SongNode, playing: bool) -> None:
    if playing:
        transport.start(song)
    else:
        transport.stop(song)


@SONG.writable(BOOL, listenable=True)
def loop(song: SongNode, on: bool) -> None:
    song.runtime.defer(lambda: song.put("loop", on))


@SONG.writable(FLOAT, listenable=True)
def loop_start(song: SongNode, beats: float) -> None:
    song.put("loop_start", checks.require_beats(beats, 0.0, MOST_BEATS, "Invalid loop start"))


@SONG.writable(FLOAT, listenable=True)
def loop_length(song: SongNode, beats: float) -> None:
    song.put("loop_length", checks.require_beats(beats, 1e-3, MOST_BEATS, "Invalid loop length"))


@SONG.writable(BOOL, listenable=True)
def punch_in(song: SongNode, on: bool) -> None:
    song.runtime.defer(lambda: song.put("punch_in", on))


@SONG.writable(BOOL, listenable=True)
def punch_out(song: SongNode, on: bool) -> None:
    song.runtime.defer(lambda: song.put("punch_out", on))


@SONG.writable(BOOL, listenable=True)
def record_mode(song: SongNode, on: bool) -> None:
    transport.record(song, on)


@SONG.writable(BOOL, listenable=True)
def back_to_arranger(song: SongNode, overridden: bool) -> None:
    if overridden:
        raise RuntimeError("back_to_arranger can only be set to False")
    for track in song.tracks:
        session.back_to_arrangement(track)


@SONG.readable()
def last_event_time(song: SongNode) -> float:
    return last_event_beats(song.tracks)


@SONG.readable(listenable=True)
def song_length(song: SongNode) -> float:
    return last_event_beats(song.tracks) + 4.0 * song.signature_numerator / song.signature_denominator


@SONG.method()
def start_playing(song: SongNode) -> None:
    transport.start(song)


@SONG.method()
def continue_playing(song: SongNode) -> None:
    transport.start(song, from_playhead=True)


@SONG.method()
def stop_playing(song: SongNode) -> None:
    transport.stop(song)


@SONG.method(BOOL, defaults=(True,))
def stop_all_clips(song: SongNode, quantized: bool) -> None:
    session.stop_all(song, quantized)


# Tracks and scenes


@SONG.method(ANYTHING, defaults=(None,))
def create_audio_track(song: SongNode, index: Any) -> TrackNode:
    return tracks.insert_track(song, "audio", _track_place(song, index))


@SONG.method(ANYTHING, defaults=(None,))
def create_midi_track(song: SongNode, index: Any) -> TrackNode:
    return tracks.insert_track(song, "midi", _track_place(song, index))


@SONG.method(INT)
def delete_track(song: SongNode, index: int) -> None:
    if not 0 <= index < len(song.tracks):
        raise RuntimeError("Track index is out of range")
    if len(song.tracks) == 1:
        raise RuntimeError("The last track cannot be deleted")
    tracks.remove_track(song, song.tracks[index])


@SONG.method()
def create_return_track(song: SongNode) -> TrackNode:
    return tracks.insert_return_track(song)


@SONG.method(INT)
def create_scene(song: SongNode, index: int) -> SceneNode:
    if not -1 <= index <= len(song.scenes):
        raise RuntimeError("Scene index is out of range")
    return tracks.insert_scene(song, len(song.scenes) if index == -1 else index)


@SONG.method(INT)
def delete_scene(song: SongNode, index: int) -> None:
    if not 0 <= index < len(song.scenes):
        raise RuntimeError("Scene index is out of range")
    if len(song.scenes) == 1:
        raise RuntimeError("The last scene cannot be deleted")
    tracks.remove_scene(song, index)


def _track_place(song: SongNode, index: Any | None) -> int:
    if index is None:
        return len(song.tracks)
    if not isinstance(index, int) or isinstance(index, bool):
        raise mismatch("Song", "create_track", type_names((song, index)), "TPyHandle<ASong> [,int]")
    if not -1 <= index <= len(song.tracks):
        raise RuntimeError("Track index is out of range")
    return len(song.tracks) if index == -1 else index


# Undo and data


@SONG.readable()
def can_undo(song: SongNode) -> bool:
    return song.runtime.can_undo


@SONG.readable()
def can_redo(song: SongNode) -> bool:
    return song.runtime.can_redo


@SONG.method()
def begin_undo_step(song: SongNode) -> None:
    song.runtime.begin_step()


@SONG.method()
def end_undo_step(song: SongNode) -> None:
    song.runtime.end_step()


@SONG.method(returns=since(11, 3, 10))
def undo(song: SongNode) -> str:
    return song.runtime.undo()


@SONG.method(returns=since(11, 3, 10))
def redo(song: SongNode) -> str:
    return song.runtime.redo()


@SONG.method(TEXT, ANYTHING, changes=False)
def get_data(song: SongNode, key: str, default: Any) -> Any:
    return checks.get_data(song, key, default)


@SONG.method(TEXT, ANYTHING)
def set_data(song: SongNode, key: str, value: Any) -> None:
    checks.set_data(song, key, value)
