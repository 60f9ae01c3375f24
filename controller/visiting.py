"""A visit to the set while a search goes on: build what it found, and hear the part of it where most is new."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from controller.audition import Heard, Span
from controller.checkpoints import Visit
from controller.filling import Filling, Proceed
from controller.performance import heard_in_part
from controller.stage_built import Standing
from controller.venue import Venue
from embedding.errors import CaptureFailed
from search.arrangement import Arrangement, Clip

RANGE_SECONDS = 6.0
"""How much of the arrangement a checkpoint hears: some windows of 3 s."""
GRID_SECONDS = 0.5
MOST_REFUSED = 2
"""Captures after each other; a busy computer spoils one now and then."""
LOOK_ANYWAY_SECONDS = 10.0
"""The script forgets who watches and is not heard, and a report may be lost: so often the set is read without one."""


@dataclass(eq=False)
class SetVisits:
    """`laid_out` puts what a search found on the tracks where it is to stand, beside what stands there. `warn` hears
    why Live cannot be heard; the set fills all the same."""

    venue: Venue
    filling: Filling
    laid_out: Callable[[Arrangement, Standing], Arrangement]
    warn: Callable[[str], None]
    _heard: Arrangement = field(init=False, default=Arrangement())
    _refused: int = field(init=False, default=0)
    _look_due_seconds: float = field(init=False, default=float("inf"))
    """By time.monotonic(), when to look without being told of anything."""

    def visit(self, arrangement: Arrangement, proceed: Proceed) -> Visit:
        self._look_due_seconds = 0.0
        laid_out = self.laid_out(arrangement, self.filling.standing())
        self.filling.build(laid_out, lambda _done, _count: None, proceed)  # what has begun is not broken off
        standing = self._standing()
        return Visit(standing, self._audition(standing.arrangement, proceed))

    def look(self) -> Standing | None:
        if self.filling.live.changes():
            self._look_due_seconds = 0.0
        if time.monotonic() < self._look_due_seconds:
            return None
        self.filling.live.watch()
        return self._standing()

    def _standing(self) -> Standing:
        found = self.filling.standing()
        self._look_due_seconds = time.monotonic() + LOOK_ANYWAY_SECONDS
        return found

    def _audition(self, standing: Arrangement, proceed: Proceed) -> Heard | None:
        if self.venue.audition is None or not standing.clip_count or self._refused == MOST_REFUSED:
            return None
        if self.filling.live.status()["playing"]:
            return None  # the user listens: to hear it would stop that
        span = span_to_hear(self._heard, standing)
        try:
            heard = heard_in_part(standing, span, self.venue, self.filling, proceed)
        except CaptureFailed as why:
            self._refused += 1
            is_last = self._refused == MOST_REFUSED
            self.warn(f"nothing more is heard of Live during this search: {why}" if is_last else f"heard later: {why}")
            return None
        self._heard, self._refused = standing, 0
        return heard


def span_to_hear(before: Arrangement, after: Arrangement) -> Span:
    """The stretch of `after` in which most clips sound that are not in `before`; of all clips where none are new."""
    known = {clip for _, clip in before.clips()}
    clips = [clip for _, clip in after.clips()]
    sounding = _sounding([clip for clip in clips if clip not in known] or clips, after.seconds)
    count = min(sounding.size, round(RANGE_SECONDS / GRID_SECONDS))
    sums = np.convolve(sounding, np.ones(count), mode="valid")
    begin_seconds = int(np.argmax(sums)) * GRID_SECONDS
    return Span(begin_seconds, min(RANGE_SECONDS, after.seconds - begin_seconds))


def _sounding(clips: Sequence[Clip], seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How many of the clips sound in each GRID_SECONDS."""
    counts = np.zeros(max(1, int(np.ceil(seconds / GRID_SECONDS))))
    for clip in clips:
        first = int(clip.start_seconds / GRID_SECONDS)
        counts[first : int(np.ceil((clip.start_seconds + clip.length_seconds) / GRID_SECONDS))] += 1
    return counts
