"""Live.MidiMap: what a script asks for in build_midi_map. There is no MIDI hardware: checked, and without effect."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Callable

from live_simulator.boost import BOOL, FLOAT32, INT, Kind, handle, mismatch, type_names
from live_simulator.containers import enum_class

MAP_MODES = {
    "absolute": 0,
    "relative_signed_bit": 1,
    "relative_binary_offset": 2,
    "relative_two_compliment": 3,
    "relative_signed_bit2": 4,
    "absolute_14_bit": 5,
    "relative_smooth_signed_bit": 6,
    "relative_smooth_binary_offset": 7,
    "relative_smooth_two_compliment": 8,
    "relative_smooth_signed_bit2": 9,
}
PARAMETER = handle("DeviceParameter.DeviceParameter", "TPyHandle<ATimeableValue>")


class CCFeedbackRule:
    """How Live answers a mapped controller."""

    def __init__(self) -> None:
        self.channel = 0
        self.cc_no = 0
        self.cc_value_map: tuple[int, ...] = ()
        self.delay_in_ms = 0.0
        self.enabled = True


class NoteFeedbackRule:
    def __init__(self) -> None:
        self.channel = 0
        self.note_no = 0
        self.vel_map: tuple[int, ...] = ()
        self.delay_in_ms = 0.0
        self.enabled = True


class PitchBendFeedbackRule:
    def __init__(self) -> None:
        self.channel = 0
        self.value_pair_map: tuple[Any, ...] = ()
        self.delay_in_ms = 0.0
        self.enabled = True


def _rule(made: type) -> Kind:
    return Kind(made.__name__, lambda value: isinstance(value, made), lambda value: value)


CC, NOTE, BEND = _rule(CCFeedbackRule), _rule(NoteFeedbackRule), _rule(PitchBendFeedbackRule)
FUNCTIONS: dict[str, tuple[tuple[Kind, ...], int]] = {
    "forward_midi_cc": ((INT, INT, INT, INT, BOOL), 1),
    "forward_midi_note": ((INT, INT, INT, INT, BOOL), 1),
    "forward_midi_pitchbend": ((INT, INT, INT), 0),
    "map_midi_cc": ((INT, PARAMETER, INT, INT, INT, BOOL, FLOAT32), 1),
    "map_midi_cc_with_feedback_map": ((INT, PARAMETER, INT, INT, INT, CC, BOOL, FLOAT32), 1),
    "map_midi_note": ((INT, PARAMETER, INT, INT), 0),
    "map_midi_note_with_feedback_map": ((INT, PARAMETER, INT, INT, NOTE), 0),
    "map_midi_pitchbend": ((INT, PARAMETER, INT, BOOL), 0),
    "map_midi_pitchbend_with_feedback_map": ((INT, PARAMETER, INT, BEND, BOOL), 0),
    "send_feedback_for_parameter": ((INT, PARAMETER), 0),
}
"""Name -> (argument types, how many of the last may be left out). All but the last answer whether it could be done."""


def midi_map_module() -> ModuleType:
    module = ModuleType("Live.MidiMap")
    vars(module)["MapMode"] = enum_class("MidiMap", "MapMode", MAP_MODES)
    for rule in (CCFeedbackRule, NoteFeedbackRule, PitchBendFeedbackRule):
        vars(module)[rule.__name__] = rule
    for name, (kinds, optional) in FUNCTIONS.items():
        vars(module)[name] = _checked(name, kinds, optional)
    return module


def _checked(name: str, kinds: tuple[Kind, ...], optional: int) -> Callable[..., bool | None]:
    def call(*arguments: Any) -> bool | None:
        fits = len(kinds) - optional <= len(arguments) <= len(kinds)
        if not fits or not all(kind.fits(value) for value, kind in zip(arguments, kinds)):
            raise mismatch("MidiMap", name, type_names(arguments), ", ".join(kind.cpp for kind in kinds))
        return None if name == "send_feedback_for_parameter" else True

    call.__name__ = call.__qualname__ = name
    return call
