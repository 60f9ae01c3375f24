"""The parameters of one device, eight at a time."""

from __future__ import annotations

from functools import partial
from typing import Any

from live_simulator.frameworks.buttons import PlayedByControls, on_press
from live_simulator.frameworks.component import BaseComponent
from live_simulator.frameworks.functions import liveobj_valid

PARAMETERS_PER_BANK = 8


class DevicePart(PlayedByControls, BaseComponent):
    """Eight parameters at a time of one device: the first eight behind its switch, and so on."""

    __events__ = ("device",)
    BUTTONS = {"on_off": "_toggle_on", "bank_prev": "_previous_bank", "bank_next": "_next_bank", "lock": "_toggle_lock"}

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        for unused in ("device_bank_registry", "device_selection_follows_track_selection", "device_decorator_factory"):
            keywords.pop(unused, None)
        self._device: Any = None
        self._bank_index = 0
        self._parameter_controls: Any = None
        self._locked_to_device = False
        super().__init__(*arguments, **keywords)

    def device(self) -> Any:
        return self._device

    def set_device(self: Any, device: Any) -> None:
        if not self._locked_to_device:
            self._device = device
            self._bank_index = 0
            self.update()
            self.notify_device()

    def set_lock_to_device(self: Any, lock: bool, device: Any) -> None:
        self._locked_to_device = False
        if lock:
            self.set_device(device)
        self._locked_to_device = bool(lock)

    def set_parameter_controls(self: Any, controls: Any) -> None:
        for control in self._parameter_controls or ():
            if control is not None:
                control.release_parameter()
        self._parameter_controls = controls
        self.update()

    def set_bank_nav_buttons(self: Any, down_button: Any, up_button: Any) -> None:
        self.set_bank_prev_button(down_button)
        self.set_bank_next_button(up_button)

    def set_bank_buttons(self: Any, buttons: Any) -> None:
        for place, button in enumerate(buttons or [None] * PARAMETERS_PER_BANK):
            on_press(self, f"_bank_{place}_button", button, partial(self._choose_bank, place))

    def _choose_bank(self: Any, place: int) -> None:
        if liveobj_valid(self._device) and place * PARAMETERS_PER_BANK < len(self._device.parameters) - 1:
            self._bank_index = place
            self.update()

    def update(self: Any) -> None:
        super().update()
        shown = list(self._device.parameters)[1:] if liveobj_valid(self._device) and self.is_enabled() else []
        shown = shown[self._bank_index * PARAMETERS_PER_BANK :]
        for place, control in enumerate(self._parameter_controls or ()):
            if control is None:
                continue
            if place < len(shown):
                control.connect_to(shown[place])
            else:
                control.release_parameter()

    def _toggle_on(self) -> None:
        if liveobj_valid(self._device):
            switch = self._device.parameters[0]
            switch.value = 0.0 if switch.value else 1.0

    def _next_bank(self: Any) -> None:
        if (
            liveobj_valid(self._device)
            and (self._bank_index + 1) * PARAMETERS_PER_BANK < len(self._device.parameters) - 1
        ):
            self._bank_index += 1
            self.update()

    def _previous_bank(self: Any) -> None:
        self._bank_index = max(0, self._bank_index - 1)
        self.update()

    def _toggle_lock(self: Any) -> None:
        self.canonical_parent.toggle_lock()
