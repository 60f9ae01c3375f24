"""What the main output puts out while the song plays, as it was changed meanwhile: orders of live_simulator.orders.

Each has "at", the sample from which it holds, and "metronome". Samples count from `PRE_ROLL_SAMPLES` before the
beginning, so that what is recorded from the beginning on can begin that much earlier, in silence.
"""

from __future__ import annotations

from typing import Any

from live_simulator.expectation import expectation
from live_simulator.nodes.songs import SongNode

PRE_ROLL_SAMPLES = 8704
"""As it was measured in Live, on one computer; on another there was none."""


class SoundLog:
    """Begins where the song is, and has played for so long, now."""

    def __init__(self, song: SongNode, rate_hz: int) -> None:
        self.orders: list[dict[str, Any]] = []
        self._rate_hz = rate_hz
        self._began_seconds = song.played_seconds
        self._revision = -1
        self._told: tuple[Any, ...] = ()
        here, played = song.current_song_time, song.played_seconds
        self._begin("start", song, here, played, played_beats=song.played_beats, played_seconds=played)

    def point_of(self, played_seconds: float) -> float:
        """The exact place among the samples at which the song had played for so long in all."""
        return PRE_ROLL_SAMPLES + (played_seconds - self._began_seconds) * self._rate_hz

    def orders_before(self, sample: int) -> list[dict[str, Any]]:
        return [order for order in self.orders if order["at"] < sample]

    def note_jump(self, song: SongNode, beats: float, played_seconds: float) -> None:
        """The song went on from there when it had played for so long."""
        self._begin("jump", song, beats, played_seconds)

    def note_change(self, song: SongNode) -> None:
        """What it sounds like from here on, if that is something else."""
        if song.runtime.revision == self._revision:
            return
        self._revision = song.runtime.revision
        told = (expectation(song), song.metronome)
        if told != self._told:
            self._told = told
            self._add("change", song.played_seconds)

    def _begin(self, what: str, song: SongNode, beats: float, at_seconds: float, **fields: Any) -> None:
        self._revision = song.runtime.revision
        self._told = (expectation(song), song.metronome)
        self._add(what, at_seconds, run=0, beats=beats, **fields)

    def _add(self, what: str, at_seconds: float, **fields: Any) -> None:
        plan, metronome = self._told
        at = round(self.point_of(at_seconds))
        self.orders.append({"do": what, "at": at, "plan": plan, "metronome": metronome, **fields})
