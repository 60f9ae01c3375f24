"""Controls as attributes of a component: `play = ButtonControl()`, with `@play.pressed` over what happens then.

The class attribute says which kind of control it is and what its events do; each instance has a state of its own, which
a layer gives an element.
"""

from __future__ import annotations

from typing import Any, Callable

from live_simulator.frameworks import tasks
from live_simulator.frameworks.events import EventObject

DELAY_SECONDS = 0.5
DOUBLE_CLICK_SECONDS = 0.5


class ControlState(EventObject):
    """What `self.play` is: the control of one component, with or without an element."""

    EVENT = "value"
    """The element's event that it listens to."""

    def __init__(self, component: Any, control: Any, **options: Any) -> None:
        super().__init__()
        self._component = component
        self._control = control
        self._slot: Any = None
        self.control_element: Any = None
        self.enabled = options.get("enabled", True)
        self.color = options.get("color")
        self.index = options.get("index")
        self.coordinate = options.get("coordinate")

    def set_control_element(self, element: Any) -> None:
        if self._slot is not None:
            self.disconnect_disconnectable(self._slot)
            self._slot = None
        self.control_element = element
        if element is not None:
            self._slot = self.register_slot(element, self._receive, self.EVENT)

    def _receive(self, value: Any, *_: Any) -> None:
        if self.enabled and self._component.is_enabled():
            self.receive(value)

    def receive(self, value: Any) -> None:
        self.call("value", value, self)

    def call(self, event: str, *arguments: Any) -> None:
        handler = self._control.handlers.get(event)
        if handler is not None:
            handler(self._component, *arguments)


class ButtonState(ControlState):
    def __init__(self, component: Any, control: Any, **options: Any) -> None:
        super().__init__(component, control, **options)
        self.is_pressed = False
        self._delay: Any = component._tasks.add(tasks.sequence(tasks.wait(DELAY_SECONDS), tasks.run(self._held)))
        self._delay.kill()
        self._second: Any = component._tasks.add(tasks.wait(DOUBLE_CLICK_SECONDS))
        self._second.kill()

    def receive(self, value: Any) -> None:
        super().receive(value)
        momentary = getattr(self.control_element, "is_momentary", lambda: True)()
        if value or not momentary:
            self.press()
        if not value or not momentary:
            self.release()

    def press(self) -> None:
        self.is_pressed = True
        self.call("pressed", self)
        if not self._second.is_killed:
            self.call("double_clicked", self)
        for timer in (self._delay, self._second):
            timer.restart()
            if self._component._tasks.find(timer) is None:
                self._component._tasks.add(timer)

    def release(self) -> None:
        if not self.is_pressed:
            return
        self.is_pressed = False
        self.call("released", self)
        self.call("released_delayed" if self._delay.is_killed else "released_immediately", self)
        self._delay.kill()

    def _held(self) -> None:
        if self.is_pressed:
            self.call("pressed_delayed", self)


class ToggleState(ButtonState):
    is_toggled = False

    def press(self) -> None:
        super().press()
        self.is_toggled = not self.is_toggled
        self.call("toggled", self.is_toggled, self)


class EncoderState(ControlState):
    """Values of -1 to 1: how far it was turned."""

    EVENT = "normalized_value"


class MappedState(ControlState):
    """Its element moves `mapped_parameter` by itself."""

    def __init__(self, component: Any, control: Any, **options: Any) -> None:
        super().__init__(component, control, **options)
        self._parameter: Any = None

    @property
    def mapped_parameter(self) -> Any:
        return self._parameter

    @mapped_parameter.setter
    def mapped_parameter(self, parameter: Any) -> None:
        self._parameter = parameter
        self._connect()

    def set_control_element(self, element: Any) -> None:
        if self.control_element is not None:
            self.control_element.release_parameter()
        super().set_control_element(element)
        self._connect()

    def _connect(self) -> None:
        if self.control_element is None:
            return
        if self._parameter is None:
            self.control_element.release_parameter()
        else:
            self.control_element.connect_to(self._parameter)


