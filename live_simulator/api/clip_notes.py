"""Live.Clip: the notes of MIDI clips."""

from __future__ import annotations

from typing import Any, Iterable

from live_simulator import notes
from live_simulator.api.classes import CLIP
from live_simulator.api.plain_values import MidiNote, MidiNoteSpecification, midi_note
from live_simulator.boost import ANYTHING, FLOAT, FLOAT32, INT, TUPLE, Kind
from live_simulator.containers import VectorBase
from live_simulator.declaration import Event
from live_simulator.nodes.clips import ClipNode
from live_simulator.notes import Note, Notes
from live_simulator.versions import since

VECTOR = "Clip.MidiNoteVector"
IDS = "Base.IntU64Vector"
NOTE_VECTOR = Kind(
    "vector<NClipApi::TNoteInfo>",
    lambda value: isinstance(value, VectorBase) and type(value).__name__ == "MidiNoteVector",
    tuple,
)

CLIP.events.append(Event("notes"))


def _require_midi(clip: ClipNode) -> None:
    if clip.is_audio:
        raise RuntimeError("This function is only available for MIDI clips")


def _put(clip: ClipNode, changed: Notes) -> None:
    clip.put("notes", changed)
    clip.put("selected_note_ids", clip.selected_note_ids & {note.note_id for note in changed}, undoable=False)


def _add(clip: ClipNode, new: Iterable[Note]) -> tuple[int, ...]:
    """Over what is there; the new notes' ids."""
    added = notes.numbered([notes.require_valid(note) for note in new], clip.next_note_id)
    clip.next_note_id += len(added)
    _put(clip, notes.put(clip.notes, added))
    return tuple(note.note_id for note in added)


def _of_ids(clip: ClipNode, ids: Any) -> Notes:
    """The clip's notes of these ids; RuntimeError for one that it has not, TypeError for what is no id."""
    by_id = {note.note_id: note for note in clip.notes}
    wanted = list(ids)
    for number in wanted:
        if not isinstance(number, int) or isinstance(number, bool):
            raise TypeError(
                "No registered converter was able to produce a C++ rvalue of type unsigned long long from this Python "
                f"object of type {type(number).__name__}"
            )
        if number not in by_id:
            raise RuntimeError(f"There is no note with the ID {number} in the clip")
    return tuple(by_id[number] for number in wanted)


def _shown(found: Iterable[Note]) -> tuple[MidiNote, ...]:
    return tuple(midi_note(note) for note in found)


# Reading


@CLIP.method(INT, INT, FLOAT, FLOAT, changes=False, vector=VECTOR)
def get_notes_extended(
    clip: ClipNode, from_pitch: int, pitch_span: int, from_beats: float, span_beats: float
) -> tuple[MidiNote, ...]:
    _require_midi(clip)
    return _shown(notes.within(clip.notes, from_pitch, pitch_span, from_beats, span_beats))


@CLIP.method(changes=False, vector=VECTOR, versions=since(11, 1))
def get_all_notes_extended(clip: ClipNode) -> tuple[MidiNote, ...]:
    _require_midi(clip)
    return _shown(clip.notes)


@CLIP.method(changes=False, vector=VECTOR)
def get_selected_notes_extended(clip: ClipNode) -> tuple[MidiNote, ...]:
    _require_midi(clip)
    return _shown(_selected(clip))


@CLIP.method(ANYTHING, changes=False, vector=VECTOR)
def get_notes_by_id(clip: ClipNode, ids: Any) -> tuple[MidiNote, ...]:
    _require_midi(clip)
    return _shown(_of_ids(clip, ids))


@CLIP.method(INT, changes=False, versions=since(12, 0, 5))
def note_number_to_name(clip: ClipNode, pitch: int) -> str:
    if not 0 <= pitch <= 127:
        raise RuntimeError("Invalid MIDI pitch")
    return notes.name_of(pitch)


# Changing


@CLIP.method(ANYTHING, vector=IDS, returns=since(11, 1))
def add_new_notes(clip: ClipNode, specifications: Any) -> tuple[int, ...]:
    _require_midi(clip)
    new = []
    for specification in specifications:
        if not isinstance(specification, MidiNoteSpecification):
            raise TypeError(
                "No registered converter was able to produce a C++ rvalue of type NClipApi::TNoteSpecification from "
                f"this Python object of type {type(specification).__name__}"
            )
        new.append(specification._node)
    return _add(clip, new)


@CLIP.method(NOTE_VECTOR)
def apply_note_modifications(clip: ClipNode, changed: tuple[MidiNote, ...]) -> None:
    """Of notes that the clip has; all or nothing."""
    _require_midi(clip)
    new = [notes.require_valid(Note(**note._node)) for note in changed]
    _of_ids(clip, [note.note_id for note in new])
    _put(clip, notes.put(notes.without(clip.notes, new), new))


@CLIP.method(INT, INT, FLOAT, FLOAT)
def remove_notes_extended(
    clip: ClipNode, from_pitch: int, pitch_span: int, from_beats: float, span_beats: float
) -> None:
    _require_midi(clip)
    found = notes.within(clip.notes, from_pitch, pitch_span, from_beats, span_beats)
    _put(clip, notes.without(clip.notes, found))


@CLIP.method(ANYTHING)
def remove_notes_by_id(clip: ClipNode, ids: Any) -> None:
    _require_midi(clip)
    _put(clip, notes.without(clip.notes, _of_ids(clip, ids)))


