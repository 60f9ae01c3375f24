"""Saved sets, in memory: what is saved is kept as it was, and opened as new objects."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from live_simulator.errors import BadRequest
from live_simulator.nodes.songs import SongNode

ENDING = ".als"


class SavedSets:
    """By their paths. No file is written."""

    def __init__(self) -> None:
        self._sets: dict[str, SongNode] = {}

    def save(self, song: SongNode, path: str) -> None:
        """Names the open set after `path` and keeps how it stands, get_data's values too."""
        if not Path(path).is_absolute() or not path.endswith(ENDING):
            raise BadRequest(f"{path}: not an absolute path that ends in {ENDING}")
        if any(clip.is_recording for track in song.tracks for clip in track.clips):
            raise BadRequest(f"{path}: the set cannot be saved while something is being recorded (stop first)")
        song.name = Path(path).stem
        song.file_path = path
        self._sets[path] = _copy(song)

    def open(self, path: str) -> SongNode:
        """The set as it was saved, of objects that are not alive yet; its transport stands."""
        if path not in self._sets:
            raise BadRequest(f"{path}: no such set was saved here; saved are {', '.join(sorted(self._sets)) or 'none'}")
        return _copy(self._sets[path])


def _copy(song: SongNode) -> SongNode:
    """New objects, stopped."""
    shared: dict[int, Any] = {id(song.runtime): song.runtime, id(song.probe): song.probe}
    copied = copy.deepcopy(song, shared)
    for name, value in _STOPPED_SONG.items():
        setattr(copied, name, value)
    for track in copied.all_tracks():
        for name, value in _STOPPED_TRACK.items():
            setattr(track, name, value)
    return copied


_STOPPED_SONG = {
    "is_playing": False,
    "record_mode": False,
    "is_counting_in": False,
    "clips_run": False,
    "fired_scene": None,
    "song_time_set_tick": -1,
}
_STOPPED_TRACK = {"playing": None, "launch": None, "back_to_arranger": False}
