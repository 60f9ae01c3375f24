"""Live.Scene."""

from __future__ import annotations

from live_simulator.api.classes import SCENE
from live_simulator.boost import TEXT
from live_simulator.nodes import ClipSlotNode, SceneNode, SongNode
from live_simulator.palette import PALETTE

SCENE.field("name", TEXT, listenable=True)
SCENE.field("canonical_parent", stored_as="parent")
SCENE.field("color_index", listenable=True)
SCENE.constant(False, "is_triggered", listenable=True)


@SCENE.readable(listenable=True)
def color(scene: SceneNode) -> int:
    return PALETTE[scene.color_index] if scene.color_index is not None else 0


@SCENE.readable(listenable=True)
def clip_slots(scene: SceneNode) -> tuple[ClipSlotNode, ...]:
    song = scene.parent
    assert isinstance(song, SongNode)
    row = song.scenes.index(scene)
    return tuple(track.clip_slots[row] for track in song.tracks)


@SCENE.readable()
def is_empty(scene: SceneNode) -> bool:
    return all(slot.clip is None for slot in clip_slots(scene))
