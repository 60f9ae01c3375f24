"""The set as plain values, for the audio engine and for whoever asks how the set stands."""

from __future__ import annotations

import math
from typing import Any, Callable

from live_simulator.arming import records
from live_simulator.clip_geometry import end_time_beats, last_event_beats, to_seconds
from live_simulator.mix import Clip, Mix, Track, to_json
from live_simulator.nodes.clips import ClipNode
from live_simulator.nodes.devices import MixerNode
from live_simulator.nodes.songs import SongNode
from live_simulator.nodes.tracks import Routing, TrackNode
from live_simulator.routing import INPUT, OUTPUT, shown_name
from live_simulator.session_state import started_song_beats
from live_simulator.warping import is_even

MONITORING_IN, MONITORING_AUTO = 0, 1
"""Track.monitoring_states"""
SPLIT_STEREO = 1
"""MixerDevice.panning_modes"""
NOT_CROSSFADED = 1
"""MixerDevice.crossfade_assignments"""


def state(song: SongNode) -> dict[str, Any]:
    return {
        "tempo_bpm": song.tempo,
        "tracks": len(song.tracks),
        "arrangement_clips": sum(len(track.clips) for track in song.tracks),
        "unwarped_clips": sum(clip.is_unwarped for track in song.tracks for clip in track.clips),
        "session_clips": sum(slot.clip is not None for track in song.tracks for slot in track.clip_slots),
        "last_event_beats": last_event_beats(song.tracks),
        "is_playing": song.is_playing,
        "record_mode": song.record_mode,
        "current_song_time_beats": song.current_song_time,
        "played_beats": song.played_beats,
    }


def mix(song: SongNode, start_beats: float) -> dict[str, Any]:
    """All that is heard when the song plays on from there, in Live's own units: a live_simulator.mix.Mix as JSON.

    A stopped song begins its session clips anew when it starts.
    """

    def clips(track: TrackNode) -> tuple[Clip, ...]:
        playing = track.playing
        if not track.back_to_arranger:
            return arrangement_clips(track)
        if playing is None:
            return ()
        return session_clips(playing.clip, started_song_beats(song, playing) if song.is_playing else start_beats)

    return to_json(whole_mix(song, song.tempo, clips))


def whole_mix(song: SongNode, tempo_bpm: float, clips: Callable[[TrackNode], tuple[Clip, ...]]) -> Mix:
    """With what `clips` says that a track plays. What it hears instead when it monitors its input is silent, and so is
    one that records."""
    master = song.master_track.mixer

    def heard(track: TrackNode) -> tuple[Clip, ...]:
        return () if track.current_monitoring_state == MONITORING_IN or records(track) else clips(track)

    return Mix(
        tempo_bpm,
        master.volume.value,
        0.0 if master.panning_mode == SPLIT_STEREO else master.panning.value,
        _pan_refusal(master),
        tuple(_track(song, track, heard(track)) for track in song.tracks),
        tuple(_track(song, track, ()) for track in song.return_tracks),
    )


def unheard(song: SongNode) -> list[str]:
    """What is heard in Live when the set plays and not here, a line each."""
    found = []
    for track in song.all_tracks():
        devices = [device.name for device in track.devices if device.is_on]
        fed = track.role != "return" or any(
            other.mixer.sends[song.return_tracks.index(track)].value > 0.0 for other in song.tracks
        )
        if track.role == "midi" and (track.clips or track.playing):
            found.append(f"track {shown_name(track)!r}: its MIDI is silent")
        elif devices and fed:
            found.append(f"track {shown_name(track)!r}: is heard without {', '.join(devices)}")
    return found


def _track(song: SongNode, track: TrackNode, clips: tuple[Clip, ...]) -> Track:
    mixer = track.mixer
    target = OUTPUT.type(track).routing
    group = track.group if target.kind == "unknown" else target.track
    return Track(
        name=shown_name(track),
        volume=mixer.volume.value,
        pan=0.0 if mixer.panning_mode == SPLIT_STEREO else mixer.panning.value,
        is_active=not track.mute,
        solo=track.solo,
        sends=tuple(send.value for send in mixer.sends),
        group=None if group is None or target.kind == "track" else song.tracks.index(group),
        has_stem=track.role == "group" or (track.role == "audio" and _holds_sound(track)),
        reaches_output=target.kind != "none",
        refusal=_refusal(track, target),
        clips=clips,
    )


