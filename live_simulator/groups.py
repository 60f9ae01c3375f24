"""Group tracks: what lies in one is behind it in the song's list. Scripts cannot make any; users can."""

from __future__ import annotations

from typing import Iterator

from live_simulator.nodes.clips import ClipSlotNode
from live_simulator.nodes.songs import SongNode
from live_simulator.nodes.tracks import TrackNode


def groups_of(track: TrackNode) -> Iterator[TrackNode]:
    """The groups that it lies in, the nearest first."""
    while track.group is not None:
        track = track.group
        yield track


def members_of(group: TrackNode) -> tuple[TrackNode, ...]:
    """All that lies in it, also deeper down."""
    return tuple(track for track in group.song.tracks if group in groups_of(track))


def slots_under(slot: ClipSlotNode) -> tuple[ClipSlotNode, ...]:
    """Those that a group track's slot stands for: in its row, on the tracks in the group that hold clips."""
    group = slot.parent
    assert isinstance(group, TrackNode)
    row = group.clip_slots.index(slot)
    return tuple(track.clip_slots[row] for track in members_of(group) if track.holds_clips)


def is_visible(track: TrackNode) -> bool:
    return not any(group.is_folded for group in groups_of(track))


def is_silenced_by_solo(track: TrackNode) -> bool:
    """Something else is soloed, and neither it nor what it lies in or holds."""
    soloed = [other for other in (*track.song.tracks, *track.song.return_tracks) if other.solo]
    if not soloed or track.role == "master":
        return False
    own = {track, *groups_of(track), *members_of(track)}
    return not any(other in own for other in soloed)


def group_at(song: SongNode, index: int) -> TrackNode | None:
    """The group that a track lies in which is put in front of the song's track `index`."""
    if not 0 < index < len(song.tracks):
        return None
    before, after = song.tracks[index - 1], song.tracks[index]
    around = [before, *groups_of(before)]
    return after.group if after.group in around else None
