"""How a playing song's time passes: by Live's clock, or as it is heard from an audio device."""

from __future__ import annotations

from typing import Any

from live_simulator import session, transport
from live_simulator.expectation import expectation
from live_simulator.nodes.songs import SongNode
from live_simulator.player_client import PlayerClient
from live_simulator.runtime import Runtime
from live_simulator.snapshot import unheard

SAME_BEATS = 1e-3
"""Nearer to where it is heard than this nobody has moved the playhead."""
TAKE_OVER_SECONDS = 0.04
"""How much later than its order what is to sound leaves for the device, about."""


class ClockOutput:
    """Nothing is heard: a song plays on by Live's own time."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def pass_time(self, song: SongNode, seconds: float) -> None:
        """Moves what plays, so long after it was moved last."""
        if not self._runtime.audio_runs:
            return
        if song.is_counting_in:
            transport.count_in(song, seconds)
            return
        transport.advance(song, seconds)
        session.advance(song, seconds * song.tempo / 60.0, seconds)

    def tell(self, song: SongNode) -> None:
        """What the set sounds like from now on."""

    def lose(self) -> None:
        self._runtime.audio_runs = False

    def regain(self) -> None:
        self._runtime.audio_runs = True

    def close(self) -> None:
        """The end of it."""

    @property
    def figures(self) -> dict[str, Any]:
        return {}


class DeviceOutput:
    """The song is where it is heard from the device, whose samples are counted, and stands where there is none."""

    def __init__(self, runtime: Runtime, player: PlayerClient) -> None:
        self._runtime = runtime
        self._player = player
        self._run = 0
        self._first_run = 0
        self._told: tuple[SongNode, dict[str, Any]] | None = None
        self._told_revision = -1
        self._told_beats = 0.0
        self._follow_device()

    def pass_time(self, song: SongNode, seconds: float) -> None:
        self._player.poll()
        self._follow_device()
        if not self._runtime.audio_runs:
            return
        if song.is_counting_in:
            transport.count_in(song, seconds)
            return
        heard = self._player.heard
        beats = passed_seconds = 0.0
        if song.is_playing and self._told is not None and self._told[0] is song and heard.run >= self._first_run:
            beats, passed_seconds = heard.played_beats - song.played_beats, heard.played_seconds - song.played_seconds
            if heard.run == self._run:
                transport.follow(song, heard.song_beats)
                self._told_beats = song.current_song_time
        session.advance(song, beats, passed_seconds)

    def tell(self, song: SongNode) -> None:
        if not self._player.is_open:
            self._told = None
            return
        is_heard = song.is_playing and not song.is_counting_in
        if self._told is not None and (self._told[0] is not song or not is_heard):
            self._order("stop")
            self._told = None
        if not is_heard:
            return
        if self._told is None:
            self._start(song)
        elif abs(song.current_song_time - self._told_beats) > SAME_BEATS:
            self._begin(song, "jump")
        elif self._runtime.revision != self._told_revision and not self._player.is_busy:
            self._change(song)

    def lose(self) -> None:
        self._player.close()
        self._follow_device()

    def regain(self) -> None:
        self._player.reopen()

    def close(self) -> None:
        self._player.close()

    @property
    def figures(self) -> dict[str, Any]:
        return {"audio": self._player.figures}

    def _follow_device(self) -> None:
        self._runtime.audio_runs = self._player.is_open
        latency_seconds = self._player.figures.get("latency_seconds", 0.0)
        self._runtime.sound_lag_seconds = latency_seconds + TAKE_OVER_SECONDS

    def _start(self, song: SongNode) -> None:
        for line in unheard(song):
            self._runtime.log(f"audio: {line}")
        self._first_run = self._run + 1
        self._begin(song, "start", played_beats=song.played_beats, played_seconds=song.played_seconds)

    def _begin(self, song: SongNode, what: str, **fields: Any) -> None:
        plan = expectation(song)
        self._told, self._told_revision = (song, plan), self._runtime.revision
        self._told_beats = song.current_song_time
        self._order(what, beats=song.current_song_time, plan=plan, **fields)

    def _change(self, song: SongNode) -> None:
        plan = expectation(song)
        self._told_revision = self._runtime.revision
        if self._told is not None and plan != self._told[1]:
            self._told = (song, plan)
            self._player.tell({"do": "change", "plan": plan})

    def _order(self, what: str, **fields: Any) -> None:
        self._run += 1
        self._player.tell({"do": what, "run": self._run, **fields})
