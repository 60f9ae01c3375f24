"""Probes of what create_audio_clip refuses, and with which exceptions."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Tuple

from .live_versions import read as read_or
from .observing import Facts, Look, attempt, plain, ticks
from .ours import disarm
from .probe_site import Site, delete_track, on_fresh_track, until

LAST_BEAT = 1576800.0
RESAMPLING = 2
"""Track.RoutingTypeCategory: what the set itself puts out, so that nobody's microphone is recorded."""
MONITORING_OFF = 2
ROUTING_TICKS = 100
RECORDED_TICKS = 20


@on_fresh_track
def create_errors(site: Site) -> Look:
    """What create_audio_clip raises."""
    song, track, tone = site.song, site.track, site.file_path
    missing = os.path.join(os.path.dirname(tone), "jacqueesbot-no-such-file.wav")
    midi_track = song.create_midi_track(-1)
    try:
        yield
        placing = {
            "before the first beat": (track, tone, -1.0),
            "behind the last beat": (track, tone, LAST_BEAT + 1.0),
            "relative path": (track, os.path.basename(tone), 0.0),
            "missing file": (track, missing, 0.0),
            "a folder": (track, os.path.dirname(tone), 0.0),
            "not audio": (track, os.path.abspath(__file__), 0.0),
            "position as text": (track, tone, "0"),
            "position as int": (track, tone, 16),
            "MIDI track": (midi_track, tone, 0.0),
            "master": (song.master_track, tone, 0.0),
        }  # type: Dict[str, Tuple[Any, ...]]
        placing.update({"return": (other, tone, 0.0) for other in list(song.return_tracks)[:1]})
        found = {"frozen track": "not tried: no script can freeze a track"}  # type: Facts
        for name, (where, path, position) in placing.items():
            found[name] = attempt(lambda: where.create_audio_clip(path, position))
            yield
        found["by keyword"] = attempt(lambda: track.create_audio_clip(file_path=tone, position=0.0))
        yield
        for name, where in (("slot", track), ("occupied slot", track), ("MIDI track's slot", midi_track)):
            found[name] = attempt(lambda: where.clip_slots[0].create_audio_clip(tone))
            yield
        found["clips made"] = _starts(track)
    finally:
        delete_track(song, midi_track)
    yield
    return found


@on_fresh_track
def create_while_recording(site: Site) -> Look:
    """What create_audio_clip raises on a track that is being recorded into: the set's own silence, for a moment."""
    song, track = site.song, site.track
    types = []  # type: List[Any]
    for _ in range(ROUTING_TICKS):  # a new track's are empty at first
        types = [kind for kind in read_or(track, "available_input_routing_types", ()) if kind.category == RESAMPLING]
        if types:
            break
        yield
    if not types:
        return {"not_tried": "the track has no input Resampling"}
    track.input_routing_type = types[0]
    track.current_monitoring_state = MONITORING_OFF
    for other in song.tracks:
        disarm(other)
    yield from ticks(2)
    found = {}  # type: Facts
    try:
        track.arm = True
        yield from ticks(2)
        found["armed"] = plain(track.arm)
        song.record_mode = True
        yield from until(lambda: bool(song.record_mode and song.is_playing), "recording does not start (count-in?)")
        yield from ticks(RECORDED_TICKS)
        found["recording"] = _starts(track)
        found["where it records"] = attempt(track.create_audio_clip, site.file_path, 0.0)
        found["elsewhere"] = attempt(track.create_audio_clip, site.file_path, 256.0)
        yield
        found["then"] = _starts(track)
    finally:
        song.record_mode = False
        if song.is_playing:
            song.stop_playing()
        track.arm = False
    yield from until(lambda: not song.is_playing and not song.record_mode, "recording does not stop")
    return found


def _starts(track: Any) -> List[float]:
    return [float(clip.start_time) for clip in track.arrangement_clips]
