"""Commands that read: hello, status, song, tracks, clips."""

from __future__ import annotations

from typing import Any, Iterator, List

from .context import Context
from .jobs import Refused
from .live_versions import NEEDED, read, song_file_path, tempo_owner
from .ours import arrangement_clips, file_of, is_ours, our_tracks, session_clips, shown, tag_of
from .protocol import PROTOCOL_VERSION, SCRIPT_VERSION


def hello(context: Context) -> List[Any]:
    live = context.live
    mend = "" if live.can_place else "Live %s: %s" % (live.version, NEEDED)
    return [SCRIPT_VERSION, PROTOCOL_VERSION, live.version, live.can_place, mend]


def status(context: Context) -> List[Any]:
    song = context.song()
    return [bool(song.is_playing), float(song.current_song_time), context.jobs.unfinished]


def song(context: Context) -> List[Any]:
    song = context.song()
    origin_beats = (tag_of(song) or {}).get("origin_beats", 0.0)
    return [
        float(song.tempo),
        tempo_owner(song),
        float(origin_beats),
        song_file_path(song),
        len(song.tracks),
        int(song.signature_numerator),
        int(song.signature_denominator),
    ]


def tracks(context: Context, first_row: int) -> Iterator[List[Any]]:
    song = context.song()
    ours = {entry.place: entry for entry in our_tracks(song)}
    for index, track in list(enumerate(song.tracks))[first_row:]:
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
            len(arrangement_clips(track)),
            sum(1 for _ in session_clips(track)),
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


def _kind(track: Any) -> str:
    if track.is_foldable:
        return "group"
    return "audio" if track.has_audio_input else "midi"
