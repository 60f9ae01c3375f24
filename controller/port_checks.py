"""What doctor checks of the UDP ports: are they free, and if not, is it one of ours that has them?"""

from __future__ import annotations

import errno
import socket
import sys
import time
from collections.abc import Iterator

from controller.checks import Check, bad, fine
from controller.config import OscSettings
from live_remote_script import osc
from live_remote_script.protocol import DEFAULT_HOST

PATIENCE_SECONDS = 2.0
"""For an answer to /jacquees/status; `run` answers within milliseconds, whatever it does."""
REPEAT_SECONDS = 0.25
EVERYWHERE = "0.0.0.0"
SAME_PORT = "Give each of osc.controller_port, osc.display_port and osc.script_port one of its own in config.yaml."


def port_checks(settings: OscSettings) -> Iterator[Check]:
    """Of the controller's and the display's."""
    ports = (settings.controller_port, settings.display_port, settings.script_port)
    if len(set(ports)) < len(ports):
        yield bad("ports", f"{', '.join(map(str, ports))}: two of them are the same", SAME_PORT)
        return
    yield _controller_port(settings)
    at = f"{settings.host}:{settings.display_port}"
    is_taken = refusal(settings.host, settings.display_port) is not None
    yield fine("display port", f"{at}: {'a display listens there, or another program' if is_taken else 'free'}")


def script_port_check(port: int, answers: bool) -> Check:
    """`answers`: whether our script does, there."""
    at = f"{DEFAULT_HOST}:{port}"
    if answers:
        return fine("script port", f"{at}: the script in Live listens there")
    why = refusal(DEFAULT_HOST, port)
    if why is None:
        return fine("script port", f"{at}: free; no Live with our script is open")
    mend = f"{_remedy(why, port, 'Set')} osc.script_port in config.yaml, then install-script again."
    return bad("script port", f"{at}: nobody answers as our script does ({why.strerror})", mend)


def refusal(host: str, port: int) -> OSError | None:
    """Why a program could not listen there now; None where it could."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # on Windows two programs may share a port
            asking.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        try:
            asking.bind((host, port))
        except OSError as why:
            return why
    return None


def status_of(host: str, port: int) -> tuple[str, ...]:
    """What `jacqueesbot run` there says of its state and its target; empty where it is not `run` that has the port."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect((DEFAULT_HOST if host == EVERYWHERE else host, port))
        asking.settimeout(REPEAT_SECONDS)
        while time.monotonic() < deadline:
            try:
                asking.send(osc.encode("/jacquees/status"))
                (answer,) = osc.decode(asking.recv(65535))
            except TimeoutError:
                continue  # lost, perhaps
            except (OSError, osc.OscError, ValueError):
                return ()
            if answer.address == "/jacquees/status":
                return tuple(str(value) for value in answer.arguments[:2])
    return ()


def _controller_port(settings: OscSettings) -> Check:
    at = f"{settings.host}:{settings.controller_port}"
    why = refusal(settings.host, settings.controller_port)
    if why is None:
        return fine("controller port", f"{at}: free; `jacqueesbot run` is not running")
    status = status_of(settings.host, settings.controller_port)
    if status:
        return fine("controller port", f"{at}: `jacqueesbot run` listens there ({' '.join(filter(None, status))})")
    otherwise = "Set osc.host to an address of this computer (127.0.0.1: for this computer alone), or"
    mend = f"{_remedy(why, settings.controller_port, otherwise)} osc.controller_port in config.yaml."
    return bad("controller port", f"{at}: nothing can listen there ({why.strerror})", mend)


def _remedy(why: OSError, port: int, otherwise: str) -> str:
    """Begins a sentence that ends with what to set; `otherwise` where it is not that another program has the port."""
    if why.errno != errno.EADDRINUSE:
        return otherwise
    if sys.platform == "win32":
        who = f"`netstat -ano -p UDP` tells the number of the process that has port {port}."
    elif sys.platform == "linux":
        who = f"`ss -ulpn sport = :{port}` tells which program has it."
    else:
        who = f"`lsof -nP -iUDP:{port}` tells which program has it."
    return f"{who} End that, or set"
