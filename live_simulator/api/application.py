"""Live.Application: versions, the document, dialogs."""

from __future__ import annotations

from live_simulator.api.classes import APPLICATION, APPLICATION_VIEW
from live_simulator.boost import INT, TEXT
from live_simulator.nodes.application import ApplicationNode, ApplicationViewNode
from live_simulator.nodes.songs import SongNode
from live_simulator.versions import since

VIEWS = ("Browser", "Arranger", "Session", "Detail", "Detail/Clip", "Detail/DeviceChain")

APPLICATION.field("view")
APPLICATION.constant(None, "canonical_parent")
APPLICATION.constant(0.0, "average_process_usage", "peak_process_usage", listenable=True, versions=since(11, 1))


@APPLICATION.readable(listenable=True)
def open_dialog_count(application: ApplicationNode) -> int:
    return len(application.dialogs)


@APPLICATION.readable()
def current_dialog_message(application: ApplicationNode) -> str:
    return application.dialogs[-1].message if application.dialogs else ""


@APPLICATION.readable()
def current_dialog_button_count(application: ApplicationNode) -> int:
    return application.dialogs[-1].buttons if application.dialogs else 0


@APPLICATION.method(changes=False)
def get_major_version(application: ApplicationNode) -> int:
    return application.version[0]


@APPLICATION.method(changes=False)
def get_minor_version(application: ApplicationNode) -> int:
    return application.version[1]


@APPLICATION.method(changes=False)
def get_bugfix_version(application: ApplicationNode) -> int:
    return application.version[2]


@APPLICATION.method(changes=False, versions=since(11, 3, 2))
def get_version_string(application: ApplicationNode) -> str:
    return ".".join(str(number) for number in application.version)


@APPLICATION.method(changes=False, versions=since(12))
def get_variant(application: ApplicationNode) -> str:
    return application.song.edition.variant


@APPLICATION.method(changes=False, versions=since(12))
def get_build_id(application: ApplicationNode) -> str:
    return "simulated"


@APPLICATION.method(changes=False)
def get_document(application: ApplicationNode) -> SongNode:
    return application.song


@APPLICATION.method(TEXT, changes=False)
def has_option(application: ApplicationNode, option: str) -> bool:
    return False


@APPLICATION.method(INT)
def press_current_dialog_button(application: ApplicationNode, index: int) -> None:
    """Closes the dialog, whichever button it was."""
    if not application.dialogs:
        raise RuntimeError("There is no open dialog")
    if not 0 <= index < application.dialogs[-1].buttons:
        raise RuntimeError("The dialog has no such button")
    application.put("dialogs", application.dialogs[:-1], undoable=False)


APPLICATION_VIEW.field("focused_document_view", listenable=True)


@APPLICATION_VIEW.method(changes=False, vector="Base.StringVector")
def available_main_views(view: ApplicationViewNode) -> tuple[str, ...]:
    return VIEWS


@APPLICATION_VIEW.method(TEXT)
def show_view(view: ApplicationViewNode, name: str) -> None:
    if name not in VIEWS:
        raise RuntimeError("Unknown view identifier")
    if name in ("Arranger", "Session"):
        view.put("focused_document_view", name, undoable=False)


@APPLICATION_VIEW.method(TEXT)
def focus_view(view: ApplicationViewNode, name: str) -> None:
    show_view(view, name)
