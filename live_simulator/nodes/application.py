"""The application, its dialogs and its view."""

from __future__ import annotations

from typing import NamedTuple

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

    def children(self) -> tuple[Node, ...]:
        return (self.view,)


class ApplicationViewNode(Node):
    LIVE = "Application.Application.View"

    def __init__(self, application: ApplicationNode) -> None:
        super().__init__(application.runtime, application)
        self.focused_document_view = "Arranger"
