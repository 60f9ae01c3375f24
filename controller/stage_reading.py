"""Reads the set that is open in Live, and says it in the planner's values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from controller.calls import Values
from controller.live_units import clip_gain_to_db, colour_to_hex, pitch_to_semitones, volume_to_db
from controller.osc_client import ScriptClient
from controller.placement import source_of
from controller.stage_values import SelectedClip
from embedding.errors import StageError, StageRefused
from embedding.kernels import semitones_to_ratio
from search.arrangement import Arrangement, Clip, Track
from search.live_set import AlteredClip, LiveSet, OtherTrack

ATTEMPTS = 5


@dataclass(frozen=True)
class FoundClip:
    """An arrangement clip as Live has it; fields as in the protocol's `clips`."""

    file_path: str
    start_beats: float
    end_beats: float
    gain: float
    pitch_coarse: int
    pitch_fine: float
    loop_start: float
    loop_end: float
    warping: bool
    name: str
    muted: bool
    ours: bool

    @property
    def sounds_as_placed(self) -> bool:
        """Ours, and neither warped nor switched off by the user: the planner can say what it sounds like."""
        return self.ours and not self.warping and not self.muted


@dataclass(frozen=True)
class FoundTrack:
    """A track as Live has it; fields as in the protocol's `tracks`. `clips` are read for tracks of ours only."""

    index: int
    track_id: int
    kind: str
    name: str
    colour: int
    volume: float
    pan: float
    mute: bool
    solo: bool
    arm: bool
    clip_count: int
    session_clip_count: int
    users_device_count: int
    users_look: bool
    clips: tuple[FoundClip, ...] = ()

    @property
    def is_ours(self) -> bool:
        return self.track_id != 0

    @property
    def users_clip_count(self) -> int:
        """Clips that the user put there, Session clips included."""
        ours = sum(1 for clip in self.clips if clip.ours)
        return self.clip_count + self.session_clip_count - ours

    @property
    def holds_users_work(self) -> bool:
        return self.users_clip_count > 0 or self.users_device_count > 0

    @property
    def is_unused(self) -> bool:
        """Nothing is lost with it."""
        return not (self.clip_count or self.holds_users_work or self.users_look)


@dataclass(frozen=True)
class FoundSet:
    """The set as Live has it; `tempo_owner` as in the protocol's `song`."""

    tempo_bpm: float
    tempo_owner: str
    origin_beats: float
    file_path: str
    tracks: tuple[FoundTrack, ...]

    @property
    def our_tracks(self) -> tuple[FoundTrack, ...]:
        return tuple(track for track in self.tracks if track.is_ours)

    @property
    def our_files(self) -> dict[str, str]:
        """The files that clips of ours play, by their names."""
        files = [clip.file_path for track in self.our_tracks for clip in track.clips if clip.ours]
        return {Path(file).name: file for file in files}

    @property
    def users_clip_count(self) -> int:
        return sum(track.users_clip_count for track in self.tracks)


def read_found_set(client: ScriptClient) -> FoundSet:
    """The whole set. It comes in pages, so it is read again if tracks or clips came or went meanwhile."""
    tracks = _read_tracks(client)
    for _ in range(ATTEMPTS):
        song = client.request("song")
        read = _with_clips(client, tracks)
        tracks = _read_tracks(client)
        if read is not None and [_shape(track) for track in tracks] == [_shape(track) for track in read]:
            return FoundSet(song["tempo_bpm"], song["tempo_owner"], song["origin_beats"], song["file_path"], read)
    raise StageError("the set in Live keeps changing while it is read; stop recording or editing for a moment")


def read_selected_clip(client: ScriptClient) -> SelectedClip | None:
    """None where nothing is selected."""
    told = client.request("selected_clip")
    if told["kind"] == "none":
        return None
    song = client.request("song")
    return SelectedClip(
        **told, tempo_bpm=song["tempo_bpm"], tempo_owner=song["tempo_owner"], ours=_is_ours(client, told)
    )


