"""Live.Scene."""

from __future__ import annotations

from typing import Any

from live_simulator import session, session_state
from live_simulator.api import checks
from live_simulator.api.classes import SCENE
from live_simulator.boost import BOOL, FLOAT, INT, TEXT
from live_simulator.nodes.clips import ClipSlotNode
from live_simulator.nodes.songs import SceneNode, SongNode
from live_simulator.tempo import LEAST_BPM, MOST_BPM
from live_simulator.tracks import highlight
from live_simulator.versions import since

HAS_SWITCHES = since(11, 1)

SCENE.field("name", TEXT, listenable=True)
SCENE.field("canonical_parent", stored_as="parent")
SCENE.writable(INT, listenable=True)(checks.named("color_index", checks.set_color_index))
SCENE.writable(INT, checks.read_color, listenable=True)(checks.named("color", checks.set_color))
SCENE.field("tempo_enabled", BOOL, listenable=True, versions=HAS_SWITCHES)
SCENE.field("time_signature_enabled", BOOL, listenable=True, versions=HAS_SWITCHES)
SCENE.readable(listenable=True)(checks.renamed("is_triggered", session_state.is_scene_triggered))


@SCENE.readable(listenable=True)
def clip_slots(scene: SceneNode) -> tuple[ClipSlotNode, ...]:
    song = _song(scene)
    row = song.scenes.index(scene)
    return tuple(track.clip_slots[row] for track in song.tracks)


@SCENE.readable()
def is_empty(scene: SceneNode) -> bool:
    return all(slot.clip is None for slot in clip_slots(scene))


@SCENE.writable(FLOAT, lambda scene: scene.tempo if scene.tempo_enabled else -1.0, listenable=True)
def tempo(scene: SceneNode, bpm: float) -> None:
    checks.require_beats(bpm, LEAST_BPM, MOST_BPM, "Tempo is out of range")
    if _song(scene).version in HAS_SWITCHES:
        _require(scene.tempo_enabled, "tempo")
    else:
        scene.put("tempo_enabled", True)
    scene.put("tempo", bpm)


def _if_enabled(field: str) -> Any:
    return lambda scene: getattr(scene, field) if scene.time_signature_enabled else -1


@SCENE.writable(INT, _if_enabled("time_signature_numerator"), listenable=True, versions=HAS_SWITCHES)
def time_signature_numerator(scene: SceneNode, beats: int) -> None:
    _require(scene.time_signature_enabled, "time signature")
    scene.put("time_signature_numerator", checks.require_numerator(beats))


@SCENE.writable(INT, _if_enabled("time_signature_denominator"), listenable=True, versions=HAS_SWITCHES)
def time_signature_denominator(scene: SceneNode, part: int) -> None:
    _require(scene.time_signature_enabled, "time signature")
    scene.put("time_signature_denominator", checks.require_denominator(part))


@SCENE.method(BOOL, BOOL, defaults=(False, True))
def fire(scene: SceneNode, force_legato: bool, can_select_scene_on_launch: bool) -> None:
    if can_select_scene_on_launch:
        _select(scene)
    session.fire_scene(scene, force_legato)


@SCENE.method(BOOL, defaults=(False,))
def fire_as_selected(scene: SceneNode, force_legato: bool) -> None:
    """Selects the scene below."""
    session.fire_scene(scene, force_legato)
    scenes = _song(scene).scenes
    _select(scenes[min(scenes.index(scene) + 1, len(scenes) - 1)])


@SCENE.method(BOOL)
def set_fire_button_state(scene: SceneNode, pressed: bool) -> None:
    if pressed:
        session.fire_scene(scene)


def _require(is_enabled: bool, what: str) -> None:
    if not is_enabled:
        raise RuntimeError(f"This scene's {what} is not enabled")


def _select(scene: SceneNode) -> None:
    song = _song(scene)
    song.view.put("selected_scene", scene, undoable=False)
    highlight(song)


def _song(scene: SceneNode) -> SongNode:
    assert isinstance(scene.parent, SongNode)
    return scene.parent
