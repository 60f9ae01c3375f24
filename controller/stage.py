"""The stage: the set that is open in Live, or in the simulated Live, which is the same to this module.

with connect("127.0.0.1", 19102, placement_folder) as stage:
    before = stage.read_set()
    stage.apply(arrangement)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from controller.osc_client import PATIENCE_SECONDS, Call, ScriptClient, Values
from controller.placement import caching, placed_file
from controller.stage_diff import Changes, WantedTrack, changes, wanted_tracks
from controller.stage_reading import FoundSet, live_set, read_found_set
from embedding.errors import StageError, StageRefused
from live_remote_script import protocol
from search.arrangement import Arrangement
from search.live_set import LiveSet

SetTempo = Literal["when_empty", "never", "always"]
Progress = Callable[[int, int], None]
"""(done, all) of the clips that are created and deleted."""

SAME_TEMPO_BPM = 1e-4
"""Live may round a tempo."""
ATTEMPTS = 3
EDITED_MEANWHILE = frozenset({"no_such_track", "no_such_clip", "occupied", "not_ours"})
"""Refusals that the user's hand can cause between reading and writing: the set is read again."""
TEMPO_OWNERS = {
    "automated": "its tempo is automated; delete the tempo automation in the Main track",
    "link": "Ableton Link owns its tempo; switch Link off in Live's control bar",
    "follower": "Live's tempo follower owns its tempo; switch Follow off in Live's control bar",
}


@dataclass(frozen=True)
class Hello:
    script_version: str
    live_version: str
    can_place: bool
    mend: str
    """Which Live is needed where this one cannot place clips, else empty."""


@dataclass(frozen=True)
class Applied:
    """What `apply` did: clips (and tracks) created, deleted and left as they were."""

    created: int
    deleted: int
    unchanged: int
    tracks_created: int
    tracks_deleted: int
    tracks_changed: int
    """In name, colour, volume or pan."""
    tempo_bpm: float
    """Of the set."""


@dataclass(frozen=True)
class Undone:
    """What `undo` took back; `tracks_left` stay, as the user's, for what the user put on them."""

    clips: int
    tracks: int
    tracks_left: int
    tempo_bpm: float


def connect(
    host: str = protocol.DEFAULT_HOST,
    port: int = protocol.DEFAULT_PORT,
    placement_folder: Path = Path("Samples"),
    patience_seconds: float = PATIENCE_SECONDS,
) -> Stage:
    """The stage there, once its script has answered. Files that have to be made for it go into `placement_folder`.

    StageLost where nobody answers, StageError where the script is of another version.
    """
    stage = Stage(ScriptClient(host, port, patience_seconds=patience_seconds), placement_folder)
    try:
        stage.hello()
    except BaseException:
        stage.close()
        raise
    return stage


