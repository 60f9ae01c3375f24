"""Notes of MIDI clips: plain values, and what edits make of a clip's notes.

A clip's notes are a tuple in order of start and pitch. Of two notes of one pitch that overlap the one put there last
stays whole: the earlier one is cut where the other begins, or goes where nothing is left of it.
"""

from __future__ import annotations

from typing import Callable, Iterable, NamedTuple, Tuple


class Note(NamedTuple):
    """`note_id` is its number within its clip, from 1 on; times are beats of the clip's content."""

    note_id: int
    pitch: int
    start_time: float
    duration: float
    velocity: float = 100.0
    mute: bool = False
    probability: float = 1.0
    velocity_deviation: float = 0.0
    release_velocity: float = 64.0


Notes = Tuple[Note, ...]

LEAST_BEATS = 1e-9
RANGES: tuple[tuple[str, float, float], ...] = (
    ("pitch", 0, 127),
    ("start_time", -1576800.0, 1576800.0),
    ("duration", LEAST_BEATS, 1576800.0),
    ("velocity", 0.0, 127.0),
    ("probability", 0.0, 1.0),
    ("velocity_deviation", -127.0, 127.0),
    ("release_velocity", 0.0, 127.0),
)

GRID_BEATS: dict[int, tuple[float, ...]] = {
    0: (),
    1: (1.0,),
    2: (0.5,),
    3: (1.0 / 3.0,),
    4: (0.5, 1.0 / 3.0),
    5: (0.25,),
    6: (1.0 / 6.0,),
    7: (0.25, 1.0 / 6.0),
    8: (0.125,),
}
"""Song.RecordingQuantization -> the grids whose nearest line a note goes to."""

NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def require_valid(note: Note) -> Note:
    """The note, or RuntimeError where Live cannot have such a one."""
    for field, least, most in RANGES:
        if not least <= getattr(note, field) <= most:
            raise RuntimeError(f"Invalid note: {field} is {getattr(note, field)}; expected {least:g} to {most:g}")
    return note


def within(notes: Notes, from_pitch: int, pitch_span: int, from_beats: float, span_beats: float) -> Notes:
    """Those that start in the span and have one of these pitches."""
    return tuple(
        note
        for note in notes
        if from_pitch <= note.pitch < from_pitch + pitch_span
        and from_beats <= note.start_time < from_beats + span_beats
    )


def put(notes: Notes, new: Iterable[Note]) -> Notes:
    """All of both, those of `new` over the others and over those before them; those with the same ids are replaced.

    They are in order of pitch, then time, as Live answers them.
    """
    kept = list(notes)
    for note in new:
        left: list[Note] = []
        for other in kept:
            if other.note_id != note.note_id:
                left.extend(_beside(other, note))
        kept = [*left, note]
    return tuple(sorted(kept, key=lambda note: (note.pitch, note.start_time)))


def without(notes: Notes, gone: Iterable[Note]) -> Notes:
    ids = {note.note_id for note in gone}
    return tuple(note for note in notes if note.note_id not in ids)


def numbered(notes: Iterable[Note], first_id: int) -> list[Note]:
    return [note._replace(note_id=first_id + place) for place, note in enumerate(notes)]


def moved(notes: Iterable[Note], beats: float, semitones: int) -> list[Note]:
    """RuntimeError where one of them leaves the pitches that there are."""
    return [
        require_valid(note._replace(start_time=note.start_time + beats, pitch=note.pitch + semitones)) for note in notes
    ]


def cropped(notes: Notes, start_beats: float, end_beats: float) -> Notes:
    """What of them lies between."""
    found = []
    for note in notes:
        start = max(note.start_time, start_beats)
        end = min(note.start_time + note.duration, end_beats)
        if end - start > LEAST_BEATS:
            found.append(note._replace(start_time=start, duration=end - start))
    return tuple(found)


def quantized(notes: Notes, grid: int, amount: float, is_meant: Callable[[Note], bool]) -> Notes:
    """Starts moved towards the nearest line of the grid (GRID_BEATS), all the way with an amount of 1."""
    changed = []
    for note in notes:
        if is_meant(note):
            lines = [round(note.start_time / beats) * beats for beats in GRID_BEATS[grid]]
            nearest = min(lines or [note.start_time], key=lambda line: abs(line - note.start_time))
            changed.append(note._replace(start_time=note.start_time + amount * (nearest - note.start_time)))
    return put(without(notes, changed), changed)


def name_of(pitch: int) -> str:
    """60 is C3."""
    return f"{NAMES[pitch % 12]}{pitch // 12 - 2}"


def _beside(other: Note, note: Note) -> list[Note]:
    """What is left of a note when another lies over it."""
    end, other_end = note.start_time + note.duration, other.start_time + other.duration
    if other.pitch != note.pitch or other_end <= note.start_time or other.start_time >= end:
        return [other]
    if other.start_time < note.start_time - LEAST_BEATS:
        return [other._replace(duration=note.start_time - other.start_time)]
    return []
