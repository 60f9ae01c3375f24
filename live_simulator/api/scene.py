"""Live.Scene."""

from __future__ import annotations

from live_simulator.api import checks
from live_simulator.api.classes import SCENE
from live_simulator.boost import INT, TEXT
from live_simulator.nodes.clips import ClipSlotNode
from live_simulator.nodes.songs import SceneNode, SongNode

SCENE.field("name", TEXT, listenable=True)
SCENE.field("canonical_parent", stored_as="parent")
SCENE.writable(INT, listenable=True)(checks.named("color_index", checks.set_color_index))
SCENE.writable(INT, checks.read_color, listenable=True)(checks.named("color", checks.set_color))
SCENE.constant(False, "is_triggered", listenable=True)


@SCENE.readable(listenable=True)
def clip_slots(scene: SceneNode) -> tuple[ClipSlotNode, ...]:
    song = scene.parent
    assert isinstance(song, SongNode)
    row = song.scenes.index(scene)
    return tuple(track.clip_slots[row] for track in song.tracks)


@SCENE.readable()
def is_empty(scene: SceneNode) -> bool:
    return all(slot.clip is None for slot in clip_slots(scene))
