"""Live.Application: versions, the document, dialogs."""

from __future__ import annotations

from live_simulator.api.classes import APPLICATION
from live_simulator.boost import INT, TEXT
from live_simulator.nodes.application import ApplicationNode
from live_simulator.nodes.songs import SongNode
from live_simulator.versions import since

APPLICATION.field("view")
APPLICATION.field("browser")
APPLICATION.constant(None, "canonical_parent")
APPLICATION.constant(0.0, "average_process_usage", "peak_process_usage", listenable=True, versions=since(11, 1))


APPLICATION.constant(0, "number_of_push_apps_running", versions=since(11, 3, 20))


@APPLICATION.readable(listenable=True, vector="Application.UnavailableFeatureVector")
def unavailable_features(application: ApplicationNode) -> tuple[int, ...]:
    return ()


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
