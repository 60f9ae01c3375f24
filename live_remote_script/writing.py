"""Commands that change the set as a whole and its tracks; and settle, which waits until that is done."""

from __future__ import annotations

from typing import Any, Dict, List

from .context import Context
from .jobs import Refused, Steps, Wait, wait_until
from .live_versions import tempo_owner
from .ours import (
    OurTrack,
    arrangement_clips,
    disarm,
    find_track,
    is_ours,
    our_track,
    our_tracks,
    shown,
    tag_of,
    unused_track_id,
    users_clips_on,
    write_tag,
)

STRUCTURE = "structure"
"""The turn for adding and deleting tracks: one a tick, as several in one tick have crashed Live."""
SAME_TEMPO_BPM = 1e-3
OWNERS = {
    "automated": "the tempo is automated; delete its automation in the Main track, or allow no tempo change",
    "link": "Ableton Link is on and owns the tempo; switch Link off in Live's control bar",
    "follower": "Live's tempo follower owns the tempo; switch Follow off in Live's control bar",
}


def begin(context: Context, origin_beats: float) -> List[Any]:
    song = context.song()
    tag = tag_of(song) or {}
    write_tag(song, dict(tag, origin_beats=origin_beats, tempo_before=tag.get("tempo_before", float(song.tempo))))
    return []


def set_tempo(context: Context, tempo_bpm: float) -> Steps:
    song = context.song()
    owner = tempo_owner(song)
    if owner != "free":
        raise Refused("tempo_owned", OWNERS[owner])
    before = float(song.tempo)
    song.tempo = tempo_bpm
    yield from wait_until(
        lambda: abs(song.tempo - tempo_bpm) <= SAME_TEMPO_BPM,
        lambda: Refused(
            "tempo_owned", "the tempo stays at %s though %s was set (automated?)" % (song.tempo, tempo_bpm)
        ),
    )
    tag = tag_of(song) or {}
    write_tag(song, dict(tag, tempo_before=tag.get("tempo_before", before), tempo_set=float(song.tempo)))
    return [float(song.tempo)]


def create_track(context: Context, name: str, colour: int, volume: float, pan: float) -> Steps:
    yield from context.turns.take(STRUCTURE)
    try:
        song = context.song()
        track_id = unused_track_id(song)
        track = song.create_audio_track(-1)
        write_tag(track, {"id": track_id, "files": []})
        _dress(track, name, colour, volume, pan)
        disarm(track)
        yield
        return [track_id]
    finally:
        context.turns.give_back(STRUCTURE)


def set_track(context: Context, track_id: int, name: str, colour: int, volume: float, pan: float) -> List[Any]:
    _dress(our_track(context.song(), track_id).track, name, colour, volume, pan)
    return []


def delete_track(context: Context, track_id: int) -> Steps:
    yield from context.turns.take(track_id)
    try:
        ours = our_track(context.song(), track_id)
        others = users_clips_on(ours)
        if others:
            raise Refused("not_ours", "track %r holds %d clips that the user put there" % (ours.track.name, others))
        yield from _delete_track(context, track_id)
        return []
    finally:
        context.turns.give_back(track_id)


def settle(context: Context) -> Steps:
    while context.jobs.unfinished_writes or not context.playhead.at_rest:
        yield
    return []


def undo(context: Context) -> Steps:
    """Tracks are looked up anew at each step: between two ticks the user may delete one by hand."""
    clips = tracks = 0
    left: List[int] = []
    for track_id in [ours.track_id for ours in our_tracks(context.song())]:
        yield from context.turns.take(track_id)
        try:
            ours = find_track(context.song(), track_id)
            if ours is None:
                continue
            clips += sum(1 for clip in arrangement_clips(ours.track) if is_ours(ours.files, clip))
            if users_clips_on(ours) or len(context.song().tracks) == 1:
                _delete_our_clips(ours)
                write_tag(ours.track, None)
                left.append(track_id)
            else:
                yield from _delete_track(context, track_id)
                tracks += 1
        finally:
            context.turns.give_back(track_id)
    song = context.song()
    _restore_tempo(song, tag_of(song) or {})
    write_tag(song, None)
    return [clips, tracks, len(left), float(song.tempo)]


def _delete_track(context: Context, track_id: int) -> Wait:
    yield from context.turns.take(STRUCTURE)
    try:
        song = context.song()
        song.delete_track(our_track(song, track_id).place)
        yield
    finally:
        context.turns.give_back(STRUCTURE)


def _delete_our_clips(ours: OurTrack) -> None:
    for clip in arrangement_clips(ours.track):
        if is_ours(ours.files, clip):
            ours.track.delete_clip(clip)
    for slot in ours.track.clip_slots:
        if slot.has_clip and is_ours(ours.files, slot.clip):
            slot.delete_clip()


def _restore_tempo(song: Any, tag: Dict[str, Any]) -> None:
    if "tempo_set" in tag and abs(song.tempo - tag["tempo_set"]) <= SAME_TEMPO_BPM and tempo_owner(song) == "free":
        song.tempo = tag["tempo_before"]


def _dress(track: Any, name: str, colour: int, volume: float, pan: float) -> None:
    tag = tag_of(track) or {}
    if shown(tag, "name", track.name) != name:
        track.name = name
        tag.update(name=name, live_name=track.name)
    if shown(tag, "colour", track.color) != colour:
        track.color = colour
        tag.update(colour=colour, live_colour=track.color)
    track.mixer_device.volume.value = volume
    track.mixer_device.panning.value = pan
    write_tag(track, tag)
