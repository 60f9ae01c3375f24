"""Commands that run the transport: play, stop. What Live defers to its next tick is waited for and read back."""

from __future__ import annotations

from typing import Any

from .context import Context
from .jobs import Refused, Steps, wait_until
from .live_versions import set_start_marker, start_marker

TRANSPORT = "transport"
SAME_BEATS = 1e-3


def play(context: Context, from_beats: float) -> Steps:
    """Stop, loop off, arrangement instead of Session clips, start marker; a tick later start_playing(), which begins at
    the marker. All in one tick would be refused, or start from the old place."""
    yield from context.turns.take(TRANSPORT)
    try:
        song = context.song()
        context.playhead.forget()
        if song.is_playing:
            song.stop_playing()
            yield from _await_standing(song)
        if song.loop:
            context.loop_was_on = True
            song.loop = False
        if song.back_to_arranger:
            song.back_to_arranger = False
        set_start_marker(song, from_beats)
        yield from wait_until(
            lambda: not song.loop and abs(start_marker(song) - from_beats) <= SAME_BEATS,
            lambda: Refused(
                "not_as_asked",
                "the start marker stays at %s, %s was asked for (behind the set's end?)"
                % (start_marker(song), from_beats),
            ),
        )
        song.start_playing()
        yield from wait_until(
            lambda: bool(song.is_playing),
            lambda: Refused("not_as_asked", "the transport does not start (is an audio device chosen in Live?)"),
        )
        return [float(song.current_song_time)]
    finally:
        context.turns.give_back(TRANSPORT)


def stop(context: Context) -> Steps:
    """A standing transport is left alone: stopping it again would move the playhead to the set's beginning."""
    yield from context.turns.take(TRANSPORT)
    try:
        song = context.song()
        if song.is_playing:
            song.stop_playing()
            yield from _await_standing(song)
        if context.loop_was_on:
            context.loop_was_on = False
            song.loop = True
        return [float(song.current_song_time)]
    finally:
        context.turns.give_back(TRANSPORT)


def _await_standing(song: Any) -> Any:
    return wait_until(
        lambda: not song.is_playing,
        lambda: Refused("not_as_asked", "the transport does not stop (recording?)"),
    )
