"""Probes of recording: the set's own silence, for a moment."""

from __future__ import annotations

import os
from typing import Any, List

from .live_versions import read as read_or
from .observing import Facts, Look, attempt, plain, read, starts, ticks
from .ours import disarm
from .probe_site import Site, on_fresh_track, until

RESAMPLING = 2
"""Track.RoutingTypeCategory: what the set itself puts out, so that nobody's microphone is recorded."""
MONITORING_OFF = 2
ROUTING_TICKS = 100
RECORDED_TICKS = 20
WATCHED_TICKS = 100
CLIP_FACTS = (
    "start_time",
    "end_time",
    "start_marker",
    "loop_start",
    "loop_end",
    "warping",
    "is_recording",
    "sample_length",
)


@on_fresh_track
def create_while_recording(site: Site) -> Look:
    """What create_audio_clip raises on a track that is being recorded into."""
    song, track = site.song, site.track
    found = {}  # type: Facts
    try:
        if not (yield from _armed(site)):
            return {"not_tried": "the track has no input Resampling"}
        found["armed"] = plain(track.arm)
        song.record_mode = True
        yield from until(lambda: bool(song.record_mode and song.is_playing), "recording does not start (count-in?)")
        yield from ticks(RECORDED_TICKS)
        found["recording"] = starts(track)
        found["where it records"] = attempt(track.create_audio_clip, site.file_path, 0.0)
        found["elsewhere"] = attempt(track.create_audio_clip, site.file_path, 256.0)
        yield
        found["then"] = starts(track)
    finally:
        _stop(site)
    yield from until(lambda: not song.is_playing and not song.record_mode, "recording does not stop")
    return found


@on_fresh_track
def recording(site: Site) -> Look:
    """When record mode, transport, position and clip follow what is asked, and where the clip begins in its file."""
    song, track = site.song, site.track
    found = {"routings": [int(kind.category) for kind in track.available_input_routing_types]}  # type: Facts
    try:
        if not (yield from _armed(site)):
            return {"not_tried": "the track has no input Resampling", **found}
        found["count_in"] = plain(song.count_in_duration)
        began_at = song.current_song_time
        song.record_mode = True
        first = {}  # type: Facts
        for tick in range(WATCHED_TICKS):
            seen = {
                "record mode": bool(song.record_mode),
                "plays": bool(song.is_playing),
                "moves": song.current_song_time != began_at,
                "clip": bool(len(track.arrangement_clips)),
            }
            first.update((what, tick) for what, shows in seen.items() if shows and what not in first)
            yield
        found["first tick"] = first
        found["while it records"] = [_told_of(clip) for clip in track.arrangement_clips]
    finally:
        _stop(site)
    last = {}  # type: Facts
    for tick in range(WATCHED_TICKS):
        left = {
            "record mode": bool(song.record_mode),
            "plays": bool(song.is_playing),
            "is recording": any(clip.is_recording for clip in track.arrangement_clips),
        }
        last.update((what, tick) for what, shows in left.items() if shows)
        yield
    found["last tick"] = last
    found["recorded"] = [_told_of(clip) for clip in track.arrangement_clips]
    return found


def _armed(site: Site) -> Any:
    """Steps that end with whether it could be made ready to record."""
    types = []  # type: List[Any]
    for _ in range(ROUTING_TICKS):  # a new track's are empty at first
        types = [
            kind for kind in read_or(site.track, "available_input_routing_types", ()) if kind.category == RESAMPLING
        ]
        if types:
            break
        yield
    if not types:
        return False
    site.track.input_routing_type = types[0]
    site.track.current_monitoring_state = MONITORING_OFF
    for other in site.song.tracks:
        disarm(other)
    yield from ticks(2)
    site.track.arm = True
    yield from ticks(2)
    return True


def _stop(site: Site) -> None:
    site.song.record_mode = False
    if site.song.is_playing:
        site.song.stop_playing()
    site.track.arm = False


def _told_of(clip: Any) -> Facts:
    facts = read(clip, CLIP_FACTS)  # type: Facts
    facts["file"] = os.path.basename(str(clip.file_path))
    facts["sample of the start"] = attempt(lambda: clip.beat_to_sample_time(clip.start_marker))
    return facts
