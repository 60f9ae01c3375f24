"""What the probes write down: values, exceptions with their exact types and texts, and both over some ticks."""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, Generator, List, Sequence

MOST_TEXT = 300
LATER_TICKS = 10

Facts = Dict[str, Any]
"""Values that JSON has."""
Look = Generator[None, None, Facts]
"""An observation that takes some ticks."""


def attempt(call: Callable[..., Any], *arguments: Any) -> Any:
    """What `call` gives, or {"raised": its type, "bases": [those above it], "text": what it says}."""
    try:
        value = call(*arguments)
    except Exception as why:  # that it is raised, and how, is what is looked for
        bases = ["%s.%s" % (base.__module__, base.__name__) for base in type(why).__mro__[:-1]]
        return {"raised": bases[0], "bases": bases[1:], "text": str(why)[:MOST_TEXT]}
    return plain(value)


def plain(value: Any) -> Any:
    """`value` for JSON; of Live's objects only the class."""
    if value is None or isinstance(value, (bool, str)):
        return value[:MOST_TEXT] if isinstance(value, str) else value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    return "<%s>" % type(value).__name__


def read(thing: Any, names: Sequence[str]) -> Facts:
    """Each of these attributes of `thing`, or what reading it raises."""
    return {name: attempt(getattr, thing, name) for name in names}


def write(thing: Any, name: str, value: Any) -> Any:
    """None, or what writing it raises."""
    return attempt(setattr, thing, name, value)


def starts(track: Any) -> List[float]:
    """Of its clips in the arrangement, in beats."""
    return [float(clip.start_time) for clip in track.arrangement_clips]


def over_ticks(look: Callable[..., Any], *arguments: Any) -> Look:
    """What `look` gives at once, a tick later, and some ticks later."""
    found = {"same_tick": look(*arguments)}
    yield
    found["next_tick"] = look(*arguments)
    yield from ticks(LATER_TICKS - 1)
    found["ten_ticks_later"] = look(*arguments)
    return found


def ticks(count: int) -> Generator[None, None, None]:
    for _ in range(count):
        yield
