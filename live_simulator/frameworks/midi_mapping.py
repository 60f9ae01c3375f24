"""What a surface asks of Live.MidiMap for its controls."""

from __future__ import annotations

import sys
from typing import Any

from live_simulator.frameworks import midi


def map_to_parameter(midi_map_handle: int, control: Any, parameter: Any) -> bool:
    live: Any = sys.modules["Live"]
    type_, channel, identifier = control.message_type(), control.message_channel(), control.message_identifier()
    if type_ == midi.MIDI_NOTE_TYPE:
        return bool(live.MidiMap.map_midi_note(midi_map_handle, parameter, channel, identifier))
    if type_ == midi.MIDI_CC_TYPE:
        mode = control.message_map_mode()
        return bool(live.MidiMap.map_midi_cc(midi_map_handle, parameter, channel, identifier, mode, True))
    if type_ == midi.MIDI_PB_TYPE:
        return bool(live.MidiMap.map_midi_pitchbend(midi_map_handle, parameter, channel, True))
    return False


def forward(script_handle: int, midi_map_handle: int, control: Any) -> None:
    live: Any = sys.modules["Live"]
    type_, channel, identifier = control.message_type(), control.message_channel(), control.message_identifier()
    if type_ == midi.MIDI_NOTE_TYPE:
        live.MidiMap.forward_midi_note(script_handle, midi_map_handle, channel, identifier)
    elif type_ == midi.MIDI_CC_TYPE:
        live.MidiMap.forward_midi_cc(script_handle, midi_map_handle, channel, identifier)
    elif type_ == midi.MIDI_PB_TYPE:
        live.MidiMap.forward_midi_pitchbend(script_handle, midi_map_handle, channel)
