"""Where a probe works: on a fresh audio track of its own in a set without clips. Afterwards all is as it was."""

from __future__ import annotations

import json
from functools import wraps
from typing import Any, Callable, Dict, List, NamedTuple, Sequence

from .jobs import Refused, Steps, Wait
from .live_versions import NEEDED, create_arrangement_clip, read, set_start_marker, start_marker
from .observing import Look, attempt, ticks, write
from .ours import disarm

PATIENCE_TICKS = 300
"""3 s of Live's at 10 ms."""


class Site(NamedTuple):
    song: Any
    track: Any
    """Fresh, and deleted when the probe is over."""
    file_path: str
    """Of the test tone."""


class Before(NamedTuple):
    """What the set was like."""

    position_beats: float
    marker_beats: float
    loop: bool
    loop_start_beats: float
    loop_beats: float
    selected_track: Any
    armed: List[Any]


def on_fresh_track(observe: Callable[[Site], Look]) -> Callable[[Any, str], Steps]:
    """`observe` as a probe: it takes (context, file_path) and returns [the observation as JSON].

    Refused where the set holds any clip, or plays. The track is deleted however the observation ends; playhead, start
    marker, loop and selection are put back.
    """

    @wraps(observe)
    def probe(context: Any, file_path: str) -> Steps:
        song = context.song()
        if not context.live.can_place:
            raise Refused("unsupported_live", "Live %s: %s" % (context.live.version, NEEDED))
        require_empty(song)
        before = _before(song)
        track = song.create_audio_track(-1)
        try:
            disarm(track)  # it may come up armed, and with it the microphone
            yield
            found = yield from observe(Site(song, track, file_path))
            yield  # so that nothing else is deleted in one tick with a track
        except GeneratorExit:
            delete_track(song, track)  # there are no more ticks for the rest
            _rearm(before)
            raise
        except Exception:
            yield
            delete_track(song, track)
            yield from _restore(song, before)
            raise
        delete_track(song, track)
        not_restored = yield from _restore(song, before)
        if not_restored:
            found["not_restored"] = not_restored
        return [json.dumps(found, sort_keys=True)]

    return probe


def require_empty(song: Any) -> None:
    if song.is_playing:
        raise Refused("occupied", "the set plays; stop it, then probe again")
    for track in song.tracks:
        session_clips = [slot for slot in track.clip_slots if slot.has_clip]
        if session_clips or (not track.is_foldable and len(track.arrangement_clips)):
            raise Refused(
                "occupied", "track %r holds a clip; probes need a set without: open a new, empty one" % track.name
            )


def delete_track(song: Any, track: Any) -> None:
    """Nothing where it is gone already."""
    for index, other in enumerate(song.tracks):
        if other == track:
            song.delete_track(index)
            return


def until(reached: Callable[[], bool], otherwise: str) -> Wait:
    """Goes on in the first tick in which `reached()`, perhaps this one; Refused with `otherwise` after too many."""
    for _ in range(PATIENCE_TICKS):
        if reached():
            return
        yield
    raise Refused("not_as_asked", otherwise)


def unwarped(site: Site, start_beats: float) -> Any:
    """Steps that end with a clip of the whole file, not warped, which has lain there for some ticks."""
    clip = create_arrangement_clip(site.track, site.file_path, start_beats)
    yield from _unwarp(clip)
    return clip


def unwarped_in_slot(site: Site) -> Any:
    """Steps that end with such a clip in the first Session slot of the track."""
    clip = site.track.clip_slots[0].create_audio_clip(site.file_path)
    yield from _unwarp(clip)
    return clip


def _unwarp(clip: Any) -> Wait:
    clip.warping = False
    yield
    yield from until(lambda: not clip.warping, "the clip stays warped")
    if clip.looping:
        clip.looping = False
    yield from ticks(2)


def _before(song: Any) -> Before:
    return Before(
        float(song.current_song_time),
        start_marker(song),
        bool(song.loop),
        float(song.loop_start),
        float(song.loop_length),
        song.view.selected_track,
        [track for track in song.tracks if read(track, "arm", False)],
    )


def _restore(song: Any, before: Before) -> Any:
    """Steps that end with {what could not be put back: why}. A standing playhead takes the start marker along, so the
    marker comes last."""
    yield from ticks(2)
    wanted: Sequence[Any] = (
        ("loop_start", before.loop_start_beats),
        ("loop_length", before.loop_beats),
        ("loop", before.loop),
        ("current_song_time", before.position_beats),
    )
    failed = _rearm(before)
    for name, value in wanted:
        if getattr(song, name) != value:
            failed[name] = write(song, name, value)
    if before.selected_track != song.view.selected_track:
        failed["selected_track"] = write(song.view, "selected_track", before.selected_track)
    yield from ticks(2)
    failed["start_marker"] = attempt(set_start_marker, song, before.marker_beats)
    yield from ticks(2)
    return {name: why for name, why in failed.items() if why is not None}


def _rearm(before: Before) -> Dict[str, Any]:
    """Live disarms other tracks where one is armed, by preference. {which could not be armed: why}"""
    failed: Dict[str, Any] = {}
    for number, track in enumerate(before.armed):
        if track != None and not read(track, "arm", True):  # noqa: E711 - a deleted track equals None, `is` does not tell
            failed["armed %d" % number] = write(track, "arm", True)
    return failed
