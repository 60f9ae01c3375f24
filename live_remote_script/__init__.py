"""JacqueesBot's MIDI Remote Script: relays OSC commands to Live.

It is copied into Live's User Library, as `Remote Scripts/JacqueesBot`.
"""

from __future__ import annotations

from typing import Any


def create_instance(c_instance: Any) -> Any:
    """What Live calls to load the script. Only Live (or the simulated one) has the module `Live` that it imports."""
    from .script import JacqueesBot

    return JacqueesBot(c_instance)
