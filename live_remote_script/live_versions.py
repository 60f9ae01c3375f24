"""Everything that differs between versions of Live, in one place.

Facts (Live's own introspection dumps): Track.create_audio_clip exists from 11.3.25 and from 12.0.5 on, not in 12.0.0
to 12.0.2; it returns None before 12.2, the clip from 12.2 on. Song.start_time: 11.2.0. Song.is_ableton_link_enabled:
11.1.0. Application.get_version_string: 11.3.2. Song.file_path: 11.3.25.
"""

from __future__ import annotations

from typing import Any

NEEDED = "placing clips needs Live 11.3.25 or later of Live 11, or Live 12.0.5 or later"


def read(thing: Any, name: str, default: Any) -> Any:
    """Attribute `name` of a Live object; `default` where this version has none or it does not apply to this object
    (Live raises RuntimeError on reading such a one)."""
    try:
        return getattr(thing, name)
    except (AttributeError, RuntimeError):
        return default


def version_string(application: Any) -> str:
    """e.g. '12.3.6'"""
    numbers = application.get_major_version(), application.get_minor_version(), application.get_bugfix_version()
    return ".".join(str(number) for number in numbers)


def variant(application: Any) -> str:
    """'Suite', 'Standard', 'Intro', 'Lite' ...; '' before 12.0, which does not tell."""
    ask = read(application, "get_variant", None)
    return str(ask()) if ask is not None else ""


def can_place(track_class: Any) -> bool:
    """Whether this Live can place an audio file in the arrangement."""
    return hasattr(track_class, "create_audio_clip")


def create_arrangement_clip(track: Any, file_path: str, start_beats: float) -> Any:
    """The clip that Track.create_audio_clip makes, in every version that has it."""
    before = {clip._live_ptr for clip in track.arrangement_clips}
    clip = track.create_audio_clip(file_path, start_beats)
    if clip is not None:
        return clip
    made = [clip for clip in track.arrangement_clips if clip._live_ptr not in before]
    if not made:
        raise RuntimeError("Live made no clip of %s" % file_path)
    return min(made, key=lambda clip: abs(clip.start_time - start_beats))


def is_lives_refusal(why: Exception) -> bool:
    """Whether it is one of Live's own errors, not a defect of the script: RuntimeError and ValueError; Boost's
    ArgumentError, also raised by objects that the user has deleted; LimitationError, which tells an edition's limits."""
    return isinstance(why, (RuntimeError, ValueError)) or type(why).__name__ in ("ArgumentError", "LimitationError")


def song_file_path(song: Any) -> str:
    """'' where the set was never saved or this Live does not tell."""
    return str(read(song, "file_path", ""))


def start_marker(song: Any) -> float:
    """Where start_playing() begins, in beats. Before 11.2 a stopped playhead stands there."""
    return float(read(song, "start_time", song.current_song_time))


def set_start_marker(song: Any, beats: float) -> None:
    if read(song, "start_time", None) is None:
        song.current_song_time = beats
    else:
        song.start_time = beats


def tempo_owner(song: Any) -> str:
    """Who decides the tempo: 'free' (it can be set), 'automated', 'link' or 'follower'."""
    parameter = read(song.master_track.mixer_device, "song_tempo", None)
    if int(read(parameter, "automation_state", 0)):
        return "automated"
    if read(song, "is_ableton_link_enabled", False):
        return "link"
    if read(song, "tempo_follower_enabled", False):
        return "follower"
    return "free"
