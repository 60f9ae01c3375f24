"""What in the set is ours: tags that live with the set, on its tracks and on the song itself (get_data, set_data).

A track of ours carries {"id", "name", "live_name", "colour", "live_colour", "volume", "pan", "files", "devices"}: our
stable id, the name and colour that were asked for and what they are in Live (a colour off its palette is changed, '#' is
not sent), the volume and pan that it was given, the files we placed there, also as Live spells them, and how many
devices the track came with. One that is only reserved has no name, colour, volume and pan yet.
A clip is ours if it lies on a track of ours and plays one of those files; whatever else lies there is the user's.
The song carries {"origin_beats", "tempo_before", "tempo_set"}.
The track that something is recorded to (live_remote_script.take_track) carries {"files", "devices"} without an id: it is
none of the arrangement's.
"""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional

from .askers import lies_below
from .jobs import Refused
from .live_versions import read, song_file_path

KEY = "jacqueesbot"
MARK = "JB\u00b7 "
"""What the names of our tracks begin with in Live, as long as they are ours."""
TAKE_NAME = MARK + "resampling"
"""Of the track that something is recorded to; Live names the files after it."""
SAME_BEATS = 1e-6
SAME_LEVEL = 1e-5
"""Live keeps volumes and pans in single precision."""


class OurTrack(NamedTuple):
    place: int
    """In the set, from 0."""
    track: Any
    tag: Dict[str, Any]

    @property
    def track_id(self) -> int:
        return int(self.tag["id"])

    @property
    def files(self) -> List[str]:
        return list(self.tag["files"])


def tag_of(thing: Any) -> Optional[Dict[str, Any]]:
    """A copy of our tag on a track or song, or None."""
    tag = thing.get_data(KEY, None)
    return dict(tag) if isinstance(tag, dict) else None


def write_tag(thing: Any, tag: Optional[Dict[str, Any]]) -> None:
    if tag_of(thing) != tag:
        thing.set_data(KEY, tag)


def our_tracks(song: Any) -> List[OurTrack]:
    """In the order of the set. A user's duplicate of one carries the same tag, behind it: it is the user's."""
    found: Dict[int, OurTrack] = {}
    for place, track in enumerate(song.tracks):
        tag = tag_of(track)
        if tag is not None and "id" in tag:
            found.setdefault(tag["id"], OurTrack(place, track, tag))
    return list(found.values())


def find_track(song: Any, track_id: int) -> Optional[OurTrack]:
    return next((ours for ours in our_tracks(song) if ours.track_id == track_id), None)


def our_track(song: Any, track_id: int) -> OurTrack:
    ours = find_track(song, track_id)
    if ours is not None:
        return ours
    raise Refused("no_such_track", "no track of ours has the id %d (deleted in Live?)" % track_id)


def adopt_by_names(song: Any, is_allowed: Callable[[str], bool]) -> int:
    """How many tracks were recognised without their tags, should Live have lost those: none of the set's tracks nor the
    song has one, a track's name bears our mark, and all it holds are unwarped audio clips of files that `is_allowed`.
    They are tagged anew."""
    if tag_of(song) is not None or our_tracks(song):
        return 0
    adopted = 0
    for track in song.tracks:
        is_named_so = track.name.startswith(MARK) and track.name != TAKE_NAME
        clips = arrangement_clips(track) if is_named_so else []
        files = [file_of(clip) for clip in clips]
        if clips and all(clip.is_audio_clip and not clip.warping for clip in clips) and all(map(is_allowed, files)):
            adopted += 1
            name, live_name = unmarked(track.name), track.name
            write_tag(track, {"id": adopted, "name": name, "live_name": live_name, "files": sorted(set(files))})
    return adopted


def adopt_collected(song: Any) -> None:
    """Live's 'Collect All and Save' copies files into the set's project, and has clips play the copies. On a track of
    ours an unwarped clip of a file there that is called like one of ours is still ours."""
    project = os.path.dirname(song_file_path(song))
    for ours in our_tracks(song) if project else []:
        names = {os.path.basename(file_path) for file_path in ours.files}
        for clip in arrangement_clips(ours.track):
            file_path = file_of(clip)
            if os.path.basename(file_path) in names and lies_below(file_path, project) and not clip.warping:
                note_file(ours, file_path)


def release(track: Any) -> None:
    """It is the user's from now on."""
    if track.name != unmarked(track.name):
        track.name = unmarked(track.name)
    write_tag(track, None)


def unused_track_id(song: Any) -> int:
    return 1 + max((ours.track_id for ours in our_tracks(song)), default=0)


def note_file(ours: OurTrack, file_path: str) -> None:
    """Clips of this file on this track are ours from now on."""
    tag = tag_of(ours.track) or ours.tag
    if file_path not in tag["files"]:
        write_tag(ours.track, dict(tag, files=tag["files"] + [file_path]))


def arrangement_clips(track: Any) -> List[Any]:
    """In time order; a group track has none."""
    return [] if track.is_foldable else list(track.arrangement_clips)


def session_clips(track: Any) -> Iterator[Any]:
    for slot in track.clip_slots:
        if slot.has_clip:
            yield slot.clip


def file_of(clip: Any) -> str:
    """'' for a MIDI clip."""
    return str(clip.file_path) if clip.is_audio_clip else ""


def is_ours(files: List[str], clip: Any) -> bool:
    return file_of(clip) in files


def users_clips_on(ours: OurTrack) -> int:
    """How many clips on a track of ours the user put there, Session clips included."""
    files = ours.files
    clips = arrangement_clips(ours.track) + list(session_clips(ours.track))
    return sum(1 for clip in clips if not is_ours(files, clip))


def users_devices_on(ours: OurTrack) -> int:
    """How many more there are than the track came with, from the user's default track."""
    return max(0, len(ours.track.devices) - int(ours.tag.get("devices", 0)))


def has_users_look(ours: OurTrack) -> bool:
    """Whether name, colour, volume or pan are not what we have made of them."""
    mixer = ours.track.mixer_device
    seen = {"live_name": ours.track.name, "live_colour": ours.track.color}
    levels = {"volume": mixer.volume.value, "pan": mixer.panning.value}
    return any(field in ours.tag and ours.tag[field] != value for field, value in seen.items()) or any(
        field in ours.tag and abs(ours.tag[field] - value) > SAME_LEVEL for field, value in levels.items()
    )


def find_clip(track: Any, start_beats: float, file_path: str) -> Any:
    for clip in arrangement_clips(track):
        if abs(clip.start_time - start_beats) <= SAME_BEATS and file_of(clip) == file_path:
            return clip
    raise Refused(
        "no_such_clip", "no clip of %s starts at beat %r (moved or deleted in Live?)" % (file_path, start_beats)
    )


def shown(tag: Optional[Dict[str, Any]], field: str, live_value: Any) -> Any:
    """The name or colour that was asked for, as long as the user has not changed what Live made of it; a name that the
    user gave a track of ours without our mark."""
    if tag is None or live_value != tag.get("live_" + field):
        return unmarked(live_value) if tag is not None and field == "name" else live_value
    return tag[field]


def unmarked(name: str) -> str:
    return name[len(MARK) :] if name.startswith(MARK) else name


def without_number_sign(name: str) -> str:
    """`name` as Live shows it unchanged: it puts a number, which changes as tracks move, in place of each '#'."""
    return name.replace("#", "\N{MUSIC SHARP SIGN}")


def disarm(track: Any) -> None:
    """Live may arm a new track by itself."""
    if is_armed(track):
        track.arm = False


def is_armed(track: Any) -> bool:
    return bool(read(track, "can_be_armed", False) and track.arm)
