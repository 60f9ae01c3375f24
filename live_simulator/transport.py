"""Playing, stopping and where: what Live does at once and what a tick later."""

from __future__ import annotations

from live_simulator.nodes.songs import SongNode
from live_simulator.runtime import NOTIFYING

RECORD_DELAY_MS = 300.0
COUNT_IN_BARS = (0, 1, 2, 4)
"""By Song.count_in_duration"""


def start(song: SongNode, from_playhead: bool = False) -> None:
    """Plays from the start marker (or the loop's start where the loop is on) from the next tick on."""
    if song.song_time_set_tick == song.runtime.tick:
        raise RuntimeError(NOTIFYING)

    song.runtime.defer(lambda: begin(song, from_playhead))


def begin(song: SongNode, from_playhead: bool = False) -> None:
    """Without an audio device it plays and stands."""
    if song.is_playing:
        return
    if not from_playhead:
        song.put("current_song_time", song.loop_start if song.loop else song.start_time, undoable=False)
    if song.record_mode and song.count_in_duration:
        bars = COUNT_IN_BARS[song.count_in_duration]
        song.count_in_end = song.current_song_time
        before = song.current_song_time - bars * 4.0 * song.signature_numerator / song.signature_denominator
        song.put("current_song_time", before, undoable=False)
        song.put("is_counting_in", True, undoable=False)
    song.put("is_playing", True, undoable=False)


def stop(song: SongNode) -> None:
    song.record_wanted = False

    def end() -> None:
        if song.is_counting_in:
            song.put("is_counting_in", False, undoable=False)
            song.put("current_song_time", song.count_in_end, undoable=False)
        song.put("is_playing", False, undoable=False)
        song.put("record_mode", False, undoable=False)

    song.runtime.defer(end)


def jump(song: SongNode, beats: float) -> None:
    """The playhead from the next tick on; while stopped the start marker too."""
    song.song_time_set_tick = song.runtime.tick

    def move() -> None:
        song.put("current_song_time", beats, undoable=False)
        if not song.is_playing:
            song.put("start_time", beats, undoable=False)

    song.runtime.defer(move)


def record(song: SongNode, wanted: bool) -> None:
    """Arrangement recording comes on after about 300 ms and starts the transport, if nobody thinks better of it."""
    song.record_wanted = wanted

    def switch() -> None:
        if song.record_wanted is not wanted:
            return
        song.put("record_mode", wanted, undoable=False)
        if wanted and not song.is_playing:
            start(song)

    song.runtime.defer(switch, delay_ms=RECORD_DELAY_MS)


def count_in(song: SongNode, seconds: float) -> None:
    """Counts in for that long; the song begins with the tick in which that is over."""
    beats = song.current_song_time + seconds * song.tempo / 60.0
    with song.runtime.change(""):
        song.put("is_counting_in", beats < song.count_in_end, undoable=False)
        song.put("current_song_time", min(beats, song.count_in_end), undoable=False)


def follow(song: SongNode, beats: float) -> None:
    """Moves the playhead to where it is heard."""
    with song.runtime.change(""):
        song.put("current_song_time", beats, undoable=False)


def advance(song: SongNode, seconds: float) -> None:
    """Moves the playhead of a playing song by that long."""
    if not song.is_playing:
        return
    before = song.current_song_time
    after = before + seconds * song.tempo / 60.0
    loop_end = song.loop_start + song.loop_length
    if song.loop and before < loop_end <= after:
        after = song.loop_start + (after - loop_end) % song.loop_length
    follow(song, after)
