"""Elements made of other elements: matrices, combinations."""

from __future__ import annotations

from typing import Any, Iterator

from live_simulator.frameworks.elements import NotifyingControlElement
from live_simulator.frameworks.functions import nop


class CompoundElement(NotifyingControlElement):
    """Made of other elements, whose values it passes on by `on_nested_control_element_value(value, element)`."""

    def __init__(self, control_elements: Any = None, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._nested: list[Any] = []
        self.register_control_elements(*(control_elements or ()))

    def register_control_element(self, element: Any) -> Any:
        self._nested.append(element)
        self.register_slot(element, lambda *values: self.on_nested_control_element_value(*values, element), "value")
        return element

    def register_control_elements(self, *elements: Any) -> list[Any]:
        return [self.register_control_element(element) for element in elements if element is not None]

    @property
    def nested_control_elements(self) -> list[Any]:
        return list(self._nested)

    def on_nested_control_element_value(self, *arguments: Any) -> None: ...

    def reset(self) -> None:
        for element in self._nested:
            element.reset()


class ButtonMatrixElement(CompoundElement):
    """Rows of buttons; a listener is called with value, column, row, is_momentary."""

    def __init__(self, rows: Any = (), **keywords: Any) -> None:
        super().__init__(**keywords)
        self._rows: list[list[Any]] = []
        self._places: dict[int, tuple[int, int]] = {}
        for row in rows:
            self.add_row(row)

    def add_row(self, buttons: Any) -> None:
        for column, button in enumerate(buttons):
            self._places[id(button)] = (column, len(self._rows))
        self._rows.append(list(buttons))
        self.register_control_elements(*buttons)

    def width(self) -> int:
        return max([len(row) for row in self._rows] or [0])

    def height(self) -> int:
        return len(self._rows)

    def get_button(self, column: int, row: int) -> Any:
        return self._rows[row][column] if row < len(self._rows) and column < len(self._rows[row]) else None

    def __len__(self) -> int:
        return self.width() * self.height()

    def __iter__(self) -> Iterator[Any]:
        return (button for row in self._rows for button in row)

    def __getitem__(self, index: Any) -> Any:
        return list(self)[index]

    def iterbuttons(self) -> Iterator[tuple[Any, tuple[int, int]]]:
        return ((button, (x, y)) for y, row in enumerate(self._rows) for x, button in enumerate(row))

    def xiterbuttons(self) -> Iterator[tuple[Any, tuple[int, int]]]:
        return self.iterbuttons()

    @property
    def submatrix(self) -> Any:
        return _Submatrices(self)

    def send_value(self, column: int, row: int, value: Any, force: bool = False) -> None:
        self._rows[row][column].send_value(value, force)

    def set_light(self, column: int, row: int, value: Any) -> None:
        self._rows[row][column].set_light(value)

    def on_nested_control_element_value(self, *arguments: Any) -> None:
        value, button = arguments
        column, row = self._places[id(button)]
        is_momentary = getattr(button, "is_momentary", lambda: None)()
        self.notify_value(value, column, row, is_momentary)


class _Submatrices:
    """matrix.submatrix[columns, rows]"""

    def __init__(self, matrix: ButtonMatrixElement) -> None:
        self._matrix = matrix

    def __getitem__(self, key: Any) -> ButtonMatrixElement:
        columns, rows = (part if isinstance(part, slice) else slice(part, part + 1) for part in key)
        chosen = [row[columns] for row in self._matrix._rows[rows]]
        with_surface = {"send_midi": self._matrix._send_midi, "register_control": nop}
        return ButtonMatrixElement(rows=chosen, **with_surface)


class WrapperElement(CompoundElement):
    def __init__(self, wrapped_control: Any = None, **keywords: Any) -> None:
        super().__init__([wrapped_control], **keywords)
        self.wrapped_control = wrapped_control

    def __getattr__(self, name: str) -> Any:
        wrapped = self.__dict__.get("wrapped_control")
        if wrapped is None:
            raise AttributeError(name)
        return getattr(wrapped, name)

    def on_nested_control_element_value(self, *arguments: Any) -> None:
        self.notify_value(*arguments[:-1])


class ComboElement(WrapperElement):
    """A control that speaks only while the modifiers are held."""

    def __init__(self, control: Any = None, modifier: Any = None, modifiers: Any = (), **keywords: Any) -> None:
        super().__init__(wrapped_control=control, **keywords)
        one_or_more = modifier if isinstance(modifier, (list, tuple)) else [modifier] if modifier else []
        self._modifiers = [*one_or_more, *modifiers]

    def on_nested_control_element_value(self, *arguments: Any) -> None:
        if all(modifier.is_pressed() for modifier in self._modifiers):
            super().on_nested_control_element_value(*arguments)


class MultiElement(CompoundElement):
    """Several controls that are used as one."""

    def __init__(self, *controls: Any, **keywords: Any) -> None:
        super().__init__(controls, **keywords)

    def send_value(self, value: Any, force: bool = False) -> None:
        for control in self.nested_control_elements:
            control.send_value(value, force)

    def set_light(self, value: Any) -> None:
        for control in self.nested_control_elements:
            control.set_light(value)

    def is_pressed(self) -> bool:
        return any(control.is_pressed() for control in self.nested_control_elements)

    def is_momentary(self) -> bool:
        return any(control.is_momentary() for control in self.nested_control_elements)

    def on_nested_control_element_value(self, *arguments: Any) -> None:
        self.notify_value(*arguments[:-1])
