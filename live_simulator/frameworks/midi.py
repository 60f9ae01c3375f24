"""MIDI numbers that scripts import."""

from __future__ import annotations

MIDI_NOTE_TYPE, MIDI_CC_TYPE, MIDI_PB_TYPE, MIDI_SYSEX_TYPE, MIDI_INVALID_TYPE = range(5)
MIDI_MSG_TYPES = (MIDI_NOTE_TYPE, MIDI_CC_TYPE, MIDI_PB_TYPE)

MIDI_NOTE_OFF_STATUS = 0x80
MIDI_NOTE_ON_STATUS = 0x90
MIDI_CC_STATUS = 0xB0
MIDI_PB_STATUS = 0xE0
NOTE_OFF_STATUS, NOTE_ON_STATUS = MIDI_NOTE_OFF_STATUS, MIDI_NOTE_ON_STATUS
CC_STATUS, PB_STATUS = MIDI_CC_STATUS, MIDI_PB_STATUS
SYSEX_START, SYSEX_END = 0xF0, 0xF7
SYSEX_GENERAL_INFO, SYSEX_NON_REALTIME = 6, 126
SYSEX_IDENTITY_REQUEST_ID, SYSEX_IDENTITY_RESPONSE_ID = 1, 2
SYSEX_IDENTITY_REQUEST_MESSAGE = (SYSEX_START, SYSEX_NON_REALTIME, 127, 6, 1, SYSEX_END)

STATUS_OF_TYPE = {MIDI_NOTE_TYPE: MIDI_NOTE_ON_STATUS, MIDI_CC_TYPE: MIDI_CC_STATUS, MIDI_PB_TYPE: MIDI_PB_STATUS}


def is_sysex(midi_bytes: tuple[int, ...]) -> bool:
    return len(midi_bytes) > 0 and midi_bytes[0] == SYSEX_START


def is_bend(midi_bytes: tuple[int, ...]) -> bool:
    return midi_bytes[0] & 0xF0 == MIDI_PB_STATUS


def value_of(midi_bytes: tuple[int, ...]) -> int:
    """0 to 127, of a pitch bend 0 to 16383; a note's end is 0."""
    if is_bend(midi_bytes):
        return midi_bytes[1] + (midi_bytes[2] << 7)
    return 0 if midi_bytes[0] & 0xF0 == MIDI_NOTE_OFF_STATUS else midi_bytes[2]


def turned_by(map_mode: int, value: int) -> float:
    """What an encoder's `value` means in one of Live.MidiMap.MapMode, by the table of Live's manual: -1 to 1."""
    relative = (map_mode - 5) if map_mode > 5 else map_mode
    if relative == 1:  # signed bit: 1 to 63 up, 65 to 127 down
        steps = value if value <= 64 else 64 - value
    elif relative == 4:  # signed bit 2: the other way
        steps = -value if value <= 64 else value - 64
    elif relative == 2:  # binary offset: 65 to 127 up, 63 to 1 down
        steps = value - 64
    elif relative == 3:  # two's complement: 1 to 64 up, 127 to 65 down
        steps = value if value <= 64 else value - 128
    else:
        return value / 127.0
    return steps / 64.0