def live_set(found: FoundSet) -> LiveSet:
    """`found` in the planner's values: seconds from the origin, dB, semitones, the library's own files."""
    arrangement = Arrangement(found.tempo_bpm, tuple(_track(found, track) for track in found.our_tracks))
    others = tuple(
        OtherTrack(track.name, track.users_clip_count)
        for track in found.tracks
        if not track.is_ours or track.users_clip_count
    )
    altered = tuple(
        AlteredClip(clip.file_path, clip.start_beats)
        for track in found.our_tracks
        for clip in track.clips
        if clip.ours and not clip.sounds_as_placed
    )
    return LiveSet(arrangement, found.origin_beats, found.tempo_bpm, others, found.file_path, altered)


def _read_tracks(client: ScriptClient) -> tuple[FoundTrack, ...]:
    return tuple(FoundTrack(**row) for row in client.rows("tracks"))


def _is_ours(client: ScriptClient, selected: Values) -> bool:
    tracks = [track for track in _read_tracks(client) if track.index == selected["track_index"] and track.is_ours]
    return selected["in_arrangement"] and any(
        row["ours"] and (row["file_path"], row["start_beats"]) == (selected["file_path"], selected["start_beats"])
        for track in tracks
        for row in client.rows("clips", track.index)
    )


def _with_clips(client: ScriptClient, tracks: Sequence[FoundTrack]) -> tuple[FoundTrack, ...] | None:
    """None where one of them is gone."""
    ours = [track.index for track in tracks if track.is_ours]
    try:
        found = client.rows_of_each("clips", [(index,) for index in ours])
    except StageRefused as why:
        if why.code != "no_such_track":
            raise
        return None
    rows = dict(zip(ours, found, strict=True))
    clips = {index: tuple(FoundClip(**row) for row in told) for index, told in rows.items()}
    return tuple(
        replace(track, clips=clips[track.index], clip_count=len(clips[track.index])) if track.is_ours else track
        for track in tracks
    )


def _shape(track: FoundTrack) -> tuple[int, int, int, int]:
    return track.index, track.track_id, track.clip_count, track.session_clip_count


def planners_clips(found: FoundSet) -> dict[tuple[int, FoundClip], Clip]:
    """By the track's id and the clip, those that sound as placed, as `live_set` has them."""
    return {
        (track.track_id, clip): value
        for track in found.our_tracks
        for clip, value in zip(_placed(track), _track(found, track).clips, strict=True)
    }


def before_it_was_altered(clip: FoundClip, found: FoundSet) -> Clip:
    """What the planner knew of a clip of ours that the user has muted or warped since, as far as that can be told."""
    if not clip.warping:
        return _clip(clip, found)
    seconds = (clip.end_beats - clip.start_beats) * 60.0 / found.tempo_bpm
    return _clip(replace(clip, loop_start=0.0, loop_end=seconds, pitch_coarse=0, pitch_fine=0.0), found)


def _placed(track: FoundTrack) -> list[FoundClip]:
    return [clip for clip in track.clips if clip.sounds_as_placed]


def _track(found: FoundSet, track: FoundTrack) -> Track:
    clips = [_clip(clip, found) for clip in _placed(track)]
    bounded = [
        # neighbours may overlap by the rounding of beats to seconds
        replace(clip, length_seconds=min(clip.length_seconds, after.start_seconds - clip.start_seconds))
        for clip, after in pairwise(clips)
    ]
    return Track(
        name=track.name,
        color=colour_to_hex(track.colour),
        volume_db=volume_to_db(track.volume),
        pan=track.pan,
        clips=(*bounded, *clips[len(bounded) :]),
    )


def _clip(clip: FoundClip, found: FoundSet) -> Clip:
    semitones = pitch_to_semitones(clip.pitch_coarse, clip.pitch_fine)
    source = source_of(clip.file_path)
    return Clip(
        start_seconds=(clip.start_beats - found.origin_beats) * 60.0 / found.tempo_bpm,
        sample=source.sample,
        offset_seconds=source.offset_seconds + clip.loop_start,
        length_seconds=(clip.loop_end - clip.loop_start) / semitones_to_ratio(semitones),
        gain_db=clip_gain_to_db(clip.gain),
        transpose_semitones=semitones,
    )
