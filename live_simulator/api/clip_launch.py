"""Live.Clip: launching, and where it plays."""

from __future__ import annotations

import math

from live_simulator import session, session_state
from live_simulator.api.classes import CLIP
from live_simulator.boost import BOOL, FLOAT, INT
from live_simulator.declaration import Event
from live_simulator.nodes.clips import ClipNode, ClipSlotNode

CLIP.events.extend([Event("playing_status"), Event("loop_jump")])
CLIP.field("legato", BOOL, listenable=True)


@CLIP.writable(INT, listenable=True)
def launch_mode(clip: ClipNode, mode: int) -> None:
    if not session.TRIGGER <= mode <= session.REPEAT:
        raise RuntimeError("Invalid launch mode")
    clip.put("launch_mode", mode)


@CLIP.writable(INT, listenable=True)
def launch_quantization(clip: ClipNode, quantization: int) -> None:
    if not 0 <= quantization <= 14:
        raise RuntimeError("Invalid launch quantization")
    clip.put("launch_quantization", quantization)


@CLIP.writable(BOOL, session_state.is_playing)
def is_playing(clip: ClipNode, on: bool) -> None:
    if on:
        session.fire_slot(_slot(clip))
    else:
        session.stop_clip(clip)


CLIP.readable()(session_state.is_triggered)
CLIP.readable(listenable=True)(session_state.playing_position)


@CLIP.method()
def fire(clip: ClipNode) -> None:
    session.fire_slot(_slot(clip))


@CLIP.method()
def stop(clip: ClipNode) -> None:
    session.stop_clip(clip)


@CLIP.method(BOOL)
def set_fire_button_state(clip: ClipNode, pressed: bool) -> None:
    session.set_fire_button(_slot(clip), pressed)


@CLIP.method(FLOAT)
def move_playing_pos(clip: ClipNode, content: float) -> None:
    """Jumps a session clip that plays by that many beats (seconds of unwarped audio); else nothing."""
    if not math.isfinite(content):
        raise RuntimeError("Invalid position")
    session.move_playing_position(clip, content)


def _slot(clip: ClipNode) -> ClipSlotNode:
    if not isinstance(clip.parent, ClipSlotNode):
        raise RuntimeError("Only clips of the Session view can be launched")
    return clip.parent
