"""The tracks of a finished arrangement, as a producer would lay them: by role, few, each with few different samples,
the common level of its clips on its fader. It sounds the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from statistics import median_low

from embedding.kernels import semitones_to_ratio
from search.arrangement import LOUDEST_CLIP_DB, Arrangement, Clip, Track
from search.editing import lane_name, role_of_track
from search.lanes import ROLE_ORDER, Placed, fewer, lanes_of, role_of_lane
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


def compacted(
    arrangement: Arrangement,
    roles: Mapping[str, str],
    most_tracks: int,
    held: Collection[Clip] = (),
    standing: Sequence[Track] = (),
) -> Arrangement:
    """`roles` of samples by path; clips on tracks that the user named otherwise stay on tracks of that name.

    A track on which clips of `held` are (gains as in `arrangement`, whose faders are at 0 dB) stays one, with all its
    clips: it has the colour, volume and pan of the one of its name in `standing`, the set as the user has it, and those
    clips have the gains that they have there.

    Drums first, each role on as few tracks as its overlapping clips need, each track with few different samples. Where
    these are more than `most_tracks`, clips of the least tracks go where there is room, and a track is named after what
    most of its clips are. Tracks are never more than `most_tracks` unless they were before, and then no more than
    before.
    """
    colors = {role_of_track(track): track.color for track in reversed(arrangement.tracks)}
    users, arrangement = _parted(levels_in_clips(arrangement), frozenset(held), standing)
    groups: dict[tuple[float, str], list[Placed]] = {}
    for track, clip in arrangement.clips():
        named = role_of_track(track)
        role = roles.get(clip.sample, named) if named in COLORS else named
        groups.setdefault((track.pan, role), []).append(Placed(clip, role, track.pan))
    lanes = fewer([lane for _, group in sorted(groups.items()) for lane in lanes_of(group)], most_tracks - len(users))
    lanes.sort(key=lambda lane: (role_of_lane(lane), -len(lane)))
    numbers: Counter[str] = Counter()
    taken = {track.name for track in users}
    tracks = list(users)
    for lane in lanes:
        role = role_of_lane(lane)
        numbers[role] += 1
        while lane_name(role, numbers[role]) in taken:
            numbers[role] += 1
        empty = Track(lane_name(role, numbers[role]), colors.get(role, color_of(role)), 0.0, lane[0].pan)
        tracks.append(_with_clips(empty, _joined([one.clip for one in lane])))
    return replace(arrangement, tracks=tuple(sorted(tracks, key=_rank)))


def levels_in_clips(arrangement: Arrangement) -> Arrangement:
    """The same sound with all faders at 0 dB."""
    tracks = []
    for track in arrangement.tracks:
        clips = (_with_gain(clip, clip.gain_db + track.volume_db) for clip in track.clips)
        tracks.append(replace(track, volume_db=0.0, clips=tuple(clips)) if track.volume_db else track)
    return replace(arrangement, tracks=tuple(tracks))


def _rank(track: Track) -> int:
    """Drums first, tracks that the user named last."""
    return ROLE_ORDER.get(role_of_track(track), len(ROLE_ORDER))


def _parted(
    arrangement: Arrangement, held: frozenset[Clip], standing: Sequence[Track]
) -> tuple[list[Track], Arrangement]:
    """The tracks that stay as they are, as the user has them, and the rest of the arrangement."""
    waiting = list(standing)
    users, others = [], []
    for track in arrangement.tracks:
        place = next((n for n, one in enumerate(waiting) if one.name == track.name), None)
        stands = None if place is None else waiting.pop(place)
        if stands is None or held.isdisjoint(track.clips):
            others.append(track)
        else:
            users.append(_as_it_stands(track, stands, held))
    return users, replace(arrangement, tracks=tuple(others))


def _as_it_stands(track: Track, stands: Track, held: frozenset[Clip]) -> Track:
    """`track`, its fader at 0 dB, with that of `stands`."""
    levelled = (clip for _, clip in levels_in_clips(Arrangement(tracks=(stands,))).clips())
    users = {clip: as_set for clip, as_set in zip(levelled, stands.clips, strict=True) if clip in held}

    def regained(clip: Clip) -> Clip:
        gain_db = max(QUIETEST_GAIN_DB, clip.gain_db - stands.volume_db)
        return users.get(clip) or _with_gain(clip, min(LOUDEST_CLIP_DB, gain_db))

    return replace(stands, clips=tuple(regained(clip) for clip in track.clips))


def _joined(clips: Sequence[Clip]) -> list[Clip]:
    """A clip that goes on where the one before it ends, in time and in the sample, becomes a part of it."""
    joined: list[Clip] = []
    for clip in clips:
        if joined and _goes_on(joined[-1], clip):
            joined[-1] = replace(
                joined[-1], length_seconds=round(clip.end_seconds - joined[-1].start_seconds, DECIMALS)
            )
        else:
            joined.append(clip)
    return joined


def _goes_on(clip: Clip, after: Clip) -> bool:
    heard_seconds = clip.length_seconds * semitones_to_ratio(clip.transpose_semitones)
    return (
        (clip.sample, clip.transpose_semitones) == (after.sample, after.transpose_semitones)
        and abs(clip.gain_db - after.gain_db) < SAME_DB
        and abs(clip.end_seconds - after.start_seconds) < SAME_SECONDS
        and abs(clip.offset_seconds + heard_seconds - after.offset_seconds) < SAME_SECONDS
    )


def _with_clips(track: Track, clips: Sequence[Clip]) -> Track:
    """`clips` on an empty track whose volume is the median of their levels, as far as volumes and gains go."""
    levels_db = [clip.gain_db for clip in clips]
    volume_db = min(LOUDEST_VOLUME_DB, max(QUIETEST_VOLUME_DB, median_low(levels_db)))
    volume_db = max(FADER_DB[0], min(volume_db, min(levels_db) - QUIETEST_GAIN_DB))
    volume_db = min(FADER_DB[1], max(volume_db, max(levels_db) - LOUDEST_GAIN_DB))
    gains = [max(QUIETEST_GAIN_DB, level_db - volume_db) for level_db in levels_db]
    with_gains = tuple(_with_gain(clip, gain_db) for clip, gain_db in zip(clips, gains, strict=True))
    return replace(track, volume_db=round(volume_db, DECIMALS), clips=with_gains)


def _with_gain(clip: Clip, gain_db: float) -> Clip:
    return replace(clip, gain_db=round(gain_db, DECIMALS))
