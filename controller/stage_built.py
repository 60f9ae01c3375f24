"""What was built, and what the user has made of it: values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from controller.stage_diff import WantedClip, WantedTrack
from controller.stage_reading import FoundClip
from controller.stage_values import Applied
from search.arrangement import Arrangement, Clip
from search.layout import levels_in_clips

Place = tuple[int, WantedClip]
"""A clip on the track of that id."""
LookName = Literal["name", "colour", "volume", "pan"]
Look = tuple[int, LookName]
"""What of the track of that id."""


@dataclass(frozen=True)
class Built:
    """At `tempo_bpm` `clips` should stand; `unsure` are those that an attempt which was broken off may have placed, or
    not deleted; `gone` are those that the user has deleted so far, `users` what the user has set of tracks."""

    looks: Mapping[int, WantedTrack] = field(default_factory=dict)
    """By track id, what it was given besides its clips, which are left out here."""
    clips: frozenset[Place] = frozenset()
    unsure: frozenset[Place] = frozenset()
    gone: frozenset[WantedClip] = frozenset()
    users: frozenset[Look] = frozenset()
    sources: Mapping[WantedClip, Clip] = field(default_factory=dict)
    """What each of these clips is to the planner."""
    tempo_bpm: float = 120.0


@dataclass(frozen=True)
class Edits:
    """`placed`: clips that stand as the user wants them; `deleted`: clips of ours that the user does not want there;
    `looks`: what of tracks is as the user wants it."""

    placed: frozenset[tuple[int, FoundClip]] = frozenset()
    deleted: frozenset[WantedClip] = frozenset()
    looks: frozenset[Look] = frozenset()

    @property
    def track_ids(self) -> frozenset[int]:
        """Of tracks on which the user has done something that is still to be seen."""
        return frozenset(track_id for track_id, _ in (*self.placed, *self.looks))


@dataclass(frozen=True)
class Filled:
    """What a build did, what stands then but for `edits` of the user's, which it left as they are."""

    applied: Applied
    built: Built
    edits: Edits


@dataclass(frozen=True)
class Standing:
    """What is in the set, with the user's edits: `held` are the clips of it that the user placed or changed, `gone`
    what the user has deleted of what was built."""

    arrangement: Arrangement
    held: frozenset[Clip]
    gone: tuple[Clip, ...]

    @property
    def at_zero(self) -> Standing:
        """The same with all faders at 0 dB, as a search has it."""
        levelled = levels_in_clips(self.arrangement)
        pairs = zip(self.arrangement.clips(), levelled.clips(), strict=True)
        held = frozenset(after for (_, before), (_, after) in pairs if before in self.held)
        return Standing(levelled, held, self.gone)
