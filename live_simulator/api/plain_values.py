"""Boost's plain structures that scripts make, read and change at any time: they are no objects of the set."""

from __future__ import annotations

from typing import Any

from live_simulator.boost import BOOL, FLOAT, INT, Kind, mismatch, type_names
from live_simulator.notes import Note
from live_simulator.versions import ALWAYS, Span, since

NUMBERS_OF_A_NOTE: dict[str, Kind] = {
    "pitch": INT,
    "start_time": FLOAT,
    "duration": FLOAT,
    "velocity": FLOAT,
    "mute": BOOL,
    "probability": FLOAT,
    "velocity_deviation": FLOAT,
    "release_velocity": FLOAT,
}


def arguments_of(
    own: Any, kinds: dict[str, Kind], defaults: dict[str, Any], given: tuple[Any, ...], keywords: dict[str, Any]
) -> dict[str, Any]:
    """A constructor's arguments by name, by position or keyword; ArgumentError where they do not fit."""
    values = {**defaults, **dict(zip(kinds, given)), **keywords}
    doubled = set(list(kinds)[: len(given)]) & keywords.keys()
    if len(given) > len(kinds) or doubled or values.keys() != kinds.keys() or not _fit(kinds, values):
        shown = type_names((own, *given, *keywords.values()))
        raise mismatch(type(own).__name__, "__init__", shown, _signature(kinds, defaults))
    return {name: kind.convert(values[name]) for name, kind in kinds.items()}


def _signature(kinds: dict[str, Kind], defaults: dict[str, Any]) -> str:
    needed = "".join(f", {kind.cpp} {name}" for name, kind in kinds.items() if name not in defaults)
    others = "".join(f" [,{kinds[name].cpp} {name}={value}" for name, value in defaults.items())
    return "_object*" + needed + others + "]" * len(defaults)


def _fit(kinds: dict[str, Kind], values: dict[str, Any]) -> bool:
    return all(kind.fits(values[name]) for name, kind in kinds.items())


def member(cpp: str, name: str, kind: Kind | None = None) -> property:
    """A property of the values that `_node` holds by name; settable where it has a `kind`."""

    def read(own: Any) -> Any:
        return own._node[name]

    def write(own: Any, value: Any) -> None:
        assert kind is not None
        if not kind.fits(value):
            raise mismatch(None, None, type_names((own, value)), f"{cpp} {{lvalue}}, {kind.cpp}")
        own._node[name] = kind.convert(value)

    return property(read, write if kind else None)


class MidiNote:
    """A copy of a note; changes reach the clip by Clip.apply_note_modifications."""

    __slots__ = ("_node",)
    _node: dict[str, Any]

    def __init__(self, *arguments: Any) -> None:
        raise RuntimeError("This class cannot be instantiated from Python")

    note_id = member("NClipApi::TNoteInfo", "note_id")
    pitch = member("NClipApi::TNoteInfo", "pitch", INT)
    start_time = member("NClipApi::TNoteInfo", "start_time", FLOAT)
    duration = member("NClipApi::TNoteInfo", "duration", FLOAT)
    velocity = member("NClipApi::TNoteInfo", "velocity", FLOAT)
    mute = member("NClipApi::TNoteInfo", "mute", BOOL)
    probability = member("NClipApi::TNoteInfo", "probability", FLOAT)
    velocity_deviation = member("NClipApi::TNoteInfo", "velocity_deviation", FLOAT)
    release_velocity = member("NClipApi::TNoteInfo", "release_velocity", FLOAT)


def midi_note(note: Note) -> MidiNote:
    made = object.__new__(MidiNote)
    made._node = dict(note._asdict())
    return made


class MidiNoteSpecification:
    """A note to be; cannot be read."""

    __slots__ = ("_node",)

    def __init__(self, *given: Any, **keywords: Any) -> None:
        defaults = {
            "velocity": 100.0,
            "mute": False,
            "probability": 1.0,
            "velocity_deviation": 0.0,
            "release_velocity": 64.0,
        }
        self._node = Note(note_id=0, **arguments_of(self, NUMBERS_OF_A_NOTE, defaults, given, keywords))


class WarpMarker:
    """A second of the file and the beat it is at."""

    __slots__ = ("_node",)

    def __init__(self, *given: Any, **keywords: Any) -> None:
        self._node = arguments_of(self, {"sample_time": FLOAT, "beat_time": FLOAT}, {}, given, keywords)

    sample_time = member("TWarpMarker", "sample_time")
    beat_time = member("TWarpMarker", "beat_time")


class EnvelopeEventControlCoefficients:
    """How an envelope bends between two events; cannot be read."""

    __slots__ = ()


COEFFICIENTS = Kind(
    "NApiHelpers::TEnvelopeEventControlCoefficients",
    lambda value: isinstance(value, EnvelopeEventControlCoefficients),
    lambda value: value,
)


class EnvelopeEvent:
    """A breakpoint of an envelope: beats and value."""

    __slots__ = ("_node",)

    def __init__(self, *given: Any, **keywords: Any) -> None:
        kinds = {"time": FLOAT, "value": FLOAT, "control_coefficients": COEFFICIENTS}
        self._node = arguments_of(self, kinds, {}, given, keywords)

    time = member("NApiHelpers::TEnvelopeEvent", "time", FLOAT)
    value = member("NApiHelpers::TEnvelopeEvent", "value", FLOAT)
    control_coefficients = member("NApiHelpers::TEnvelopeEvent", "control_coefficients", COEFFICIENTS)


MidiNote.__module__ = MidiNoteSpecification.__module__ = WarpMarker.__module__ = "Clip"
EnvelopeEvent.__module__ = "Envelope"

PLAIN_VALUES: dict[type, Span] = {
    MidiNote: ALWAYS,
    MidiNoteSpecification: ALWAYS,
    WarpMarker: ALWAYS,
    EnvelopeEvent: since(12, 2),
}
"""Which versions have them, in the modules that they name."""
