"""Live.Song: tempo, tracks and scenes, undo, data."""

from __future__ import annotations

from typing import Any

from live_simulator import duplicates, session, tempo, tracks
from live_simulator.api import checks
from live_simulator.api.classes import SONG
from live_simulator.boost import ANYTHING, BOOL, FLOAT, INT, TEXT, mismatch, type_names
from live_simulator.declaration import Event
from live_simulator.groups import is_visible, members_of
from live_simulator.nodes.songs import SceneNode, SongNode
from live_simulator.nodes.tracks import TrackNode
from live_simulator.versions import since

SONG.field("view")
SONG.field("tracks", listenable=True)
SONG.field("return_tracks", listenable=True)
SONG.field("master_track")
SONG.field("scenes", listenable=True)
SONG.field("groove_pool")
SONG.field("name", versions=since(11, 3, 25))
SONG.field("file_path", versions=since(11, 3, 25))
SONG.field("is_ableton_link_enabled", BOOL, listenable=True, undoable=False, versions=since(11, 1))
SONG.field("is_ableton_link_start_stop_sync_enabled", BOOL, listenable=True, undoable=False, versions=since(11, 1))
SONG.field("tempo_follower_enabled", BOOL, listenable=True, undoable=False)
SONG.field("nudge_up", BOOL, listenable=True, undoable=False)
SONG.field("nudge_down", BOOL, listenable=True, undoable=False)
SONG.constant(None, "canonical_parent")
SONG.constant(True, "exclusive_arm", listenable=True)
SONG.constant(True, "exclusive_solo", "select_on_launch")
SONG.events.append(Event("data"))


@SONG.readable(listenable=True)
def visible_tracks(song: SongNode) -> tuple[TrackNode, ...]:
    return tuple(track for track in song.tracks if is_visible(track))


# Tempo


def _set_tempo(song: SongNode, bpm: float) -> None:
    tempo.set_tempo(song, checks.require_beats(bpm, tempo.LEAST_BPM, tempo.MOST_BPM, "Tempo is out of range"))


SONG.writable(FLOAT, listenable=True)(checks.named("tempo", _set_tempo))


@SONG.method()
def tap_tempo(song: SongNode) -> None:
    tempo.tap(song)


@SONG.readable(listenable=True)
def re_enable_automation_enabled(song: SongNode) -> bool:
    return song.automated_tempo_bpm is not None and song.tempo_overridden


@SONG.method()
def re_enable_automation(song: SongNode) -> None:
    tempo.re_enable_automation(song)


@SONG.method()
def force_link_beat_time(song: SongNode) -> None:
    """Makes others on Ableton Link follow: there is nobody to see it."""


@SONG.writable(INT, listenable=True)
def signature_numerator(song: SongNode, beats: int) -> None:
    song.put("signature_numerator", checks.require_numerator(beats))


@SONG.writable(INT, listenable=True)
def signature_denominator(song: SongNode, part: int) -> None:
    song.put("signature_denominator", checks.require_denominator(part))


# Tracks and scenes


@SONG.method(ANYTHING, defaults=(None,))
def create_audio_track(song: SongNode, index: Any) -> TrackNode:
    return tracks.insert_track(song, "audio", _track_place(song, index))


@SONG.method(ANYTHING, defaults=(None,))
def create_midi_track(song: SongNode, index: Any) -> TrackNode:
    return tracks.insert_track(song, "midi", _track_place(song, index))


@SONG.method(INT)
def delete_track(song: SongNode, index: int) -> None:
    """A group track with all that lies in it."""
    track = song.tracks[_checked(index, song.tracks, "Track")]
    if len(song.tracks) == 1 + len(members_of(track)):
        raise RuntimeError("The last track cannot be deleted")
    tracks.remove_track(song, track)


@SONG.method(INT)
def duplicate_track(song: SongNode, index: int) -> None:
    duplicates.duplicate_track(song, _checked(index, song.tracks, "Track"))


@SONG.method()
def create_return_track(song: SongNode) -> TrackNode:
    return tracks.insert_return_track(song)


@SONG.method(INT)
def delete_return_track(song: SongNode, index: int) -> None:
    tracks.remove_return_track(song, _checked(index, song.return_tracks, "Return track"))


@SONG.method(INT)
def create_scene(song: SongNode, index: int) -> SceneNode:
    if not -1 <= index <= len(song.scenes):
        raise RuntimeError("Scene index is out of range")
    return tracks.insert_scene(song, len(song.scenes) if index == -1 else index)


@SONG.method(INT)
def delete_scene(song: SongNode, index: int) -> None:
    _checked(index, song.scenes, "Scene")
    if len(song.scenes) == 1:
        raise RuntimeError("The last scene cannot be deleted")
    tracks.remove_scene(song, index)


@SONG.method(INT)
def duplicate_scene(song: SongNode, index: int) -> None:
    duplicates.duplicate_scene(song, _checked(index, song.scenes, "Scene"))


@SONG.method(INT, defaults=(0,))
def capture_and_insert_scene(song: SongNode, mode: int) -> None:
    """Copies of all session clips that play, in a new scene below the selected one."""
    if mode != 0:
        raise RuntimeError("Of CaptureMode only `all` is simulated")
    playing = {track: track.playing.clip for track in song.tracks if track.playing is not None}
    selected = song.view.selected_scene
    index = song.scenes.index(selected) + 1 if selected in song.scenes else len(song.scenes)
    tracks.insert_scene(song, index)
    for track, clip in playing.items():
        duplicates.copy_clip_into(clip, track.clip_slots[index])


@SONG.method(BOOL, defaults=(True,))
def stop_all_clips(song: SongNode, quantized: bool) -> None:
    session.stop_all(song, quantized)


def _checked(index: int, of: tuple[Any, ...], what: str) -> int:
    if not 0 <= index < len(of):
        raise RuntimeError(f"{what} index is out of range")
    return index


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


@SONG.method(versions=since(12, 4))
def sync_parameter_changes(song: SongNode) -> None:
    song.runtime.join_step()


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
