"""Modes: of several ways to use the controls one at a time."""

from __future__ import annotations

from typing import Any, Callable

from live_simulator.frameworks.buttons import PlayedByControls, on_press
from live_simulator.frameworks.component import BaseComponent


class ModesPart(PlayedByControls, BaseComponent):
    """Named modes, of which one is entered. A mode is a component, a layer mode, a function, or a list of such."""

    __events__ = ("selected_mode",)

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        for unused in ("default_mode", "support_momentary_mode_cycling", "enable_skinning"):
            keywords.pop(unused, None)
        self._modes: dict[str, list[Any]] = {}
        self._selected: str | None = None
        super().__init__(*arguments, **keywords)

    @property
    def modes(self) -> list[str]:
        return list(self._modes)

    @property
    def selected_mode(self) -> str | None:
        return self._selected

    @selected_mode.setter
    def selected_mode(self: Any, mode: str | None) -> None:
        if mode is not None and mode not in self._modes:
            raise AssertionError(f"mode {mode!r}; there are {', '.join(self._modes)}")
        if mode == self._selected:
            return
        for one in reversed(self._modes.get(self._selected, [])):
            one.leave_mode()
        self._selected = mode
        for one in self._modes.get(mode, []):
            one.enter_mode()
        self.notify_selected_mode(mode)

    def add_mode(self: Any, name: str, mode_or_component: Any, *arguments: Any, **keywords: Any) -> None:
        several = mode_or_component if isinstance(mode_or_component, (list, tuple)) else [mode_or_component]
        self._modes[name] = [as_mode(one) for one in several]
        setattr(type(self), f"set_{name}_button", _mode_button(name))

    def cycle_mode(self, delta: int = 1) -> None:
        names = list(self._modes)
        place = names.index(self._selected) if self._selected in names else -delta
        self.selected_mode = names[(place + delta) % len(names)]


def _mode_button(name: str) -> Callable[[Any, Any], None]:
    def set_button(modes: Any, button: Any) -> None:
        on_press(modes, f"_{name}_button", button, lambda: setattr(modes, "selected_mode", name))

    return set_button


class Mode:
    def enter_mode(self) -> None: ...

    def leave_mode(self) -> None: ...


class ComponentMode(Mode):
    """Enables a component while the mode lasts."""

    def __init__(self, component: Any = None, *arguments: Any, **keywords: Any) -> None:
        self._component = component

    def enter_mode(self) -> None:
        self._component.set_enabled(True)

    def leave_mode(self) -> None:
        self._component.set_enabled(False)


class LayerMode(Mode):
    """Gives a component this layer while the mode lasts."""

    def __init__(self, component: Any = None, layer: Any = None, *arguments: Any, **keywords: Any) -> None:
        self._component = component
        self._layer = layer
        self._before: Any = None

    def enter_mode(self) -> None:
        self._before, self._component.layer = self._component.layer, self._layer

    def leave_mode(self) -> None:
        self._component.layer = self._before


AddLayerMode = LayerMode


class FunctionMode(Mode):
    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function

    def enter_mode(self) -> None:
        self._function()


def as_mode(thing: Any) -> Any:
    if isinstance(thing, Mode) or hasattr(thing, "enter_mode"):
        return thing
    if isinstance(thing, tuple):
        return LayerMode(*thing)
    return ComponentMode(thing) if hasattr(thing, "set_enabled") else FunctionMode(thing)