def _holds_sound(track: TrackNode) -> bool:
    return track.playing is not None or any(not clip.is_recording for clip in track.clips)


def _refusal(track: TrackNode, target: Routing) -> str:
    """Why what goes through the track cannot be rendered; '' where it can."""
    if target.kind in ("track", "external"):
        return f"its output goes to {OUTPUT.type(track).display_name!r}, which is not rendered (choose the master)"
    source = INPUT.type(track) if track.role == "audio" else None
    monitored = track.current_monitoring_state == MONITORING_IN or (
        track.current_monitoring_state == MONITORING_AUTO and track.arm
    )
    if source is not None and monitored and source.routing.kind in ("track", "resampling", "master"):
        return f"it monitors {source.display_name!r}, which is not rendered (switch monitoring off, or disarm it)"
    if track.mixer.crossfade_assign != NOT_CROSSFADED and track.song.master_track.mixer.crossfader.value != 0.0:
        return "the crossfader is not in its middle, which is not rendered (put it there, or assign the track to none)"
    return _pan_refusal(track.mixer)


def _pan_refusal(mixer: MixerNode) -> str:
    """As they stand at first, the two sides of the split mode change nothing."""
    if mixer.panning_mode == SPLIT_STEREO and (mixer.left_split_stereo.value, mixer.right_split_stereo.value) != (
        -1,
        1,
    ):
        return "its split stereo pan was moved, which is not rendered (choose the pan mode stereo)"
    return ""


def arrangement_clips(track: TrackNode) -> tuple[Clip, ...]:
    return tuple(_arrangement_clip(clip) for clip in track.clips if clip.is_audio and not clip.muted)


def session_clips(clip: ClipNode, started_beats: float) -> tuple[Clip, ...]:
    """It plays without end. Empty where it is silent: MIDI, muted, deleted."""
    if not clip.alive or not clip.is_audio or clip.muted:
        return ()
    return (_clip(clip, started_beats, math.inf, content_start=clip.start_marker, content_end=clip.loop_end),)


def _arrangement_clip(clip: ClipNode) -> Clip:
    return _clip(
        clip,
        start_beats=clip.start_time,
        end_beats=end_time_beats(clip),
        content_start=clip.start_marker if clip.looping else clip.placed_start if clip.is_unwarped else clip.loop_start,
        content_end=clip.placed_end if clip.is_unwarped else clip.loop_end,
    )


def _clip(clip: ClipNode, start_beats: float, end_beats: float, content_start: float, content_end: float) -> Clip:
    """The content is that of the first time that it plays."""
    assert clip.file is not None

    def seconds_at(content: float) -> float:
        return content if clip.is_unwarped else to_seconds(clip, content)

    return Clip(
        name=clip.name,
        file_path=clip.file.path,
        file_frames=clip.file.frames,
        file_rate_hz=clip.file.sample_rate_hz,
        start_beats=start_beats,
        end_beats=end_beats,
        plays_from=seconds_at(content_start),
        plays_to=seconds_at(content_end),
        repeats_from=seconds_at(clip.loop_start) if clip.looping else None,
        gain=clip.gain,
        pitch_coarse=clip.pitch_coarse,
        pitch_fine=clip.pitch_fine,
        warping=clip.warping,
        warp_mode=clip.warp_mode,
        warp_tempo_bpm=clip.warp_tempo_bpm if is_even(clip.warp_markers) else None,
        refusal=_envelope_refusal(clip),
    )


def _envelope_refusal(clip: ClipNode) -> str:
    """Devices are not heard, so that it is no matter what moves their parameters."""
    moved = [
        envelope.parameter.name
        for envelope in clip.envelopes
        if envelope.points and isinstance(envelope.parameter.parent, MixerNode)
    ]
    return f"its envelope moves {moved[0]!r}, which is not rendered (clear the envelope)" if moved else ""
