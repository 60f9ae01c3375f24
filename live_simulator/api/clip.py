"""Live.Clip: content, loop and markers, gain, pitch, warping."""

from __future__ import annotations

from live_simulator.api import checks
from live_simulator.api.classes import CLIP
from live_simulator.boost import BOOL, FLOAT, FLOAT32, INT, TEXT
from live_simulator.clip_geometry import (
    MOST_BEATS,
    audio_file,
    end_time_beats,
    own_extent_beats,
    place_content,
    unwarp,
    warp,
)
from live_simulator.curves import clip_gain_db, db_text
from live_simulator.lane import clear_around
from live_simulator.nodes.clips import ClipNode, ClipSlotNode, TakeLaneNode
from live_simulator.versions import since

WARP_MODES = (0, 1, 2, 3, 4, 6)


def _audio_only(clip: ClipNode) -> str | None:
    return None if clip.is_audio else "This property is only available for Audio clips"


CLIP.field("canonical_parent", stored_as="parent")
CLIP.field("muted", BOOL, listenable=True)
CLIP.field("is_audio_clip", stored_as="is_audio")
CLIP.field("is_arrangement_clip")
CLIP.field("start_time", listenable=True)
CLIP.field("ram_mode", BOOL, listenable=True, refuses=_audio_only)
CLIP.writable(INT, checks.read_color, listenable=True)(checks.named("color", checks.set_color))
CLIP.writable(INT, listenable=True)(checks.named("color_index", checks.set_color_index))
CLIP.field("is_recording", listenable=True)
CLIP.constant(False, "is_overdubbing", listenable=True)


def _place(clip: ClipNode) -> int:
    if isinstance(clip.parent, ClipSlotNode):
        return clip.track.clip_slots.index(clip.parent) + 1
    return clip.lane.clips.index(clip) + 1


@CLIP.writable(TEXT, lambda clip: clip.name.replace("#", str(_place(clip))), listenable=True)
def name(clip: ClipNode, text: str) -> None:
    clip.put("name", text)


@CLIP.readable()
def is_midi_clip(clip: ClipNode) -> bool:
    return not clip.is_audio


@CLIP.readable(versions=since(12, 2))
def is_take_lane_clip(clip: ClipNode) -> bool:
    return isinstance(clip.parent, TakeLaneNode)


@CLIP.readable(versions=since(12, 2))
def is_session_clip(clip: ClipNode) -> bool:
    return not clip.is_arrangement_clip


@CLIP.readable(listenable=True)
def end_time(clip: ClipNode) -> float:
    return end_time_beats(clip)


@CLIP.readable()
def length(clip: ClipNode) -> float:
    return clip.loop_end - clip.loop_start


# The file


@CLIP.readable(listenable=True, refuses=_audio_only)
def file_path(clip: ClipNode) -> str:
    return audio_file(clip).path


@CLIP.readable(refuses=_audio_only)
def sample_length(clip: ClipNode) -> int:
    return audio_file(clip).frames


@CLIP.readable(refuses=_audio_only, versions=since(11, 1))
def sample_rate(clip: ClipNode) -> float:
    return float(audio_file(clip).sample_rate_hz)


# Gain, pitch, warping


@CLIP.writable(FLOAT32, listenable=True, refuses=_audio_only)
def gain(clip: ClipNode, position: float) -> None:
    if not 0.0 <= position <= 1.0:
        raise RuntimeError("Gain is out of range")
    clip.put("gain", position)


@CLIP.readable(refuses=_audio_only)
def gain_display_string(clip: ClipNode) -> str:
    return db_text(clip_gain_db(clip.gain))


@CLIP.writable(INT, listenable=True, refuses=_audio_only)
def pitch_coarse(clip: ClipNode, semitones: int) -> None:
    if not -48 <= semitones <= 48:
        raise RuntimeError("Pitch is out of range")
    clip.put("pitch_coarse", semitones)
    clip.runtime.touch(clip, "end_time")


@CLIP.writable(FLOAT32, listenable=True, refuses=_audio_only)
def pitch_fine(clip: ClipNode, cents: float) -> None:
    if not -50.0 <= cents < 50.0:
        raise RuntimeError("Pitch is out of range")
    clip.put("pitch_fine", cents)
    clip.runtime.touch(clip, "end_time")


@CLIP.readable(vector="Base.IntVector", refuses=_audio_only)
def available_warp_modes(clip: ClipNode) -> tuple[int, ...]:
    return WARP_MODES


