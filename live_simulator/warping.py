"""Warp markers: which second of a file is at which beat. Between two, and beyond the outermost, the tempo holds.

Markers are a tuple of at least two, ascending in both. The last one is not seen in Live's own view: it gives the tempo
behind the one before it.
"""

from __future__ import annotations

from typing import NamedTuple, Tuple

HIDDEN_MARKER_BEATS = 1.0 / 32.0
SLOWEST_BPM, FASTEST_BPM = 5.0, 999.0
"""Assumed."""


class Marker(NamedTuple):
    seconds: float
    beats: float


Markers = Tuple[Marker, ...]


def at_tempo(tempo_bpm: float) -> Markers:
    """The file's beginning at beat 0, one tempo throughout."""
    return (Marker(0.0, 0.0), Marker(HIDDEN_MARKER_BEATS * 60.0 / tempo_bpm, HIDDEN_MARKER_BEATS))


def tempos_bpm(markers: Markers) -> list[float]:
    """One per stretch between two markers."""
    return [
        60.0 * (later.beats - before.beats) / (later.seconds - before.seconds)
        for before, later in zip(markers, markers[1:])
    ]


def is_even(markers: Markers) -> bool:
    """One tempo throughout."""
    tempos = tempos_bpm(markers)
    return max(tempos) - min(tempos) < 1e-6


def to_beats(markers: Markers, seconds: float) -> float:
    before, later = _around(markers, [marker.seconds for marker in markers], seconds)
    return before.beats + (seconds - before.seconds) * (later.beats - before.beats) / (later.seconds - before.seconds)


def to_seconds(markers: Markers, beats: float) -> float:
    before, later = _around(markers, [marker.beats for marker in markers], beats)
    return before.seconds + (beats - before.beats) * (later.seconds - before.seconds) / (later.beats - before.beats)


def with_marker(markers: Markers, marker: Marker) -> Markers:
    return _valid((*markers, marker))


def without_marker(markers: Markers, beats: float) -> Markers:
    """RuntimeError where there is none, or where too few would be left."""
    place = place_at(markers, beats)
    return _valid(markers[:place] + markers[place + 1 :])


def moved_marker(markers: Markers, beats: float, distance_beats: float) -> Markers:
    """The marker stays at its second of the file; it cannot pass another."""
    place = place_at(markers, beats)
    moved = markers[place]._replace(beats=markers[place].beats + distance_beats)
    return _valid((*markers[:place], moved, *markers[place + 1 :]), sort=False)


def place_at(markers: Markers, beats: float) -> int:
    for place, marker in enumerate(markers):
        if abs(marker.beats - beats) < 1e-6:
            return place
    raise RuntimeError(f"There is no warp marker at beat {beats}")


def _around(markers: Markers, positions: list[float], position: float) -> tuple[Marker, Marker]:
    place = 1
    while place < len(markers) - 1 and positions[place] <= position:
        place += 1
    return markers[place - 1], markers[place]


def _valid(markers: Markers, sort: bool = True) -> Markers:
    found = tuple(sorted(markers)) if sort else markers
    ascends = all(
        before.seconds < later.seconds and before.beats < later.beats for before, later in zip(found, found[1:])
    )
    if len(found) < 2 or not ascends or not all(SLOWEST_BPM <= bpm <= FASTEST_BPM for bpm in tempos_bpm(found)):
        raise RuntimeError("Invalid warp marker: markers ascend in the file and in beats, at 5 to 999 bpm")
    return found
