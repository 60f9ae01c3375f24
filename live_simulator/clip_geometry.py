"""Where a clip's content lies and how long it lasts: beats, seconds of an unwarped file, repitch, and cutting.

An unwarped clip's content is measured in seconds of its file. Transposed, it plays faster or slower by
2 ** (semitones / 12), so the arrangement shows it shorter or longer (assumed; docs/simulated-live.md).
"""

from __future__ import annotations

from live_simulator import warping
from live_simulator.nodes.clips import ClipNode
from live_simulator.nodes.node import AudioFile
from live_simulator.nodes.tracks import TrackNode

MOST_BEATS = 1576800.0


def audio_file(clip: ClipNode) -> AudioFile:
    """Of an audio clip, which always has one."""
    assert clip.file is not None
    return clip.file


def speed(clip: ClipNode) -> float:
    """Seconds of the file per second heard: 1 unless it is unwarped and transposed."""
    if not clip.is_unwarped:
        return 1.0
    return float(2.0 ** ((clip.pitch_coarse + clip.pitch_fine / 100.0) / 12.0))


def content_per_beat(clip: ClipNode, tempo_bpm: float) -> float:
    """Content time (beats, or seconds of the file) that passes during one beat of the song."""
    return speed(clip) * 60.0 / tempo_bpm if clip.is_unwarped else 1.0


def own_extent_beats(clip: ClipNode) -> float:
    """How long it lasts in the arrangement if nothing follows."""
    if clip.is_unwarped:
        return (clip.placed_end - clip.placed_start) / content_per_beat(clip, clip.track.song.tempo)
    return clip.looped_extent_beats if clip.looping else clip.loop_end - clip.loop_start


def end_time_beats(clip: ClipNode, ignored: ClipNode | None = None) -> float:
    """Right edge in the arrangement: a clip that grew with the tempo or by its pitch ends where the next one starts.

    `ignored` is not regarded as a next one.
    """
    if not clip.is_arrangement_clip:
        return clip.loop_end
    end = clip.start_time + own_extent_beats(clip)
    if clip.is_recording:  # it lies over them
        return end
    starts = [
        other.start_time for other in clip.lane.clips if other is not ignored and other.start_time > clip.start_time
    ]
    return min([end, *starts])


def last_event_beats(tracks: tuple[TrackNode, ...]) -> float:
    return max([end_time_beats(clip) for track in tracks for clip in track.clips[-1:]] or [0.0])


def to_seconds(clip: ClipNode, content_beats: float) -> float:
    """Seconds of the file at a beat of a warped clip."""
    return warping.to_seconds(clip.warp_markers, content_beats)


def to_beats(clip: ClipNode, content_seconds: float) -> float:
    return warping.to_beats(clip.warp_markers, content_seconds)


def within_file(file: AudioFile, content_seconds: float) -> float:
    """Clamped to the file; a rounding error away from its end is its end."""
    return file.seconds if content_seconds > file.seconds - 1e-9 else max(0.0, content_seconds)


def place_content(clip: ClipNode) -> None:
    """Makes the arrangement show the content that an unwarped clip's loop says, clamped to the file."""
    assert clip.file is not None
    clip.put("loop_end", within_file(clip.file, clip.loop_end))
    clip.put("placed_start", clip.loop_start)
    clip.put("placed_end", clip.loop_end)


def unwarp(clip: ClipNode) -> None:
    """From beats to seconds. Unwarped audio does not loop."""
    assert clip.file is not None
    start, end = to_seconds(clip, clip.loop_start), to_seconds(clip, clip.loop_end)
    clip.put("warping", False)
    clip.put("looping", False)
    clip.put("start_marker", to_seconds(clip, clip.start_marker))
    clip.put("end_marker", to_seconds(clip, clip.end_marker))
    clip.put("loop_start", within_file(clip.file, start))
    clip.put("loop_end", end)
    place_content(clip)


def warp(clip: ClipNode) -> None:
    """From seconds to beats, at the song's tempo."""
    clip.put("warp_markers", warping.at_tempo(clip.track.song.tempo))
    clip.put("warping", True)
    for field in ("start_marker", "end_marker", "loop_start", "loop_end"):
        clip.put(field, to_beats(clip, getattr(clip, field)))


def cut_tail(clip: ClipNode, end_beats: float) -> None:
    """Ends an arrangement clip at `end_beats`, inside it."""
    kept = end_beats - clip.start_time
    if clip.looping:
        clip.put("looped_extent_beats", kept)
        return
    start = clip.placed_start if clip.is_unwarped else clip.loop_start
    end = start + kept * content_per_beat(clip, clip.track.song.tempo)
    clip.put("loop_end", end)
    clip.put("placed_end", end)


def cut_head(clip: ClipNode, start_beats: float) -> None:
    """Starts an arrangement clip at `start_beats`, inside it; what is left plays when it did."""
    removed = start_beats - clip.start_time
    content = removed * content_per_beat(clip, clip.track.song.tempo)
    if clip.looping:
        clip.put("looped_extent_beats", clip.looped_extent_beats - removed)
        clip.put("start_marker", clip.start_marker + content)
    else:
        start = (clip.placed_start if clip.is_unwarped else clip.loop_start) + content
        clip.put("loop_start", start)
        clip.put("placed_start", start)
        clip.put("start_marker", start)
    clip.put("start_time", start_beats)


# What is heard


def content_at(clip: ClipNode, song_beats: float) -> float | None:
    """Content that an arrangement clip plays at that time; None outside it."""
    if not clip.start_time <= song_beats < end_time_beats(clip):
        return None
    passed = (song_beats - clip.start_time) * content_per_beat(clip, clip.track.song.tempo)
    if clip.looping:
        return _looped(clip, clip.start_marker + passed)
    return (clip.placed_start if clip.is_unwarped else clip.loop_start) + passed


def session_content(clip: ClipNode, passed_beats: float, passed_seconds: float) -> float:
    """Content that a session clip plays so long after its start marker."""
    passed = passed_seconds * speed(clip) if clip.is_unwarped else passed_beats
    return _looped(clip, clip.start_marker + passed) if clip.looping else clip.start_marker + passed


def session_end(clip: ClipNode) -> float | None:
    """Content at which a session clip is over; None where it loops."""
    return None if clip.looping else clip.loop_end


def _looped(clip: ClipNode, content: float) -> float:
    if content < clip.loop_end:
        return content
    return clip.loop_start + (content - clip.loop_start) % (clip.loop_end - clip.loop_start)