class Stage:
    """Every method may raise StageLost and StageRefused. A context manager."""

    def __init__(self, client: ScriptClient, placement_folder: Path) -> None:
        self._client = client
        self._placement_folder = placement_folder

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def hello(self) -> Hello:
        """StageError where the script speaks another version of the protocol."""
        told = self._client.request("hello")
        version = told.pop("protocol_version")
        if version != protocol.PROTOCOL_VERSION:
            raise StageError(
                f"the script in Live speaks protocol {version}, this JacqueesBot {protocol.PROTOCOL_VERSION}: "
                "run jacqueesbot install-script, then start Live anew"
            )
        return Hello(**told)

    def read_set(self) -> LiveSet:
        return live_set(read_found_set(self._client))

    def apply(
        self,
        arrangement: Arrangement,
        origin_beats: float = 0.0,
        set_tempo: SetTempo = "when_empty",
        progress: Progress = lambda done, count: None,
    ) -> Applied:
        """Makes the tracks of ours in the set be `arrangement`, its 0 s at `origin_beats`; what is there already stays.

        The user's tracks and clips are never touched; StageRefused 'occupied' where one lies in the way. The set's
        tempo becomes the arrangement's first if `set_tempo` says so; else the clips keep their seconds at the set's
        own tempo. StageRefused 'tempo_owned' where that tempo is not one number. BadOption for levels that Live has no
        value for; BadAudio for a sample that cannot be read.
        """
        file_of = partial(placed_file, folder=self._placement_folder, decode=caching())
        for attempt in range(ATTEMPTS):
            found = read_found_set(self._client)
            tempo_bpm = _tempo_to_be(found, arrangement.tempo_bpm, set_tempo)
            wanted = wanted_tracks(arrangement, tempo_bpm, origin_beats, file_of)
            set_bpm = self._prepare(found, tempo_bpm, origin_beats)
            if set_bpm != tempo_bpm:  # as Live rounded it
                tempo_bpm, wanted = set_bpm, wanted_tracks(arrangement, set_bpm, origin_beats, file_of)
            try:
                return self._make(changes(found, wanted), tempo_bpm, progress)
            except StageRefused as why:
                if why.code not in EDITED_MEANWHILE or attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def undo(self) -> Undone:
        """Takes back everything of ours, the tempo too unless the user changed it since."""
        return Undone(**self._client.request("undo"))

    def play(self, from_beats: float) -> float:
        """Plays the arrangement; the position in beats when it runs."""
        return float(self._client.request("play", from_beats)["position_beats"])

    def stop(self) -> float:
        """The position in beats when it stands."""
        return float(self._client.request("stop")["position_beats"])

    def status(self) -> Values:
        """As the protocol's `status`."""
        return self._client.request("status")

    def _prepare(self, found: FoundSet, tempo_bpm: float, origin_beats: float) -> float:
        """Notes the origin in the set and sets the tempo, where they differ; the set's tempo then."""
        if found.origin_beats != origin_beats:
            self._client.request("begin", origin_beats)
        if found.tempo_bpm != tempo_bpm:
            return float(self._client.request("set_tempo", tempo_bpm)["tempo_bpm"])
        return tempo_bpm

    def _make(self, todo: Changes, tempo_bpm: float, progress: Progress) -> Applied:
        delete = todo.delete_clips
        create_count = sum(len(change.create) for change in todo.tracks)
        count = len(delete) + create_count
        self._client.request_all(
            [Call("delete_clip", (track.track_id, clip.start_beats, clip.file_path)) for track, clip in delete],
            lambda done: progress(done, count),
        )
        track_ids = self._make_tracks(todo)
        create = sorted(
            (clip.start_beats, track_id, astuple(clip))
            for change, track_id in zip(todo.tracks, track_ids, strict=True)
            for clip in change.create
        )
        self._client.request_all(
            [Call("create_clip", _create_arguments(track_id, clip)) for _, track_id, clip in create],
            lambda done: progress(len(delete) + done, count),
        )
        self._client.request("settle")
        return Applied(
            created=create_count,
            deleted=len(delete) + sum(len(track.clips) for track in todo.delete_tracks),
            unchanged=sum(change.unchanged for change in todo.tracks),
            tracks_created=sum(1 for change in todo.tracks if change.found is None),
            tracks_deleted=len(todo.delete_tracks),
            tracks_changed=sum(
                1 for change in todo.tracks if change.found and not change.wanted.is_found_in(change.found)
            ),
            tempo_bpm=tempo_bpm,
        )

    def _make_tracks(self, todo: Changes) -> list[int]:
        """Creates, changes and deletes tracks; the ids in the order of `todo.tracks`. New tracks come one after the
        other, as that is their order in the set."""
        track_ids = []
        for change in todo.tracks:
            if change.found is None:
                track_ids.append(int(self._client.request("create_track", *_look(change.wanted))["track_id"]))
                continue
            track_ids.append(change.found.track_id)
            if not change.wanted.is_found_in(change.found):
                self._client.request("set_track", change.found.track_id, *_look(change.wanted))
        self._client.request_all([Call("delete_track", (track.track_id,)) for track in todo.delete_tracks])
        return track_ids


def _tempo_to_be(found: FoundSet, tempo_bpm: float, set_tempo: SetTempo) -> float:
    """`tempo_bpm` where the set's may become it, else the set's."""
    if found.tempo_owner != "free":
        raise StageRefused("tempo_owned", f"the set has no one tempo: {TEMPO_OWNERS[found.tempo_owner]}")
    due = set_tempo == "always" or (set_tempo == "when_empty" and found.users_clip_count == 0)
    return tempo_bpm if due and abs(found.tempo_bpm - tempo_bpm) > SAME_TEMPO_BPM else found.tempo_bpm


def _look(track: WantedTrack) -> tuple[str, int, float, float]:
    return track.name, track.colour, track.volume, track.pan


def _create_arguments(track_id: int, clip: tuple[object, ...]) -> tuple[object, ...]:
    """WantedClip's fields are create_clip's arguments, but for the track in front."""
    return (track_id, *clip)
