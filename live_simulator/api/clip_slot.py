"""Live.ClipSlot."""

from __future__ import annotations

from live_simulator.api.classes import CLIP_SLOT
from live_simulator.boost import BOOL, FLOAT, TEXT
from live_simulator.clips import new_audio_clip, new_midi_clip
from live_simulator.nodes.clips import ClipNode, ClipSlotNode
from live_simulator.nodes.node import set_alive
from live_simulator.nodes.tracks import TrackNode
from live_simulator.versions import AUDIO_CLIPS

CLIP_SLOT.field("clip")
CLIP_SLOT.field("canonical_parent", stored_as="parent")
CLIP_SLOT.field("has_stop_button", BOOL, listenable=True)
CLIP_SLOT.constant(False, "is_group_slot", "is_playing", "is_recording", "will_record_on_start")
CLIP_SLOT.constant(False, "is_triggered", "controls_other_clips", listenable=True)


@CLIP_SLOT.readable(listenable=True)
def has_clip(slot: ClipSlotNode) -> bool:
    return slot.clip is not None


@CLIP_SLOT.method(TEXT, versions=AUDIO_CLIPS)
def create_audio_clip(slot: ClipSlotNode, path: str) -> ClipNode:
    track = _require_empty(slot)
    if track.role != "audio":
        raise RuntimeError("Audio clips can only be created on audio tracks")
    return _fill(slot, new_audio_clip(slot, path))


@CLIP_SLOT.method(FLOAT, returns=AUDIO_CLIPS)
def create_clip(slot: ClipSlotNode, length_beats: float) -> ClipNode:
    track = _require_empty(slot)
    if track.role != "midi":
        raise RuntimeError("MIDI clips can only be created on MIDI tracks")
    return _fill(slot, new_midi_clip(slot, length_beats))


@CLIP_SLOT.method()
def delete_clip(slot: ClipSlotNode) -> None:
    if slot.clip is None:
        raise RuntimeError("This clip slot has no clip")
    set_alive(slot.clip, False)
    slot.put("clip", None)


def _require_empty(slot: ClipSlotNode) -> TrackNode:
    if slot.clip is not None:
        raise RuntimeError("This clip slot already has a clip")
    assert isinstance(slot.parent, TrackNode)
    return slot.parent


def _fill(slot: ClipSlotNode, clip: ClipNode) -> ClipNode:
    set_alive(clip, True)
    slot.put("clip", clip)
    return clip
