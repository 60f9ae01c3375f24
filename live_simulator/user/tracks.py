"""The user works in the mixer: tracks count from 0."""

from __future__ import annotations

from typing import Any

from live_simulator.errors import BadRequest
from live_simulator.groups import group_at, members_of
from live_simulator.simulator import Simulator
from live_simulator.tracks import group_tracks, remove_track
from live_simulator.user.action import TRACK, Action, track_at

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
    """With all that lies in it; it is track `to_index` then, in the group that is around it there."""
    song = live.song
    track, _ = track_at(song, track_index), track_at(song, to_index)
    moved = (track, *members_of(track))
    others = tuple(other for other in song.tracks if other not in moved)
    with live.runtime.change("Move Track"):
        song.put("tracks", others)
        track.put("group", group_at(song, to_index))
        song.put("tracks", (*others[:to_index], *moved, *others[to_index:]))


def group(live: Simulator, first_index: int, last_index: int) -> None:
    """Neighbouring tracks, the last one included; the group is track `first_index` then."""
    track_at(live.song, first_index), track_at(live.song, last_index)
    if first_index > last_index:
        raise BadRequest(f"tracks {first_index} to {last_index}; the first comes first")
    with live.runtime.change("Group Tracks"):
        group_tracks(live.song, first_index, last_index)


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


def move_main_fader(live: Simulator, volume: float) -> None:
    live.binding.wrap(live.song).master_track.mixer_device.volume.value = volume


def turn_pan(live: Simulator, track_index: int, pan: float) -> None:
    live.binding.wrap(track_at(live.song, track_index)).mixer_device.panning.value = pan


def _writing(member: str) -> Any:
    """Writes a member of the track, by the rules that scripts are under."""

    def write(live: Simulator, track_index: int, value: Any) -> None:
        setattr(live.binding.wrap(track_at(live.song, track_index)), member, value)

    return write


def route_input(live: Simulator, track_index: int, display_name: str) -> None:
    live.binding.wrap(track_at(live.song, track_index)).current_input_routing = display_name


ACTIONS = {
    "add_track": Action(add, {"kind": str}),
    "delete_track": Action(delete, TRACK),
    "duplicate_track": Action(duplicate, TRACK),
    "move_track": Action(move, {**TRACK, "to": int}),
    "group_tracks": Action(group, {"first": int, "last": int}),
    "select_track": Action(select, TRACK),
    "select_nothing": Action(select_nothing),
    "rename_track": Action(_writing("name"), {**TRACK, "name": str}),
    "recolour_track": Action(_writing("color"), {**TRACK, "rgb": int}),
    "arm_track": Action(_writing("arm"), {**TRACK, "on": bool}),
    "route_input": Action(route_input, {**TRACK, "name": str}),
    "monitor_track": Action(_writing("current_monitoring_state"), {**TRACK, "state": int}),
    "solo_track": Action(_writing("solo"), {**TRACK, "on": bool}),
    "mute_track": Action(_writing("mute"), {**TRACK, "on": bool}),
    "move_fader": Action(move_fader, {**TRACK, "volume": float}),
    "move_main_fader": Action(move_main_fader, {"volume": float}),
    "turn_pan": Action(turn_pan, {**TRACK, "pan": float}),
}
