"""Steps of a plan that place and delete clips.

How an audio file comes into the arrangement, as far as measured in Live: it may come up warped (by preference or by a
saved analysis) and is then as long as Live guesses; `warping = False` takes effect a tick later; only then do
loop_start and loop_end count in seconds of the file and move the clip's edges, and its new end shows another tick
later.

So a clip that nothing follows on its track is placed at once and trimmed there. Before a later clip that would not be
safe, as the untrimmed clip could overwrite it: there the clip is trimmed in an empty Session slot of the track and then
copied. Between two ticks the user may do anything: what a step works on is looked up anew, or Live says that it is gone.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Generator, Iterator, NamedTuple

from .askers import Asker
from .context import Context, kept_selection
from .jobs import COSTLY, Refused, Steps, Wait, wait_until
from .live_versions import create_arrangement_clip
from .ours import OurTrack, arrangement_clips, file_of, find_clip, is_ours, note_file, our_track, without_number_sign

SAME_BEATS = 1e-3
"""Tolerance of a clip's edges; half a millisecond at 120 bpm."""
OVERLAP_BEATS = 1e-4
"""Clips that overlap by less are neighbours."""
SAME_SECONDS = 1e-4


class Wanted(NamedTuple):
    file_path: str
    start_beats: float
    end_seconds: float
    gain: float
    pitch_coarse: int
    pitch_fine: float
    name: str
    colour: int

    def end_beats(self, song: Any) -> float:
        """Where it ends in the arrangement: an unwarped clip's transposition makes it faster or slower."""
        speed = 2.0 ** ((self.pitch_coarse + self.pitch_fine / 100.0) / 12.0)
        return float(self.start_beats + self.end_seconds / speed * song.tempo / 60.0)


def create_clip(context: Context, owner: Asker, track_id: int, *values: Any) -> Steps:
    wanted = Wanted(*values)
    owner.require_allowed(wanted.file_path)
    yield COSTLY
    ours = our_track(context.song(), track_id)
    _refuse_occupied(ours.track, wanted, context.song())
    note_file(ours, wanted.file_path)
    if all(clip.start_time < wanted.start_beats for clip in arrangement_clips(ours.track)):
        clip = yield from _placed_at_once(ours, wanted, context)
    else:
        clip = yield from _placed_by_slot(ours, wanted, context)
    with _taken_back(clip, lambda: ours.track.delete_clip(clip), wanted):
        yield from _await_end(clip, wanted, context)
    return []


def delete_clip(context: Context, owner: Asker, track_id: int, start_beats: float, file_path: str) -> Steps:
    yield COSTLY
    ours = our_track(context.song(), track_id)
    clip = find_clip(ours.track, start_beats, file_path)
    if not is_ours(ours.files, clip):
        raise Refused("not_ours", "the clip %r at beat %r of track %r" % (clip.name, start_beats, ours.track.name))
    ours.track.delete_clip(clip)
    return []


def _placed_at_once(ours: OurTrack, wanted: Wanted, context: Context) -> Generator[Any, None, Any]:
    """Begins with the costly call."""
    with kept_selection(context.song()):
        clip = create_arrangement_clip(ours.track, wanted.file_path, wanted.start_beats)
    with _taken_back(clip, lambda: ours.track.delete_clip(clip), wanted):
        note_file(ours, file_of(clip))
        yield from _shape(clip, wanted)
    return clip


def _placed_by_slot(ours: OurTrack, wanted: Wanted, context: Context) -> Generator[Any, None, Any]:
    """Begins with the costly call."""
    track = ours.track
    slot = next((slot for slot in track.clip_slots if not slot.has_clip), None)
    if slot is None:
        raise Refused("occupied", "track %r has no empty Session slot to prepare a clip in; clear one" % track.name)
    with kept_selection(context.song()):
        clip = slot.create_audio_clip(wanted.file_path)
    with _taken_back(clip, lambda: slot.delete_clip(), wanted):
        note_file(ours, file_of(clip))
        yield from _shape(clip, wanted)
        clip.end_marker = wanted.end_seconds
        yield from wait_until(
            lambda: abs(clip.end_marker - wanted.end_seconds) <= SAME_SECONDS,
            lambda: _not_as_asked("ends at %s s of the file" % clip.end_marker, wanted),
        )
        yield COSTLY
        _refuse_occupied(track, wanted, context.song())
        placed = track.duplicate_clip_to_arrangement(clip, wanted.start_beats)
    yield COSTLY
    if clip != None:  # noqa: E711 - Live's way to ask whether an object lives
        slot.delete_clip()
    return placed


@contextmanager
def _taken_back(clip: Any, delete: Callable[[], None], wanted: Wanted) -> Iterator[None]:
    """The clip goes again where what is done to it fails; its user may have deleted it meanwhile."""
    try:
        yield
    except Exception as why:
        if clip == None:  # noqa: E711 - Live's way to ask whether an object lives
            raise Refused(
                "no_such_clip",
                "%s at beat %r was deleted in Live while it was placed" % (wanted.file_path, wanted.start_beats),
            ) from why
        delete()
        raise


def _shape(clip: Any, wanted: Wanted) -> Wait:
    """Warping off, then not looping, then pitch and edges, each in a tick of its own and read back."""
    clip.warping = False
    yield from wait_until(lambda: not clip.warping, lambda: _not_as_asked("stays warped", wanted))
    if clip.looping:
        clip.looping = False
        yield from wait_until(lambda: not clip.looping, lambda: _not_as_asked("stays looped", wanted))
    clip.pitch_coarse = wanted.pitch_coarse
    clip.pitch_fine = wanted.pitch_fine
    clip.gain = wanted.gain
    clip.name = without_number_sign(wanted.name)
    clip.color = wanted.colour
    if clip.loop_start != 0.0:
        clip.loop_start = 0.0
    clip.loop_end = wanted.end_seconds
    yield from wait_until(
        lambda: abs(clip.loop_end - wanted.end_seconds) <= SAME_SECONDS and abs(clip.loop_start) <= SAME_SECONDS,
        lambda: _not_as_asked("plays %s to %s s of the file" % (clip.loop_start, clip.loop_end), wanted),
    )


def _await_end(clip: Any, wanted: Wanted, context: Context) -> Wait:
    def as_wanted() -> bool:
        end_beats = wanted.end_beats(context.song())
        edges = (clip.start_time, wanted.start_beats), (clip.end_time, end_beats)
        return all(abs(found - asked) <= SAME_BEATS for found, asked in edges)

    if not as_wanted():
        yield from wait_until(
            as_wanted,
            lambda: _not_as_asked("lies from beat %s to %s" % (clip.start_time, clip.end_time), wanted),
        )


def _refuse_occupied(track: Any, wanted: Wanted, song: Any) -> None:
    end_beats = wanted.end_beats(song)
    for clip in arrangement_clips(track):
        if clip.start_time < end_beats - OVERLAP_BEATS and clip.end_time > wanted.start_beats + OVERLAP_BEATS:
            raise Refused(
                "occupied",
                "beats %r to %r of track %r: the clip %r lies from %r to %r"
                % (wanted.start_beats, end_beats, track.name, clip.name, clip.start_time, clip.end_time),
            )


def _not_as_asked(found: str, wanted: Wanted) -> Refused:
    return Refused(
        "not_as_asked",
        "%s at beat %r %s, %r s of it were asked for (is the file shorter?)"
        % (wanted.file_path, wanted.start_beats, found, wanted.end_seconds),
    )
