"""An action of the user's, and how one finds in the set what it is done to. Everything counts from 0."""

from __future__ import annotations

import math
from typing import Callable, Mapping, NamedTuple

from live_simulator.clip_geometry import MOST_BEATS
from live_simulator.errors import BadRequest
from live_simulator.nodes.clips import ClipNode
from live_simulator.nodes.songs import SongNode
from live_simulator.nodes.tracks import TrackNode


class Action(NamedTuple):
    """`run` takes the Simulator and `takes`: the arguments in order, by name and type."""

    run: Callable[..., None]
    takes: Mapping[str, type] = {}


TRACK = {"track": int}
CLIP = {"track": int, "clip": int}


def track_at(song: SongNode, index: int) -> TrackNode:
    if not 0 <= index < len(song.tracks):
        raise BadRequest(f"track {index}; the set has tracks 0 to {len(song.tracks) - 1}")
    return song.tracks[index]


def clip_at(song: SongNode, track_index: int, clip_index: int) -> ClipNode:
    """An arrangement clip, in time order."""
    clips = track_at(song, track_index).clips
    if not 0 <= clip_index < len(clips):
        raise BadRequest(f"clip {clip_index} of track {track_index}, which has {len(clips)} clips")
    return clips[clip_index]


def require_beats(beats: float) -> float:
    if not (math.isfinite(beats) and 0.0 <= beats <= MOST_BEATS):
        raise BadRequest(f"beat {beats}; Live's arrangement has beats 0 to {MOST_BEATS:.0f}")
    return beats
