"""Probes of what create_audio_clip refuses, and with which exceptions."""

from __future__ import annotations

import os
from typing import Any, Dict, Tuple

from .observing import Facts, Look, attempt, starts
from .probe_site import Site, delete_track, on_fresh_track

LAST_BEAT = 1576800.0


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
        found["clips made"] = starts(track)
    finally:
        delete_track(song, midi_track)
    yield
    return found
