"""Commands that change the set as a whole and its tracks; and settle, which waits until that is done."""

from __future__ import annotations

from typing import Any, Dict, List

from .askers import Asker
from .context import STRUCTURE, Context, kept_selection
from .jobs import COSTLY, Refused, Steps, Wait, wait_until
from .live_versions import is_lives_refusal, tempo_owner
from .ours import (
    MARK,
    arrangement_clips,
    disarm,
    find_track,
    is_armed,
    is_ours,
    our_track,
    our_tracks,
    release,
    shown,
    tag_of,
    unused_track_id,
    users_clips_on,
    users_devices_on,
    without_number_sign,
    write_tag,
)

SAME_TEMPO_BPM = 1e-3
OWNERS = {
    "automated": "the tempo is automated; delete its automation in the Main track, or allow no tempo change",
    "link": "Ableton Link is on and owns the tempo; switch Link off in Live's control bar",
    "follower": "Live's tempo follower owns the tempo; switch Follow off in Live's control bar",
}


def set_tempo(context: Context, tempo_bpm: float) -> Steps:
    song = context.song()
    owner = tempo_owner(song)
    if owner != "free":
        raise Refused("tempo_owned", OWNERS[owner])
    before, tag = float(song.tempo), tag_of(song) or {}
    if "tempo_set" in tag and abs(before - tag["tempo_set"]) <= SAME_TEMPO_BPM:
        before = tag["tempo_before"]  # the user's own is the one before all of ours
    song.tempo = tempo_bpm
    yield from wait_until(
        lambda: abs(song.tempo - tempo_bpm) <= SAME_TEMPO_BPM,
        lambda: Refused(
            "tempo_owned", "the tempo stays at %s though %s was set (automated?)" % (song.tempo, tempo_bpm)
        ),
    )
    write_tag(song, dict(tag_of(song) or {}, tempo_before=before, tempo_set=float(song.tempo)))
    return [float(song.tempo)]


def reserve_tracks(context: Context, count: int) -> Steps:
    """One a tick. Live's refusal (Lite and Intro have few tracks) is told, not raised."""
    refusal = ""
    devices: List[str] = []
    yield from context.turns.take(STRUCTURE)
    try:
        while not refusal and len(our_tracks(context.song())) < count:
            yield COSTLY
            song = context.song()
            armed = [track for track in song.tracks if is_armed(track)]
            try:
                with kept_selection(song):
                    track = song.create_audio_track(-1)
            except Exception as why:
                if not is_lives_refusal(why):
                    raise
                refusal = str(why) or type(why).__name__
            else:
                names = [str(device.name) for device in track.devices]
                write_tag(track, {"id": unused_track_id(song), "files": [], "devices": len(names)})
                disarm(track)
                devices += names
                yield
                _arm_only(context.song(), armed)  # Live may have armed what is new, and disarmed the others
    finally:
        context.turns.give_back(STRUCTURE)
    return [len(our_tracks(context.song())), refusal, ", ".join(dict.fromkeys(devices))]


def set_track(
    context: Context, owner: Asker, track_id: int, name: str, colour: int, volume: float, pan: float
) -> Steps:
    _dress(our_track(context.song(), track_id).track, name, colour, volume, pan)
    yield
    return []


def delete_track(context: Context, owner: Asker, track_id: int) -> Steps:
    ours = our_track(context.song(), track_id)
    clips, devices = users_clips_on(ours), users_devices_on(ours)
    if clips or devices:
        raise Refused(
            "not_ours",
            "track %r holds %d clips and %d devices that the user put there" % (ours.track.name, clips, devices),
        )
    yield from _delete_track(context, track_id)
    return []


def settle(context: Context) -> Steps:
    while context.jobs.unfinished_writes or not context.playhead.at_rest:
        yield
    return []


def undo(context: Context) -> Steps:
    """Tracks are looked up anew at each step: between two ticks the user may delete one by hand, or put a clip there."""
    clips = tracks = 0
    to_do = [ours.track_id for ours in our_tracks(context.song())]
    left: List[int] = []
    while to_do:
        track_id = to_do.pop(0)
        ours = find_track(context.song(), track_id)
        if ours is None:
            continue
        count = sum(1 for clip in arrangement_clips(ours.track) if is_ours(ours.files, clip))
        if users_clips_on(ours) or users_devices_on(ours) or len(context.song().tracks) == 1:
            yield from _emptied_of_ours(context, track_id)
            left.append(track_id)
        else:
            try:
                yield from _delete_track(context, track_id)
            except Refused:
                to_do.insert(0, track_id)
                continue
            tracks += 1
        clips += count
    song = context.song()
    _restore_tempo(song, tag_of(song) or {})
    write_tag(song, None)
    return [clips, tracks, len(left), float(song.tempo)]


def keep(context: Context) -> List[Any]:
    ours = our_tracks(context.song())
    for one in ours:
        release(one.track)
    write_tag(context.song(), None)
    return [len(ours)]


def _arm_only(song: Any, armed: List[Any]) -> None:
    for track in song.tracks:
        if is_armed(track) != (track in armed):
            track.arm = track in armed


def _delete_track(context: Context, track_id: int) -> Wait:
    yield from context.turns.take(STRUCTURE)
    try:
        yield COSTLY
        song = context.song()
        ours = our_track(song, track_id)
        if users_clips_on(ours) or users_devices_on(ours):
            raise Refused("not_ours", "track %r: the user has just put something there" % ours.track.name)
        song.delete_track(ours.place)
        yield
    finally:
        context.turns.give_back(STRUCTURE)


def _emptied_of_ours(context: Context, track_id: int) -> Wait:
    """Our clips go, one costly call after the other, and the track is the user's."""
    while True:
        yield COSTLY
        ours = find_track(context.song(), track_id)
        if ours is None:
            return
        clip = next((clip for clip in arrangement_clips(ours.track) if is_ours(ours.files, clip)), None)
        if clip is not None:
            ours.track.delete_clip(clip)
            continue
        slots = (slot for slot in ours.track.clip_slots if slot.has_clip and is_ours(ours.files, slot.clip))
        slot = next(slots, None)
        if slot is None:
            release(ours.track)
            return
        slot.delete_clip()


def _restore_tempo(song: Any, tag: Dict[str, Any]) -> None:
    if "tempo_set" in tag and abs(song.tempo - tag["tempo_set"]) <= SAME_TEMPO_BPM and tempo_owner(song) == "free":
        song.tempo = tag["tempo_before"]


def _dress(track: Any, name: str, colour: int, volume: float, pan: float) -> None:
    tag = tag_of(track) or {}
    if shown(tag, "name", track.name) != name:
        track.name = MARK + without_number_sign(name)
        tag.update(name=name, live_name=track.name)
    if shown(tag, "colour", track.color) != colour:
        track.color = colour
        tag.update(colour=colour, live_colour=track.color)
    track.mixer_device.volume.value = volume
    track.mixer_device.panning.value = pan
    tag.update(volume=volume, pan=pan)
    write_tag(track, tag)
