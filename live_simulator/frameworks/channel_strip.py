"""One track's volume, pan, sends and switches."""

from __future__ import annotations

from typing import Any

from live_simulator.frameworks.buttons import PlayedByControls
from live_simulator.frameworks.component import BaseComponent
from live_simulator.frameworks.functions import liveobj_valid


class ChannelStripPart(PlayedByControls, BaseComponent):
    """One track's volume, pan, sends and switches. A track of None leaves the controls idle."""

    BUTTONS = {
        "mute": "_toggle_mute",
        "solo": "_toggle_solo",
        "arm": "_toggle_arm",
        "select": "_select",
        "crossfade_toggle": "_next_crossfade",
    }
    PARAMETERS = {"volume": "_volume", "pan": "_pan"}

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        self._track: Any = None
        self._send_controls: Any = None
        self._invert_mute_feedback = False
        super().__init__(*arguments, **keywords)

    @property
    def track(self) -> Any:
        return self._track

    def set_track(self: Any, track: Any) -> None:
        self._track = track
        self.update()

    def set_crossfade_toggle(self: Any, button: Any) -> None:
        self.set_crossfade_toggle_button(button)

    def set_send_controls(self: Any, controls: Any) -> None:
        for control in self._send_controls or ():
            if control is not None:
                control.release_parameter()
        self._send_controls = controls
        self.update()

    def set_invert_mute_feedback(self, invert: bool) -> None:
        self._invert_mute_feedback = invert

    def update(self: Any) -> None:
        super().update()
        self.connect_parameters()
        sends = self._track.mixer_device.sends if liveobj_valid(self._track) and self.is_enabled() else ()
        for place, control in enumerate(self._send_controls or ()):
            if control is None:
                continue
            if place < len(sends):
                control.connect_to(sends[place])
            else:
                control.release_parameter()

    def _volume(self) -> Any:
        return self._track.mixer_device.volume if liveobj_valid(self._track) else None

    def _pan(self) -> Any:
        return self._track.mixer_device.panning if liveobj_valid(self._track) else None

    def _toggle_mute(self: Any) -> None:
        if liveobj_valid(self._track) and self._track != self._song.master_track:
            self._track.mute = not self._track.mute

    def _toggle_solo(self: Any) -> None:
        if liveobj_valid(self._track) and self._track != self._song.master_track:
            self._track.solo = not self._track.solo

    def _toggle_arm(self: Any) -> None:
        if liveobj_valid(self._track) and self._track.can_be_armed:
            self._track.arm = not self._track.arm

    def _select(self: Any) -> None:
        if liveobj_valid(self._track):
            self._song.view.selected_track = self._track

    def _next_crossfade(self: Any) -> None:
        if liveobj_valid(self._track):
            mixer = self._track.mixer_device
            mixer.crossfade_assign = (mixer.crossfade_assign + 1) % 3
