"""What is open in Live: the arrangement that is ours, and what the user put there, which is never touched."""

from __future__ import annotations

from dataclasses import dataclass

from search.arrangement import Arrangement


@dataclass(frozen=True)
class OtherTrack:
    """A track of the user's, or one of ours for the clips that the user put on it; Session clips are counted too."""

    name: str
    clip_count: int


@dataclass(frozen=True)
class AlteredClip:
    """A clip of ours that the user has muted or warped, so that it is not in the arrangement: by its file and place."""

    file_path: str
    start_beats: float


@dataclass(frozen=True)
class LiveSet:
    """`arrangement` is read back from the set, with the user's edits; its 0 s lies at `origin_beats`."""

    arrangement: Arrangement
    origin_beats: float
    tempo_bpm: float
    others: tuple[OtherTrack, ...]
    file_path: str
    """Empty where the set was never saved."""
    altered: tuple[AlteredClip, ...] = ()

    @property
    def users_clip_count(self) -> int:
        return sum(track.clip_count for track in self.others)
