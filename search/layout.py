"""The tracks of a finished arrangement: as few for each role as its overlapping clips need. It sounds the same."""

from __future__ import annotations

from dataclasses import replace

from search.arrangement import Arrangement, Clip, Track
from search.editing import TOUCH_SECONDS, lane_name, role_of_track

Group = tuple[str, str, float, float]
"""What tracks must share so that clips may move between them: role, colour, volume, pan."""


def compacted(arrangement: Arrangement) -> Arrangement:
    """Clips in the order of time, each on the first track of its group that is free; empty tracks go."""
    groups: dict[Group, list[Clip]] = {}
    for track in arrangement.tracks:
        groups.setdefault((role_of_track(track), track.color, track.volume_db, track.pan), []).extend(track.clips)
    lanes_of_role: dict[str, int] = {}
    tracks = []
    for (role, color, volume_db, pan), clips in groups.items():
        for lane in _lanes(clips):
            number = lanes_of_role[role] = lanes_of_role.get(role, 0) + 1
            tracks.append(Track(lane_name(role, number), color, volume_db, pan, tuple(lane)))
    return replace(arrangement, tracks=tuple(tracks))


def _lanes(clips: list[Clip]) -> list[list[Clip]]:
    lanes: list[list[Clip]] = []
    for clip in sorted(clips):
        free = next((lane for lane in lanes if lane[-1].end_seconds <= clip.start_seconds + TOUCH_SECONDS), None)
        if free is None:
            lanes.append([clip])
        else:
            free.append(clip)
    return lanes
