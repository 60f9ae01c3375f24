"""The user at the transport: playing, tempo, loop, session clips, undo."""

from __future__ import annotations

from typing import Any

from live_simulator import tempo
from live_simulator.errors import BadRequest
from live_simulator.simulator import Simulator
from live_simulator.transport import COUNT_IN_BARS
from live_simulator.user.action import TRACK, Action, require_beats, track_at


def set_tempo(live: Simulator, tempo_bpm: float) -> None:
    if not 20.0 <= tempo_bpm <= 999.0:
        raise BadRequest(f"tempo {tempo_bpm}; Live's tempos are 20 to 999")
    live.binding.wrap(live.song).tempo = tempo_bpm


def automate_tempo(live: Simulator, automated: bool) -> None:
    """Draws automation of the tempo, which stays what it is, or deletes it."""
    with live.runtime.change("Automate Tempo"):
        tempo.automate(live.song, live.song.tempo if automated else None)


def switch_link(live: Simulator, on: bool) -> None:
    """With others on it, who insist on the tempo that it has now."""
    with live.runtime.change(""):
        tempo.lead_by_link(live.song, live.song.tempo if on else None)


def set_loop(live: Simulator, on: bool, start_beats: float, length_beats: float) -> None:
    """The loop brace, where it lies and whether it is on."""
    song = live.binding.wrap(live.song)
    song.loop_start = require_beats(start_beats)
    song.loop_length = length_beats
    song.loop = on


def set_count_in(live: Simulator, duration: int) -> None:
    """Song.count_in_duration: none, 1, 2 or 4 bars."""
    if not 0 <= duration < len(COUNT_IN_BARS):
        raise BadRequest(f"count-in {duration}; there are 0 to {len(COUNT_IN_BARS) - 1} ({COUNT_IN_BARS} bars)")
    with live.runtime.change(""):
        live.song.put("count_in_duration", duration, undoable=False)


def punch(live: Simulator, at_start: bool, at_end: bool) -> None:
    """Record from the loop's start on, up to its end, or both."""
    song = live.binding.wrap(live.song)
    song.punch_in, song.punch_out = at_start, at_end


def _writing(member: str) -> Any:
    def write(live: Simulator, value: Any) -> None:
        setattr(live.binding.wrap(live.song), member, value)

    return write


def fire_clip(live: Simulator, track_index: int, scene_index: int) -> None:
    slots = track_at(live.song, track_index).clip_slots
    if not 0 <= scene_index < len(slots):
        raise BadRequest(f"scene {scene_index}; track {track_index} has slots 0 to {len(slots) - 1}")
    live.binding.wrap(slots[scene_index]).fire()


def _calling(method: str) -> Any:
    def call(live: Simulator) -> None:
        getattr(live.binding.wrap(live.song), method)()

    return call


ACTIONS = {
    "set_tempo": Action(set_tempo, {"bpm": float}),
    "automate_tempo": Action(automate_tempo, {"automated": bool}),
    "switch_link": Action(switch_link, {"on": bool}),
    "play": Action(_calling("start_playing")),
    "stop": Action(_calling("stop_playing")),
    "set_loop": Action(set_loop, {"on": bool, "start": float, "length": float}),
    "record": Action(_writing("record_mode"), {"on": bool}),
    "set_count_in": Action(set_count_in, {"duration": int}),
    "punch": Action(punch, {"at_start": bool, "at_end": bool}),
    "switch_metronome": Action(_writing("metronome"), {"on": bool}),
    "fire_clip": Action(fire_clip, {**TRACK, "scene": int}),
    "undo": Action(_calling("undo")),
    "redo": Action(_calling("redo")),
}
