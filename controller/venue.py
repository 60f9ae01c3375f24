"""The venue: the stages that a cover is built on, and how what they play is heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from controller.audition import Audition
from controller.capture.faults import FaultFound
from controller.capture.taking import Capture
from controller.config import ScoreSource, Settings, StageKind, StageSettings
from controller.listeners import Listener, LoopbackListener, ResamplingListener
from controller.out_folder import CAPTURES_FOLDER
from controller.progress import Progress
from controller.simulated import HOST, NotStarted, SimulatedLive
from controller.stage import Stage, connect
from controller.token import read_or_make_token, token_path
from embedding.errors import CaptureFailed, StageError
from live_remote_script.protocol import DEFAULT_HOST


@dataclass(frozen=True)
class Venue:
    """`simulated` is always there, to render what is built by `rehearsal`. `live` is the user's Live where that is the
    stage, or a simulated one that plays where that is to be heard; `audition` is there where one of them is."""

    simulated: SimulatedLive
    rehearsal: Stage
    live: Stage | None
    audition: Audition | None

    @property
    def is_open(self) -> bool:
        return self.simulated.alive


@dataclass(frozen=True)
class VenueWish:
    """What is asked for: `keep_in` is the folder where captures are to be kept, None where they are not."""

    stage: StageKind
    score: ScoreSource
    keep_in: Path | None = None


@dataclass(frozen=True)
class Rehearsing:
    """A simulated Live to render in, and its stage."""

    simulated: SimulatedLive
    stage: Stage


@contextmanager
def rehearsing(settings: Settings, folders: Sequence[Path]) -> Iterator[Rehearsing]:
    """Its script may place files of `folders`. StageError where it does not start."""
    with ExitStack() as stack:
        simulated = stack.enter_context(SimulatedLive(settings.stage.sample_rate_hz))
        yield Rehearsing(simulated, _connected(simulated, folders, stack))


@contextmanager
def opened_venue(wish: VenueWish, settings: Settings, library: Path, progress: Progress) -> Iterator[Venue]:
    """Started and connected; scripts may place files of `library`. CaptureFailed where a loopback is asked for and none
    is found, StageError."""
    with ExitStack() as stack:
        live = None
        if wish.stage == "live":
            token = read_or_make_token(token_path(settings.osc.token_file))
            at = DEFAULT_HOST, settings.osc.script_port
            live = stack.enter_context(connect(*at, settings.samples_folder, token, [library], warn=progress.warn))
        elif wish.score == "loopback":
            live = _connected(stack.enter_context(_playing(settings.stage)), [library], stack)
        elif wish.score == "resampling":
            live = _connected(stack.enter_context(SimulatedLive(settings.stage.sample_rate_hz)), [library], stack)
        rehearsal = stack.enter_context(rehearsing(settings, [library]))
        audition = None
        if live is not None and wish.score != "offline":
            listener = stack.enter_context(closing(_listener(live, wish, settings)))
            folder = None if wish.keep_in is None else wish.keep_in / CAPTURES_FOLDER
            audition = Audition(live, listener, folder, progress.note)
        try:
            yield Venue(rehearsal.simulated, rehearsal.stage, live, audition)
        finally:
            if live is not None:
                with suppress(StageError):  # a Live that is gone has been told of by then
                    live.free_unused()


def room_for_tracks(venue: Venue, wanted: int, progress: Progress) -> int:
    """How many tracks the cover may have, at most `wanted`: they are made in the user's Live before anything is
    searched or placed, as some editions have few; where Live is to record, there is room for one more. StageError where
    there is no room."""
    live = venue.live
    if live is None:
        return wanted
    to_record = 0 if venue.audition is None else venue.audition.listener.tracks
    standing = live.reserve_tracks(0).tracks
    room = live.reserve_tracks(max(wanted, standing) + to_record)
    most = min(wanted, room.tracks - to_record)
    if most < 1:
        raise StageError(f"Live makes no more tracks: {room.refusal} (delete a track that is not needed?)")
    if to_record and live.free_unused(room.tracks - to_record) > room.tracks - to_record:
        raise StageError(
            f"Live has no room for the track that records its output: {room.refusal} (delete a track that is not "
            "needed, or give --score loopback)"
        )
    if most < wanted:
        beside = ", beside the one that records its output" if to_record else ""
        progress.warn(f"Live has room for {most} of {wanted} tracks{beside} ({room.refusal}): the cover has no more")
    if room.devices:
        progress.warn(
            f"new tracks come with devices ({room.devices}), from your default audio track: they colour what is heard"
        )
    return most


def _connected(simulated: SimulatedLive, folders: Sequence[Path], stack: ExitStack) -> Stage:
    cuts = stack.enter_context(TemporaryDirectory(prefix="jacqueesbot-cuts-"))
    return stack.enter_context(connect(HOST, simulated.script_port, Path(cuts), simulated.token, folders))


@contextmanager
def _playing(wanted: StageSettings) -> Iterator[SimulatedLive]:
    """A simulated Live that plays on `stage.output`."""
    with ExitStack() as stack:
        try:
            playing = SimulatedLive(wanted.sample_rate_hz, audio=wanted.output, clock="real")
            simulated = stack.enter_context(playing)
        except NotStarted as why:
            raise CaptureFailed(
                "device_missing",
                f"{why}; start a sound server with an output, or name another one as stage.output in config.yaml "
                "(docs/loopback.md tells how)",
            ) from why
        yield simulated


def _listener(live: Stage, wish: VenueWish, settings: Settings) -> Listener:
    if wish.score == "resampling":
        return ResamplingListener(live)
    capture = Capture(settings.stage.loopback)
    try:
        capture.ready(settings.stage.sample_rate_hz)
    except FaultFound as why:
        capture.close()
        raise CaptureFailed(why.fault.name, str(why)) from why
    except BaseException:
        capture.close()
        raise
    return LoopbackListener(live, capture)
