"""The application's views and its browser."""

from __future__ import annotations

import unittest
from typing import Any

from set_case import SetCase


class Views(SetCase):
    def setUp(self) -> None:
        super().setUp()
        self.application: Any = self.modules["Live.Application"].get_application()
        self.view: Any = self.application.view

    def test_of_session_and_arranger_one_is_there(self) -> None:
        heard: list[tuple[str, bool]] = []
        for name in ("Session", "Arranger"):
            self.view.add_is_view_visible_listener(
                name, lambda name=name: heard.append((name, self.view.is_view_visible(name)))
            )
        self.view.show_view("Session")
        self.assertEqual(
            (self.view.focused_document_view, sorted(heard)), ("Session", [("Arranger", False), ("Session", True)])
        )
        self.view.hide_view("Session")
        self.assertTrue(self.view.is_view_visible("Arranger"))

    def test_panels_come_and_go(self) -> None:
        self.view.hide_view("Detail")
        self.assertFalse(self.view.is_view_visible("Detail/Clip"))
        self.view.show_view("Detail/DeviceChain")
        found = [self.view.is_view_visible(name) for name in ("Detail", "Detail/Clip", "Detail/DeviceChain")]
        self.assertEqual(found, [True, False, True])

    def test_unknown_ones_are_refused(self) -> None:
        for method in (self.view.show_view, self.view.hide_view, self.view.is_view_visible):
            with self.refused(RuntimeError):
                method("Mixer")

    def test_the_browser_is_empty_and_loads_nothing(self) -> None:
        browser = self.application.browser
        self.assertEqual((len(browser.user_folders), browser.samples.name), (0, "Samples"))
        self.assertEqual((list(browser.samples.children), list(browser.samples.iter_children)), ([], []))
        with self.refused(RuntimeError, "nothing can be loaded"):
            browser.load_item(browser.samples)


if __name__ == "__main__":
    unittest.main()
