"""Parts of a component that a control plays: `BUTTONS = {"play": "_toggle_play"}` gives it set_play_button(button)."""

from __future__ import annotations

from typing import Any, Callable


class PlayedByControls:
    """Mixed into components. `BUTTONS`: name -> method called at each press. `PARAMETERS`: name -> method that answers
    the parameter of Live's which that control moves, or None.
    """

    BUTTONS: dict[str, str] = {}
    PARAMETERS: dict[str, str] = {}

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        for name, method in vars(cls).get("BUTTONS", {}).items():
            setattr(cls, f"set_{name}_button", _button_setter(name, method))
        for name in vars(cls).get("PARAMETERS", {}):
            setattr(cls, f"set_{name}_control", _control_setter(name))

    def connect_parameters(self) -> None:
        """Lets each control move the parameter that it stands for now."""
        for name, method in self.PARAMETERS.items():
            control = self.__dict__.get(f"_{name}_control")
            if control is None:
                continue
            parameter = getattr(self, method)() if self.is_enabled() else None  # type: ignore[attr-defined]
            if parameter is None:
                control.release_parameter()
            else:
                control.connect_to(parameter)


def on_press(component: Any, key: str, button: Any, action: Callable[[], Any]) -> None:
    """Calls `action` whenever `button` is pressed while the component is enabled; `key` names what it replaces."""

    def pressed(value: int, *_: Any) -> None:
        if value and component.is_enabled():
            action()

    slot = component.__dict__.pop(f"{key}_slot", None)
    if slot is not None:
        component.disconnect_disconnectable(slot)
    setattr(component, key, button)
    if button is not None:
        component.__dict__[f"{key}_slot"] = component.register_slot(button, pressed, "value")


def _button_setter(name: str, method: str) -> Callable[[Any, Any], None]:
    def set_button(component: Any, button: Any) -> None:
        on_press(component, f"_{name}_button", button, lambda: getattr(component, method)())
        component.update()

    return set_button


def _control_setter(name: str) -> Callable[[Any, Any], None]:
    def set_control(component: Any, control: Any) -> None:
        before = component.__dict__.get(f"_{name}_control")
        if before is not None and before is not control:
            before.release_parameter()
        setattr(component, f"_{name}_control", control)
        component.connect_parameters()

    return set_control
