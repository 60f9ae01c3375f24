"""What nobody has told of a real Live yet: each probe tries one such thing and answers what it observed, as JSON.

They are run by `jacqueesbot doctor --live`, in a set without clips. A probe takes (context, path of a test tone), and
must not be put into an undo step.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from typing import Any, Callable, Dict, List

from .jobs import Steps
from .live_versions import create_arrangement_clip
from .observing import Facts, Look, attempt, over_ticks, plain, read, ticks, write
from .probe_site import Site, delete_track, on_fresh_track, unwarped, unwarped_in_slot
from .recording_probes import create_while_recording, recording
from .refusal_probes import create_errors

EDGES = ("start_time", "end_time", "loop_start", "loop_end", "start_marker", "end_marker", "length")
IMPORTED = EDGES + ("warping", "warp_mode", "looping", "gain", "pitch_coarse", "pitch_fine", "sample_length", "muted")
ODD_BEATS = (0.0, 0.1, 1.0 / 3.0, 16.000001, 64.123456789012345, 1000.7, 12345.678901234567)
TIMED_TICKS = 100
TIMED_CALLS = 5
MOST_UNDOS = 8


def versions(context: Any, file_path: str) -> Steps:
    """Which Live, which Python, and what they say of themselves."""
    import Live

    application = Live.Application.get_application()
    asked = ("get_version_string", "get_variant", "get_build_id")
    methods = ("create_audio_clip", "duplicate_clip_to_arrangement", "delete_clip")
    clocks = {name: time.get_clock_info(name).resolution for name in ("perf_counter", "monotonic", "time")}
    found = {
        "live": context.live.version,
        "can_place": context.live.can_place,
        "application": {name: attempt(_ask, application, name) for name in asked},
        "signatures": {name: attempt(_signature, Live.Track.Track, name) for name in methods},
        "python": sys.version,
        "platform": platform.platform(),
        "clock_resolution_seconds": clocks,
        "modules": {name: attempt(_is_there, name) for name in ("ctypes", "ssl", "zlib")},
    }
    yield
    return [json.dumps(found, sort_keys=True)]


def timer_period(context: Any, file_path: str) -> Steps:
    """How long the script's ticks are, in ms."""
    seen = []
    for _ in range(TIMED_TICKS + 1):
        yield
        seen.append(time.perf_counter())
    periods = sorted(1000.0 * (after - before) for before, after in zip(seen, seen[1:]))
    found = {
        "ticks": len(periods),
        "least_ms": periods[0],
        "median_ms": periods[len(periods) // 2],
        "most_ms": periods[-1],
        "mean_ms": sum(periods) / len(periods),
    }
    return [json.dumps(found, sort_keys=True)]


@on_fresh_track
def import_and_warping_off(site: Site) -> Look:
    """How a file comes in, and when `warping = False` shows."""
    returned = site.track.create_audio_clip(site.file_path, 0.0)
    clip = returned if returned is not None else site.track.arrangement_clips[0]
    found = {"returned": plain(returned)}  # type: Facts
    found["imported"] = yield from over_ticks(read, clip, IMPORTED)
    found["written"] = write(clip, "warping", False)
    found["warping_off"] = yield from over_ticks(read, clip, ("warping",) + EDGES)
    return found


@on_fresh_track
def start_times(site: Site) -> Look:
    """Where a clip starts that was put at an odd position."""
    rows = []
    for asked in ODD_BEATS:
        clip = create_arrangement_clip(site.track, site.file_path, asked)
        seen = yield from over_ticks(getattr, clip, "start_time")
        rows.append(dict(seen, asked=asked, exact=seen["same_tick"] == asked))
        site.track.delete_clip(clip)
        yield
    return {"positions": rows}


@on_fresh_track
def session_copy_end(site: Site) -> Look:
    """When the end of a copy of an unwarped Session clip shows, whole and trimmed."""
    slot_clip = yield from unwarped_in_slot(site)
    found = {"slot_clip": read(slot_clip, EDGES)}  # type: Facts
    copy = site.track.duplicate_clip_to_arrangement(slot_clip, 16.0)
    found["whole"] = yield from over_ticks(read, copy, EDGES)
    yield from _trim(slot_clip, slot_clip.loop_end / 2.0)
    found["trimmed_slot_clip"] = read(slot_clip, EDGES)
    trimmed = site.track.duplicate_clip_to_arrangement(slot_clip, 64.0)
    found["trimmed"] = yield from over_ticks(read, trimmed, EDGES)
    return found


@on_fresh_track
def mid_clip_overlap(site: Site) -> Look:
    """What becomes of a clip into whose middle a shorter one is put."""
    whole = yield from unwarped(site, 0.0)
    whole_end_beats = float(whole.end_time)
    slot_clip = yield from unwarped_in_slot(site)
    yield from _trim(slot_clip, slot_clip.loop_end / 8.0)
    at_beats = whole_end_beats / 4.0
    found = {"whole": read(whole, EDGES), "put_at_beats": at_beats}  # type: Facts
    site.track.duplicate_clip_to_arrangement(slot_clip, at_beats)
    found["clips"] = yield from over_ticks(_clips, site)
    behind = [row for row in found["clips"]["ten_ticks_later"] if row["start_time"] > at_beats]
    found["the_rest_behind"] = "split" if behind else "discarded"
    return found


@on_fresh_track
def looping_unwarped(site: Site) -> Look:
    """Whether an unwarped clip can be looped."""
    clip = yield from unwarped(site, 0.0)
    names = ("looping",) + EDGES
    found = {"before": read(clip, names), "written": write(clip, "looping", True)}  # type: Facts
    found["after"] = yield from over_ticks(read, clip, names)
    return found


@on_fresh_track
def pitch_unwarped(site: Site) -> Look:
    """What a transposition does to the length of an unwarped clip."""
    clip = yield from unwarped(site, 0.0)
    found = {"before": read(clip, EDGES)}  # type: Facts
    for name, value in (("pitch_coarse", 12), ("pitch_coarse", -12), ("pitch_coarse", 0), ("pitch_fine", 25.0)):
        written = write(clip, name, value)
        seen = yield from over_ticks(read, clip, (name,) + EDGES)
        found["%s = %s" % (name, value)] = dict(seen, written=written)
    return found


@on_fresh_track
def fades(site: Site) -> Look:
    """Default fades cannot be read: no member of a clip tells of them, up to Live 12.4.6. Is there one now?"""
    clip = yield from unwarped(site, 0.0)
    names = [name for name in dir(clip) if "fade" in name.lower()]
    return {"members_that_name_fades": names, "values": read(clip, names)}


@on_fresh_track
def undo_grouping(site: Site) -> Look:
    """How many undos take back a clip that was made and changed within one undo step.

    Nothing of the user's is undone: it goes on only as long as the clip is there, which is older than all that is
    undone, and ends where the number of tracks changes.
    """
    song, track_count = site.song, len(site.song.tracks)
    song.begin_undo_step()
    try:
        clip = create_arrangement_clip(site.track, site.file_path, 0.0)
        written = {"name": write(clip, "name", "probe"), "gain": write(clip, "gain", 0.2)}
        written["color"] = write(clip, "color", 0xFF0000)
    finally:
        song.end_undo_step()
    yield
    undos = []  # type: List[Facts]
    while len(undos) < MOST_UNDOS and song.can_undo and len(song.tracks) == track_count and _clips(site):
        said = attempt(song.undo)
        yield from ticks(2)
        there = len(song.tracks) == track_count
        undos.append({"said": said, "tracks": len(song.tracks) - track_count, "clips": _clips(site) if there else None})
        if said == "" or isinstance(said, dict):
            break
    return {"written": written, "undos": undos}


@on_fresh_track
def costs(site: Site) -> Look:
    """What calls take of Live's main thread, in ms."""
    track, song = site.track, site.song
    spent = {}  # type: Dict[str, List[float]]

    def timed(name: str, call: Callable[..., Any], *arguments: Any) -> Any:
        start = time.perf_counter()
        value = call(*arguments)
        spent.setdefault(name, []).append(1000.0 * (time.perf_counter() - start))
        return value

    for number in range(TIMED_CALLS):
        clip = timed("create_audio_clip", create_arrangement_clip, track, site.file_path, 64.0 * number)
        yield
        timed("warping_off", setattr, clip, "warping", False)
        yield from ticks(2)
    slot = track.clip_slots[0]
    slot_clip = timed("slot_create_audio_clip", slot.create_audio_clip, site.file_path)
    yield
    for number in range(TIMED_CALLS):
        timed("duplicate", track.duplicate_clip_to_arrangement, slot_clip, 64.0 * number + 32.0)
        yield
    for clip in list(track.arrangement_clips):
        timed("delete_clip", track.delete_clip, clip)
        yield
    slot.delete_clip()
    yield
    other = timed("create_audio_track", song.create_audio_track, -1)
    try:
        yield
    finally:
        timed("delete_track", delete_track, song, other)
    yield
    return {name: {"least_ms": min(values), "all_ms": values} for name, values in spent.items()}


def _ask(thing: Any, name: str) -> Any:
    return getattr(thing, name)()


def _signature(live_class: Any, name: str) -> Any:
    return getattr(live_class, name).__doc__


def _is_there(module: str) -> bool:
    return bool(__import__(module))


def _trim(clip: Any, end_seconds: float) -> Any:
    clip.loop_end = end_seconds
    yield from ticks(2)
    clip.end_marker = end_seconds
    yield from ticks(2)


def _clips(site: Site) -> List[Facts]:
    return [read(clip, EDGES[:4] + ("name", "gain")) for clip in site.track.arrangement_clips]


PROBES = {
    probe.__name__: probe
    for probe in (
        versions,
        timer_period,
        import_and_warping_off,
        start_times,
        session_copy_end,
        mid_clip_overlap,
        looping_unwarped,
        pitch_unwarped,
        create_errors,
        create_while_recording,
        recording,
        fades,
        undo_grouping,
        costs,
    )
}  # type: Dict[str, Callable[[Any, str], Steps]]
