"""Live.Song: playing and where, the loop, cue points, song time in other units."""

from __future__ import annotations

from live_simulator import cues, session, song_time, transport
from live_simulator.api import checks
from live_simulator.api.classes import CUE_POINT, SONG
from live_simulator.api.time_values import BeatTime, SmptTime, beat_time, smpte_time
from live_simulator.boost import BOOL, FLOAT, INT, TEXT
from live_simulator.clip_geometry import MOST_BEATS, last_event_beats
from live_simulator.nodes.songs import CuePointNode, SongNode
from live_simulator.versions import since

SONG.field("metronome", BOOL, listenable=True, undoable=False)
SONG.field("cue_points", listenable=True)
SONG.field("count_in_duration", listenable=True)
SONG.field("is_counting_in", listenable=True)
CUE_POINT.field("canonical_parent", stored_as="parent")
CUE_POINT.field("name", TEXT, listenable=True, settable=since(12, 1))
CUE_POINT.field("time", listenable=True, stored_as="time_beats")


@SONG.writable(FLOAT, listenable=True)
def current_song_time(song: SongNode, beats: float) -> None:
    checks.require_beats(beats, 0.0, MOST_BEATS, "Invalid song time")
    if beats > cues.song_length_beats(song):
        raise RuntimeError("Cannot set the Songtime behind the Songlength")
    transport.jump(song, beats)


@SONG.method(FLOAT)
def jump_by(song: SongNode, beats: float) -> None:
    current_song_time(song, song.current_song_time + beats)


@SONG.method(FLOAT)
def scrub_by(song: SongNode, beats: float) -> None:
    """What it plays on the way is not heard."""
    current_song_time(song, song.current_song_time + beats)


@SONG.writable(FLOAT, listenable=True, versions=since(11, 2))
def start_time(song: SongNode, beats: float) -> None:
    checks.require_beats(beats, 0.0, MOST_BEATS, "Invalid start time")
    song.runtime.defer(lambda: song.put("start_time", beats, undoable=False))


@SONG.writable(BOOL, listenable=True)
def is_playing(song: SongNode, playing: bool) -> None:
    if playing:
        transport.start(song)
    else:
        transport.stop(song)


@SONG.method()
def start_playing(song: SongNode) -> None:
    transport.start(song)


@SONG.method()
def continue_playing(song: SongNode) -> None:
    transport.start(song, from_playhead=True)


@SONG.method()
def stop_playing(song: SongNode) -> None:
    transport.stop(song)


@SONG.method()
def play_selection(song: SongNode) -> None:
    """Nothing happens: scripts and this user cannot select a span of the arrangement."""


@SONG.writable(BOOL, listenable=True)
def back_to_arranger(song: SongNode, overridden: bool) -> None:
    if overridden:
        raise RuntimeError("back_to_arranger can only be set to False")
    for track in song.tracks:
        session.back_to_arrangement(track)


@SONG.readable()
def last_event_time(song: SongNode) -> float:
    return last_event_beats(song.tracks)


SONG.readable(listenable=True)(checks.renamed("song_length", cues.song_length_beats))


# The loop


@SONG.writable(BOOL, listenable=True)
def loop(song: SongNode, on: bool) -> None:
    song.runtime.defer(lambda: song.put("loop", on))


@SONG.writable(FLOAT, listenable=True)
def loop_start(song: SongNode, beats: float) -> None:
    song.put("loop_start", checks.require_beats(beats, 0.0, MOST_BEATS, "Invalid loop start"))


@SONG.writable(FLOAT, listenable=True)
def loop_length(song: SongNode, beats: float) -> None:
    song.put("loop_length", checks.require_beats(beats, 1e-3, MOST_BEATS, "Invalid loop length"))


# Cue points


@SONG.method()
def set_or_delete_cue(song: SongNode) -> None:
    cues.set_or_delete(song)


@SONG.method(changes=False)
def is_cue_point_selected(song: SongNode) -> bool:
    return cues.cue_at_playhead(song) is not None


@SONG.readable(listenable=True)
def can_jump_to_next_cue(song: SongNode) -> bool:
    return cues.next_cue(song) is not None


@SONG.readable(listenable=True)
def can_jump_to_prev_cue(song: SongNode) -> bool:
    return cues.previous_cue(song) is not None


@SONG.method()
def jump_to_next_cue(song: SongNode) -> None:
    cue = cues.next_cue(song)
    if cue is not None:
        cues.jump(song, cue)


@SONG.method()
def jump_to_prev_cue(song: SongNode) -> None:
    cue = cues.previous_cue(song)
    if cue is not None:
        cues.jump(song, cue)


@CUE_POINT.method()
def jump(cue: CuePointNode) -> None:
    assert isinstance(cue.parent, SongNode)
    cues.jump(cue.parent, cue)


# Song time in other units


@SONG.method(changes=False)
def get_current_beats_song_time(song: SongNode) -> BeatTime:
    return _beats(song, song.current_song_time, 1)


@SONG.method(changes=False)
def get_beats_loop_start(song: SongNode) -> BeatTime:
    return _beats(song, song.loop_start, 1)


@SONG.method(changes=False)
def get_beats_loop_length(song: SongNode) -> BeatTime:
    return _beats(song, song.loop_length, 0)


@SONG.method(INT, changes=False)
def get_current_smpte_song_time(song: SongNode, time_format: int) -> SmptTime:
    return smpte_time(song_time.smpte_time(song.current_song_time * 60.0 / song.tempo, time_format))


def _beats(song: SongNode, beats: float, first: int) -> BeatTime:
    return beat_time(song_time.beat_time(beats, song.signature_numerator, song.signature_denominator, first))
