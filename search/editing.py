"""What a producer does to an arrangement, each as a function from one arrangement to the next. None: it cannot be
done.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from search.arrangement import TOUCH_SECONDS as TOUCH_SECONDS
from search.arrangement import Arrangement, Clip, Track
from search.roles import color_of
from search.rules import Rulebook

DOUBLE_SECONDS = 0.02


def insert(arrangement: Arrangement, clip: Clip, role: str, book: Rulebook) -> Arrangement | None:
    """`clip` on the first track of its role that is free there, else on a new one, else on any free one. Where the same
    sounds at the same moment already, a louder clip is what is wanted, not another one."""
    if any(_doubles(track, clip) for track in arrangement.tracks) or not book.allows(arrangement, clip):
        return None
    free = [
        number
        for number, track in enumerate(arrangement.tracks)
        if is_free(track, clip) and not book.is_too_quiet(clip, track.volume_db)
    ]
    for number in free:
        if role_of_track(arrangement.tracks[number]) == role:
            return with_track(arrangement, number, _added(arrangement.tracks[number], clip))
    if len(arrangement.tracks) < book.rules.most_tracks and not book.is_too_quiet(clip):
        lanes = sum(role_of_track(track) == role for track in arrangement.tracks)
        new = Track(lane_name(role, lanes + 1), color_of(role), clips=(clip,))
        return replace(arrangement, tracks=(*arrangement.tracks, new))
    for number in free:
        return with_track(arrangement, number, _added(arrangement.tracks[number], clip))
    return None


def remove(arrangement: Arrangement, track_number: int, clip: Clip) -> Arrangement:
    track = arrangement.tracks[track_number]
    return with_track(arrangement, track_number, replace(track, clips=tuple(c for c in track.clips if c != clip)))


def exchange(arrangement: Arrangement, track_number: int, old: Clip, new: Clip, book: Rulebook) -> Arrangement | None:
    """`new` in the place of `old` on the same track."""
    track = arrangement.tracks[track_number]
    if book.is_too_quiet(new, track.volume_db) or not book.allows(arrangement, new, old):
        return None
    without = replace(track, clips=tuple(c for c in track.clips if c != old))
    return with_track(arrangement, track_number, _added(without, new)) if is_free(without, new) else None


def without_quiet(arrangement: Arrangement, book: Rulebook) -> Arrangement:
    """The arrangement without the clips that are too quiet to be there at all."""
    tracks = []
    for track in arrangement.tracks:
        left = tuple(c for c in track.clips if c in book.held or not book.is_too_quiet(c, track.volume_db))
        tracks.append(track if len(left) == len(track.clips) else replace(track, clips=left))
    return replace(arrangement, tracks=tuple(tracks))


def with_track(arrangement: Arrangement, number: int, track: Track) -> Arrangement:
    return replace(arrangement, tracks=(*arrangement.tracks[:number], track, *arrangement.tracks[number + 1 :]))


def is_free(track: Track, clip: Clip) -> bool:
    """Whether `clip` would overlap nothing on the track."""
    at = bisect_left(track.clips, clip.start_seconds, key=lambda other: other.start_seconds)
    if at < len(track.clips) and track.clips[at].start_seconds < clip.end_seconds - TOUCH_SECONDS:
        return False
    return at == 0 or track.clips[at - 1].end_seconds <= clip.start_seconds + TOUCH_SECONDS


def _doubles(track: Track, clip: Clip) -> bool:
    at = bisect_left(track.clips, clip.start_seconds - DOUBLE_SECONDS, key=lambda other: other.start_seconds)
    if at == len(track.clips) or track.clips[at].start_seconds > clip.start_seconds + DOUBLE_SECONDS:
        return False
    voice = (clip.sample, clip.offset_seconds, clip.transpose_semitones)
    other = track.clips[at]
    return voice == (other.sample, other.offset_seconds, other.transpose_semitones)


def _added(track: Track, clip: Clip) -> Track:
    at = bisect_left(track.clips, clip.start_seconds, key=lambda other: other.start_seconds)
    return replace(track, clips=(*track.clips[:at], clip, *track.clips[at:]))


def lane_name(role: str, number: int) -> str:
    """The name of the `number`th track of a role: "Bass", "Bass 2", ..."""
    return role if number == 1 else f"{role} {number}"


def role_of_track(track: Track) -> str:
    """What `lane_name` made its name of."""
    name, _, lane = track.name.rpartition(" ")
    return name if name and lane.isdigit() else track.name
