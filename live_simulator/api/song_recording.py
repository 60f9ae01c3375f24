"""Live.Song: recording, its quantisation, capturing, groove and scale."""

from __future__ import annotations

from live_simulator import transport
from live_simulator.api import checks
from live_simulator.api.classes import SONG
from live_simulator.boost import BOOL, FLOAT, INT, TEXT
from live_simulator.declaration import Event
from live_simulator.nodes.songs import SongNode
from live_simulator.scales import SCALES
from live_simulator.versions import since

OFF, ON = 0, 1
"""Song.SessionRecordStatus"""
UNLIMITED_BEATS = 1.7976931348623157e308
QUANTIZATIONS = 14
RECORDING_QUANTIZATIONS = 9

SONG.field("arrangement_overdub", BOOL, listenable=True, undoable=False)
SONG.field("overdub", BOOL, listenable=True, undoable=False)
SONG.field("session_automation_record", BOOL, listenable=True, undoable=False)
SONG.constant(False, "can_capture_midi", listenable=True)


@SONG.writable(BOOL, listenable=True)
def record_mode(song: SongNode, on: bool) -> None:
    transport.record(song, on)


@SONG.writable(BOOL, listenable=True)
def punch_in(song: SongNode, on: bool) -> None:
    song.runtime.defer(lambda: song.put("punch_in", on))


@SONG.writable(BOOL, listenable=True)
def punch_out(song: SongNode, on: bool) -> None:
    song.runtime.defer(lambda: song.put("punch_out", on))


@SONG.writable(BOOL, listenable=True)
def session_record(song: SongNode, on: bool) -> None:
    """From the next tick on, and the song plays; nothing is recorded, so no track may be armed."""
    if on and any(track.arm for track in song.tracks):
        raise RuntimeError("Recording into session slots is not simulated: a track is armed")

    def switch() -> None:
        song.put("session_record", on, undoable=False)
        if on:
            transport.begin(song)

    song.runtime.defer(switch)


@SONG.readable(listenable=True)
def session_record_status(song: SongNode) -> int:
    return ON if song.session_record else OFF


@SONG.method(FLOAT, defaults=(UNLIMITED_BEATS,))
def trigger_session_record(song: SongNode, record_beats: float) -> None:
    if record_beats != UNLIMITED_BEATS:
        raise RuntimeError("Recording of a given length is not simulated")
    session_record(song, not song.session_record)


@SONG.method(INT, defaults=(0,))
def capture_midi(song: SongNode, destination: int) -> None:
    raise RuntimeError("There is no MIDI to capture")


@SONG.writable(INT, listenable=True, vector="Song.Quantization")
def clip_trigger_quantization(song: SongNode, quantization: int) -> None:
    if not 0 <= quantization < QUANTIZATIONS:
        raise RuntimeError("Invalid quantization")
    song.put("clip_trigger_quantization", quantization)


@SONG.writable(INT, listenable=True, vector="Song.RecordingQuantization")
def midi_recording_quantization(song: SongNode, quantization: int) -> None:
    if not 0 <= quantization < RECORDING_QUANTIZATIONS:
        raise RuntimeError("Invalid quantization")
    song.put("midi_recording_quantization", quantization)


@SONG.writable(FLOAT, listenable=True)
def groove_amount(song: SongNode, amount: float) -> None:
    song.put("groove_amount", checks.require_beats(amount, 0.0, 1.0, "Groove amount is out of range"))


@SONG.writable(FLOAT, listenable=True)
def swing_amount(song: SongNode, amount: float) -> None:
    song.put("swing_amount", checks.require_beats(amount, 0.0, 1.0, "Swing amount is out of range"))


# The scale

SONG.field("scale_mode", BOOL, listenable=True, versions=since(12, 0, 5))
SONG.events.append(Event("scale_information", since(12, 1)))


@SONG.writable(INT, listenable=True)
def root_note(song: SongNode, pitch_class: int) -> None:
    song.put("root_note", int(checks.require_beats(pitch_class, 0, 11, "Invalid root note")))


@SONG.writable(TEXT, listenable=True)
def scale_name(song: SongNode, name: str) -> None:
    if name not in SCALES:
        raise RuntimeError("Invalid scale name")
    song.put("scale_name", name)


@SONG.readable(listenable=True, vector="Base.IntVector")
def scale_intervals(song: SongNode) -> tuple[int, ...]:
    return SCALES[song.scale_name]
