"""What of a set cannot be played as Live plays it: it is silent then, and said so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from embedding.errors import JacqueesError

from live_simulator.errors import SimulatorError
from live_simulator.mix import Clip, Mix, Track
from live_simulator.mixdown import Mixdown
from live_simulator.sounds import Sounds
from live_simulator.voices import extent

PLAYING_ERRORS = (JacqueesError, SimulatorError, OSError)
"""What a Mixdown raises where a set cannot be played."""

ClipPlace = tuple[int, int]
"""(its track, its place among that track's clips)"""


def without_refused_tracks(mix: Mix) -> tuple[Mix, list[str]]:
    """The set with those tracks muted whose sound would be wrong, and a line for each."""
    lines = [f"the master track is not heard as it should be: {mix.refusal}"] if mix.refusal else []
    refused = [track for track in (*mix.tracks, *mix.returns) if track.refusal]
    lines += [f"track {track.name!r} is silent: {track.refusal}" for track in refused]

    def heard(tracks: tuple[Track, ...]) -> tuple[Track, ...]:
        return tuple(replace(track, is_active=False, refusal="") if track.refusal else track for track in tracks)

    return replace(mix, refusal="", tracks=heard(mix.tracks), returns=heard(mix.returns)), lines


def faulty_clips(mix: Mix, rate_hz: int, start_beats: float, span: range, sounds: Sounds) -> dict[ClipPlace, str]:
    """The clips that cannot be played within that span of samples, of which sample 0 is at `start_beats`, with a line
    for each. All others are decoded and resampled, also those that are muted now."""
    found = {}
    start_seconds = start_beats * 60.0 / mix.tempo_bpm
    for number, track in enumerate(mix.tracks):
        for place, clip in enumerate(track.clips):
            first, behind = extent(clip, mix.tempo_bpm, rate_hz, start_seconds)
            if first >= span.stop or behind <= span.start:
                continue
            try:
                Mixdown(_alone(mix, clip), rate_hz, start_beats, sounds).prepare(span.start, len(span))
            except PLAYING_ERRORS as why:
                found[number, place] = f"a clip is silent: {why}"
    return found


def without_clips(mix: Mix, places: Collection[ClipPlace]) -> Mix:
    def rest(number: int, track: Track) -> Track:
        clips = [clip for place, clip in enumerate(track.clips) if (number, place) not in places]
        return replace(track, clips=tuple(clips)) if len(clips) < len(track.clips) else track

    return replace(mix, tracks=tuple(rest(number, track) for number, track in enumerate(mix.tracks)))


def _alone(mix: Mix, clip: Clip) -> Mix:
    track = Track("", 0.85, 0.0, True, False, (), None, False, True, "", (clip,))
    return Mix(mix.tempo_bpm, 0.85, 0.0, "", (track,), ())
