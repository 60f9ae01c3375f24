"""Commands that read the set: version, song, tracks, clips, what is selected, locators."""

from __future__ import annotations

import platform
from typing import Any, Iterator, List

from .context import Context
from .jobs import Refused
from .live_versions import NEEDED, read, song_file_path, start_marker, tempo_owner
from .ours import (
    arrangement_clips,
    file_of,
    has_users_look,
    is_armed,
    is_ours,
    our_tracks,
    session_clips,
    shown,
    tag_of,
    users_devices_on,
)
from .protocol import PROTOCOL_VERSION, SCRIPT_VERSION
from .take_track import take_track


def version(context: Context, session: str) -> List[Any]:
    live = context.live
    mend = "" if live.can_place else "Live %s: %s" % (live.version, NEEDED)
    python = ".".join(platform.python_version_tuple()[:2])
    facts = [live.version, live.variant, python, live.can_place, mend, live.simulated]
    return [SCRIPT_VERSION, PROTOCOL_VERSION, *facts, session]


def song(context: Context) -> List[Any]:
    song = context.song()
    origin_beats = (tag_of(song) or {}).get("origin_beats", 0.0)
    tracks = list(song.tracks)
    selected = song.view.selected_track
    return [
        float(song.tempo),
        tempo_owner(song),
        float(origin_beats),
        song_file_path(song),
        len(tracks),
        int(song.signature_numerator),
        int(song.signature_denominator),
        bool(song.loop),
        float(song.loop_start),
        float(song.loop_length),
        start_marker(song),
        float(song.last_event_time),
        tracks.index(selected) if selected in tracks else -1,
    ]


def tracks(context: Context, first_row: int) -> Iterator[List[Any]]:
    song = context.song()
    ours = {entry.place: entry for entry in our_tracks(song)}
    take = take_track(song)
    rows = [(index, track) for index, track in enumerate(song.tracks) if take is None or index != take.place]
    for index, track in rows[first_row:]:
        entry = ours.get(index)
        tag = entry.tag if entry else None
        mixer = track.mixer_device
        yield [
            index,
            entry.track_id if entry else 0,
            _kind(track),
            str(shown(tag, "name", track.name)),
            int(shown(tag, "colour", track.color)),
            float(mixer.volume.value),
            float(mixer.panning.value),
            bool(read(track, "mute", False)),
            bool(read(track, "solo", False)),
            is_armed(track),
            len(arrangement_clips(track)),
            sum(1 for clip in session_clips(track) if entry is None or not is_ours(entry.files, clip)),
            users_devices_on(entry) if entry else 0,
            has_users_look(entry) if entry else False,
        ]


def clips(context: Context, index: int, first_row: int) -> Iterator[List[Any]]:
    song = context.song()
    if index >= len(song.tracks):
        raise Refused("no_such_track", "track %d; the set has %d (deleted in Live?)" % (index, len(song.tracks)))
    files = [name for entry in our_tracks(song) if entry.place == index for name in entry.files]
    for clip in arrangement_clips(song.tracks[index])[first_row:]:
        audio = bool(clip.is_audio_clip)
        yield [
            file_of(clip),
            float(clip.start_time),
            float(clip.end_time),
            float(clip.gain) if audio else 0.0,
            int(clip.pitch_coarse) if audio else 0,
            float(clip.pitch_fine) if audio else 0.0,
            float(clip.loop_start),
            float(clip.loop_end),
            bool(clip.warping) if audio else True,
            str(clip.name),
            bool(clip.muted),
            is_ours(files, clip),
        ]


def selected_clip(context: Context) -> List[Any]:
    """Of a Session clip the end is its length: of the loop if that is on, else between the markers; in beats if it is
    warped or MIDI, else in seconds of the file."""
    song = context.song()
    clip = song.view.detail_clip
    if clip is None:
        return ["none", "", "", False, -1, 0.0, 0.0, False, False, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0.0, 0]
    audio = bool(clip.is_audio_clip)
    in_arrangement = bool(clip.is_arrangement_clip)
    owner = clip.canonical_parent if in_arrangement else clip.canonical_parent.canonical_parent
    tracks = list(song.tracks)
    ends = (clip.loop_end - clip.loop_start) if clip.looping else (clip.end_marker - clip.start_marker)
    return [
        "audio" if audio else "midi",
        file_of(clip),
        str(clip.name),
        in_arrangement,
        tracks.index(owner) if owner in tracks else -1,
        float(clip.start_time) if in_arrangement else 0.0,
        float(clip.end_time if in_arrangement else ends),
        bool(clip.warping) if audio else True,
        bool(clip.looping),
        float(clip.loop_start),
        float(clip.loop_end),
        float(clip.start_marker),
        float(clip.end_marker),
        float(clip.gain) if audio else 0.0,
        int(clip.pitch_coarse) if audio else 0,
        float(clip.pitch_fine) if audio else 0.0,
        int(clip.warp_mode) if audio else 0,
    ]


def warp_markers(context: Context, first_row: int) -> Iterator[List[Any]]:
    clip = context.song().view.detail_clip
    if clip is None or not clip.is_audio_clip:
        raise Refused("no_such_clip", "no audio clip is selected")
    for marker in list(clip.warp_markers)[first_row:]:
        yield [float(marker.sample_time), float(marker.beat_time)]


def cue_points(context: Context, first_row: int) -> Iterator[List[Any]]:
    for cue in list(context.song().cue_points)[first_row:]:
        yield [str(cue.name), float(cue.time)]


def _kind(track: Any) -> str:
    if track.is_foldable:
        return "group"
    return "audio" if track.has_audio_input else "midi"
