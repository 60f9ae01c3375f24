"""What every object of the set is: alive or not, with listeners, changed by `put` alone."""

from __future__ import annotations

from typing import Any, Callable, Iterable, NamedTuple, Optional

from live_simulator.runtime import Runtime


class AudioFile(NamedTuple):
    """What the audio engine found in a file. `opened_since`: the first version of Live that opens it."""

    path: str
    frames: int
    sample_rate_hz: int
    channels: int
    opened_since: tuple[int, ...] = (0,)

    @property
    def seconds(self) -> float:
        return self.frames / self.sample_rate_hz


class Value:
    """Base of what scripts are handed and is no object of the set, such as a routing. `LIVE` is its class in Live."""

    LIVE = ""
    pointer = 1


Probe = Callable[[str], Optional[AudioFile]]
"""What a file holds; None where it is not audio."""


IDENTITY = frozenset(("runtime", "parent", "alive", "pointer", "listeners"))
"""The fields of a node that its copy has of its own."""


class Node:
    """`pointer` is 0 until the object lives and again when it was deleted."""

    LIVE = ""
    """Its class in Live, such as 'Track.Track'."""
    LIVE_BASES: tuple[str, ...] = ("LomObject.LomObject",)
    """The classes that this one inherits from."""
    EVENTS: dict[str, tuple[str, ...]] = {}
    """Field -> the listenable properties that change with it, where that is not the one of the same name."""

    def __init__(self, runtime: Runtime, parent: Node | None) -> None:
        self.runtime = runtime
        self.parent = parent
        self.alive = False
        self.pointer = 0
        self.listeners: dict[str, list[Callable[[], None]]] = {}

    def put(self, field: str, value: Any, undoable: bool = True, own_entry: bool = False) -> None:
        self.runtime.put(self, field, value, undoable, own_entry)

    def children(self) -> tuple[Node, ...]:
        return ()

    def changes_with(self, field: str) -> Iterable[tuple[Node, str]]:
        """What else changes with a field: listenable properties of other objects."""
        return ()

    def __getstate__(self) -> dict[str, Any]:
        """A copy is another object: not alive yet, and nobody listens to it."""
        return {**vars(self), "alive": False, "pointer": 0, "listeners": {}}


def set_alive(node: Node, alive: bool, undoable: bool = True) -> None:
    """Brings a new object and all in it to life, or deletes them."""
    for child in node.children():
        set_alive(child, alive, undoable)
    node.put("alive", alive, undoable)
