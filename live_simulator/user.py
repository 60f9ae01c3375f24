"""What a user does by hand in the set, so that tests can act as one. Each is an undo step."""

from __future__ import annotations

import math
from typing import Any, Callable

from live_simulator.clip_geometry import MOST_BEATS
from live_simulator.clips import new_audio_clip
from live_simulator.errors import BadRequest
from live_simulator.lane import add_clip, clear_around, remove_clip
from live_simulator.nodes.clips import ClipNode
from live_simulator.nodes.node import set_alive
from live_simulator.nodes.songs import SongNode
from live_simulator.nodes.tracks import TrackNode
from live_simulator.tracks import remove_track


def place_clip(song: SongNode, track_index: int, path: str, start_beats: float) -> None:
    track = _track(song, track_index)
    try:
        clip = new_audio_clip(track, path)
    except ValueError as why:
        raise BadRequest(f"{path}: {why}") from why
    clip.start_time = _beats(start_beats)
    with song.runtime.change("Place Clip"):
        set_alive(clip, True)
        add_clip(track, clip)


def move_clip(song: SongNode, track_index: int, clip_index: int, start_beats: float) -> None:
    """To another place on its track, over whatever is there."""
    clip = _clip(song, track_index, clip_index)
    with song.runtime.change("Move Clip"):
        clip.put("start_time", _beats(start_beats))
        clear_around(clip)


def delete_clip(song: SongNode, track_index: int, clip_index: int) -> None:
    clip = _clip(song, track_index, clip_index)
    with song.runtime.change("Delete Clip"):
        remove_clip(clip)


def select_clip(song: SongNode, track_index: int, clip_index: int) -> None:
    clip = _clip(song, track_index, clip_index)
    with song.runtime.change(""):
        song.view.put("selected_track", clip.track, undoable=False)
        song.view.put("detail_clip", clip, undoable=False)


def delete_track(song: SongNode, track_index: int) -> None:
    track = _track(song, track_index)
    with song.runtime.change("Delete Track"):
        remove_track(song, track)


def set_tempo(song: SongNode, tempo_bpm: float) -> None:
    if not 20.0 <= tempo_bpm <= 999.0:
        raise BadRequest(f"tempo {tempo_bpm}; Live's tempos are 20 to 999")
    with song.runtime.change("Set Tempo"):
        song.put("tempo", tempo_bpm)


ACTIONS: dict[str, tuple[Callable[..., None], tuple[Any, ...]]] = {
    "user_place_clip": (place_clip, (int, str, float)),
    "user_move_clip": (move_clip, (int, int, float)),
    "user_delete_clip": (delete_clip, (int, int)),
    "user_select_clip": (select_clip, (int, int)),
    "user_delete_track": (delete_track, (int,)),
    "user_set_tempo": (set_tempo, (float,)),
}
"""Name -> (what is done, the types of its arguments). Tracks and clips count from 0, clips in time order."""


def _track(song: SongNode, index: int) -> TrackNode:
    if not 0 <= index < len(song.tracks):
        raise BadRequest(f"track {index}; the set has tracks 0 to {len(song.tracks) - 1}")
    return song.tracks[index]


def _clip(song: SongNode, track_index: int, clip_index: int) -> ClipNode:
    clips = _track(song, track_index).clips
    if not 0 <= clip_index < len(clips):
        raise BadRequest(f"clip {clip_index} of track {track_index}, which has {len(clips)} clips")
    return clips[clip_index]


def _beats(start_beats: float) -> float:
    if not (math.isfinite(start_beats) and 0.0 <= start_beats <= MOST_BEATS):
        raise BadRequest(f"beat {start_beats}; Live's arrangement has beats 0 to {MOST_BEATS:.0f}")
    return start_beats
