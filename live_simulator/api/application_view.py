"""Application.View: Session, Arranger and the panels around them."""

from __future__ import annotations

from live_simulator.api.classes import APPLICATION_VIEW
from live_simulator.boost import BOOL, INT, TEXT
from live_simulator.declaration import Event
from live_simulator.nodes.application import ApplicationViewNode

DOCUMENT_VIEWS = ("Arranger", "Session")
VIEWS = ("Browser", *DOCUMENT_VIEWS, "Detail", "Detail/Clip", "Detail/DeviceChain")
DETAILS = ("Detail/Clip", "Detail/DeviceChain")

APPLICATION_VIEW.enums["NavDirection"] = {"up": 0, "down": 1, "left": 2, "right": 3}
APPLICATION_VIEW.field("canonical_parent", stored_as="parent")
APPLICATION_VIEW.field("focused_document_view", listenable=True)
APPLICATION_VIEW.field("browse_mode", listenable=True)
APPLICATION_VIEW.events.append(Event("view_focus_changed"))
APPLICATION_VIEW.events.append(Event("is_view_visible", kinds=(TEXT,)))


@APPLICATION_VIEW.method(changes=False, vector="Base.StringVector")
def available_main_views(view: ApplicationViewNode) -> tuple[str, ...]:
    return VIEWS


@APPLICATION_VIEW.method(TEXT, BOOL, defaults=(True,), changes=False)
def is_view_visible(view: ApplicationViewNode, name: str, main_window_only: bool) -> bool:
    """There is one window."""
    _require_known(name)
    return name == view.focused_document_view or name in view.shown


@APPLICATION_VIEW.method(TEXT)
def show_view(view: ApplicationViewNode, name: str) -> None:
    """Of Session and Arranger one hides the other; so do the two views of Detail."""
    _require_known(name)
    if name in DOCUMENT_VIEWS:
        view.put("focused_document_view", name, undoable=False)
        _tell(view, *DOCUMENT_VIEWS)
        return
    shown = {*view.shown, name}
    if name in DETAILS:
        shown = (shown - set(DETAILS)) | {"Detail", name}
    _show(view, shown)


@APPLICATION_VIEW.method(TEXT)
def focus_view(view: ApplicationViewNode, name: str) -> None:
    show_view(view, name or view.focused_document_view)
    view.runtime.touch(view, "view_focus_changed")


@APPLICATION_VIEW.method(TEXT)
def hide_view(view: ApplicationViewNode, name: str) -> None:
    """Of Session and Arranger one is always there: the other comes."""
    _require_known(name)
    if name in DOCUMENT_VIEWS:
        show_view(view, DOCUMENT_VIEWS[1 - DOCUMENT_VIEWS.index(name)])
        return
    _show(view, {other for other in view.shown if other != name and not (name == "Detail" and other in DETAILS)})


@APPLICATION_VIEW.method()
def toggle_browse(view: ApplicationViewNode) -> None:
    raise RuntimeError("Hot-swapping is not simulated: there are no devices to swap")


@APPLICATION_VIEW.method(INT, TEXT, BOOL)
def scroll_view(view: ApplicationViewNode, direction: int, name: str, modifier_pressed: bool) -> None:
    """There is no screen to see it on."""
    _require_movable(direction, name)


@APPLICATION_VIEW.method(INT, TEXT, BOOL)
def zoom_view(view: ApplicationViewNode, direction: int, name: str, modifier_pressed: bool) -> None:
    """There is no screen to see it on."""
    _require_movable(direction, name)


def _show(view: ApplicationViewNode, shown: set[str]) -> None:
    before = set(view.shown)
    view.put("shown", tuple(name for name in VIEWS if name in shown), undoable=False)
    _tell(view, *(before ^ shown))


def _tell(view: ApplicationViewNode, *names: str) -> None:
    for name in names:
        view.runtime.touch(view, f"is_view_visible:{name}")


def _require_known(name: str) -> None:
    if name not in VIEWS:
        raise RuntimeError("Unknown view identifier")


def _require_movable(direction: int, name: str) -> None:
    if direction not in range(4):
        raise RuntimeError("Unknown direction")
    if name:
        _require_known(name)
