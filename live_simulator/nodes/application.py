"""The application, its dialogs and its view."""

from __future__ import annotations

from typing import NamedTuple

from live_simulator.nodes.browser import BrowserNode
from live_simulator.nodes.node import Node
from live_simulator.nodes.songs import SongNode
from live_simulator.runtime import Runtime


class Dialog(NamedTuple):
    message: str
    buttons: int


class ApplicationNode(Node):
    """`dialogs`: those that are open, the newest last."""

    LIVE = "Application.Application"
    EVENTS = {"dialogs": ("open_dialog_count",)}

    def __init__(self, runtime: Runtime, version: tuple[int, int, int], song: SongNode) -> None:
        super().__init__(runtime, None)
        self.version = version
        self.song = song
        self.dialogs: tuple[Dialog, ...] = ()
        self.view = ApplicationViewNode(self)
        self.browser = BrowserNode(self)

    def children(self) -> tuple[Node, ...]:
        return (self.view, self.browser)


class ApplicationViewNode(Node):
    """`shown`: the panels that are open beside Session and Arranger, of which one always is."""

    LIVE = "Application.Application.View"

    def __init__(self, application: ApplicationNode) -> None:
        super().__init__(application.runtime, application)
        self.focused_document_view = "Arranger"
        self.shown = ("Browser", "Detail", "Detail/Clip")
        self.browse_mode = False
