"""Live.Browser: its roots are there and empty; loading is refused."""

from __future__ import annotations

from typing import Any

from live_simulator.api.classes import BROWSER, BROWSER_ITEM, DEVICE
from live_simulator.boost import INT
from live_simulator.declaration import Event, Property
from live_simulator.nodes.browser import ROOTS, BrowserItem, BrowserNode

ITEMS = "Browser.BrowserItemVector"
NONE = 3
"""Browser.Relation"""


def _root(member: str) -> Property:
    return Property(member, lambda browser: browser.roots[member])


BROWSER.properties.extend(_root(member) for member in ROOTS)
BROWSER.properties.append(Property("user_folders", lambda browser: browser.user_folders, vector=ITEMS))
BROWSER.properties.append(Property("colors", lambda browser: (), vector=ITEMS))
BROWSER.properties.append(Property("legacy_libraries", lambda browser: (), vector=ITEMS))
BROWSER.events.append(Event("full_refresh"))


@BROWSER.writable(INT, listenable=True)
def filter_type(browser: BrowserNode, wanted: int) -> None:
    if wanted not in range(-1, 7):
        raise RuntimeError("Invalid filter type")
    browser.put("filter_type", wanted, undoable=False)


@BROWSER.writable(DEVICE.kind(optional=True), listenable=True)
def hotswap_target(browser: BrowserNode, device: Any) -> None:
    if device is not None:
        raise RuntimeError("Hot-swapping is not simulated: there is nothing to load")


BROWSER_ITEM.field("name")
BROWSER_ITEM.field("uri")
BROWSER_ITEM.constant("", "source")
BROWSER_ITEM.constant(True, "is_folder")
BROWSER_ITEM.constant(False, "is_device", "is_loadable", "is_selected")


@BROWSER_ITEM.readable(vector=ITEMS)
def children(item: BrowserItem) -> tuple[BrowserItem, ...]:
    return ()


class BrowserItemIterator:
    """Of an item that shows nothing below it."""

    def __iter__(self) -> BrowserItemIterator:
        return self

    def __next__(self) -> Any:
        raise StopIteration


@BROWSER_ITEM.readable()
def iter_children(item: BrowserItem) -> BrowserItemIterator:
    return BrowserItemIterator()


@BROWSER.method(BROWSER_ITEM.kind())
def load_item(browser: BrowserNode, item: BrowserItem) -> None:
    raise RuntimeError(f"{item.name}: nothing can be loaded from the simulated browser")


@BROWSER.method(BROWSER_ITEM.kind())
def preview_item(browser: BrowserNode, item: BrowserItem) -> None:
    raise RuntimeError(f"{item.name}: nothing can be heard in the simulated browser")


@BROWSER.method()
def stop_preview(browser: BrowserNode) -> None:
    """Nothing is being heard."""


@BROWSER.method(BROWSER_ITEM.kind(), changes=False, vector="Browser.Relation")
def relation_to_hotswap_target(browser: BrowserNode, item: BrowserItem) -> int:
    return NONE
