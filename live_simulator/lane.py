"""A lane of a track's arrangement, its own or a take lane: clips in time order that never overlap.

What is put onto others overwrites them.
"""

from __future__ import annotations

from typing import Union

from live_simulator.clip_geometry import cut_head, cut_tail, end_time_beats, own_extent_beats
from live_simulator.clips import copy_clip
from live_simulator.nodes.clips import ClipNode, TakeLaneNode
from live_simulator.nodes.node import set_alive
from live_simulator.nodes.tracks import TrackNode

Lane = Union[TrackNode, TakeLaneNode]

SPLITS_SINCE = (12, 4, 0)
"""Something put into the middle of a clip leaves both its ends; in older versions only the first."""


def add_clip(lane: Lane, clip: ClipNode) -> None:
    """Puts a clip that is alive, with its own position and extent, onto the lane."""
    _store(lane, (*lane.clips, clip))
    clear_around(clip)


def clear_around(clip: ClipNode) -> None:
    """Overwrites what lies under `clip` on its track."""
    kept: list[ClipNode] = []
    for other in clip.lane.clips:
        kept.extend([clip] if other is clip else _left_of(other, clip))
    _store(clip.lane, tuple(kept))


def remove_clip(clip: ClipNode) -> None:
    _store(clip.lane, tuple(other for other in clip.lane.clips if other is not clip))
    set_alive(clip, False)


def _left_of(other: ClipNode, above: ClipNode) -> list[ClipNode]:
    """What is left of a clip when the clip `above` lies on it. One that is being recorded is not overwritten."""
    if other.is_recording:
        return [other]
    start_beats, end_beats = above.start_time, above.start_time + own_extent_beats(above)
    other_end = end_time_beats(other, ignored=above)
    if other_end <= start_beats or other.start_time >= end_beats:
        return [other]
    keeps_head, keeps_tail = other.start_time < start_beats, other_end > end_beats
    if not keeps_head and not keeps_tail:
        set_alive(other, False)
        return []
    if not keeps_head:
        cut_head(other, end_beats)
        return [other]
    left = [other]
    if keeps_tail and other.track.song.version >= SPLITS_SINCE:
        tail = copy_clip(other, other.lane)
        set_alive(tail, True)
        cut_head(tail, end_beats)
        left.append(tail)
    cut_tail(other, start_beats)
    return left


def _store(lane: Lane, clips: tuple[ClipNode, ...]) -> None:
    lane.put("clips", tuple(sorted(clips, key=lambda clip: clip.start_time)))
    song = lane.track.song if isinstance(lane, TakeLaneNode) else lane.song
    lane.runtime.touch(song, "song_length")
