"""What the audio engine is told of a set: plain values, in Live's own units. Made by live_simulator.snapshot."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

REPITCH_WARP_MODE = 3


@dataclass(frozen=True)
class Clip:
    """It plays its file from second `plays_from` to `plays_to`, then, where `repeats_from` is given, from there to
    `plays_to` again and again, all within `start_beats` and `end_beats` of the song (inf: without end)."""

    name: str
    file_path: str
    file_frames: int
    file_rate_hz: int
    start_beats: float
    end_beats: float
    plays_from: float
    plays_to: float
    repeats_from: float | None
    gain: float
    pitch_coarse: int
    pitch_fine: float
    warping: bool
    warp_mode: int
    warp_tempo_bpm: float | None
    """None where its warp markers are uneven."""
    refusal: str
    """Why it cannot be rendered, '' where it can."""

    @property
    def semitones(self) -> float:
        return self.pitch_coarse + self.pitch_fine / 100.0

    @property
    def file_seconds(self) -> float:
        return self.file_frames / self.file_rate_hz


@dataclass(frozen=True)
class Track:
    """A track or return track. `refusal`: why what goes through it cannot be rendered, '' where it can."""

    name: str
    volume: float
    pan: float
    is_active: bool
    solo: bool
    sends: tuple[float, ...]
    """One value in [0, 1] per return track."""
    group: int | None
    """Index of the group track that it lies in, which comes before it."""
    has_stem: bool
    """Whether a file of it alone is written."""
    reaches_output: bool
    """Whether its output is routed to its group or the master; its sends are fed in any case."""
    refusal: str
    clips: tuple[Clip, ...]


@dataclass(frozen=True)
class Mix:
    """`refusal`: why the master cannot be rendered, '' where it can."""

    tempo_bpm: float
    master_volume: float
    master_pan: float
    refusal: str
    tracks: tuple[Track, ...]
    returns: tuple[Track, ...]


def to_json(mix: Mix) -> dict[str, Any]:
    return asdict(mix)


def from_json(document: dict[str, Any]) -> Mix:
    """Of what `to_json` gives, also after JSON made lists of its tuples. KeyError and TypeError where it is not."""
    lines = {name: tuple(_track(line) for line in document[name]) for name in ("tracks", "returns")}
    return Mix(**{**document, **lines})


def _track(line: dict[str, Any]) -> Track:
    return Track(**{**line, "sends": tuple(line["sends"]), "clips": tuple(Clip(**clip) for clip in line["clips"])})
