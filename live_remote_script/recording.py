"""Capturing inside Live: a track of its own records what the set puts out, its input being Resampling.

As far as told of Live: a new track knows what it can be routed to some ticks, under load seconds, after it was made.
Arming is passed over in silence where the input is none. Record mode comes on about 300 ms late, and starts the transport
(by a preference of the user's it may not). All armed tracks are recorded to. With a count-in the position begins below
where it plays from. The file may begin earlier than the clip, by a pre-roll; the clip tells where it begins in the file.
"""

from __future__ import annotations

import math
from typing import Any, Generator, List

from . import protocol
from .askers import Asker, Request
from .context import TRANSPORT, Context
from .jobs import WATCHING, Patience, Refused, Steps, Wait, wait_patiently, wait_until
from .ours import arrangement_clips, disarm, file_of, is_armed
from .take_track import kept_take_track, made_take_track, note_take, removed_take_track, take_track
from .transport import SAME_BEATS, STILL_SECONDS, no_audio, ready, require_owner, running

RESAMPLING = 2
"""Track.RoutingTypeCategory: names are Live's language's."""
MONITORING_OFF = 2
"""Track.monitoring_states: it must not be heard beside what it records."""
ROUTING_SECONDS = 15.0
RECORD_MODE_SECONDS = 3.0
BY_ITSELF_TICKS = 10
FILE_SECONDS = 10.0
TAIL_SECONDS = 0.1
"""Recorded beyond what was asked for."""
TICKS_PER_REPORT = 10


def record(context: Context, request: Request, from_beats: float, to_beats: float) -> Steps:
    """Whatever goes wrong, the transport stands afterwards and the track is gone."""
    if to_beats <= from_beats:
        raise Refused(
            "bad_request", "from beat %r to %r: the end is to lie behind the beginning" % (from_beats, to_beats)
        )
    require_owner(context, request.asker)
    yield from context.turns.take(TRANSPORT)
    try:
        require_owner(context, request.asker)
        if not context.borrowed.all_for_capture:
            raise Refused("not_prepared", "`prepare` has to come before `record`")
        context.take.begin(request.asker)
        try:
            track = yield from _armed_track(context, request.asker)
            yield from ready(context, request.asker, from_beats)
            yield from _begun(context)
            yield from _reached(context, request, track, from_beats, to_beats)
            yield from _ended(context)
            return _found(context.song(), _take_on(track), from_beats, to_beats)
        except Exception:
            yield from _ended(context)
            yield from removed_take_track(context)
            raise
        finally:
            context.take.is_running = False
    finally:
        context.turns.give_back(TRANSPORT)


def forget_recording(context: Context, request: Request, keep: bool) -> Steps:
    """A recording that runs is ended, and its take goes even with `keep`: it is none."""
    if context.take.owner not in (None, request.asker):
        raise Refused("busy", "another controller is recording the set")
    yield from without_recording(context)
    if keep:
        return kept_take_track(context)
    return (yield from removed_take_track(context))


def without_recording(context: Context) -> Wait:
    context.take.end()
    while context.take.is_running:
        yield


def stop_at_once(context: Context) -> None:
    """As far as it can be done in one tick; Live does the rest."""
    song = context.song()
    _stop(song)
    taken = take_track(song)
    if taken is not None:
        disarm(taken.track)


def _armed_track(context: Context, asker: Asker) -> Generator[Any, None, Any]:
    """It alone; what else was armed is given back by `restore`. Live may disarm that when it arms a new track."""
    _disarm_all(context, asker)
    track = yield from made_take_track(context, asker)
    yield from wait_patiently(
        lambda: bool(_resampling(track)),
        lambda: Refused("not_as_asked", "Live offers the new track no input Resampling; is it very busy? Try again"),
        Patience(context.jobs.clock, ROUTING_SECONDS),
    )
    track.input_routing_type = _resampling(track)[0]
    track.current_monitoring_state = MONITORING_OFF
    yield
    _disarm_all(context, asker)  # what came to be selected, e.g. Push has armed
    track.arm = True
    yield from wait_until(
        lambda: bool(track.arm) and track.input_routing_type.category == RESAMPLING,
        lambda: Refused(
            "not_as_asked", "Live does not arm the track that is to record its output; is an audio device chosen?"
        ),
    )
    return track


def _disarm_all(context: Context, asker: Asker) -> None:
    """But the track that is recorded to."""
    song = context.song()
    taken = take_track(song)
    for track in song.tracks:
        if track.can_be_armed and (taken is None or track != taken.track):
            context.borrowed.set(asker, "arm", track, "arm", False)
            context.borrowed.set(asker, "arm", track, "implicit_arm", False)
    for overdub in ("overdub", "arrangement_overdub"):
        context.borrowed.set(asker, "overdub", song, overdub, False)