@CLIP.writable(INT, listenable=True, refuses=_audio_only)
def warp_mode(clip: ClipNode, mode: int) -> None:
    if mode not in WARP_MODES:
        raise RuntimeError("Invalid warp mode")
    clip.put("warp_mode", mode)


@CLIP.writable(BOOL, listenable=True, refuses=_audio_only)
def warping(clip: ClipNode, on: bool) -> None:
    """From the next tick on."""
    _require_complete(clip)
    clip.warping_set_tick = clip.runtime.tick
    _refuse_both_in_one_tick(clip)

    def switch() -> None:
        if not clip.alive or on == clip.warping:
            return
        if on:
            warp(clip)
        else:
            unwarp(clip)

    clip.runtime.defer(switch)


@CLIP.writable(BOOL, listenable=True)
def looping(clip: ClipNode, on: bool) -> None:
    _require_complete(clip)
    if clip.is_unwarped and on:
        raise RuntimeError("Unwarped audio cannot be looped")
    clip.looping_set_tick = clip.runtime.tick
    _refuse_both_in_one_tick(clip)
    if on and not clip.looping:
        clip.put("looped_extent_beats", own_extent_beats(clip))
    clip.put("looping", on)
    _resized(clip)


def _require_complete(clip: ClipNode) -> None:
    if clip.is_recording:
        raise RuntimeError("A clip cannot be warped or trimmed while it is being recorded")


def _refuse_both_in_one_tick(clip: ClipNode) -> None:
    if clip.warping_set_tick == clip.looping_set_tick:
        raise RuntimeError("warping and looping set in one tick: Live before 12.1 crashes at this")


# Edges, in beats; unwarped audio: in seconds


@CLIP.writable(FLOAT, listenable=True)
def loop_start(clip: ClipNode, content: float) -> None:
    _require_complete(clip)
    least, most = (0.0, audio_file(clip).seconds) if clip.is_unwarped else (-MOST_BEATS, MOST_BEATS)
    checks.require_beats(content, least, most, "Invalid loop start")
    if content >= clip.loop_end or (clip.is_unwarped and content == most):
        raise RuntimeError("Cannot set LoopStart behind LoopEnd")
    clip.put("loop_start", content)
    if not clip.looping:
        clip.put("start_marker", content)
    _resized(clip)


@CLIP.writable(FLOAT, listenable=True)
def loop_end(clip: ClipNode, content: float) -> None:
    _require_complete(clip)
    checks.require_beats(content, -MOST_BEATS, MOST_BEATS, "Invalid loop end")
    if content <= clip.loop_start:
        raise RuntimeError("Cannot set LoopEnd before LoopStart")
    clip.put("loop_end", content)
    if not clip.looping and not clip.is_arrangement_clip:
        clip.put("end_marker", content)
    _resized(clip)


@CLIP.writable(FLOAT, listenable=True)
def start_marker(clip: ClipNode, content: float) -> None:
    """Silently ignored by an arrangement clip that does not loop, as in Live."""
    _require_complete(clip)
    checks.require_beats(content, -MOST_BEATS, MOST_BEATS, "Invalid start marker")
    if content >= clip.end_marker:
        raise RuntimeError("Cannot set StartMarker behind EndMarker")
    if clip.looping:
        clip.put("start_marker", content)
    elif not clip.is_arrangement_clip:
        loop_start(clip, content)


@CLIP.writable(FLOAT, listenable=True)
def end_marker(clip: ClipNode, content: float) -> None:
    """Never changes the arrangement; not clamped to the file."""
    _require_complete(clip)
    checks.require_beats(content, -MOST_BEATS, MOST_BEATS, "Invalid end marker")
    if content <= clip.start_marker:
        raise RuntimeError("Cannot set EndMarker before StartMarker")
    clip.put("end_marker", content)
    if not clip.looping and not clip.is_arrangement_clip:
        clip.put("loop_end", content)
        _resized(clip)


def _resized(clip: ClipNode) -> None:
    """Beats move the clip's edges at once, seconds from the next tick on."""
    if clip.is_unwarped:
        clip.runtime.defer(lambda: _place_seconds(clip))
    elif clip.is_arrangement_clip:
        clear_around(clip)


def _place_seconds(clip: ClipNode) -> None:
    if not clip.alive or not clip.is_unwarped:
        return
    place_content(clip)
    if clip.is_arrangement_clip:
        clear_around(clip)
