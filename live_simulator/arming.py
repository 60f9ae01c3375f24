"""Which tracks record, and where in the arrangement."""

from __future__ import annotations

from live_simulator.nodes.songs import SongNode
from live_simulator.nodes.tracks import TrackNode
from live_simulator.routing import INPUT, has_input

MONITORING_OFF = 2
"""Track.monitoring_states"""


def is_armed(track: TrackNode) -> bool:
    """By hand, by a script, or by a controller that arms what is selected."""
    return track.holds_clips and (track.arm or track.implicit_arm) and has_input(track)


def records(track: TrackNode) -> bool:
    """Now: its clips of the arrangement are not heard then."""
    song = track.song
    if not (song.record_mode and song.is_playing and is_armed(track)) or song.is_counting_in:
        return False
    start_beats, end_beats = punched(song)
    return start_beats <= song.current_song_time < end_beats


def punched(song: SongNode) -> tuple[float, float]:
    """The beats between which is recorded."""
    start_beats = song.loop_start if song.punch_in else float("-inf")
    return start_beats, song.loop_start + song.loop_length if song.punch_out else float("inf")


def why_silent(track: TrackNode) -> str:
    """Why nothing is heard in what the track records; '' where that is the main output, or MIDI."""
    source = INPUT.type(track)
    if track.role == "midi":
        return ""
    if source.routing.kind != "resampling":
        return f"its input {source.display_name!r} is not simulated (choose Resampling)"
    if track.current_monitoring_state != MONITORING_OFF:
        return "it monitors its own input, which may feed back (switch monitoring off)"
    return ""
