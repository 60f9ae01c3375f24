"""What has to be done in Live so that the tracks of ours are an arrangement: pure, from the set as it was found."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from controller.live_units import (
    clip_gain_from_db,
    colour_from_hex,
    pitch_from_semitones,
    pitch_to_semitones,
    volume_from_db,
)
from controller.placement import PlacedFile
from controller.stage_reading import FoundClip, FoundSet, FoundTrack
from search.arrangement import Arrangement, Clip, Track

SAME_BEATS = 1e-6
SAME_SECONDS = 1e-4
"""Of a clip's edges in its file, which Live may round to samples."""
SAME_LEVEL = 1e-5
"""Of gains, volumes and pans in Live's 0..1, which Live keeps in single precision."""
SAME_CENTS = 1e-3

FileOf = Callable[[Clip], PlacedFile]


@dataclass(frozen=True)
class WantedClip:
    """A clip as it is to be in Live; fields as the arguments of the protocol's `create_clip` behind the track."""

    file_path: str
    start_beats: float
    end_seconds: float
    gain: float
    pitch_coarse: int
    pitch_fine: float
    name: str
    colour: int

    def is_found_in(self, clip: FoundClip) -> bool:
        return (
            abs(clip.start_beats - self.start_beats) <= SAME_BEATS
            and clip.sounds_as_placed
            and same_file(clip.file_path, self.file_path)
            and abs(clip.loop_start) <= SAME_SECONDS
            and abs(clip.loop_end - self.end_seconds) <= SAME_SECONDS
            and abs(clip.gain - self.gain) <= SAME_LEVEL
            and clip.pitch_coarse == self.pitch_coarse
            and abs(clip.pitch_fine - self.pitch_fine) <= SAME_CENTS
        )


@dataclass(frozen=True)
class WantedTrack:
    name: str
    colour: int
    volume: float
    pan: float
    clips: tuple[WantedClip, ...]

    def is_found_in(self, track: FoundTrack) -> bool:
        """Apart from its clips."""
        levels = (track.volume, self.volume), (track.pan, self.pan)
        same_levels = all(abs(found - wanted) <= SAME_LEVEL for found, wanted in levels)
        return (track.name, track.colour) == (self.name, self.colour) and same_levels


@dataclass(frozen=True)
class TrackChange:
    """One track of ours: `found` None means it has to be made; `create` are clips that are not there yet."""

    wanted: WantedTrack
    found: FoundTrack | None
    create: tuple[WantedClip, ...]
    delete: tuple[FoundClip, ...]
    unchanged: int


@dataclass(frozen=True)
class Changes:
    tracks: tuple[TrackChange, ...]
    delete_tracks: tuple[FoundTrack, ...]
    clear_tracks: tuple[FoundTrack, ...]
    """Lose our clips but stay, as there are clips or devices of the user's on them, or no other track is left."""

    @property
    def is_nothing(self) -> bool:
        kept = all(one.found and not one.create and one.wanted.is_found_in(one.found) for one in self.tracks)
        return kept and not self.delete_clips and not self.delete_tracks

    @property
    def delete_clips(self) -> list[tuple[FoundTrack, FoundClip]]:
        return [
            *((change.found, clip) for change in self.tracks if change.found for clip in change.delete),
            *((track, clip) for track in self.clear_tracks for clip in track.clips if clip.ours),
        ]


def wanted_tracks(
    arrangement: Arrangement, tempo_bpm: float, origin_beats: float, file_of: FileOf
) -> tuple[WantedTrack, ...]:
    """`arrangement` in Live's units, seconds as beats of a set at `tempo_bpm`. BadOption for what Live cannot have."""
    return tuple(_wanted_track(track, tempo_bpm, origin_beats, file_of) for track in arrangement.tracks)


def changes(
    found: FoundSet,
    wanted: Sequence[WantedTrack],
    spared: Collection[FoundClip] = (),
    spared_tracks: Collection[int] = (),
) -> Changes:
    """The least that has to be done. Tracks are known by their names, what is left over by its order. `spared` are
    clips of ours that stay although nothing is wanted there, `spared_tracks` ids of tracks that become no others.
    Empty tracks stay, as those that were reserved: the next build may need them."""
    ours = list(found.our_tracks)
    partners: list[FoundTrack | None] = [_take(ours, track.name) for track in wanted]
    free = [track for track in ours if track.track_id not in spared_tracks]
    partners = [partner or (free.pop(0) if free else None) for partner in partners]
    stays = [track for track in ours if track.track_id in spared_tracks]
    keeps = [track for track in free if track.holds_users_work or any(clip in spared for clip in track.clips)]
    deletes = [track for track in free if track.clip_count and track not in keeps]
    keeps += stays
    if not wanted and len(deletes) == len(found.tracks):
        keeps, deletes = deletes[:1], deletes[1:]  # Live keeps at least one track
    pairs = zip(wanted, partners, strict=True)
    done = tuple(_track_change(track, partner, spared) for track, partner in pairs)
    return Changes(done, tuple(deletes), tuple(_without(track, spared) for track in keeps))


def same_file(one: str, other: str) -> bool:
    """Whether two absolute paths name one file: Live and the system may differ in Unicode form or slashes."""
    return _spelled(one) == _spelled(other)


def _spelled(path: str) -> str:
    return unicodedata.normalize("NFC", os.path.normcase(os.path.normpath(path)))


def _take(tracks: list[FoundTrack], name: str) -> FoundTrack | None:
    for place, track in enumerate(tracks):
        if track.name == name:
            return tracks.pop(place)
    return None


def _without(track: FoundTrack, spared: Collection[FoundClip]) -> FoundTrack:
    return replace(track, clips=tuple(clip for clip in track.clips if clip not in spared))


def _track_change(wanted: WantedTrack, found: FoundTrack | None, spared: Collection[FoundClip]) -> TrackChange:
    if found is None:
        return TrackChange(wanted, None, wanted.clips, (), 0)
    stays = {clip: _match(clip, found.clips) for clip in wanted.clips}
    kept = {match for match in stays.values() if match}
    return TrackChange(
        wanted,
        found,
        create=tuple(clip for clip in wanted.clips if not stays[clip]),
        delete=tuple(clip for clip in found.clips if clip.ours and clip not in kept and clip not in spared),
        unchanged=len(kept),
    )


def _match(wanted: WantedClip, found: Iterable[FoundClip]) -> FoundClip | None:
    return next((clip for clip in found if wanted.is_found_in(clip)), None)


def _wanted_track(track: Track, tempo_bpm: float, origin_beats: float, file_of: FileOf) -> WantedTrack:
    colour = colour_from_hex(track.color)
    clips = tuple(_wanted_clip(clip, colour, tempo_bpm, origin_beats, file_of) for clip in track.clips)
    return WantedTrack(track.name, colour, volume_from_db(track.volume_db), track.pan, clips)


def _wanted_clip(clip: Clip, colour: int, tempo_bpm: float, origin_beats: float, file_of: FileOf) -> WantedClip:
    coarse, fine = pitch_from_semitones(clip.transpose_semitones)
    file = file_of(replace(clip, transpose_semitones=pitch_to_semitones(coarse, fine)))
    return WantedClip(
        file_path=file.path,
        start_beats=origin_beats + clip.start_seconds * tempo_bpm / 60.0,
        end_seconds=file.end_seconds,
        gain=clip_gain_from_db(clip.gain_db),
        pitch_coarse=coarse,
        pitch_fine=fine,
        name=Path(clip.sample).stem,
        colour=colour,
    )
