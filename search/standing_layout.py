"""The tracks of an arrangement in a set where much of it stands already: as `layout` lays them, but what stands stays
there. While a set fills, clips do not hop from track to track."""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from statistics import median_low

from embedding.kernels import semitones_to_ratio
from search.arrangement import LOUDEST_CLIP_DB, Arrangement, Clip, Track
from search.editing import role_of_track
from search.lanes import Lane, Placed, fewer, is_free
from search.layout import (
    DECIMALS,
    FADER_DB,
    QUIETEST_GAIN_DB,
    in_order,
    joined,
    lanes_by_role,
    levels_in_clips,
    named,
    placed_of,
    with_gain,
)
from search.locks import NO_LOCKS, Locks

SAME_SECONDS = 2e-3
"""What a Live may have rounded."""
SAME_SEMITONES = 0.02

Homes = dict[Placed, dict[int, Clip]]
"""Where a clip stands: by the track's number the clip there, of which it may be a part."""


def settled(
    arrangement: Arrangement,
    roles: Mapping[str, str],
    most_tracks: int,
    standing: Sequence[Track],
    locks: Locks = NO_LOCKS,
) -> Arrangement:
    """As `compacted`, but clips that are on a track of `standing`, the set as it is now, stay on it; it keeps name,
    colour and pan, and its volume where most of its clips are as loud to each other as before. New clips go where there
    is room on a track of their role; others are made as long as there are not more than `most_tracks`.

    `locks`, as loud as with faders at 0 dB: what is held stays as it is, and what they bar is left out where it does
    not stand already.
    """
    held = locks.held
    lanes, homes, left = _at_home(placed_of(arrangement, roles), standing, held)
    left = [one for one in left if not locks.bars(one.clip)]
    users = {number for number, lane in enumerate(lanes) if any(one.clip in held for one in lane)}
    _seated(left, lanes, standing, held, _is_of_its_role)
    free = [lane for number, lane in enumerate(lanes) if lane and number not in users]
    others = fewer([*free, *lanes_by_role(left)], most_tracks - len(users))
    if len(others) + len(users) > most_tracks:
        _seated(left, lanes, standing, held, lambda _track, _one: True)
        others = fewer([*free, *lanes_by_role(left)], most_tracks - len(users))
    tracks = [_as_it_stands(lanes[number], homes, number, standing, held) for number in sorted(users)]
    new, taken = [], set(users)
    for lane in sorted(others, key=len, reverse=True):
        number = _home_of(lane, homes, taken)
        if number is None:
            new.append(lane)
        else:
            taken.add(number)
            tracks.append(_as_it_stands(lane, homes, number, standing, ()))
    tracks += named(new, arrangement.tracks, {track.name for track in tracks})
    return replace(arrangement, tracks=in_order(tracks))


def _at_home(
    placed: Sequence[Placed], standing: Sequence[Track], held: frozenset[Clip]
) -> tuple[list[Lane], Homes, list[Placed]]:
    """On each track of `standing` what stays there; where; and what stands nowhere. The user's come first."""
    index = _index(standing)
    lanes: list[Lane] = [[] for _ in standing]
    homes: Homes = defaultdict(dict)
    left = []
    for one in sorted(placed, key=lambda one: (one.clip not in held, one)):
        is_held = one.clip in held
        for number, stands, level in sorted(index[one.clip.sample], key=partial(_unlike, one, standing)):
            there = one._replace(pan=standing[number].pan)
            here = level == one.clip if is_held else _is_part_of(one.clip, stands)
            has_room = is_free if is_held else partial(_has_room, standing[number], held)
            if here and has_room(lanes[number], there):
                insort(lanes[number], there)
                homes[there][number] = stands
                break
        else:
            left.append(one)
    return lanes, homes, left


def _index(standing: Sequence[Track]) -> Mapping[str, list[tuple[int, Clip, Clip]]]:
    """By sample: the track's number, the clip, and the clip with the fader at 0 dB."""
    found: dict[str, list[tuple[int, Clip, Clip]]] = defaultdict(list)
    for number, track in enumerate(standing):
        for clip, level in zip(track.clips, _levelled(track), strict=True):
            found[clip.sample].append((number, clip, level))
    return found


