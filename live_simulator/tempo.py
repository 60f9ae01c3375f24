"""The song's tempo: who may set it. Automation plays one of its own; others on Ableton Link may insist on theirs."""

from __future__ import annotations

from live_simulator.nodes.songs import SongNode

LEAST_BPM, MOST_BPM = 20.0, 999.0
SLOWEST_TAP_MS = 60000.0 / LEAST_BPM


def set_tempo(song: SongNode, bpm: float) -> None:
    """At once; against automation, which that overrides, from the next tick on; against Link only until then."""
    if song.tempo_follower_enabled:
        raise RuntimeError("The tempo follows the audio input: it cannot be set")
    if song.automated_tempo_bpm is not None and not song.tempo_overridden:

        def override() -> None:
            song.put("tempo_overridden", True, undoable=False)
            song.put("tempo", bpm)

        song.runtime.defer(override)
        return
    song.put("tempo", bpm)
    if song.link_tempo_bpm is not None:
        song.runtime.defer(lambda: _obey_link(song))


def tap(song: SongNode) -> None:
    """From the second tap on the tempo is that of the last two."""
    before_ms, song.tap_ms = song.tap_ms, song.runtime.now_ms
    passed_ms = song.tap_ms - before_ms
    if before_ms >= 0.0 and 60000.0 / MOST_BPM <= passed_ms <= SLOWEST_TAP_MS:
        set_tempo(song, 60000.0 / passed_ms)


def re_enable_automation(song: SongNode) -> None:
    if song.automated_tempo_bpm is not None and song.tempo_overridden:
        song.put("tempo_overridden", False, undoable=False)
        song.put("tempo", song.automated_tempo_bpm)


def automate(song: SongNode, bpm: float | None) -> None:
    """What a user does who draws a tempo that is `bpm` all along, or (None) clears what is drawn."""
    song.put("automated_tempo_bpm", bpm)
    song.put("tempo_overridden", False, undoable=False)
    if bpm is not None:
        song.put("tempo", bpm)


def lead_by_link(song: SongNode, bpm: float | None) -> None:
    """Somebody else on Ableton Link insists on `bpm`; None: nobody does any more."""
    song.put("is_ableton_link_enabled", bpm is not None, undoable=False)
    song.put("link_tempo_bpm", bpm, undoable=False)
    _obey_link(song)


def _obey_link(song: SongNode) -> None:
    if song.link_tempo_bpm is not None:
        song.put("tempo", song.link_tempo_bpm)
