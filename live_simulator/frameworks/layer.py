"""Layers: which control plays which part of a component."""

from __future__ import annotations

from typing import Any


class Layer:
    """Which control plays which part of a component: Layer(play_button=button). `grab(component)` hands them over."""

    def __init__(self, priority: int | None = None, **controls: Any) -> None:
        self.priority = priority
        self._controls = controls

    def grab(self, component: Any) -> None:
        for name, control in self._controls.items():
            self._hand_over(component, name, control)

    def release(self, component: Any) -> None:
        for name in self._controls:
            self._hand_over(component, name, None)

    def __add__(self, other: Layer) -> Layer:
        return Layer(self.priority, **{**self._controls, **other._controls})

    @staticmethod
    def _hand_over(component: Any, name: str, control: Any) -> None:
        if hasattr(component, f"set_{name}"):
            getattr(component, f"set_{name}")(control)
            return
        state: Any = getattr(component, name, None)
        if not hasattr(state, "set_control_element"):
            raise AttributeError(f"{type(component).__name__} has neither set_{name} nor a control {name}")
        state.set_control_element(control)