class ListState(EventObject):
    """Several states of one kind, for the elements of a matrix."""

    def __init__(self, component: Any, control: Any, count: int, columns: int | None = None) -> None:
        super().__init__()
        self._component = component
        self._control = control
        self._columns = columns
        self._elements: list[Any] = []
        self._states: list[Any] = []
        self.control_count = count

    @property
    def control_count(self) -> int:
        return len(self._states)

    @control_count.setter
    def control_count(self, count: int) -> None:
        for state in self._states:
            state.disconnect()
        self._states = [self._make(place) for place in range(count)]
        self._hand_out()

    def _make(self, place: int) -> Any:
        coordinate = None if self._columns is None else divmod(place, self._columns)
        return self._control.make_state(self._component, index=place, coordinate=coordinate)

    def set_control_element(self, elements: Any) -> None:
        self._elements = list(elements or ())
        self._hand_out()

    def _hand_out(self) -> None:
        for place, state in enumerate(self._states):
            state.set_control_element(self._elements[place] if place < len(self._elements) else None)

    def __len__(self) -> int:
        return len(self._states)

    def __getitem__(self, index: Any) -> Any:
        return self._states[index]

    def __iter__(self) -> Any:
        return iter(self._states)


class Control:
    """The class attribute; `@control.<event>` sets what happens at one of its events."""

    STATE: type = ControlState
    EVENTS: tuple[str, ...] = ("value",)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.options = options
        self.handlers: dict[str, Callable[..., None]] = {}
        self._key = f"_control_{id(self)}"

    def __getattr__(self, event: str) -> Any:
        if event not in type(self).EVENTS:
            raise AttributeError(f"{type(self).__name__} has no event {event}; it has {', '.join(self.EVENTS)}")

        def decorate(handler: Callable[..., None]) -> Control:
            self.handlers[event] = handler
            return self

        return decorate

    def __get__(self, component: Any, owner: type | None = None) -> Any:
        if component is None:
            return self
        if self._key not in component.__dict__:
            component.__dict__[self._key] = component.register_disconnectable(self.make(component))
        return component.__dict__[self._key]

    def make(self, component: Any) -> Any:
        return self.make_state(component)

    def make_state(self, component: Any, **place: Any) -> Any:
        return self.STATE(component, self, **{**self.options, **place})


class InputControl(Control): ...


class SendValueControl(Control): ...


class ButtonControl(Control):
    STATE = ButtonState
    EVENTS: tuple[str, ...] = (
        "value",
        "pressed",
        "released",
        "pressed_delayed",
        "released_delayed",
        "released_immediately",
        "double_clicked",
    )


class PlayableControl(ButtonControl): ...


class ToggleButtonControl(ButtonControl):
    STATE = ToggleState
    EVENTS = (*ButtonControl.EVENTS, "toggled")


class EncoderControl(Control):
    STATE = EncoderState


class MappedControl(Control):
    STATE = MappedState


class control_list(Control):  # noqa: N801 (called like a function)
    """control_list(ButtonControl, control_count=8, ...)"""

    def __init__(self, kind: Any, control_count: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self._kind = kind(**options)
        self.handlers = self._kind.handlers
        self._count = control_count

    def __getattr__(self, event: str) -> Any:
        kind = self.__dict__.get("_kind")
        if kind is None or event not in kind.EVENTS:
            raise AttributeError(event)

        def decorate(handler: Callable[..., None]) -> Control:
            self.handlers[event] = handler
            return self

        return decorate

    def make(self, component: Any) -> Any:
        return ListState(component, self._kind, self._count)


class control_matrix(control_list):  # noqa: N801 (called like a function)
    """control_matrix(ButtonControl, dimensions=(rows, columns), ...)"""

    def __init__(self, kind: Any, dimensions: tuple[int, int] = (1, 1), **options: Any) -> None:
        super().__init__(kind, dimensions[0] * dimensions[1], **options)
        self._columns = dimensions[1]

    def make(self, component: Any) -> Any:
        return ListState(component, self._kind, self._count, self._columns)
