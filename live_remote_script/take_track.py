"""The track that a capture inside Live is recorded to. It is ours, but none of the arrangement's; there is one at most.

It goes, with its take, when that is not needed any more; so does one that an earlier script had to leave behind.
"""

from __future__ import annotations

from typing import Any, Generator, List, Optional

from .askers import Asker
from .context import STRUCTURE, Context, kept_selection
from .jobs import COSTLY, Refused, Steps
from .live_versions import is_lives_refusal
from .ours import (
    TAKE_NAME,
    OurTrack,
    arrangement_clips,
    disarm,
    file_of,
    note_file,
    release,
    tag_of,
    users_clips_on,
    users_devices_on,
    write_tag,
)


def take_track(song: Any) -> Optional[OurTrack]:
    return next(iter(_tagged(song)), None)


def _tagged(song: Any) -> List[OurTrack]:
    """Behind the first there may be a user's duplicates of it."""
    tagged = [OurTrack(place, track, tag_of(track) or {}) for place, track in enumerate(song.tracks)]
    return [entry for entry in tagged if "files" in entry.tag and "id" not in entry.tag]


def made_take_track(context: Context, owner: Asker) -> Generator[Any, None, Any]:
    """A new track; an earlier one goes. Refused where Live has no room for it."""
    yield from removed_take_track(context)
    yield from context.turns.take(STRUCTURE)
    try:
        yield COSTLY
        song = context.song()
        try:
            with kept_selection(song):
                track = song.create_audio_track(-1)
        except Exception as why:
            if not is_lives_refusal(why):
                raise
            raise Refused("live_refused", "%s (recording needs one more track; delete one)" % why) from why
        context.take.owner = owner
        track.name = TAKE_NAME
        write_tag(track, {"files": [], "devices": len(track.devices)})
        yield
        disarm(track)  # Live may have armed it since
        return track
    finally:
        context.turns.give_back(STRUCTURE)


def removed_take_track(context: Context) -> Steps:
    """[how many were deleted]: none where there was none, or the user put something on it, whose it is then."""
    yield from context.turns.take(STRUCTURE)
    try:
        yield COSTLY
        count = remove_at_once(context)
        yield
        return [count]
    finally:
        context.turns.give_back(STRUCTURE)


def remove_at_once(context: Context) -> int:
    """The same in one tick."""
    song = context.song()
    tagged = _tagged(song)
    context.take.owner = None
    for entry in tagged[1:]:
        release(entry.track)
    if not tagged:
        return 0
    taken = tagged[0]
    if users_clips_on(taken) or users_devices_on(taken) or len(song.tracks) == 1:
        release(taken.track)
        return 0
    song.delete_track(taken.place)
    return 1


def kept_take_track(context: Context) -> List[int]:
    """[how many] were made the user's. What was recorded is muted: it would double what it was recorded from."""
    tagged = _tagged(context.song())
    context.take.owner = None
    for entry in tagged[:1]:
        entry.track.mute = True
    for entry in tagged:
        release(entry.track)
    return [len(tagged)]


def note_take(song: Any) -> None:
    """What lies on the track now was recorded there."""
    taken = take_track(song)
    if taken is not None:
        for clip in arrangement_clips(taken.track):
            note_file(taken, file_of(clip))
