"""What plays and what waits to play in the Session view, as values that tracks hold."""

from __future__ import annotations

from typing import NamedTuple

from live_simulator.nodes.clips import ClipNode, ClipSlotNode


class Playing(NamedTuple):
    """A session clip that plays. Its start marker was heard when the song had played for `started_beats` in all, which
    were `started_seconds` (SongNode.played_beats, played_seconds); with legato that was before it began."""

    clip: ClipNode
    started_beats: float
    started_seconds: float


class Launch(NamedTuple):
    """What was fired on a track and waits for its beat: a clip, or (None) the track's stopping.

    `slot`: the one whose button was pressed; None for the track's own stop button.
    """

    slot: ClipSlotNode | None
    clip: ClipNode | None
    at_beats: float
    legato: bool