def _resampling(track: Any) -> List[Any]:
    return [kind for kind in track.available_input_routing_types if kind.category == RESAMPLING]


def _begun(context: Context) -> Wait:
    song = context.song()
    song.record_mode = True
    yield from wait_patiently(
        lambda: bool(song.record_mode),
        lambda: Refused("not_as_asked", "Live does not go into record mode; is a dialog open in Live?"),
        Patience(context.jobs.clock, RECORD_MODE_SECONDS),
    )
    for _ in range(BY_ITSELF_TICKS):
        if song.is_playing:
            break
        yield
    else:
        song.start_playing()
    yield from running(context)


def _reached(context: Context, request: Request, track: Any, from_beats: float, to_beats: float) -> Wait:
    """Looks on until the end is recorded."""
    song = context.song()
    end_beats = to_beats + TAIL_SECONDS * float(song.tempo) / 60.0
    position = float(song.current_song_time)
    still = Patience(context.jobs.clock, STILL_SECONDS)
    ticks = 0
    while position < end_beats:
        yield WATCHING
        before, position = position, float(song.current_song_time)
        context.take.require_wanted()
        _require_undisturbed(song, track)
        if position < before - SAME_BEATS and before > from_beats:
            raise _interrupted("the playhead was moved")
        if position != before:
            still = Patience(context.jobs.clock, STILL_SECONDS)
        elif still.is_over():
            raise no_audio()
        ticks += 1
        if ticks % TICKS_PER_REPORT == 0:
            done, count = max(0, int(position - from_beats)), math.ceil(to_beats - from_beats)
            request.asker.tell(protocol.PROGRESS, request.request_id, min(done, count), count)
    yield


def _require_undisturbed(song: Any, track: Any) -> None:
    if track == None:  # noqa: E711 - Live's way to ask whether an object lives
        raise _interrupted("the track that it was recorded to was deleted")
    if not song.is_playing:
        raise _interrupted("the transport was stopped")
    if not song.record_mode:
        raise _interrupted("Arrangement Record was switched off")
    armed = [str(other.name) for other in song.tracks if other != track and is_armed(other)]
    if armed:
        raise _interrupted("%s was armed, and would be recorded to" % ", ".join(armed))


def _interrupted(how: str) -> Refused:
    return Refused("interrupted", "%s while the set was recorded; do not touch Live for that long" % how)


def _ended(context: Context) -> Wait:
    """The transport stands, and what Live recorded is written: until then it cannot be deleted."""
    song = context.song()
    _stop(song)
    yield from wait_patiently(
        lambda: not song.is_playing and not song.record_mode,
        lambda: Refused("not_as_asked", "Live does not stop recording; stop it by hand"),
        Patience(context.jobs.clock, RECORD_MODE_SECONDS),
    )
    yield from wait_patiently(
        lambda: _is_written(song),
        lambda: Refused("not_as_asked", "Live does not finish the recorded file; is the disk full?"),
        Patience(context.jobs.clock, FILE_SECONDS),
    )
    note_take(song)


def _stop(song: Any) -> None:
    """Record mode may be on its way, so it is unset also where it does not show."""
    song.record_mode = False
    if song.is_playing:
        song.stop_playing()


def _is_written(song: Any) -> bool:
    taken = take_track(song)
    clips = arrangement_clips(taken.track) if taken is not None else []
    return not any(clip.is_recording or not file_of(clip) for clip in clips)


def _take_on(track: Any) -> Any:
    """The clip."""
    disarm(track)
    clips = arrangement_clips(track)
    if len(clips) != 1:
        raise _interrupted("%d clips were recorded, not one (was the playhead moved?)" % len(clips))
    return clips[0]


def _found(song: Any, clip: Any, from_beats: float, to_beats: float) -> List[Any]:
    """The reply's values."""
    start_beats, end_beats = float(clip.start_time), float(clip.end_time)
    if start_beats > from_beats + SAME_BEATS or end_beats < to_beats - SAME_BEATS:
        raise _interrupted(
            "beats %s to %s were recorded, not %s to %s" % (start_beats, end_beats, from_beats, to_beats)
        )
    beats_in = from_beats - start_beats
    if clip.warping:
        start_seconds = clip.beat_to_sample_time(clip.start_marker + beats_in) / clip.sample_rate
    else:
        start_seconds = clip.start_marker + beats_in * 60.0 / song.tempo
    return [file_of(clip), float(start_seconds), start_beats]
