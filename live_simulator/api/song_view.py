"""Song.View: what is selected."""

from __future__ import annotations

from live_simulator.api.classes import CLIP, CLIP_SLOT, SCENE, SONG_VIEW, TRACK
from live_simulator.boost import BOOL
from live_simulator.nodes.clips import ClipSlotNode
from live_simulator.nodes.songs import SceneNode, SongNode, SongViewNode
from live_simulator.nodes.tracks import TrackNode
from live_simulator.tracks import highlight, select_track

SONG_VIEW.field("canonical_parent", stored_as="parent")
SONG_VIEW.field("detail_clip", CLIP.kind(optional=True), listenable=True, undoable=False)
SONG_VIEW.field("selected_parameter", listenable=True)
SONG_VIEW.field("follow_song", BOOL, listenable=True, undoable=False)
SONG_VIEW.field("draw_mode", BOOL, listenable=True, undoable=False)


@SONG_VIEW.writable(TRACK.kind(), listenable=True)
def selected_track(view: SongViewNode, track: TrackNode) -> None:
    select_track(_song(view), track)


@SONG_VIEW.writable(SCENE.kind(), listenable=True)
def selected_scene(view: SongViewNode, scene: SceneNode) -> None:
    view.put("selected_scene", scene, undoable=False)
    highlight(_song(view))


@SONG_VIEW.writable(CLIP_SLOT.kind())
def highlighted_clip_slot(view: SongViewNode, slot: ClipSlotNode) -> None:
    """Its track and its scene are selected with it."""
    track = slot.parent
    assert isinstance(track, TrackNode)
    view.put("selected_track", track, undoable=False)
    view.put("selected_scene", _song(view).scenes[track.clip_slots.index(slot)], undoable=False)
    view.put("highlighted_clip_slot", slot, undoable=False)


def _song(view: SongViewNode) -> SongNode:
    assert isinstance(view.parent, SongNode)
    return view.parent
