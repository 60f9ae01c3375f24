"""Cue points (locators): set at the playhead, jumped to at once or, while the song plays, on the launch lines."""

from __future__ import annotations

from live_simulator import transport
from live_simulator.clip_geometry import last_event_beats
from live_simulator.nodes.node import set_alive
from live_simulator.nodes.songs import CuePointNode, SongNode
from live_simulator.quantization import ROUNDING_BEATS, next_line_beats, quantum_beats

SNAP_BEATS = 0.25
"""Assumed: the default grid."""


def song_length_beats(song: SongNode) -> float:
    """A bar more than the last event."""
    return last_event_beats(song.tracks) + 4.0 * song.signature_numerator / song.signature_denominator


def cue_at_playhead(song: SongNode) -> CuePointNode | None:
    here = _snapped_beats(song)
    return next((cue for cue in song.cue_points if abs(cue.time_beats - here) < ROUNDING_BEATS), None)


def set_or_delete(song: SongNode) -> None:
    """At the playhead as it stood when this tick began, on the grid. The list is in the order of making."""
    found = cue_at_playhead(song)
    if found is not None:
        song.put("cue_points", tuple(cue for cue in song.cue_points if cue is not found))
        set_alive(found, False)
        return
    here = _snapped_beats(song)
    if here >= song_length_beats(song):
        raise RuntimeError("Cannot set a cue point behind the Songlength")
    names = {cue.name for cue in song.cue_points}
    number = next(number for number in range(1, len(names) + 2) if str(number) not in names)
    cue = CuePointNode(song, here, str(number))
    set_alive(cue, True)
    song.put("cue_points", (*song.cue_points, cue))


def next_cue(song: SongNode) -> CuePointNode | None:
    later = [cue for cue in song.cue_points if cue.time_beats > song.current_song_time + ROUNDING_BEATS]
    return min(later, key=lambda cue: cue.time_beats, default=None)


def previous_cue(song: SongNode) -> CuePointNode | None:
    earlier = [cue for cue in song.cue_points if cue.time_beats < song.current_song_time - ROUNDING_BEATS]
    return max(earlier, key=lambda cue: cue.time_beats, default=None)


def jump(song: SongNode, cue: CuePointNode) -> None:
    """While the song plays at the next line of the launch quantisation, else from the next tick on."""
    if not song.is_playing:
        transport.jump(song, cue.time_beats)
        return
    due_beats = next_line_beats(song, quantum_beats(song))

    def await_line() -> None:
        song.put("awaited_cue", (cue, due_beats), undoable=False)
        _jump_if_due(song)

    song.runtime.defer(await_line)


def advance(song: SongNode) -> None:
    """Jumps where that is due, and tells whether there are cue points around; after the transport moved."""
    around = (next_cue(song) is not None, previous_cue(song) is not None)
    if song.awaited_cue is not None or around != song.cues_around:
        with song.runtime.change(""):
            song.put("cues_around", around, undoable=False)
            _jump_if_due(song)


def _jump_if_due(song: SongNode) -> None:
    if song.awaited_cue is None:
        return
    cue, due_beats = song.awaited_cue
    if song.is_playing and cue.alive and song.played_beats < due_beats - ROUNDING_BEATS:
        return
    song.put("awaited_cue", None, undoable=False)
    if song.is_playing and cue.alive:
        late_beats = song.played_beats - due_beats
        song.put("current_song_time", cue.time_beats + late_beats, undoable=False)


def _snapped_beats(song: SongNode) -> float:
    return round(song.current_song_time / SNAP_BEATS) * SNAP_BEATS
