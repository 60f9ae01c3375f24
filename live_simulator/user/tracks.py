"""The user works in the mixer: tracks count from 0."""

from __future__ import annotations

from typing import Any

from live_simulator.errors import BadRequest
from live_simulator.simulator import Simulator
from live_simulator.tracks import remove_track
from live_simulator.user.action import Action, track_at

CREATE = {
    "audio": lambda song: song.create_audio_track(),
    "midi": lambda song: song.create_midi_track(),
    "return": lambda song: song.create_return_track(),
}


def add(live: Simulator, kind: str) -> None:
    """Behind the last one."""
    if kind not in CREATE:
        raise BadRequest(f"{kind!r} track; there are {', '.join(CREATE)}")
    CREATE[kind](live.binding.wrap(live.song))


def delete(live: Simulator, track_index: int) -> None:
    track = track_at(live.song, track_index)
    with live.runtime.change("Delete Track"):
        remove_track(live.song, track)


def duplicate(live: Simulator, track_index: int) -> None:
    track_at(live.song, track_index)
    live.binding.wrap(live.song).duplicate_track(track_index)


def move(live: Simulator, track_index: int, to_index: int) -> None:
    """It is track `to_index` then."""
    track, _ = track_at(live.song, track_index), track_at(live.song, to_index)
    others = [other for other in live.song.tracks if other is not track]
    with live.runtime.change("Move Track"):
        live.song.put("tracks", (*others[:to_index], track, *others[to_index:]))


def select(live: Simulator, track_index: int) -> None:
    """No clip is selected then."""
    track = track_at(live.song, track_index)
    with live.runtime.change(""):
        live.song.view.put("selected_track", track, undoable=False)
        live.song.view.put("detail_clip", None, undoable=False)


def select_nothing(live: Simulator) -> None:
    """No clip; a track is always selected in Live."""
    with live.runtime.change(""):
        live.song.view.put("detail_clip", None, undoable=False)


def move_fader(live: Simulator, track_index: int, volume: float) -> None:
    live.binding.wrap(track_at(live.song, track_index)).mixer_device.volume.value = volume


def turn_pan(live: Simulator, track_index: int, pan: float) -> None:
    live.binding.wrap(track_at(live.song, track_index)).mixer_device.panning.value = pan


def _writing(member: str) -> Any:
    """Writes a member of the track, by the rules that scripts are under."""

    def write(live: Simulator, track_index: int, value: Any) -> None:
        setattr(live.binding.wrap(track_at(live.song, track_index)), member, value)

    return write


ACTIONS = {
    "add_track": Action(add, (str,)),
    "delete_track": Action(delete, (int,)),
    "duplicate_track": Action(duplicate, (int,)),
    "move_track": Action(move, (int, int)),
    "select_track": Action(select, (int,)),
    "select_nothing": Action(select_nothing),
    "rename_track": Action(_writing("name"), (int, str)),
    "recolour_track": Action(_writing("color"), (int, int)),
    "arm_track": Action(_writing("arm"), (int, bool)),
    "solo_track": Action(_writing("solo"), (int, bool)),
    "mute_track": Action(_writing("mute"), (int, bool)),
    "move_fader": Action(move_fader, (int, float)),
    "turn_pan": Action(turn_pan, (int, float)),
}
