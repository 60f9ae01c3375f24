"""What the stage answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from controller.live_units import volume_to_db

UNITY_VOLUME = 0.85
SAME_VALUE = 1e-3


@dataclass(frozen=True)
class Hello:
    script_version: str
    live_version: str
    live_variant: str
    """Suite, Lite ...; empty where Live does not tell."""
    python_version: str
    can_place: bool
    mend: str
    """Which Live is needed where this one cannot place clips, else empty."""
    simulated: bool


@dataclass(frozen=True)
class Room:
    """Tracks that are ours now, and Live's words where there are fewer than were asked for. `devices`: what new tracks
    came with, from the user's default track."""

    tracks: int
    refusal: str
    devices: str


@dataclass(frozen=True)
class Applied:
    """What `apply` did: clips (and tracks) created, deleted and left as they were."""

    created: int
    deleted: int
    unchanged: int
    tracks_created: int
    tracks_deleted: int
    tracks_changed: int
    """In name, colour, volume or pan."""
    tempo_bpm: float
    """Of the set."""


@dataclass(frozen=True)
class Undone:
    """What `undo` took back; `tracks_left` stay, as the user's, for what the user put on them."""

    clips: int
    tracks: int
    tracks_left: int
    tempo_bpm: float


@dataclass(frozen=True)
class Recording:
    """What the set put out, as Live recorded it. What was asked for is heard from `start_seconds` of the file on."""

    file: Path
    start_seconds: float


@dataclass(frozen=True)
class SelectedClip:
    """The clip that is selected in Live, and what the set is to it; fields as in the protocol's `selected_clip` and
    `song`."""

    kind: str
    """'audio' or 'midi'."""
    file_path: str
    name: str
    in_arrangement: bool
    track_index: int
    start_beats: float
    end_beats: float
    warping: bool
    looping: bool
    loop_start: float
    loop_end: float
    start_marker: float
    end_marker: float
    gain: float
    pitch_coarse: int
    pitch_fine: float
    warp_mode: int
    tempo_bpm: float
    tempo_owner: str
    ours: bool
    """An arrangement clip that `apply` made."""


@dataclass(frozen=True)
class WarpMarker:
    """That second of a clip's file is at that beat of its content."""

    sample_seconds: float
    beats: float


@dataclass(frozen=True)
class Output:
    """What colours the sound of our tracks on its way to Live's output, besides their own volumes and pans; fields as
    in the protocol's `output`."""

    main_volume: float
    main_pan: float
    main_devices: str
    our_devices: str
    our_sends: str
    our_mutes: str
    our_outputs: str
    our_groups: str
    our_crossfades: str
    our_splits: str
    automated: str

    @property
    def main_gain_db(self) -> float:
        """Of the main fader; one below -18 dB is told as that."""
        return volume_to_db(self.main_volume)

    @property
    def colours(self) -> str:
        """What does, in words; empty where nothing does."""
        turned_down = abs(self.main_volume - UNITY_VOLUME) > SAME_VALUE
        panned = abs(self.main_pan) > SAME_VALUE
        found = {
            "main fader at": f"{self.main_gain_db:.1f} dB" if turned_down else "",
            "main track panned": f"{self.main_pan:+.2f}" if panned else "",
            "devices on the main track:": self.main_devices,
            "devices on our tracks:": self.our_devices,
            "sends of": self.our_sends,
            "muted:": self.our_mutes,
            "not to the main track:": self.our_outputs,
            "groups:": self.our_groups,
            "on the crossfader:": self.our_crossfades,
            "split panning:": self.our_splits,
            "automated:": self.automated,
        }
        return "; ".join(f"{what} {which}" for what, which in found.items() if which)
