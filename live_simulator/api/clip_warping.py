"""Live.Clip: warp markers, and the times that they relate."""

from __future__ import annotations

import math
from typing import Any

from live_simulator import warping
from live_simulator.api.classes import CLIP
from live_simulator.api.plain_values import WarpMarker
from live_simulator.boost import ANYTHING, FLOAT
from live_simulator.clip_geometry import audio_file
from live_simulator.nodes.clips import ClipNode
from live_simulator.versions import since


def _audio_only(clip: ClipNode) -> str | None:
    return None if clip.is_audio else "This property is only available for Audio clips"


def _require_warped(clip: ClipNode) -> None:
    if not clip.is_audio:
        raise RuntimeError("This function is only available for Audio clips")
    if not clip.warping:
        raise RuntimeError("This function is only available for warped clips")


def _change(clip: ClipNode, markers: warping.Markers) -> None:
    clip.put("warp_markers", markers)


@CLIP.readable(listenable=True, vector="Clip.WarpMarkerVector", refuses=_audio_only)
def warp_markers(clip: ClipNode) -> tuple[WarpMarker, ...]:
    return tuple(WarpMarker(marker.seconds, marker.beats) for marker in clip.warp_markers)


@CLIP.method(ANYTHING, versions=since(11, 1))
def add_warp_marker(clip: ClipNode, marker: Any) -> None:
    _require_warped(clip)
    if not isinstance(marker, WarpMarker):
        raise TypeError(f"warp_marker must be a Live.Clip.WarpMarker, not {type(marker).__name__}")
    seconds, beats = marker.sample_time, marker.beat_time
    if not (0.0 <= seconds <= audio_file(clip).seconds and math.isfinite(beats)):
        raise RuntimeError("Invalid warp marker: it lies outside the file")
    _change(clip, warping.with_marker(clip.warp_markers, warping.Marker(seconds, beats)))


@CLIP.method(FLOAT, FLOAT, versions=since(11, 1))
def move_warp_marker(clip: ClipNode, beats: float, distance_beats: float) -> None:
    _require_warped(clip)
    _change(clip, warping.moved_marker(clip.warp_markers, beats, distance_beats))


@CLIP.method(FLOAT, versions=since(11, 1))
def remove_warp_marker(clip: ClipNode, beats: float) -> None:
    _require_warped(clip)
    _change(clip, warping.without_marker(clip.warp_markers, beats))


@CLIP.method(FLOAT, changes=False)
def beat_to_sample_time(clip: ClipNode, beats: float) -> float:
    """Frames of the file."""
    _require_warped(clip)
    return warping.to_seconds(clip.warp_markers, beats) * audio_file(clip).sample_rate_hz


@CLIP.method(FLOAT, changes=False)
def sample_to_beat_time(clip: ClipNode, frames: float) -> float:
    _require_warped(clip)
    return warping.to_beats(clip.warp_markers, frames / audio_file(clip).sample_rate_hz)


@CLIP.method(FLOAT, changes=False)
def seconds_to_sample_time(clip: ClipNode, seconds: float) -> float:
    if not clip.is_unwarped:
        raise RuntimeError("This function is only available for unwarped Audio clips")
    return seconds * audio_file(clip).sample_rate_hz
