"""The stage: the set that is open in Live, or in the simulated Live, which is the same to this module.

with connect("127.0.0.1", 19102, placement_folder, token, [library]) as stage:
    before = stage.read_set()
    stage.apply(arrangement)
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from controller.calls import Change, Step, Values
from controller.osc_client import PATIENCE_SECONDS, ScriptClient
from controller.placement import caching, placed_file
from controller.project_folder import placement_folder as folder_of_set
from controller.stage_building import Progress, SetTempo, carried_out, partners, tempo_to_be
from controller.stage_built import Built, Edits, Filled, Standing
from controller.stage_diff import WantedTrack, changes, wanted_tracks
from controller.stage_edits import (
    broken_off,
    built_of,
    edits_of,
    first_built,
    respecting,
    sources_of,
    standing_of,
    still_altered,
)
from controller.stage_reading import FoundSet, live_set, read_found_set, read_selected_clip
from controller.stage_values import Applied, Hello, Output, Recording, Room, SelectedClip, Undone, WarpMarker
from embedding.errors import StageRefused
from live_remote_script import protocol
from search.arrangement import Arrangement
from search.live_set import AlteredClip, LiveSet

_log = logging.getLogger(__name__)
AwaitMoment = Callable[[], bool]
EditsIn = Callable[[FoundSet, Built], Edits]
"""What in the set is the user's, given what was built."""

ATTEMPTS = 3
EDITED_MEANWHILE = frozenset(
    {"no_such_track", "no_such_clip", "occupied", "not_as_asked", "not_ours", "busy", "no_such_plan"}
)
"""Refusals that the user's hand can cause between reading and writing: the set is read again."""


def connect(
    host: str = protocol.DEFAULT_HOST,
    port: int = protocol.DEFAULT_PORT,
    placement_folder: Path = Path("Samples"),
    token: bytes = b"",
    sample_folders: Sequence[Path] = (),
    patience_seconds: float = PATIENCE_SECONDS,
    proceed: Callable[[], None] = lambda: None,
    warn: Callable[[str], None] = _log.warning,
) -> Stage:
    """The stage there, once its script has answered. Files that have to be made for it go into the folder of the set's
    project, into `placement_folder` where it is not saved; those of `sample_folders` are placed as they are. `proceed`
    as ScriptClient's; `warn` is told where the project's folder cannot be written.

    StageLost where nobody answers, StageError where the script is of another version, StageRefused 'not_authentic'
    where it has another token.
    """
    client = ScriptClient(host, port, token=token, patience_seconds=patience_seconds, proceed=proceed)
    stage = Stage(client, placement_folder, warn)
    try:
        stage.greet([placement_folder, *sample_folders])
    except BaseException:
        stage.close()
        raise
    return stage


