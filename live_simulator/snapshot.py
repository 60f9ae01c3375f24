"""The set as plain values, for the audio engine and for whoever asks how the set stands."""

from __future__ import annotations

from typing import Any

from live_simulator.clip_geometry import end_time_beats, last_event_beats
from live_simulator.nodes.clips import ClipNode
from live_simulator.nodes.songs import SongNode
from live_simulator.nodes.tracks import TrackNode


def state(song: SongNode) -> dict[str, Any]:
    return {
        "tempo_bpm": song.tempo,
        "tracks": len(song.tracks),
        "arrangement_clips": sum(len(track.clips) for track in song.tracks),
        "unwarped_clips": sum(clip.is_unwarped for track in song.tracks for clip in track.clips),
        "session_clips": sum(slot.clip is not None for track in song.tracks for slot in track.clip_slots),
        "last_event_beats": last_event_beats(song.tracks),
        "is_playing": song.is_playing,
        "current_song_time_beats": song.current_song_time,
    }


def mix(song: SongNode) -> dict[str, Any]:
    """All that is heard when the arrangement plays, in Live's own units."""
    soloed = any(track.solo for track in song.tracks)
    return {
        "tempo_bpm": song.tempo,
        "master": {"volume": song.master_track.mixer.volume.value, "pan": song.master_track.mixer.panning.value},
        "tracks": [
            _track(index, track, soloed)
            for index, track in enumerate(song.tracks)
            if track.role == "audio" and track.clips
        ],
    }


def _track(index: int, track: TrackNode, soloed: bool) -> dict[str, Any]:
    mixer = track.mixer
    return {
        "index": index,
        "name": track.name,
        "volume": mixer.volume.value,
        "pan": mixer.panning.value,
        "is_heard": not track.mute and mixer.track_activator.value >= 0.5 and (track.solo or not soloed),
        "highest_send": max([send.value for send in mixer.sends] or [0.0]),
        "clips": [_clip(clip) for clip in track.clips if not clip.muted],
    }


def _clip(clip: ClipNode) -> dict[str, Any]:
    assert clip.file is not None
    return {
        "name": clip.name,
        "file_path": clip.file.path,
        "start_beats": clip.start_time,
        "end_beats": end_time_beats(clip),
        "content_start": clip.placed_start if clip.is_unwarped else clip.loop_start,
        "content_end": clip.placed_end if clip.is_unwarped else clip.loop_end,
        "start_marker": clip.start_marker,
        "gain": clip.gain,
        "pitch_coarse": clip.pitch_coarse,
        "pitch_fine": clip.pitch_fine,
        "warping": clip.warping,
        "looping": clip.looping,
        "warp_tempo_bpm": clip.warp_tempo_bpm,
    }
