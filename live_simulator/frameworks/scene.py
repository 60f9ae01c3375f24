"""Clip slots and the scene that they form."""

from __future__ import annotations

from typing import Any

from live_simulator.frameworks.buttons import PlayedByControls
from live_simulator.frameworks.component import BaseComponent
from live_simulator.frameworks.functions import liveobj_valid


class ClipSlotPart(PlayedByControls, BaseComponent):
    BUTTONS = {"launch": "_launch", "select": "_select", "delete": "_delete"}

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        self._clip_slot: Any = None
        super().__init__(*arguments, **keywords)

    def set_clip_slot(self: Any, clip_slot: Any) -> None:
        self._clip_slot = clip_slot
        self.update()

    def _launch(self) -> None:
        if liveobj_valid(self._clip_slot):
            self._clip_slot.fire()

    def _select(self: Any) -> None:
        if liveobj_valid(self._clip_slot):
            self._song.view.highlighted_clip_slot = self._clip_slot

    def _delete(self) -> None:
        if liveobj_valid(self._clip_slot) and self._clip_slot.has_clip:
            self._clip_slot.delete_clip()

    def set_triggered_to_play_value(self, value: Any) -> None: ...

    def set_triggered_to_record_value(self, value: Any) -> None: ...

    def set_started_value(self, value: Any) -> None: ...

    def set_recording_value(self, value: Any) -> None: ...

    def set_stopped_value(self, value: Any) -> None: ...


class ScenePart(PlayedByControls, BaseComponent):
    BUTTONS = {"launch": "_launch", "select": "_select"}

    def __init__(
        self,
        num_slots: int = 0,
        tracks_to_use_callback: Any = None,
        *arguments: Any,
        session_ring: Any = None,
        **keywords: Any,
    ) -> None:
        self._scene: Any = None
        self._offset = 0
        self._tracks_to_use = tracks_to_use_callback or (session_ring.tracks_to_use if session_ring else None)
        super().__init__(*arguments, **keywords)
        width = session_ring.num_tracks if session_ring else num_slots
        self._clip_slots = [self.register_component(self._create_clip_slot()) for _ in range(width)]

    def _create_clip_slot(self) -> Any:
        raise NotImplementedError

    @property
    def scene(self) -> Any:
        return self._scene

    def clip_slot(self, index: int) -> Any:
        return self._clip_slots[index]

    def set_scene(self: Any, scene: Any) -> None:
        self._scene = scene
        self.update()

    def set_track_offset(self: Any, offset: int) -> None:
        self._offset = offset
        self.update()

    def set_triggered_value(self, value: Any) -> None: ...

    def set_scene_value(self, value: Any) -> None: ...

    def update(self: Any) -> None:
        super().update()
        if "_clip_slots" not in self.__dict__:
            return
        tracks = list(self._tracks_to_use() if self._tracks_to_use else self._song.visible_tracks)[self._offset :]
        slots = list(self._scene.clip_slots) if liveobj_valid(self._scene) else []
        for place, part in enumerate(self._clip_slots):
            part.set_clip_slot(_slot_of(self._song, tracks[place], slots) if place < len(tracks) else None)

    def _launch(self) -> None:
        if liveobj_valid(self._scene):
            self._scene.fire()

    def _select(self: Any) -> None:
        if liveobj_valid(self._scene):
            self._song.view.selected_scene = self._scene


def _slot_of(song: Any, track: Any, slots_of_scene: list[Any]) -> Any:
    tracks = list(song.tracks)
    place = tracks.index(track) if track in tracks else -1
    return slots_of_scene[place] if 0 <= place < len(slots_of_scene) else None
