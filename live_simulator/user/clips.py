"""The user edits arrangement clips: (track, clip) count from 0, clips in time order."""

from __future__ import annotations

from typing import Any

from live_simulator.clip_geometry import cut_head, cut_tail, end_time_beats
from live_simulator.clips import new_audio_clip
from live_simulator.errors import BadRequest
from live_simulator.lane import add_clip, clear_around, remove_clip
from live_simulator.nodes.node import set_alive
from live_simulator.simulator import Simulator
from live_simulator.user.action import CLIP, TRACK, Action, clip_at, require_beats, track_at


def place(live: Simulator, track_index: int, path: str, start_beats: float) -> None:
    """Drags a file onto a track."""
    track = track_at(live.song, track_index)
    if track.role != "audio":
        raise BadRequest(f"track {track_index} is no audio track; it holds no audio clips")
    clip = new_audio_clip(track, path)
    clip.start_time = require_beats(start_beats)
    with live.runtime.change("Place Clip"):
        set_alive(clip, True)
        add_clip(track, clip)


def move(live: Simulator, track_index: int, clip_index: int, start_beats: float) -> None:
    """To another place on its track, over whatever is there."""
    clip = clip_at(live.song, track_index, clip_index)
    with live.runtime.change("Move Clip"):
        clip.put("start_time", require_beats(start_beats))
        clear_around(clip)


def delete(live: Simulator, track_index: int, clip_index: int) -> None:
    clip = clip_at(live.song, track_index, clip_index)
    with live.runtime.change("Delete Clip"):
        remove_clip(clip)


def trim(live: Simulator, track_index: int, clip_index: int, start_beats: float, end_beats: float) -> None:
    """Drags its edges inwards; what is left plays when it did."""
    clip = clip_at(live.song, track_index, clip_index)
    before = clip.start_time, end_time_beats(clip)
    if not before[0] <= start_beats < end_beats <= before[1]:
        raise BadRequest(f"beats {start_beats} to {end_beats}; the clip, which can be made shorter, has {before}")
    with live.runtime.change("Trim Clip"):
        if end_beats < before[1]:
            cut_tail(clip, end_beats)
        if start_beats > before[0]:
            cut_head(clip, start_beats)


def select(live: Simulator, track_index: int, clip_index: int) -> None:
    clip = clip_at(live.song, track_index, clip_index)
    with live.runtime.change(""):
        live.song.view.put("selected_track", clip.track, undoable=False)
        live.song.view.put("detail_clip", clip, undoable=False)


def _writing(member: str) -> Any:
    """Writes a member of the clip, by the rules that scripts are under."""

    def write(live: Simulator, track_index: int, clip_index: int, value: Any) -> None:
        setattr(live.binding.wrap(clip_at(live.song, track_index, clip_index)), member, value)

    return write


ACTIONS = {
    "place_clip": Action(place, {**TRACK, "path": str, "start": float}),
    "move_clip": Action(move, {**CLIP, "start": float}),
    "delete_clip": Action(delete, CLIP),
    "trim_clip": Action(trim, {**CLIP, "start": float, "end": float}),
    "select_clip": Action(select, CLIP),
    "mute_clip": Action(_writing("muted"), {**CLIP, "muted": bool}),
    "rename_clip": Action(_writing("name"), {**CLIP, "name": str}),
    "recolour_clip": Action(_writing("color"), {**CLIP, "rgb": int}),
    "transpose_clip": Action(_writing("pitch_coarse"), {**CLIP, "semitones": int}),
    "set_clip_gain": Action(_writing("gain"), {**CLIP, "gain": float}),
}
