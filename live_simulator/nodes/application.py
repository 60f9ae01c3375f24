"""The application and its view."""

from __future__ import annotations

from live_simulator.nodes.node import Node
from live_simulator.nodes.songs import SongNode
from live_simulator.runtime import Runtime


class ApplicationNode(Node):
    LIVE = "Application.Application"

    def __init__(self, runtime: Runtime, version: tuple[int, int, int], song: SongNode) -> None:
        super().__init__(runtime, None)
        self.version = version
        self.song = song
        self.view = ApplicationViewNode(self)

    def children(self) -> tuple[Node, ...]:
        return (self.view,)


class ApplicationViewNode(Node):
    LIVE = "Application.Application.View"

    def __init__(self, application: ApplicationNode) -> None:
        super().__init__(application.runtime, application)
        self.focused_document_view = "Arranger"
