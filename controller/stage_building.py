"""Carries a difference out in Live: the tempo, then the tracks that are missing, then all else as one plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import Literal

from controller.calls import Step
from controller.osc_client import ScriptClient
from controller.stage_diff import Changes, WantedTrack
from controller.stage_reading import FoundSet
from controller.stage_values import Applied
from embedding.errors import StageRefused

SetTempo = Literal["when_empty", "never", "always"]
Progress = Callable[[int, int], None]
"""(done, all) of the clips that are created and deleted."""

SAME_TEMPO_BPM = 1e-4
"""Live may round a tempo."""
TEMPO_OWNERS = {
    "automated": "its tempo is automated; delete the tempo automation in the Main track",
    "link": "Ableton Link owns its tempo; switch Link off in Live's control bar",
    "follower": "Live's tempo follower owns its tempo; switch Follow off in Live's control bar",
}


def tempo_to_be(found: FoundSet, tempo_bpm: float, set_tempo: SetTempo) -> float:
    """`tempo_bpm` where the set's may become it, else the set's."""
    if found.tempo_owner != "free":
        raise StageRefused("tempo_owned", f"the set has no one tempo: {TEMPO_OWNERS[found.tempo_owner]}")
    due = set_tempo == "always" or (set_tempo == "when_empty" and found.users_clip_count == 0)
    return tempo_bpm if due and abs(found.tempo_bpm - tempo_bpm) > SAME_TEMPO_BPM else found.tempo_bpm


def partners(client: ScriptClient, todo: Changes, found: FoundSet) -> list[int]:
    """The ids of the wanted tracks, in their order; those that are not there yet are made, before anything is placed.
    StageRefused 'few_tracks' where Live has no room for them."""
    new = iter(_new_tracks(client, todo, found))
    return [change.found.track_id if change.found else next(new) for change in todo.tracks]


def carried_out(
    client: ScriptClient,
    todo: Changes,
    track_ids: Sequence[int],
    found: FoundSet,
    origin_beats: float,
    progress: Progress,
) -> Applied:
    """`track_ids` are those of the wanted tracks."""
    delete = todo.delete_clips
    pairs = list(zip(todo.tracks, track_ids, strict=True))
    create = sorted((clip.start_beats, track_id, astuple(clip)) for change, track_id in pairs for clip in change.create)
    changed = [
        (change, track_id)
        for change, track_id in pairs
        if change.found is None or not change.wanted.is_found_in(change.found)
    ]
    steps = [
        *(Step("delete_clip", (track.track_id, clip.start_beats, clip.file_path)) for track, clip in delete),
        *(Step("set_track", (track_id, *_look(change.wanted))) for change, track_id in changed),
        *(Step("create_clip", _create_arguments(track_id, clip)) for _, track_id, clip in create),
        *(Step("delete_track", (track.track_id,)) for track in todo.delete_tracks),
    ]
    if steps or found.origin_beats != origin_beats:
        client.carry_out(steps, origin_beats, progress)
    tracks_created = sum(1 for change in todo.tracks if change.found is None)
    return Applied(
        created=len(create),
        deleted=len(delete) + sum(len(track.clips) for track in todo.delete_tracks),
        unchanged=sum(change.unchanged for change in todo.tracks),
        tracks_created=tracks_created,
        tracks_deleted=len(todo.delete_tracks),
        tracks_changed=len(changed) - tracks_created,
        tempo_bpm=found.tempo_bpm,
    )


def _new_tracks(client: ScriptClient, todo: Changes, found: FoundSet) -> list[int]:
    known = [track.track_id for track in found.our_tracks]
    count = sum(1 for change in todo.tracks if change.found is None)
    if not count:
        return []
    room = client.request("reserve_tracks", len(known) + count)
    if room["count"] < len(known) + count:
        raise StageRefused(
            "few_tracks",
            f"Live has room for {room['count']} tracks of ours, the arrangement needs {len(known) + count}: "
            f"{room['refusal']} (give a smaller --tracks, or delete tracks that are not needed)",
        )
    rows = client.rows("tracks")
    return [row["track_id"] for row in rows if row["track_id"] and row["track_id"] not in known]


def _look(track: WantedTrack) -> tuple[str, int, float, float]:
    return track.name, track.colour, track.volume, track.pan


def _create_arguments(track_id: int, clip: tuple[object, ...]) -> tuple[object, ...]:
    """WantedClip's fields are create_clip's arguments, but for the track in front."""
    return (track_id, *clip)
