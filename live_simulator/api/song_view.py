"""Song.View: what is selected."""

from __future__ import annotations

from live_simulator.api.classes import CLIP, CLIP_SLOT, SCENE, SONG_VIEW, TRACK
from live_simulator.boost import BOOL

SONG_VIEW.field("canonical_parent", stored_as="parent")
SONG_VIEW.field("selected_track", TRACK.kind(), listenable=True, undoable=False)
SONG_VIEW.field("selected_scene", SCENE.kind(), listenable=True, undoable=False)
SONG_VIEW.field("detail_clip", CLIP.kind(optional=True), listenable=True, undoable=False)
SONG_VIEW.field("highlighted_clip_slot", CLIP_SLOT.kind(), undoable=False)
SONG_VIEW.field("follow_song", BOOL, listenable=True, undoable=False)
SONG_VIEW.field("draw_mode", BOOL, listenable=True, undoable=False)
