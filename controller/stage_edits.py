"""What the user has changed of what we built, and a next build that leaves it as it is: pure.

What was built last is remembered as it is in Live. What stands otherwise is the user's: a clip that was built and does
not stand was deleted, or moved, or changed; one that stands and was not built was put there, or is what the other
became. A track's name, colour, volume and pan are the user's where they are not those that it was given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from controller.stage_built import Built, Edits, Look, LookName, Standing
from controller.stage_diff import SAME_BEATS, SAME_CENTS, SAME_LEVEL, Changes, WantedClip, WantedTrack, same_file
from controller.stage_reading import (
    FoundClip,
    FoundSet,
    FoundTrack,
    before_it_was_altered,
    live_set,
    planners_clips,
)
from search.arrangement import Arrangement, Clip
from search.live_set import AlteredClip

TOUCH_BEATS = 1e-3
"""Clips that overlap by less do not."""


def first_built(found: FoundSet, origin_beats: float) -> Built:
    """What stands when a job begins, its 0 s at `origin_beats`, as if that had been built. A clip of ours that the user
    had muted or warped by then is the user's: it stays, and what it was is gone."""
    seen = replace(found, origin_beats=origin_beats)
    ours = [(track.track_id, clip) for track in found.our_tracks for clip in track.clips if clip.ours]
    planners = planners_clips(seen)
    altered = {_wanted(clip): before_it_was_altered(clip, seen) for _, clip in ours if not clip.sounds_as_placed}
    return Built(
        {
            track.track_id: WantedTrack(track.name, track.colour, track.volume, track.pan, ())
            for track in found.our_tracks
        },
        frozenset((track_id, _wanted(clip)) for track_id, clip in planners),
        gone=frozenset(altered),
        sources={**altered, **{_wanted(clip): planners[track_id, clip] for track_id, clip in planners}},
        tempo_bpm=found.tempo_bpm,
    )


def standing_of(found: FoundSet, built: Built) -> Standing:
    """In the seconds of the tempo that it was built at: the next build gives all clips of ours their seconds again, if
    the user has changed that."""
    edits = edits_of(found, built)
    gone = built.gone | edits.deleted
    seen = replace(found, tempo_bpm=built.tempo_bpm)
    planners = planners_clips(seen)
    return Standing(
        live_set(seen).arrangement,
        frozenset(planners[one] for one in edits.placed if one in planners),
        tuple(sorted(built.sources[clip] for clip in gone)),
    )


def sources_of(arrangement: Arrangement, wanted: Sequence[WantedTrack]) -> dict[WantedClip, Clip]:
    pairs = zip(arrangement.tracks, wanted, strict=True)
    return {one: clip for track, there in pairs for clip, one in zip(track.clips, there.clips, strict=True)}


def built_of(
    wanted: Sequence[WantedTrack],
    track_ids: Sequence[int],
    sources: Mapping[WantedClip, Clip],
    before: Built,
    edits: Edits,
    tempo_bpm: float,
) -> Built:
    """What stands once `wanted` was made on the tracks of those ids, at that tempo."""
    pairs = list(zip(track_ids, wanted, strict=True))
    clips = frozenset((track_id, clip) for track_id, track in pairs for clip in track.clips)
    gone = (before.gone | edits.deleted) - {clip for _, clip in clips}
    return Built(
        {track_id: replace(track, clips=()) for track_id, track in pairs},
        clips,
        frozenset(),
        gone,
        edits.looks,
        {**{clip: before.sources[clip] for clip in gone}, **sources},
        tempo_bpm,
    )


def broken_off(
    before: Built,
    todo: Changes,
    track_ids: Sequence[int],
    sources: Mapping[WantedClip, Clip],
    edits: Edits,
    tempo_bpm: float,
) -> Built:
    """What is known of the set when an attempt to do `todo`, on the tracks of those ids, was not carried through."""
    tracks = list(zip(track_ids, todo.tracks, strict=True))
    created = {(track_id, clip) for track_id, change in tracks for clip in change.create}
    condemned = {(track.track_id, clip) for track, clip in todo.delete_clips}
    condemned_tracks = {track.track_id for track in todo.delete_tracks}
    doubtful = {
        place
        for place in before.clips
        if place[0] in condemned_tracks
        or any(track_id == place[0] and place[1].is_found_in(clip) for track_id, clip in condemned)
    }
    changed = {
        track_id for track_id, change in tracks if not (change.found and change.wanted.is_found_in(change.found))
    }
    return Built(
        {track_id: look for track_id, look in before.looks.items() if track_id not in changed},
        before.clips - doubtful,
        before.unsure | doubtful | created,
        before.gone | edits.deleted,
        edits.looks,
        {**before.sources, **sources},
        tempo_bpm,
    )