@CLIP.method(ANYTHING, ANYTHING, INT, defaults=(None, 0), vector=IDS, versions=since(11, 2))
def duplicate_notes_by_id(clip: ClipNode, ids: Any, destination: Any, semitones: int) -> tuple[int, ...]:
    """At `destination`, else right behind the last of them."""
    _require_midi(clip)
    found = _of_ids(clip, ids)
    if not found:
        return ()
    if destination is not None and not FLOAT.fits(destination):
        raise TypeError(f"destination_time must be a float or None, not {type(destination).__name__}")
    start = min(note.start_time for note in found)
    end = max(note.start_time + note.duration for note in found)
    return _add(clip, notes.moved(found, (end if destination is None else float(destination)) - start, semitones))


@CLIP.method(FLOAT, FLOAT, FLOAT, INT, INT, defaults=(-1, 0))
def duplicate_region(
    clip: ClipNode, start_beats: float, span_beats: float, destination_beats: float, pitch: int, semitones: int
) -> None:
    """Of all pitches, or of `pitch` alone."""
    _require_midi(clip)
    if not (span_beats > 0.0 and -1 <= pitch <= 127):
        raise RuntimeError("Invalid region")
    lowest, count = (0, 128) if pitch == -1 else (pitch, 1)
    found = notes.within(clip.notes, lowest, count, start_beats, span_beats)
    _add(clip, notes.moved(found, destination_beats - start_beats, semitones))


@CLIP.method(INT, FLOAT32)
def quantize(clip: ClipNode, grid: int, amount: float) -> None:
    _require_midi(clip)
    _require_grid(grid, amount)
    _put(clip, notes.quantized(clip.notes, grid, amount, lambda note: True))


@CLIP.method(INT, INT, FLOAT32)
def quantize_pitch(clip: ClipNode, pitch: int, grid: int, amount: float) -> None:
    _require_midi(clip)
    _require_grid(grid, amount)
    _put(clip, notes.quantized(clip.notes, grid, amount, lambda note: note.pitch == pitch))


def _require_grid(grid: int, amount: float) -> None:
    if grid not in notes.GRID_BEATS or not 0.0 <= amount <= 1.0:
        raise RuntimeError("Invalid quantization")


# Selecting


def _selected(clip: ClipNode) -> Notes:
    return tuple(note for note in clip.notes if note.note_id in clip.selected_note_ids)


def _select(clip: ClipNode, chosen: Iterable[Note]) -> None:
    clip.put("selected_note_ids", frozenset(note.note_id for note in chosen), undoable=False)


@CLIP.method()
def select_all_notes(clip: ClipNode) -> None:
    _require_midi(clip)
    _select(clip, clip.notes)


@CLIP.method()
def deselect_all_notes(clip: ClipNode) -> None:
    _require_midi(clip)
    _select(clip, ())


@CLIP.method(ANYTHING, versions=since(11, 1))
def select_notes_by_id(clip: ClipNode, ids: Any) -> None:
    _require_midi(clip)
    _select(clip, _of_ids(clip, ids))


# The deprecated tuples: (pitch, start, duration, velocity, mute)


@CLIP.method(FLOAT, INT, FLOAT, INT, changes=False, vector="tuple")
def get_notes(
    clip: ClipNode, from_beats: float, from_pitch: int, span_beats: float, pitch_span: int
) -> tuple[Any, ...]:
    _require_midi(clip)
    return _as_tuples(notes.within(clip.notes, from_pitch, pitch_span, from_beats, span_beats))


@CLIP.method(changes=False, vector="tuple")
def get_selected_notes(clip: ClipNode) -> tuple[Any, ...]:
    _require_midi(clip)
    return _as_tuples(_selected(clip))


@CLIP.method(FLOAT, INT, FLOAT, INT)
def remove_notes(clip: ClipNode, from_beats: float, from_pitch: int, span_beats: float, pitch_span: int) -> None:
    remove_notes_extended(clip, from_pitch, pitch_span, from_beats, span_beats)


@CLIP.method(TUPLE)
def set_notes(clip: ClipNode, tuples: tuple[Any, ...]) -> None:
    _require_midi(clip)
    _add(clip, _of_tuples(tuples))


@CLIP.method(TUPLE)
def replace_selected_notes(clip: ClipNode, tuples: tuple[Any, ...]) -> None:
    _require_midi(clip)
    new = _of_tuples(tuples)
    _put(clip, notes.without(clip.notes, _selected(clip)))
    _add(clip, new)


def _as_tuples(found: Iterable[Note]) -> tuple[Any, ...]:
    return tuple((note.pitch, note.start_time, note.duration, int(note.velocity), note.mute) for note in found)


def _of_tuples(tuples: tuple[Any, ...]) -> list[Note]:
    kinds = (INT, FLOAT, FLOAT, FLOAT, INT)
    found = []
    for item in tuples:
        if not isinstance(item, (tuple, list)) or len(item) != 5 or not all(k.fits(v) for k, v in zip(kinds, item)):
            raise TypeError(f"a note is (pitch, time, duration, velocity, mute), not {item!r}")
        pitch, start, duration, velocity, mute = item
        found.append(Note(0, pitch, float(start), float(duration), float(velocity), bool(mute)))
    return found
