"""The performance: an arrangement built in the set, as loud as its target, and what the set then puts out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from controller.config import Settings
from controller.loudness import LOUDEST_VOLUME_DB, QUIETEST_VOLUME_DB, loudness_offset_db
from controller.progress import Progress
from controller.simulated import HOST, SimulatedLive
from controller.stage import SetTempo, Stage, connect
from controller.token import read_or_make_token, token_path
from embedding.audio import Audio
from embedding.errors import StageError, StageLost
from search.arrangement import Arrangement, with_gain_offset, with_volume_offset


@dataclass(frozen=True)
class Venue:
    """Where covers are built. `simulated` is always there, to be heard; `live` is the user's Live where that
    is the stage."""

    simulated: SimulatedLive
    rehearsal: Stage
    live: Stage | None

    @property
    def is_open(self) -> bool:
        return self.simulated.alive


@dataclass(frozen=True, eq=False)
class Performance:
    """`arrangement` as it stands in the set, what the set puts out, and each of its tracks after the fader."""

    arrangement: Arrangement
    cover: Audio
    stems: tuple[Audio, ...]


@contextmanager
def opened_venue(kind: str, settings: Settings, library: Path) -> Iterator[Venue]:
    """The simulated Live, started; with `kind` 'live' also a connection to the script in Live, which may place files of
    `library`."""
    with ExitStack() as stack:
        live = None
        if kind == "live":
            osc = settings.osc
            token = read_or_make_token(token_path(osc.token_file))
            at = osc.host, osc.script_port
            live = stack.enter_context(connect(*at, settings.samples_folder, token, [library]))
        simulated = stack.enter_context(SimulatedLive(settings.stage.sample_rate_hz))
        cuts = stack.enter_context(TemporaryDirectory(prefix="jacqueesbot-cuts-"))
        rehearsal = stack.enter_context(connect(HOST, simulated.script_port, Path(cuts), simulated.token, [library]))
        try:
            yield Venue(simulated, rehearsal, live)
        finally:
            if live is not None:
                with suppress(StageError):  # a Live that is gone has been told of by then
                    live.free_unused()


def room_for_tracks(venue: Venue, wanted: int, progress: Progress) -> int:
    """How many tracks the cover may have: they are made in the user's Live before anything is searched or placed, as
    some editions have few. StageError where there is no room for a single one."""
    if venue.live is None:
        return wanted
    room = venue.live.reserve_tracks(wanted)
    if not room.tracks:
        raise StageError(f"Live makes no more tracks: {room.refusal} (delete a track that is not needed?)")
    if room.tracks < wanted:
        progress.warn(f"Live has room for {room.tracks} of {wanted} tracks ({room.refusal}): the cover has no more")
    if room.devices:
        progress.warn(
            f"new tracks come with devices ({room.devices}), from your default audio track: they colour what is heard"
        )
    return room.tracks


def standing_arrangement(venue: Venue) -> Arrangement:
    """What of ours stands in the user's Live already, with the user's edits; empty where there is nothing."""
    return venue.live.read_set().arrangement if venue.live is not None else Arrangement()


def perform(
    arrangement: Arrangement, target: Audio, venue: Venue, settings: Settings, progress: Progress
) -> Performance:
    """Builds `arrangement` in the set and hears it. StageError where the set cannot be built or does not answer."""
    sounding = replace(arrangement, tracks=tuple(track for track in arrangement.tracks if track.clips))
    _rehearsed(sounding, venue, progress)
    rehearsed = venue.simulated.render_main(0.0, sounding.seconds)
    volumes = [track.volume_db for track in sounding.tracks]
    offset_db = loudness_offset_db(target, rehearsed)
    by_fader_db = min(max(offset_db, QUIETEST_VOLUME_DB - min(volumes)), LOUDEST_VOLUME_DB - max(volumes))
    levelled = with_gain_offset(with_volume_offset(sounding, by_fader_db), offset_db - by_fader_db)
    standing = _rehearsed(levelled, venue, progress)
    progress.show("capturing", 0.0)
    cover, by_index = venue.simulated.render(0.0, standing.seconds)
    if venue.live is not None:
        standing = _built(standing, venue.live, settings.stage.set_tempo, progress)
    return Performance(standing, cover, tuple(stem for _, stem in sorted(by_index.items())))


def _rehearsed(arrangement: Arrangement, venue: Venue, progress: Progress) -> Arrangement:
    """Built in the simulated Live, where it can be heard."""
    try:
        return _built(arrangement, venue.rehearsal, "when_empty", progress)
    except StageLost:
        venue.simulated.require_alive()  # tells more than that nobody answers
        raise


def _built(arrangement: Arrangement, stage: Stage, set_tempo: SetTempo, progress: Progress) -> Arrangement:
    """The arrangement as it stands on the stage, at the set's tempo."""
    applied = stage.apply(
        arrangement,
        set_tempo=set_tempo,
        progress=lambda done, count: progress.show("building", done / max(1, count)),
    )
    return replace(arrangement, tempo_bpm=applied.tempo_bpm)
