"""A box of clip slots somewhere in Live's session, and where it is."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable

from live_simulator.frameworks.buttons import PlayedByControls, on_press
from live_simulator.frameworks.component import BaseComponent
from live_simulator.frameworks.functions import liveobj_valid
from live_simulator.frameworks.injection import depends
from live_simulator.frameworks.mixer import TrackBank


class RingPart(BaseComponent):
    """A box of `num_tracks` x `num_scenes` clip slots somewhere in the session."""

    __events__ = ("offset", "tracks")

    @depends(set_session_highlight=None)
    def __init__(
        self,
        num_tracks: int = 0,
        num_scenes: int = 0,
        tracks_to_use: Callable[[], Any] | None = None,
        set_session_highlight: Any = None,
        always_snap_track_offset: bool = False,
        include_returns: bool = False,
        **keywords: Any,
    ) -> None:
        self.num_tracks = num_tracks
        self.num_scenes = num_scenes
        self.track_offset = 0
        self.scene_offset = 0
        self._chosen_tracks = tracks_to_use
        self._highlight = set_session_highlight
        self._include_returns = include_returns
        super().__init__(**keywords)
        self._show()

    def tracks_to_use(self: Any) -> Any:
        return self._chosen_tracks() if self._chosen_tracks else self._song.visible_tracks

    def set_offsets(self: Any, track_offset: int, scene_offset: int) -> None:
        if track_offset < 0 or scene_offset < 0:
            raise AssertionError(f"offsets {track_offset}, {scene_offset}; they are 0 or more")
        self.track_offset, self.scene_offset = track_offset, scene_offset
        self._show()
        self.notify_offset(track_offset, scene_offset)

    def move(self: Any, tracks: int, scenes: int) -> None:
        self.set_offsets(max(0, self.track_offset + tracks), max(0, self.scene_offset + scenes))

    def controlled_tracks(self: Any) -> list[Any]:
        bank = TrackBank(self.num_tracks)
        bank.offset = self.track_offset
        return bank.of(self.tracks_to_use())

    def on_enabled_changed(self: Any) -> None:
        super().on_enabled_changed()
        self._show()

    def _show(self: Any) -> None:
        box = (self.track_offset, self.scene_offset, self.num_tracks, self.num_scenes, self._include_returns)
        self._highlight(*(box if self.is_enabled() else (-1, -1, -1, -1, False)))


class SessionPart(PlayedByControls, BaseComponent):
    """Clip slots and scenes from an offset on, of a ring (ableton.v2) or of a size (_Framework)."""

    __events__ = ("offset",)
    BUTTONS = {"stop_all_clips": "_stop_all_clips", "select_next_scene": "_next", "select_prev_scene": "_previous"}

    def __init__(
        self, num_tracks: int = 0, num_scenes: int = 0, *arguments: Any, session_ring: Any = None, **keywords: Any
    ) -> None:
        for unused in ("auto_name", "enable_skinning"):
            keywords.pop(unused, None)
        self._ring = session_ring
        self._size = (
            (num_tracks, num_scenes) if session_ring is None else (session_ring.num_tracks, session_ring.num_scenes)
        )
        self._offsets = (0, 0)
        self._mixer: Any = None
        self._highlight: Any = None
        layer = keywords.pop("layer", None)  # which the children play
        super().__init__(*arguments, **keywords)
        self._scenes = [self.register_component(self._create_scene()) for _ in range(self._size[1])]
        self._selected_scene: Any = None
        if session_ring is not None:
            self.register_slot(session_ring, self._ring_moved, "offset")
        self.on_scene_list_changed()
        self.layer = layer

    def _create_scene(self) -> Any:
        raise NotImplementedError

    def _ring_moved(self, *_: Any) -> None:
        self.on_scene_list_changed()

    def width(self) -> int:
        return self._size[0]

    def height(self) -> int:
        return self._size[1]

    def track_offset(self) -> int:
        return self._offsets[0] if self._ring is None else int(self._ring.track_offset)

    def scene_offset(self) -> int:
        return self._offsets[1] if self._ring is None else int(self._ring.scene_offset)

    def tracks_to_use(self: Any) -> Any:
        return self._song.visible_tracks if self._ring is None else self._ring.tracks_to_use()

    def scene(self, index: int) -> Any:
        return self._scenes[index]

    def selected_scene(self: Any) -> Any:
        if self._selected_scene is None:
            self._selected_scene = self.register_component(self._create_scene())
            self.on_selected_scene_changed()
        return self._selected_scene

    def set_offsets(self: Any, track_offset: int, scene_offset: int) -> None:
        if track_offset < 0 or scene_offset < 0:
            raise AssertionError(f"offsets {track_offset}, {scene_offset}; they are 0 or more")
        self._offsets = (track_offset, scene_offset)
        if self._ring is not None:
            self._ring.set_offsets(track_offset, scene_offset)
        self.on_scene_list_changed()
        if self._mixer is not None:
            self._mixer.set_track_offset(track_offset)
        self._show_highlight()
        self.notify_offset()

    def set_mixer(self: Any, mixer: Any) -> None:
        self._mixer = mixer
        if mixer is not None:
            mixer.set_track_offset(self.track_offset())

    def set_highlighting_callback(self, callback: Any) -> None:
        self._highlight = callback
        self._show_highlight()

    def set_show_highlight(self, show: bool) -> None:
        self._show_highlight()

    def _show_highlight(self) -> None:
        if self._highlight is not None:
            self._highlight(self.track_offset(), self.scene_offset(), *self._size, False)

    def on_track_list_changed(self) -> None:
        self.on_scene_list_changed()

    def on_scene_list_changed(self: Any) -> None:
        scenes = list(self._song.scenes)[self.scene_offset() :]
        for place, part in enumerate(self._scenes):
            part.set_track_offset(self.track_offset())
            part.set_scene(scenes[place] if place < len(scenes) else None)

    def on_selected_scene_changed(self: Any) -> None:
        if self._selected_scene is not None:
            self._selected_scene.set_scene(self._song.view.selected_scene)

    def set_track_bank_buttons(self: Any, right_button: Any, left_button: Any) -> None:
        on_press(self, "_right_button", right_button, lambda: self._move(1, 0))
        on_press(self, "_left_button", left_button, lambda: self._move(-1, 0))

    def set_scene_bank_buttons(self: Any, down_button: Any, up_button: Any) -> None:
        on_press(self, "_down_button", down_button, lambda: self._move(0, 1))
        on_press(self, "_up_button", up_button, lambda: self._move(0, -1))

    def set_select_buttons(self: Any, next_button: Any, prev_button: Any) -> None:
        self.set_select_next_scene_button(next_button)
        self.set_select_prev_scene_button(prev_button)

    def set_clip_launch_buttons(self, buttons: Any) -> None:
        for y, scene in enumerate(self._scenes):
            for x in range(self.width()):
                scene.clip_slot(x).set_launch_button(buttons.get_button(x, y) if buttons else None)

    def set_scene_launch_buttons(self, buttons: Any) -> None:
        given = list(buttons or ())
        for y, scene in enumerate(self._scenes):
            scene.set_launch_button(given[y] if y < len(given) else None)

    def set_stop_track_clip_buttons(self: Any, buttons: Any) -> None:
        for x, button in enumerate(buttons or [None] * self.width()):
            on_press(self, f"_stop_track_{x}_button", button, partial(self._stop_track, x))

    def set_stop_track_clip_value(self, value: Any) -> None: ...

    def set_slot_launch_button(self: Any, button: Any) -> None:
        on_press(self, "_slot_launch_button", button, self._launch_highlighted)

    def link_with_track_offset(self: Any, track_offset: int, scene_offset: int = 0) -> None:
        """Begins at this offset; several surfaces that are linked do not move together here."""
        self.set_offsets(track_offset, scene_offset)

    def is_linked(self) -> bool:
        return False

    def unlink(self) -> None: ...

    def _launch_highlighted(self: Any) -> None:
        slot = self._song.view.highlighted_clip_slot
        if liveobj_valid(slot):
            slot.fire()

    def _move(self: Any, tracks: int, scenes: int) -> None:
        right, down = self.track_offset() + tracks, self.scene_offset() + scenes
        if 0 <= right < len(self.tracks_to_use()) and 0 <= down < len(self._song.scenes):
            self.set_offsets(right, down)

    def _stop_track(self: Any, place: int) -> None:
        tracks = list(self.tracks_to_use())[self.track_offset() :]
        if place < len(tracks):
            tracks[place].stop_all_clips()

    def _stop_all_clips(self: Any) -> None:
        self._song.stop_all_clips()

    def _next(self) -> None:
        self._select_neighbour(1)

    def _previous(self) -> None:
        self._select_neighbour(-1)

    def _select_neighbour(self: Any, step: int) -> None:
        scenes = list(self._song.scenes)
        place = scenes.index(self._song.view.selected_scene) + step
        if 0 <= place < len(scenes):
            self._song.view.selected_scene = scenes[place]