def _unlike(one: Placed, standing: Sequence[Track], found: tuple[int, Clip, Clip]) -> tuple[bool, float, float]:
    """Least of what is most likely the same clip."""
    number, stands, level = found
    longer_seconds = round(stands.length_seconds - one.clip.length_seconds, 2)
    return standing[number].pan != one.pan, longer_seconds, abs(level.gain_db - one.clip.gain_db)


def _levelled(track: Track) -> Iterator[Clip]:
    return (clip for _, clip in levels_in_clips(Arrangement(tracks=(track,))).clips())


def _is_part_of(clip: Clip, stands: Clip) -> bool:
    """Whether it is heard there already, louder perhaps or quieter."""
    after_seconds = clip.start_seconds - stands.start_seconds
    offset_seconds = stands.offset_seconds + after_seconds * semitones_to_ratio(stands.transpose_semitones)
    return (
        after_seconds >= -SAME_SECONDS
        and clip.end_seconds <= stands.end_seconds + SAME_SECONDS
        and abs(clip.transpose_semitones - stands.transpose_semitones) <= SAME_SEMITONES
        and abs(clip.offset_seconds - offset_seconds) <= SAME_SECONDS
    )


def _is_of_its_role(track: Track, one: Placed) -> bool:
    return role_of_track(track) == one.role


def _seated(
    left: list[Placed],
    lanes: list[Lane],
    standing: Sequence[Track],
    held: Collection[Clip],
    suits: Callable[[Track, Placed], bool],
) -> None:
    """Takes from `left` what has room on a track that suits it, preferably one that has its sample."""
    for one in list(left):
        free = [
            lane
            for lane, track in zip(lanes, standing, strict=True)
            if lane and track.pan == one.pan and _has_room(track, held, lane, one) and suits(track, one)
        ]
        if free:
            insort(max(free, key=lambda lane: any(other.clip.sample == one.clip.sample for other in lane)), one)
            left.remove(one)


def _has_room(track: Track, held: Collection[Clip], lane: Lane, one: Placed) -> bool:
    """Faders of the user's do not follow."""
    is_users = any(other.clip in held for other in lane)
    return is_free(lane, one) and not (is_users and one.clip.gain_db - track.volume_db > LOUDEST_CLIP_DB)


def _home_of(lane: Lane, homes: Homes, taken: Collection[int]) -> int | None:
    """On which of the tracks that are not `taken` most of its clips stand."""
    counts = Counter(number for one in lane for number in homes.get(one, ()) if number not in taken)
    return max(counts, key=lambda number: (counts[number], -number), default=None)


def _as_it_stands(lane: Lane, homes: Homes, number: int, standing: Sequence[Track], held: Collection[Clip]) -> Track:
    """The lane's clips on the track of that number."""
    stands = standing[number]
    there = {one.clip: homes[one][number] for one in lane if number in homes.get(one, ())}
    users = {clip: there[clip] for clip in there if clip in held}
    apart_db = [clip.gain_db - before.gain_db for clip, before in there.items()]
    volume_db = stands.volume_db if users else _fader_db(median_low(apart_db), [one.clip.gain_db for one in lane])

    def regained(clip: Clip) -> Clip:
        gain_db = min(LOUDEST_CLIP_DB, max(QUIETEST_GAIN_DB, clip.gain_db - volume_db))
        return users.get(clip) or with_gain(clip, gain_db)

    def is_users(clip: Clip) -> bool:
        return clip in users.values()

    runs = groupby((regained(one.clip) for one in lane), is_users)
    clips = [clip for whose, run in runs for clip in (run if whose else joined(list(run)))]
    return replace(stands, volume_db=volume_db, clips=tuple(clips))


def _fader_db(wanted_db: float, levels_db: Sequence[float]) -> float:
    """As near to that as faders go and as the gains of clips of these levels allow."""
    least_db = max(FADER_DB[0], max(levels_db) - LOUDEST_CLIP_DB)
    return round(min(FADER_DB[1], max(wanted_db, least_db)), DECIMALS)
