"""settings.json beside the script, which `install-script` leaves: {"port": 19102, "token_file": absolute path}."""

from __future__ import annotations

import json
import os
from typing import Any, Callable, NamedTuple, Optional

from .protocol import DEFAULT_PORT

SETTINGS_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "settings.json")


class Settings(NamedTuple):
    port: int
    token: Optional[bytes]
    """None where there is none."""


def read_settings(say: Callable[[str], None], settings_file: str = SETTINGS_FILE) -> Settings:
    """The default port and no token where the file, or the token's, is missing or cannot be used; `say` is told."""
    try:
        with open(settings_file, encoding="utf-8") as file:
            told = json.load(file)
        return Settings(_port(told), _token(told, say))
    except (OSError, ValueError, KeyError, TypeError) as why:
        say(
            "JacqueesBot: %s cannot be used (%s); listening on port %d, and nothing can be built before "
            "`jacqueesbot install-script` has been run" % (settings_file, why, DEFAULT_PORT)
        )
        return Settings(DEFAULT_PORT, None)


def _port(told: Any) -> int:
    port = told["port"]
    if type(port) is not int or not 0 <= port < 2**16:
        raise ValueError("port %r; allowed are 0 to 65535" % (port,))
    return port


def _token(told: Any, say: Callable[[str], None]) -> Optional[bytes]:
    try:
        with open(told["token_file"], encoding="ascii") as file:
            token = bytes.fromhex(file.read().strip())
        if not token:
            raise ValueError("it is empty")
        return token
    except (OSError, ValueError, KeyError, TypeError) as why:
        say(
            "JacqueesBot: no token (%s: %s); nothing can be built before `jacqueesbot install-script` has been run"
            % (type(why).__name__, why)
        )
        return None
