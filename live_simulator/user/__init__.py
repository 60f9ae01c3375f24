"""What a user does by hand in Live, so that tests can act as one. Each is an undo step where it is one in Live."""

from __future__ import annotations

from typing import Any

from live_simulator.editions import LimitationError
from live_simulator.errors import BadRequest
from live_simulator.simulator import Simulator
from live_simulator.user import clips, preferences, screen, tracks, transport
from live_simulator.user.action import Action

ACTIONS: dict[str, Action] = {
    f"user_{name}": action
    for part in (clips, tracks, transport, screen, preferences)
    for name, action in part.ACTIONS.items()
}


def act(live: Simulator, name: str, arguments: tuple[Any, ...]) -> None:
    """BadRequest where there is nothing to do it to, or where Live refuses it."""
    in_words = f"{name[len('user_') :].replace('_', ' ')} {', '.join(map(repr, arguments))}".rstrip()
    if live.runtime.trace:
        live.runtime.trace(f"user: {in_words}")
    try:
        if name[len("user_") :] in preferences.ACTIONS:
            ACTIONS[name].run(live, *arguments)  # scripts are created by it, whose doings are their own
        else:
            with live.runtime.user_at_work():
                ACTIONS[name].run(live, *arguments)
    except (BadRequest, RuntimeError, ValueError, LimitationError) as why:
        if live.runtime.trace:
            live.runtime.trace(f"refused: {why}")
        raise why if isinstance(why, BadRequest) else BadRequest(f"{in_words}: {why}") from why
