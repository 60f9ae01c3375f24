"""What gets between a script and Live: dialogs, menus, the audio device, a computer that stands still."""

from __future__ import annotations

from live_simulator.errors import BadRequest
from live_simulator.nodes.application import Dialog
from live_simulator.simulator import Simulator
from live_simulator.user.action import Action

MOST_SECONDS = 600.0


def open_dialog(live: Simulator, message: str, buttons: int) -> None:
    """Over those that are open. A panel of the system's has no message and no buttons; it is closed by closing."""
    if buttons < 0:
        raise BadRequest(f"{buttons} buttons; a dialog has 0 or more")
    application = live.application
    with live.runtime.change(""):
        application.put("dialogs", (*application.dialogs, Dialog(message, buttons)), undoable=False)


def press_dialog_button(live: Simulator, index: int) -> None:
    live.binding.wrap(live.application).press_current_dialog_button(index)


def close_dialog(live: Simulator) -> None:
    """The newest, by the Escape key."""
    application = live.application
    if not application.dialogs:
        raise BadRequest("no dialog is open")
    with live.runtime.change(""):
        application.put("dialogs", application.dialogs[:-1], undoable=False)


def open_menu(live: Simulator) -> None:
    """Until it is closed scripts do not run: what is sent to them waits."""
    live.menu_is_open = True


def close_menu(live: Simulator) -> None:
    live.menu_is_open = False


def lose_audio(live: Simulator) -> None:
    """No Device: the transport stands, and playing cannot start, until it is regained."""
    live.output.lose()


def regain_audio(live: Simulator) -> None:
    live.output.regain()


def slow_routings(live: Simulator, seconds: float) -> None:
    """As under load: so long after their tick new tracks know of no inputs and outputs."""
    if not 0.0 <= seconds <= MOST_SECONDS:
        raise BadRequest(f"{seconds} s; allowed are up to {MOST_SECONDS:.0f}")
    live.song.routings_delay_ms = seconds * 1000.0


def freeze(live: Simulator, seconds: float) -> None:
    """From the next tick on Live's main loop stands still for that long, and answers nobody; the music plays on."""
    if not 0.0 < seconds <= MOST_SECONDS:
        raise BadRequest(f"{seconds} s; allowed are up to {MOST_SECONDS:.0f}")
    live.freeze_seconds = seconds


ACTIONS = {
    "open_dialog": Action(open_dialog, {"message": str, "buttons": int}),
    "press_dialog_button": Action(press_dialog_button, {"button": int}),
    "close_dialog": Action(close_dialog),
    "open_menu": Action(open_menu),
    "close_menu": Action(close_menu),
    "lose_audio": Action(lose_audio),
    "regain_audio": Action(regain_audio),
    "slow_routings": Action(slow_routings, {"seconds": float}),
    "freeze": Action(freeze, {"seconds": float}),
}
