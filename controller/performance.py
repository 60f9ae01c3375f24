"""The performance: an arrangement built in the set, as loud as its target, and what the set then puts out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from controller.audition import Heard, Metre, Span
from controller.filling import Filling
from controller.listeners import ListeningStopped, Proceed
from controller.loudness import LOUDEST_VOLUME_DB, QUIETEST_VOLUME_DB, loudness_offset_db
from controller.progress import Progress
from controller.stage import Stage
from controller.stage_building import SetTempo
from controller.stage_values import Applied
from controller.venue import Venue
from embedding.audio import Audio
from embedding.errors import StageLost
from search.arrangement import Arrangement, with_gain_offset, with_volume_offset

RENDERED = "rendered"
READ_BACK = "rendered from the set as read back"
Tell = Callable[[int, int], None]
"""Of (done, all) of the clips that are created and deleted."""


@dataclass(frozen=True, eq=False)
class Performance:
    """`arrangement` as it stands in the set, what the set puts out, and each of its tracks after the fader. They sum to
    the cover but for what Live adds, where it was `heard`."""

    arrangement: Arrangement
    cover: Audio
    stems: tuple[Audio, ...]
    source: str
    """Where the cover's sound is from: RENDERED, READ_BACK, or as `--score` names it."""
    heard: Heard | None = None


def perform(
    arrangement: Arrangement, target: Audio, venue: Venue, filling: Filling | None, progress: Progress
) -> Performance:
    """Builds `arrangement` in the set and hears it. StageError where the set cannot be built or does not answer,
    CaptureFailed where it is built and cannot be heard."""
    show = _shown(progress)
    sounding = _sounding(arrangement)
    _rehearsed(sounding, venue, show)
    rehearsed = venue.simulated.render_main(0.0, sounding.seconds)
    volumes = [track.volume_db for track in sounding.tracks]
    offset_db = loudness_offset_db(target, rehearsed)
    by_fader_db = min(max(offset_db, QUIETEST_VOLUME_DB - min(volumes)), LOUDEST_VOLUME_DB - max(volumes))
    levelled = with_gain_offset(with_volume_offset(sounding, by_fader_db), offset_db - by_fader_db)
    standing, _ = _rehearsed(levelled, venue, show)
    progress.show("capturing", 0.0)
    rendered = _rendered(standing, venue)
    if filling is None:
        return rendered
    live_bpm = filling.build(standing, show, lambda: show(0, 1)).tempo_bpm
    rendered = _read_back(rendered, venue, filling, progress)
    if venue.audition is None:
        _warn_of_colours(filling.live, progress)
        return replace(rendered, source=READ_BACK)
    try:
        proceed = _stopped_by(progress, rendered.cover.seconds)
        heard = venue.audition.heard_whole(rendered.cover, Metre(live_bpm, filling.origin_beats), proceed)
    except ListeningStopped:
        progress.warn("the capture was stopped: what is scored is our own rendering")
        return rendered
    if heard is None:
        progress.warn("there is nothing in the cover to be heard: what is scored is our own rendering")
        return rendered
    progress.note(f"heard in Live: {heard.calibration.words}")
    return replace(rendered, cover=heard.audio, source=heard.source, heard=heard)


def heard_in_part(standing: Arrangement, span: Span, venue: Venue, filling: Filling, proceed: Proceed) -> Heard | None:
    """Hears a part of what stands in Live, while a search goes on; None where that part is silent. What `proceed`
    raises ends it. As `perform` raises."""
    assert venue.audition is not None
    rehearsed, _ = _rehearsed(_sounding(standing), venue, lambda _done, _count: proceed())
    expected = venue.simulated.render_main(span.begin_seconds * rehearsed.tempo_bpm / 60.0, span.seconds)
    metre = Metre(standing.tempo_bpm, filling.origin_beats)
    return venue.audition.heard_part(expected, span.begin_seconds, metre, proceed)


def _rendered(standing: Arrangement, venue: Venue) -> Performance:
    """Of what stands in the simulated Live."""
    cover, by_index = venue.simulated.render(0.0, standing.seconds)
    return Performance(standing, cover, tuple(stem for _, stem in sorted(by_index.items())), RENDERED)


def _read_back(performance: Performance, venue: Venue, filling: Filling, progress: Progress) -> Performance:
    """As it stands in Live, at the tempo there; rendered anew where that is not what was to be built, as the user has
    changed it."""
    found = _sounding(filling.standing().arrangement)
    if not found.clip_count:
        progress.warn("nothing of it stands in the set any more: what is scored is what was built")
        return performance
    standing, applied = _rehearsed(replace(found, tempo_bpm=performance.arrangement.tempo_bpm), venue, _shown(progress))
    if applied.created + applied.deleted + applied.tracks_changed + applied.tracks_deleted:
        progress.note("the set holds edits of yours: what stands in it now is what is scored")
        performance = _rendered(standing, venue)
    return replace(performance, arrangement=replace(performance.arrangement, tempo_bpm=found.tempo_bpm))


def _warn_of_colours(live: Stage, progress: Progress) -> None:
    colours = live.output().colours
    if colours:
        progress.warn(
            f"your set colours what is heard ({colours}), which the score does not know: --score loopback or "
            "resampling hears it"
        )


def _sounding(arrangement: Arrangement) -> Arrangement:
    return replace(arrangement, tracks=tuple(track for track in arrangement.tracks if track.clips))


def _rehearsed(arrangement: Arrangement, venue: Venue, tell: Tell) -> tuple[Arrangement, Applied]:
    """Built in the simulated Live, where it can be rendered."""
    try:
        return _built(arrangement, venue.rehearsal, "when_empty", tell)
    except StageLost:
        venue.simulated.require_alive()  # tells more than that nobody answers
        raise


def _built(arrangement: Arrangement, stage: Stage, set_tempo: SetTempo, tell: Tell) -> tuple[Arrangement, Applied]:
    """The arrangement as it stands on the stage, at the set's tempo."""
    applied = stage.apply(arrangement, set_tempo=set_tempo, progress=tell)
    return replace(arrangement, tempo_bpm=applied.tempo_bpm), applied


def _stopped_by(progress: Progress, seconds: float) -> Proceed:
    """Shows how far a capture of so many seconds is. The user's wish to stop ends it, unless that was there before:
    then it was the search that was to end."""
    began = time.monotonic()
    asked_before = progress.stop_requested

    def proceed() -> None:
        progress.show("capturing", min(1.0, (time.monotonic() - began) / seconds))
        if progress.stop_requested and not asked_before:
            raise ListeningStopped

    return proceed


def _shown(progress: Progress) -> Tell:
    return lambda done, count: progress.show("building", done / max(1, count))