class Stage:
    """Every method may raise StageLost and StageRefused. A context manager."""

    def __init__(
        self, client: ScriptClient, placement_folder: Path, warn: Callable[[str], None] = _log.warning
    ) -> None:
        self._client = client
        self._placement_folder = placement_folder
        self._warn = warn
        self._placed_in: Path | None = None
        self._folders: tuple[Path, ...] = ()
        self.is_simulated = False
        """Whether what it plays is known to the sample, as the simulated Live's is; once `greet` was called."""

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def greet(self, folders: Iterable[Path]) -> Hello:
        """Files below `folders` may be placed from now on. StageError where the script speaks another version."""
        self._folders = tuple(folder.absolute() for folder in folders)
        told = self._client.greet(map(str, self._folders))
        hello = Hello(**{name: told[name] for name in Hello.__dataclass_fields__})
        self.is_simulated = hello.simulated
        return hello

    def reserve_tracks(self, count: int) -> Room:
        """Makes tracks of ours, empty, until there are `count`, or Live allows no more."""
        told = self._client.request("reserve_tracks", count)
        return Room(told["count"], told["refusal"], told["devices"])

    def watch(self) -> None:
        """From now on `changes` has what the user changes."""
        self._client.request("watch", True)

    def changes(self) -> list[Change]:
        return self._client.changes()

    def keep(self) -> int:
        """Makes all of ours the user's; how many tracks that were."""
        return int(self._client.request("keep")["tracks"])

    def settle(self) -> None:
        """Returns when nothing is being written any more."""
        self._client.request("settle")

    def read_set(self) -> LiveSet:
        return live_set(read_found_set(self._client))

    def selected_clip(self) -> SelectedClip | None:
        return read_selected_clip(self._client)

    def warp_markers(self) -> tuple[WarpMarker, ...]:
        """Of the selected clip. StageRefused 'no_such_clip' where that is no audio clip."""
        return tuple(WarpMarker(**row) for row in self._client.rows("warp_markers"))

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
        return self._filled(arrangement, Built(), _nobodys, origin_beats, set_tempo, progress).applied

    def bring_back(
        self, arrangement: Arrangement, altered: Sequence[AlteredClip], origin_beats: float, set_tempo: SetTempo
    ) -> Applied:
        """As `apply`, for what stood once. The user's clips stay, and nothing is placed over them; so do clips of ours
        that are muted or warped, if they were among the `altered` then."""
        return self._filled(
            arrangement, Built(), lambda found, _built: still_altered(found, altered), origin_beats, set_tempo
        ).applied

    def begin(self, origin_beats: float = 0.0) -> Built:
        """What stands of ours, for a first `fill` from there: what is changed from now on, and what was muted or warped
        before, stays as the user has it."""
        self.settle()
        return first_built(read_found_set(self._client), origin_beats)

    def fill(
        self,
        arrangement: Arrangement,
        built: Built,
        origin_beats: float = 0.0,
        set_tempo: SetTempo = "when_empty",
        progress: Progress = lambda done, count: None,
        remember: Callable[[Built], None] = lambda built: None,
        await_moment: AwaitMoment = lambda: True,
    ) -> Filled:
        """As `apply`, but what the user has changed since something was `built` stays as the user has it. `remember` is
        told what to take for built should this be broken off by an exception. `await_moment` is called when all is
        ready, and clips are placed and deleted once it returns; False: the user has edited the set meanwhile, so that
        it is read again."""
        return self._filled(arrangement, built, edits_of, origin_beats, set_tempo, progress, remember, await_moment)

    def standing(self, built: Built) -> Standing:
        """What is in the set, and what of that the user has changed since something was built."""
        return standing_of(read_found_set(self._client), built)

    def undo(self) -> Undone:
        """Takes back everything of ours, the tempo too unless the user changed it since."""
        return Undone(**self._client.request("undo"))

    def prepare(self, from_beats: float) -> None:
        """Gets the set ready for a capture from there, until `restore`; see the protocol's `prepare`."""
        self._client.request("prepare", from_beats)

    def play(self, from_beats: float) -> float:
        """Plays the arrangement; the position in beats when it runs. What that borrows, such as the loop, comes back
        with `restore`, or by itself when nothing is asked of the script for 3 s."""
        return float(self._client.request("play", from_beats)["position_beats"])

    def output(self) -> Output:
        """What colours the sound of ours on its way out."""
        return Output(**self._client.request("output"))

    def record(self, from_beats: float, to_beats: float, progress: Callable[[], None]) -> Recording:
        """Has Live play that and record what it puts out, as long as that lasts. After `prepare`.

        `progress` is called at least five times a second. What it raises comes through, and the recording goes on then
        until `stop`, `restore` or `forget_recording`. StageRefused 'no_audio' where Live has no audio device, and
        'interrupted' where the user stopped or changed something meanwhile; nothing is left of the recording then.
        """
        told = self._client.request("record", from_beats, to_beats, meanwhile=progress)
        return Recording(Path(told["file_path"]), told["start_seconds"])

    def forget_recording(self, keep: bool = False) -> int:
        """Deletes the track that `record` made, or with `keep` leaves it to the user; how many tracks that were. The
        file stays."""
        return int(self._client.request("forget_recording", keep)["tracks"])

    def stop(self) -> float:
        """The position in beats when it stands."""
        return float(self._client.request("stop")["position_beats"])

    def restore(self) -> None:
        """Gives back what `prepare` and `play` borrowed."""
        self._client.request("restore")

    def beats_per_bar(self) -> float:
        """Quarter notes of a bar, by the set's signature."""
        song = self._client.request("song")
        return 4.0 * float(song["signature_numerator"]) / float(song["signature_denominator"])

    def status(self) -> Values:
        """As the protocol's `status`."""
        return self._client.request("status")

    def free_unused(self, most: int = 0) -> int:
        """Deletes tracks of ours that hold nothing, such as reserved ones that no arrangement came to need, but for as
        many as make `most` of ours; how many of ours are left. What the user has named, coloured or mixed stays."""
        self.settle()  # a build that was left to itself may still come to need them
        found = read_found_set(self._client)
        unused = [track for track in found.our_tracks if track.is_unused]
        unused = unused[1:] if len(unused) == len(found.tracks) else unused  # Live keeps at least one track
        count = len(found.our_tracks)
        unused = unused[max(0, most - (count - len(unused))) :]
        if unused:
            self._client.carry_out([Step("delete_track", (track.track_id,)) for track in unused], found.origin_beats)
        return count - len(unused)

    def _filled(
        self,
        arrangement: Arrangement,
        built: Built,
        edits_in: EditsIn,
        origin_beats: float,
        set_tempo: SetTempo,
        progress: Progress = lambda done, count: None,
        remember: Callable[[Built], None] = lambda built: None,
        await_moment: AwaitMoment = lambda: True,
    ) -> Filled:
        decode = caching()
        for attempt in range(ATTEMPTS):
            self.settle()  # of an earlier controller a plan may still be at work
            found = read_found_set(self._client)
            file_of = partial(placed_file, folder=self._folder_for(found), decode=decode, standing=found.our_files)
            tempo_bpm = tempo_to_be(found, arrangement.tempo_bpm, set_tempo)
            wanted = wanted_tracks(arrangement, tempo_bpm, origin_beats, file_of)
            if found.tempo_bpm != tempo_bpm:
                self._client.request("set_tempo", tempo_bpm)
                found = read_found_set(self._client)
                set_tempo = "never"  # again, should there be another attempt
                if found.tempo_bpm != tempo_bpm:  # as Live rounded it
                    wanted = wanted_tracks(arrangement, found.tempo_bpm, origin_beats, file_of)
            self._name_folders(wanted)
            sources = sources_of(arrangement, wanted)
            edits = edits_in(found, built)
            wanted = respecting(wanted, found, built, edits)
            todo = changes(found, wanted, {clip for _, clip in edits.placed}, edits.track_ids)
            try:
                track_ids = partners(self._client, todo, found)
                if not todo.is_nothing and not await_moment() and attempt < ATTEMPTS - 1:
                    continue
                built = broken_off(built, todo, track_ids, sources, edits, found.tempo_bpm)
                remember(built)
                applied = carried_out(self._client, todo, track_ids, found, origin_beats, progress)
                self.settle()
            except StageRefused as why:
                if why.code not in EDITED_MEANWHILE or attempt == ATTEMPTS - 1:
                    raise
            else:
                return Filled(applied, built_of(wanted, track_ids, sources, built, edits, found.tempo_bpm), edits)
        raise AssertionError("the last attempt returns or raises")

    def _folder_for(self, found: FoundSet) -> Path:
        """The one that the first build was made from: a set that is saved later goes on with that until the job is
        done, so that no clip that stands is made anew."""
        if self._placed_in is None:
            self._placed_in = folder_of_set(found.file_path, self._placement_folder, self._warn)
        return self._placed_in

    def _name_folders(self, wanted: Iterable[WantedTrack]) -> None:
        """Those of samples that lie outside the ones named so far: of an arrangement that was read, for example."""
        files = [Path(clip.file_path) for track in wanted for clip in track.clips]
        strange = {file.parent for file in files if not any(file.is_relative_to(folder) for folder in self._folders)}
        if strange:
            self.greet([*self._folders, *sorted(strange)])


def _nobodys(_found: FoundSet, _built: Built) -> Edits:
    return Edits()
