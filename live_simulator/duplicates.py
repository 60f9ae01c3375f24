"""Copies of tracks and scenes, with all that they hold."""

from __future__ import annotations

from live_simulator import devices
from live_simulator.clips import copy_clip
from live_simulator.groups import members_of
from live_simulator.nodes.clips import ClipNode, ClipSlotNode, TakeLaneNode
from live_simulator.nodes.node import set_alive
from live_simulator.nodes.songs import SceneNode, SongNode
from live_simulator.nodes.tracks import TrackNode
from live_simulator.tracks import add_track, insert_scene, new_track, select_track

KEPT = (
    "color_index",
    "current_monitoring_state",
    "source",
    "source_channel",
    "target",
    "target_channel",
    "is_folded",
)
PARAMETERS = ("volume", "panning", "left_split_stereo", "right_split_stereo", "track_activator")


def duplicate_track(song: SongNode, index: int) -> TrackNode:
    """Behind the track and all that lies in it. The copy is neither soloed nor armed, and is selected."""
    track = song.tracks[index]
    originals = (track, *members_of(track))
    for place in range(len(originals)):
        song.edition.require_room("tracks", len(song.tracks) + place)
    copies = {original: _copied(original) for original in originals}
    for place, original in enumerate(originals):
        copies[original].group = copies.get(original.group, original.group) if original.group else None
        add_track(song, copies[original], index + len(originals) + place)
    select_track(song, copies[track])
    return copies[track]


def duplicate_scene(song: SongNode, index: int) -> SceneNode:
    original = song.scenes[index]
    scene = insert_scene(song, index + 1)
    for field in ("name", "color_index", "tempo", "tempo_enabled"):
        scene.put(field, getattr(original, field))
    for field in ("numerator", "denominator", "enabled"):
        scene.put(f"time_signature_{field}", getattr(original, f"time_signature_{field}"))
    for track in song.tracks:
        copy_into(track.clip_slots[index], track.clip_slots[index + 1])
    return scene


def copy_into(slot: ClipSlotNode, to: ClipSlotNode) -> None:
    """Copies a slot's clip, if it has one, into an empty slot that is alive."""
    if slot.clip is not None:
        copy_clip_into(slot.clip, to)


def copy_clip_into(clip: ClipNode, slot: ClipSlotNode) -> None:
    copied = copy_clip(clip, slot)
    set_alive(copied, True)
    slot.put("clip", copied)


def _copied(track: TrackNode) -> TrackNode:
    """Not alive yet."""
    copied = new_track(track.song, track.role)
    copied.name = track.name
    copied.data = dict(track.data)
    for field in KEPT:
        setattr(copied, field, getattr(track, field))
    for name in PARAMETERS:
        getattr(copied.mixer, name).value = getattr(track.mixer, name).value
    copied.mixer.panning_mode = track.mixer.panning_mode
    copied.mixer.crossfade_assign = track.mixer.crossfade_assign
    for own, other in zip(copied.mixer.sends, track.mixer.sends):
        own.value = other.value
    copied.devices = devices.copies(track.devices, copied)
    copied.clips = tuple(copy_clip(clip, copied) for clip in track.clips)
    copied.take_lanes = tuple(_copied_lane(lane, copied) for lane in track.take_lanes)
    for own_slot, slot in zip(copied.clip_slots, track.clip_slots):
        own_slot.has_stop_button = slot.has_stop_button
        if slot.clip is not None:
            own_slot.clip = copy_clip(slot.clip, own_slot)
    return copied


def _copied_lane(lane: TakeLaneNode, track: TrackNode) -> TakeLaneNode:
    copied = TakeLaneNode(track, lane.name)
    copied.clips = tuple(copy_clip(clip, copied) for clip in lane.clips)
    return copied
