"""Commands that run the transport, and the recipe for a capture. What Live defers to its next tick is waited for and
read back; what is changed for the capture alone is borrowed, and given back by `restore`."""

from __future__ import annotations

from typing import Any

from .askers import Asker, Request
from .context import TRANSPORT, Context
from .jobs import Patience, Refused, Steps, Wait, wait_patiently, wait_until
from .live_versions import set_start_marker, start_marker
from .ours import our_tracks

SAME_BEATS = 1e-3
START_SECONDS = 2.0
STILL_SECONDS = 1.0
"""So long the position may stand still while the transport runs."""


def prepare(context: Context, request: Request, from_beats: float) -> Steps:
    require_owner(context, request.asker)
    yield from context.turns.take(TRANSPORT)
    try:
        require_owner(context, request.asker)
        song = context.song()
        yield from standing(song)
        song.stop_all_clips(False)
        yield  # it also silences the arrangement, from the next tick on
        yield from ready(context, request.asker, from_beats)
        borrowed = context.borrowed
        borrowed.set(request.asker, "metronome", song, "metronome", False)
        borrowed.set(request.asker, "punch", song, "punch_in", False)
        borrowed.set(request.asker, "punch", song, "punch_out", False)
        ours = [entry.track for entry in our_tracks(song)]
        for track in [*song.tracks, *song.return_tracks]:  # a return that is soloed mutes ours
            borrowed.set(request.asker, "solo", track, "solo", track in ours)
        borrowed.all_for_capture = True
        yield
        return []
    finally:
        context.turns.give_back(TRANSPORT)


def play(context: Context, request: Request, from_beats: float) -> Steps:
    """A tick after all is ready start_playing(), which begins at the start marker. All in one tick would be refused, or
    start from the old place."""
    require_owner(context, request.asker)
    yield from context.turns.take(TRANSPORT)
    try:
        require_owner(context, request.asker)
        yield from ready(context, request.asker, from_beats)
        song = context.song()
        song.start_playing()
        yield from running(context)
        return [float(song.current_song_time)]
    finally:
        context.turns.give_back(TRANSPORT)


def stop(context: Context) -> Steps:
    """A standing transport is left alone: stopping it again would move the playhead to the set's beginning."""
    context.take.end()
    yield from context.turns.take(TRANSPORT)
    try:
        yield from standing(context.song())
        return [float(context.song().current_song_time)]
    finally:
        context.turns.give_back(TRANSPORT)


def restore(context: Context) -> Steps:
    """The transport is stopped first, if it still runs for a capture."""
    context.take.end()
    yield from context.turns.take(TRANSPORT)
    try:
        if context.borrowed.owner is not None:
            yield from standing(context.song())
            yield from context.borrowed.give_back()
            yield
        return []
    finally:
        context.turns.give_back(TRANSPORT)


def require_owner(context: Context, asker: Asker) -> None:
    if any(owner not in (None, asker) for owner in (context.borrowed.owner, context.take.owner)):
        raise Refused("busy", "another controller is playing or capturing the set")


def running(context: Context) -> Wait:
    """Until the transport runs and moves. It is stopped where it does not: Live without an audio device stands still."""
    song = context.song()
    clock = context.jobs.clock
    try:
        yield from wait_patiently(lambda: bool(song.is_playing), no_audio, Patience(clock, START_SECONDS))
        began_at = song.current_song_time
        yield from wait_patiently(lambda: song.current_song_time != began_at, no_audio, Patience(clock, STILL_SECONDS))
    except Refused:
        song.stop_playing()
        raise


def no_audio() -> Refused:
    return Refused("no_audio", "Live's audio engine is off: choose an audio device in Live's settings, Audio")


def ready(context: Context, asker: Asker, from_beats: float) -> Wait:
    """Standing, not about to record, loop off, arrangement instead of Session clips, start marker."""
    song = context.song()
    context.playhead.forget()
    yield from standing(song)
    if song.record_mode:  # not given back: that would begin to record
        song.record_mode = False
        yield from wait_until(
            lambda: not song.record_mode,
            lambda: Refused("not_as_asked", "Live stays in record mode; switch Arrangement Record off"),
        )
    _borrow_position(context, asker, song)
    context.borrowed.set(asker, "loop", song, "loop", False)
    if song.back_to_arranger:
        song.back_to_arranger = False
    set_start_marker(song, from_beats)
    yield from wait_until(
        lambda: not song.loop and abs(start_marker(song) - from_beats) <= SAME_BEATS,
        lambda: Refused(
            "not_as_asked",
            "the start marker stays at %s, %s was asked for (behind the set's end?)" % (start_marker(song), from_beats),
        ),
    )


def _borrow_position(context: Context, asker: Asker, song: Any) -> None:
    """Once, however often it plays until `restore`."""
    if "start marker" not in context.borrowed.names:
        marker = start_marker(song)
        context.borrowed.note(asker, "start marker", lambda: set_start_marker(song, marker))


def standing(song: Any) -> Wait:
    if song.is_playing:
        song.stop_playing()
        yield from wait_until(
            lambda: not song.is_playing,
            lambda: Refused("not_as_asked", "the transport does not stop (recording?)"),
        )
