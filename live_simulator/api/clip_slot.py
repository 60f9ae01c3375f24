"""Live.ClipSlot."""

from __future__ import annotations

from live_simulator import session, session_state
from live_simulator.api import checks
from live_simulator.api.classes import CLIP_SLOT
from live_simulator.boost import BOOL, FLOAT, TEXT
from live_simulator.clips import copy_clip, new_audio_clip, new_midi_clip
from live_simulator.groups import slots_under
from live_simulator.nodes.clips import ClipNode, ClipSlotNode
from live_simulator.nodes.node import set_alive
from live_simulator.nodes.tracks import TrackNode
from live_simulator.versions import AUDIO_CLIPS

STOPPED, STARTED = 0, 1
"""ClipSlotPlayingState"""

CLIP_SLOT.field("clip")
CLIP_SLOT.field("canonical_parent", stored_as="parent")
CLIP_SLOT.field("has_stop_button", BOOL, listenable=True)
CLIP_SLOT.constant(False, "is_recording")


@CLIP_SLOT.readable()
def is_group_slot(slot: ClipSlotNode) -> bool:
    return _track(slot).role == "group"


def _clips_under(slot: ClipSlotNode) -> list[ClipNode]:
    """Of a group track's slot: the clips that it stands for."""
    if not is_group_slot(slot):
        return []
    return [under.clip for under in slots_under(slot) if under.clip is not None]


@CLIP_SLOT.readable(listenable=True)
def controls_other_clips(slot: ClipSlotNode) -> bool:
    return any(not clip.muted for clip in _clips_under(slot))


@CLIP_SLOT.readable(listenable=True)
def color(slot: ClipSlotNode) -> int | None:
    """That of a group slot's first clip; None of any other."""
    clips = _clips_under(slot)
    return checks.read_color(clips[0]) if clips else None


@CLIP_SLOT.readable(listenable=True)
def color_index(slot: ClipSlotNode) -> int | None:
    clips = _clips_under(slot)
    return clips[0].color_index if clips else None


@CLIP_SLOT.readable(listenable=True)
def has_clip(slot: ClipSlotNode) -> bool:
    return slot.clip is not None


# Playing


@CLIP_SLOT.readable()
def is_playing(slot: ClipSlotNode) -> bool:
    return session_state.is_slot_playing(slot)


@CLIP_SLOT.readable(listenable=True, vector="ClipSlot.ClipSlotPlayingState")
def playing_status(slot: ClipSlotNode) -> int:
    return STARTED if session_state.is_slot_playing(slot) else STOPPED


@CLIP_SLOT.readable(listenable=True)
def is_triggered(slot: ClipSlotNode) -> bool:
    return session_state.is_slot_triggered(slot)


@CLIP_SLOT.readable()
def will_record_on_start(slot: ClipSlotNode) -> bool:
    return session_state.will_record(slot)


@CLIP_SLOT.method()
def fire(slot: ClipSlotNode) -> None:
    session.fire_slot(slot)


@CLIP_SLOT.method()
def stop(slot: ClipSlotNode) -> None:
    """Stops the slot's clip; an empty slot's button stops its track, a group slot's all that it stands for."""
    if is_group_slot(slot):
        for under in slots_under(slot):
            stop(under)
    elif slot.clip is not None:
        session.stop_clip(slot.clip)
    elif slot.has_stop_button:
        session.stop_track(_track(slot))


@CLIP_SLOT.method(BOOL)
def set_fire_button_state(slot: ClipSlotNode, pressed: bool) -> None:
    session.set_fire_button(slot, pressed)


# Clips


@CLIP_SLOT.method(TEXT, versions=AUDIO_CLIPS)
def create_audio_clip(slot: ClipSlotNode, path: str) -> ClipNode:
    _require_empty(slot)
    if _track(slot).role != "audio":
        raise RuntimeError("Audio clips can only be created on audio tracks")
    return _fill(slot, new_audio_clip(slot, path))


@CLIP_SLOT.method(FLOAT, returns=AUDIO_CLIPS)
def create_clip(slot: ClipSlotNode, length_beats: float) -> ClipNode:
    _require_empty(slot)
    if _track(slot).role != "midi":
        raise RuntimeError("MIDI clips can only be created on MIDI tracks")
    return _fill(slot, new_midi_clip(slot, length_beats))


@CLIP_SLOT.method(CLIP_SLOT.kind())
def duplicate_clip_to(slot: ClipSlotNode, target: ClipSlotNode) -> None:
    """Over what is in the target, whose track has to be of the same kind."""
    if slot.clip is None:
        raise RuntimeError("This clip slot has no clip")
    if _track(slot).role != _track(target).role:
        raise RuntimeError("Incompatible track types for clip duplication")
    if target is slot:
        raise RuntimeError("A clip cannot be duplicated onto itself")
    copied = copy_clip(slot.clip, target)
    if target.clip is not None:
        delete_clip(target)
    _fill(target, copied)


@CLIP_SLOT.method()
def delete_clip(slot: ClipSlotNode) -> None:
    if slot.clip is None:
        raise RuntimeError("This clip slot has no clip")
    session.forget(slot.clip)
    set_alive(slot.clip, False)
    slot.put("clip", None)


def _require_empty(slot: ClipSlotNode) -> None:
    if slot.clip is not None:
        raise RuntimeError("This clip slot already has a clip")
    if _track(slot).is_frozen:
        raise RuntimeError("Clips cannot be created on frozen tracks")


def _track(slot: ClipSlotNode) -> TrackNode:
    assert isinstance(slot.parent, TrackNode)
    return slot.parent


def _fill(slot: ClipSlotNode, clip: ClipNode) -> ClipNode:
    set_alive(clip, True)
    slot.put("clip", clip)
    return clip
