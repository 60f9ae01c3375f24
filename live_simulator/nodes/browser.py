"""The browser: its roots are there, with nothing in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from live_simulator.nodes.node import Node, Value

if TYPE_CHECKING:
    from live_simulator.nodes.application import ApplicationNode

ROOTS = {
    "audio_effects": "Audio Effects",
    "clips": "Clips",
    "current_project": "Current Project",
    "drums": "Drums",
    "instruments": "Instruments",
    "max_for_live": "Max for Live",
    "midi_effects": "MIDI Effects",
    "packs": "Packs",
    "plugins": "Plug-ins",
    "samples": "Samples",
    "sounds": "Sounds",
    "user_library": "User Library",
}
"""Member of the browser -> what an English Live shows."""


class BrowserItem(Value):
    """One line of the browser. It shows nothing below it."""

    LIVE = "Browser.BrowserItem"

    def __init__(self, name: str, uri: str) -> None:
        self.name = name
        self.uri = uri

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BrowserItem) and self.uri == other.uri

    def __hash__(self) -> int:
        return hash(self.uri)


class BrowserNode(Node):
    LIVE = "Browser.Browser"

    def __init__(self, application: ApplicationNode) -> None:
        super().__init__(application.runtime, application)
        self.roots = {member: BrowserItem(name, f"view:{member}") for member, name in ROOTS.items()}
        self.user_folders: tuple[BrowserItem, ...] = ()
        self.filter_type = -1
        self.hotswap_target: Any = None
