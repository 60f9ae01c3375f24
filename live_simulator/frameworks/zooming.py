"""Moves a session box by its own width and height."""

from __future__ import annotations

from typing import Any

from live_simulator.frameworks.buttons import PlayedByControls, on_press
from live_simulator.frameworks.component import BaseComponent


class ZoomingPart(PlayedByControls, BaseComponent):
    """The overview of a session; its matrix of buttons shows nothing here."""

    def __init__(self, session: Any = None, *arguments: Any, **keywords: Any) -> None:
        keywords.pop("enable_skinning", None)
        self._session = session
        super().__init__(*arguments, **keywords)

    def set_nav_buttons(self: Any, up: Any, down: Any, left: Any, right: Any) -> None:
        on_press(self, "_nav_up_button", up, lambda: self._page(0, -1))
        on_press(self, "_nav_down_button", down, lambda: self._page(0, 1))
        on_press(self, "_nav_left_button", left, lambda: self._page(-1, 0))
        on_press(self, "_nav_right_button", right, lambda: self._page(1, 0))

    def set_zoom_button(self, button: Any) -> None: ...

    def set_button_matrix(self, buttons: Any) -> None: ...

    def _page(self: Any, columns: int, rows: int) -> None:
        self._session._move(columns * self._session.width(), rows * self._session.height())