def edits_of(found: FoundSet, built: Built) -> Edits:
    """What the user has done to the clips of ours since."""
    standing = [(track.track_id, clip) for track in found.our_tracks for clip in track.clips]
    known = _by_place(built.clips | built.unsure)

    def was_built(track_id: int, clip: FoundClip) -> bool:
        return any(wanted.is_found_in(clip) for wanted in known.get((track_id, _key(clip.start_beats)), ()))

    stands = {
        (track_id, wanted)
        for track_id, clip in standing
        for wanted in known.get((track_id, _key(clip.start_beats)), ())
        if wanted.is_found_in(clip)
    }
    return Edits(
        frozenset((track_id, clip) for track_id, clip in standing if not was_built(track_id, clip)),
        frozenset(clip for _, clip in built.clips - stands),
        built.users | frozenset(_changed_looks(found, built)),
    )


def still_altered(found: FoundSet, altered: Sequence[AlteredClip]) -> Edits:
    """The user's clips, and those of ours that the user had muted or warped once, if they still stand so."""
    return Edits(
        frozenset(
            (track.track_id, clip)
            for track in found.our_tracks
            for clip in track.clips
            if not clip.ours or (not clip.sounds_as_placed and any(_is_at(clip, one) for one in altered))
        )
    )


def respecting(wanted: Sequence[WantedTrack], found: FoundSet, built: Built, edits: Edits) -> tuple[WantedTrack, ...]:
    """`wanted` without what the user has deleted, and without what would lie on a clip that the user placed; names,
    colours, volumes and pans as the user has them."""
    tracks = {track.track_id: track for track in found.our_tracks}
    by_name = {look.name: track_id for track_id, look in built.looks.items()}
    by_name.update({track.name: track_id for track_id, track in tracks.items()})
    gone = edits.deleted | built.gone
    changed = []
    for track in wanted:
        standing = tracks.get(by_name.get(track.name, 0))
        clips = tuple(clip for clip in track.clips if not any(_is_again(clip, other) for other in gone))
        if standing is None:
            changed.append(replace(track, clips=clips))
            continue
        users = [clip for track_id, clip in edits.placed if track_id == standing.track_id]
        free = tuple(clip for clip in clips if not any(_overlap(clip, other, found.tempo_bpm) for other in users))
        changed.append(replace(_as_the_user_has_it(track, standing, edits), clips=free))
    return tuple(changed)


def _changed_looks(found: FoundSet, built: Built) -> Iterator[Look]:
    for track in found.our_tracks:
        given = built.looks.get(track.track_id)
        if given is None:
            continue
        same: dict[LookName, bool] = {
            "name": track.name == given.name,
            "colour": track.colour == given.colour,
            "volume": abs(track.volume - given.volume) <= SAME_LEVEL,
            "pan": abs(track.pan - given.pan) <= SAME_LEVEL,
        }
        yield from ((track.track_id, name) for name, is_same in same.items() if not is_same)


def _as_the_user_has_it(track: WantedTrack, standing: FoundTrack, edits: Edits) -> WantedTrack:
    def is_users(name: LookName) -> bool:
        return (standing.track_id, name) in edits.looks

    return replace(
        track,
        name=standing.name if is_users("name") else track.name,
        colour=standing.colour if is_users("colour") else track.colour,
        volume=standing.volume if is_users("volume") else track.volume,
        pan=standing.pan if is_users("pan") else track.pan,
    )


def _wanted(clip: FoundClip) -> WantedClip:
    """What would be found as it is, if it sounded as placed."""
    levels = clip.gain, clip.pitch_coarse, clip.pitch_fine
    return WantedClip(clip.file_path, clip.start_beats, clip.loop_end, *levels, name=clip.name, colour=0)


def _is_at(clip: FoundClip, place: AlteredClip) -> bool:
    return abs(clip.start_beats - place.start_beats) <= SAME_BEATS and same_file(clip.file_path, place.file_path)


def _is_again(clip: WantedClip, other: WantedClip) -> bool:
    """Louder perhaps, or cut otherwise."""
    return (
        abs(clip.start_beats - other.start_beats) <= TOUCH_BEATS
        and clip.pitch_coarse == other.pitch_coarse
        and abs(clip.pitch_fine - other.pitch_fine) <= SAME_CENTS
        and same_file(clip.file_path, other.file_path)
    )


def _overlap(clip: WantedClip, other: FoundClip, tempo_bpm: float) -> bool:
    seconds = clip.end_seconds / 2.0 ** ((clip.pitch_coarse + clip.pitch_fine / 100.0) / 12.0)
    end_beats = clip.start_beats + seconds * tempo_bpm / 60.0
    return clip.start_beats < other.end_beats - TOUCH_BEATS and end_beats > other.start_beats + TOUCH_BEATS


def _by_place(clips: frozenset[tuple[int, WantedClip]]) -> dict[tuple[int, int], list[WantedClip]]:
    found: dict[tuple[int, int], list[WantedClip]] = {}
    for track_id, clip in clips:
        for key in _keys(clip.start_beats):
            found.setdefault((track_id, key), []).append(clip)
    return found


def _key(start_beats: float) -> int:
    return round(start_beats * 1000.0)


def _keys(start_beats: float) -> Iterator[int]:
    """Of positions that may be the same one."""
    yield from range(_key(start_beats) - 1, _key(start_beats) + 2)
