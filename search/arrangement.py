"""What the planner plans: samples, clips, tracks, arrangements. Values only: a new value, never a mutation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

FORMAT = "jacqueesbot-arrangement"
VERSION = 1
QUIETEST_CLIP_DB, LOUDEST_CLIP_DB = -42.0, 24.0
TOUCH_SECONDS = 1e-9
"""Clips that overlap by no more only touch."""


@dataclass(frozen=True, eq=False)
class Sample:
    """A library entry. `audio` is a handle of the library's, `path` absolute; equal content has an equal
    `content_hash`."""

    path: str
    content_hash: str
    seconds: float
    sample_rate_hz: int
    channels: int
    instrument: str
    """The most probable of the ears' classes, or 'unpitched' where none is probable."""
    pitch_midi: float | None
    loudness_db: float
    """RMS of the loudest 50 ms, dBFS."""
    kind: Literal["one-shot", "loop"]
    embedding: npt.NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True, order=True)
class Clip:
    """One placement. `start_seconds` counts from the arrangement's origin, `offset_seconds` is in the sample's
    own time, `length_seconds` is as heard: transposing by `transpose_semitones` is a repitch and changes speed."""

    start_seconds: float
    sample: str
    """Absolute path of the library's file."""
    offset_seconds: float
    length_seconds: float
    gain_db: float
    transpose_semitones: float

    @property
    def end_seconds(self) -> float:
        return self.start_seconds + self.length_seconds

    @property
    def place(self) -> tuple[float, str, float, float]:
        """What stays the same where a clip is only trimmed or made louder."""
        return self.start_seconds, self.sample, self.offset_seconds, self.transpose_semitones


@dataclass(frozen=True)
class Track:
    """Clips are in time order and never overlap (Live's rule)."""

    name: str
    color: str
    """#rrggbb"""
    volume_db: float = 0.0
    pan: float = 0.0
    clips: tuple[Clip, ...] = ()

    def __post_init__(self) -> None:
        for before, after in zip(self.clips, self.clips[1:], strict=False):
            if before.end_seconds > after.start_seconds + TOUCH_SECONDS:
                raise ValueError(
                    f"track {self.name!r}: a clip at {after.start_seconds} s starts before the one at "
                    f"{before.start_seconds} s ends ({before.end_seconds} s); clips on one track must not overlap"
                )


@dataclass(frozen=True)
class Arrangement:
    """The planner's state. JSON round-trips exactly (`arrangement_to_json`, `arrangement_from_json`)."""

    tempo_bpm: float = 120.0
    tracks: tuple[Track, ...] = ()

    def clips(self) -> Iterator[tuple[Track, Clip]]:
        for track in self.tracks:
            for clip in track.clips:
                yield track, clip

    @property
    def clip_count(self) -> int:
        return sum(len(track.clips) for track in self.tracks)

    @property
    def seconds(self) -> float:
        """From 0 to the end of the last clip; 0 where there is none."""
        return max((clip.end_seconds for _, clip in self.clips()), default=0.0)


def arrangement_to_json(arrangement: Arrangement, origin_beats: float = 0.0) -> dict[str, Any]:
    """The part of arrangement.json that the arrangement determines; `start_beats` is for readers that have no
    seconds."""
    beats_per_second = arrangement.tempo_bpm / 60.0
    return {
        "format": FORMAT,
        "version": VERSION,
        "tempo_bpm": arrangement.tempo_bpm,
        "origin_beats": origin_beats,
        "tracks": [
            {
                "name": track.name,
                "color": track.color,
                "volume_db": track.volume_db,
                "pan": track.pan,
                "clips": [
                    {
                        "sample": clip.sample,
                        "start_seconds": clip.start_seconds,
                        "start_beats": clip.start_seconds * beats_per_second,
                        "offset_seconds": clip.offset_seconds,
                        "length_seconds": clip.length_seconds,
                        "gain_db": clip.gain_db,
                        "transpose_semitones": clip.transpose_semitones,
                    }
                    for clip in track.clips
                ],
            }
            for track in arrangement.tracks
        ],
    }


def arrangement_from_json(document: dict[str, Any]) -> Arrangement:
    """The arrangement of an arrangement.json; `start_seconds` wins over `start_beats`. ValueError where it is
    not one of ours."""
    if document.get("format") != FORMAT or document.get("version") != VERSION:
        found = f"format {document.get('format')!r}, version {document.get('version')!r}"
        raise ValueError(f"{found}; expected {FORMAT!r}, version {VERSION} (another program's file?)")
    tracks = tuple(
        Track(
            name=track["name"],
            color=track["color"],
            volume_db=track["volume_db"],
            pan=track["pan"],
            clips=tuple(
                Clip(
                    start_seconds=clip["start_seconds"],
                    sample=clip["sample"],
                    offset_seconds=clip["offset_seconds"],
                    length_seconds=clip["length_seconds"],
                    gain_db=clip["gain_db"],
                    transpose_semitones=clip["transpose_semitones"],
                )
                for clip in track["clips"]
            ),
        )
        for track in document["tracks"]
    )
    return Arrangement(tempo_bpm=document["tempo_bpm"], tracks=tracks)


def with_gain_offset(arrangement: Arrangement, offset_db: float) -> Arrangement:
    """The same arrangement with every clip louder by `offset_db`, as far as Live's clips go (-42 to +24 dB)."""
    if offset_db == 0.0:
        return arrangement
    tracks = []
    for track in arrangement.tracks:
        clips = tuple(
            replace(clip, gain_db=min(LOUDEST_CLIP_DB, max(QUIETEST_CLIP_DB, clip.gain_db + offset_db)))
            for clip in track.clips
        )
        tracks.append(replace(track, clips=clips))
    return replace(arrangement, tracks=tuple(tracks))


def with_volume_offset(arrangement: Arrangement, offset_db: float) -> Arrangement:
    """The same arrangement with every track louder by `offset_db`."""
    return replace(
        arrangement, tracks=tuple(replace(track, volume_db=track.volume_db + offset_db) for track in arrangement.tracks)
    )
