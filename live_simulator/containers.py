"""Live's vectors and enums: classes of their own, neither lists nor plain integers."""

from __future__ import annotations

from typing import Any, Iterator, Sequence

from live_simulator.boost import exactly
from live_simulator.versions import ALWAYS, since


class VectorBase:
    """Index, length and iteration; no list methods but append and extend, no equality with lists."""

    __slots__ = ("_items",)

    def __init__(self, items: Sequence[Any] = ()) -> None:
        self._items = list(items)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return type(self)(self._items[index])
        if not isinstance(index, int):
            raise TypeError("Invalid index type")
        if not -len(self._items) <= index < len(self._items):
            raise IndexError("Index out of range")
        return self._items[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __contains__(self, value: Any) -> bool:
        return any(item == value for item in self._items)

    @exactly("boost::python::api::object")
    def append(self, value: Any) -> None:
        self._items.append(value)

    @exactly("boost::python::api::object")
    def extend(self, values: Any) -> None:
        self._items.extend(values)


VECTORS = {
    "Base.Vector": ALWAYS,
    "Base.ObjectVector": ALWAYS,
    "Base.IntVector": ALWAYS,
    "Base.FloatVector": ALWAYS,
    "Base.StringVector": ALWAYS,
    "Base.IntU64Vector": since(11, 1),
    "Application.UnavailableFeatureVector": ALWAYS,
    "Browser.BrowserItemVector": ALWAYS,
    "Clip.MidiNoteVector": ALWAYS,
    "Clip.WarpMarkerVector": ALWAYS,
    "Device.ATimeableValueVector": ALWAYS,
    "Envelope.EnvelopeEventVector": ALWAYS,
    "Track.RoutingTypeVector": ALWAYS,
    "Track.RoutingChannelVector": ALWAYS,
}
"""Which versions have which. Those of Browser and Track are only seen as what properties return."""


def vector_class(name: str) -> type:
    module, _, own = name.partition(".")
    return type(own, (VectorBase,), {"__slots__": (), "__module__": module})


class EnumValue(int):
    """A Boost enum's value: an integer that prints as its name."""

    name = ""

    def __repr__(self) -> str:
        return f"{type(self).__module__}.{type(self).__name__}.{self.name}"

    __str__ = __repr__


def enum_class(module: str, name: str, values: dict[str, int]) -> type:
    """A class with `names` (name to value) and `values` (integer to value), as Boost's."""
    made = type(name, (EnumValue,), {"__module__": module})
    names = {}
    by_number = {}
    for label, number in values.items():
        value = made(number)
        value.name = label
        setattr(made, label, value)
        names[label] = value
        by_number[number] = value
    made.names = names  # type: ignore[attr-defined]
    made.values = by_number  # type: ignore[attr-defined]
    return made
