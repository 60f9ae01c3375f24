"""The tracks of a finished arrangement, as a producer would lay them: by role, few, each with few different samples,
the common level of its clips on its fader. It sounds the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median_low

from embedding.kernels import semitones_to_ratio
from search.arrangement import Arrangement, Clip, Track
from search.editing import lane_name, role_of_track
from search.lanes import ROLE_ORDER, Lane, Placed, fewer, lanes_of, role_of_lane
from search.roles import COLORS, color_of

QUIETEST_VOLUME_DB, LOUDEST_VOLUME_DB = -15.0, 0.0
QUIETEST_GAIN_DB, LOUDEST_GAIN_DB = -42.0, 18.0
"""Some dB within what faders and clips are used for, so that the whole mix can be made louder or quieter."""
FADER_DB = (-18.0, 6.0)
"""For what a user set so far apart that it would not fit otherwise."""
SAME_DB = 1e-6
SAME_SECONDS = 1e-5
"""Half a sample."""
DECIMALS = 9
"""Of levels and seconds, so that sums of them are again the round numbers that they were."""


def compacted(arrangement: Arrangement, roles: Mapping[str, str], most_tracks: int) -> Arrangement:
    """`roles` of samples by path; clips on tracks that the user named otherwise stay on tracks of that name.

    Drums first, each role on as few tracks as its overlapping clips need, each track with few different samples. Where
    these are more than `most_tracks`, clips of the least tracks go where there is room, and a track is named after what
    most of its clips are. Tracks are never more than `most_tracks` unless they were before, and then no more than
    before.
    """
    lanes = fewer(lanes_by_role(placed_of(arrangement, roles)), most_tracks)
    return replace(arrangement, tracks=in_order(named(lanes, arrangement.tracks)))


def placed_of(arrangement: Arrangement, roles: Mapping[str, str]) -> list[Placed]:
    """All clips, as loud as with faders at 0 dB."""
    found = []
    for track, clip in levels_in_clips(arrangement).clips():
        role = role_of_track(track)
        found.append(Placed(clip, roles.get(clip.sample, role) if role in COLORS else role, track.pan))
    return found


def lanes_by_role(placed: Iterable[Placed]) -> list[Lane]:
    """Each of one role and pan."""
    groups: dict[tuple[float, str], list[Placed]] = {}
    for one in placed:
        groups.setdefault((one.pan, one.role), []).append(one)
    return [lane for _, group in sorted(groups.items()) for lane in lanes_of(group)]


def named(lanes: Sequence[Lane], before: Sequence[Track], taken: Collection[str] = ()) -> list[Track]:
    """Tracks of these lanes, in the colours that tracks of their roles had `before`; no name is one of `taken`."""
    colors = {role_of_track(track): track.color for track in reversed(before)}
    numbers: Counter[str] = Counter()
    tracks = []
    for lane in sorted(lanes, key=lambda lane: (role_of_lane(lane), -len(lane))):
        role = role_of_lane(lane)
        numbers[role] += 1
        while lane_name(role, numbers[role]) in taken:
            numbers[role] += 1
        empty = Track(lane_name(role, numbers[role]), colors.get(role, color_of(role)), 0.0, lane[0].pan)
        tracks.append(with_levels(empty, joined([one.clip for one in lane])))
    return tracks


def in_order(tracks: Iterable[Track]) -> tuple[Track, ...]:
    """Drums first, tracks that the user named last."""
    return tuple(sorted(tracks, key=lambda track: ROLE_ORDER.get(role_of_track(track), len(ROLE_ORDER))))


def levels_in_clips(arrangement: Arrangement) -> Arrangement:
    """The same sound with all faders at 0 dB."""
    tracks = []
    for track in arrangement.tracks:
        clips = (with_gain(clip, clip.gain_db + track.volume_db) for clip in track.clips)
        tracks.append(replace(track, volume_db=0.0, clips=tuple(clips)) if track.volume_db else track)
    return replace(arrangement, tracks=tuple(tracks))


def joined(clips: Sequence[Clip]) -> list[Clip]:
    """A clip that goes on where the one before it ends, in time and in the sample, becomes a part of it."""
    found: list[Clip] = []
    for clip in clips:
        if found and _goes_on(found[-1], clip):
            found[-1] = replace(found[-1], length_seconds=round(clip.end_seconds - found[-1].start_seconds, DECIMALS))
        else:
            found.append(clip)
    return found


def _goes_on(clip: Clip, after: Clip) -> bool:
    heard_seconds = clip.length_seconds * semitones_to_ratio(clip.transpose_semitones)
    return (
        (clip.sample, clip.transpose_semitones) == (after.sample, after.transpose_semitones)
        and abs(clip.gain_db - after.gain_db) < SAME_DB
        and abs(clip.end_seconds - after.start_seconds) < SAME_SECONDS
        and abs(clip.offset_seconds + heard_seconds - after.offset_seconds) < SAME_SECONDS
    )


def with_levels(track: Track, clips: Sequence[Clip]) -> Track:
    """`clips` on an empty track whose volume is the median of their levels, as far as volumes and gains go."""
    levels_db = [clip.gain_db for clip in clips]
    volume_db = min(LOUDEST_VOLUME_DB, max(QUIETEST_VOLUME_DB, median_low(levels_db)))
    volume_db = max(FADER_DB[0], min(volume_db, min(levels_db) - QUIETEST_GAIN_DB))
    volume_db = min(FADER_DB[1], max(volume_db, max(levels_db) - LOUDEST_GAIN_DB))
    gains = [max(QUIETEST_GAIN_DB, level_db - volume_db) for level_db in levels_db]
    with_gains = tuple(with_gain(clip, gain_db) for clip, gain_db in zip(clips, gains, strict=True))
    return replace(track, volume_db=round(volume_db, DECIMALS), clips=with_gains)


def with_gain(clip: Clip, gain_db: float) -> Clip:
    return replace(clip, gain_db=round(gain_db, DECIMALS))
