"""The launch quantisation: on which of the song's lines things happen that were fired."""

from __future__ import annotations

import math

from live_simulator.nodes.clips import ClipNode
from live_simulator.nodes.songs import SongNode

BARS = {1: 8.0, 2: 4.0, 3: 2.0, 4: 1.0}
PARTS = {5: 2.0, 6: 4.0 / 3.0, 7: 1.0, 8: 2.0 / 3.0, 9: 0.5, 10: 1.0 / 3.0, 11: 0.25, 12: 1.0 / 6.0, 13: 0.125}
"""Beats of Song.Quantization from q_half (5) to q_thirtytwoth (13); those before are bars."""

ROUNDING_BEATS = 1e-9


def next_line_beats(song: SongNode, quantum: float) -> float:
    """The beat, of those played in all, at which the song's next multiple of `quantum` lies; where it is 0, the
    earliest that can still be heard."""
    if not song.is_playing:
        return song.played_beats
    if quantum == 0.0:
        return song.played_beats + song.runtime.sound_lag_seconds * song.tempo / 60.0
    now = song.current_song_time
    return song.played_beats + max(0.0, math.ceil((now - ROUNDING_BEATS) / quantum) * quantum - now)


def quantum_beats(song: SongNode, clip: ClipNode | None = None, wanted: int | None = None) -> float:
    """Beats of the launch quantisation; 0 for none."""
    if wanted is None:
        own = clip.launch_quantization if clip is not None else 0
        wanted = song.clip_trigger_quantization if own == 0 else own - 1
    if wanted in BARS:
        return BARS[wanted] * 4.0 * song.signature_numerator / song.signature_denominator
    return PARTS.get(wanted, 0.0)
