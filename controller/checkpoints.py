"""Checkpoints of a search: now and then the best arrangement is built in Live while the search goes on, a part of it
is heard, and what Live adds to the sound is told to the planner."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from types import TracebackType

import numpy as np

from controller.audition import Heard, Span
from controller.calibration import Calibration, merged
from controller.listeners import ListeningStopped
from embedding.errors import CaptureFailed, JacqueesError
from search.arrangement import Arrangement, Clip
from search.response import FLAT, Response

RANGE_SECONDS = 6.0
"""How much of the arrangement a checkpoint hears: some windows of 3 s."""
GRID_SECONDS = 0.5
MOST_REFUSED = 2
"""Captures after each other; a busy computer spoils one now and then."""


class Checkpoints:
    """A context manager; inside it a thread of its own builds and hears, the only one to use the stages meanwhile.

    `hear` builds an arrangement and hears a part of it; the function that it is given raises when that should end. The
    first arrangement offered is heard at once, others when at least `every` better ones have come since the last.
    `warn` and `note` take lines for the user.
    """

    def __init__(
        self,
        hear: Callable[[Arrangement, Span, Callable[[], None]], Heard | None],
        every: int,
        note: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        self._hear = hear
        self._every = every
        self._note = note
        self._warn = warn
        self._changed = threading.Condition()
        self._newest: Arrangement | None = None
        self._offered: Arrangement | None = None
        self._offers = every - 1
        self._over = False
        self._calibration: Calibration | None = None
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)

    def __enter__(self) -> Checkpoints:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join()
        if kind is None and self._failure is not None:
            raise self._failure

    @property
    def response(self) -> Response:
        """What Live is known to make of the sound."""
        with self._changed:
            known = self._calibration
        return FLAT if known is None or known.response is None else known.response

    def offer(self, arrangement: Arrangement) -> None:
        """A better arrangement; without waiting. The same one again is none, as where a search goes on from it."""
        with self._changed:
            if arrangement == self._newest:
                return
            self._newest = self._offered = arrangement
            self._offers += 1
            self._changed.notify()

    def _run(self) -> None:
        heard = Arrangement()
        refused = 0
        try:
            while (arrangement := self._next()) is not None:
                try:
                    self._checkpoint(arrangement, span_to_hear(heard, arrangement))
                except CaptureFailed as why:
                    refused += 1
                    if refused == MOST_REFUSED:
                        raise
                    self._warn(f"heard later: {why}")
                else:
                    heard, refused = arrangement, 0
        except ListeningStopped:
            return
        except JacqueesError as why:  # the search goes on; what is wrong with the stage its last build will meet, too
            self._warn(f"nothing more is heard of Live during this search: {why}")
        except Exception as why:  # a defect, raised where the search ends
            self._failure = why

    def _next(self) -> Arrangement | None:
        with self._changed:
            while not self._over and (self._offered is None or self._offers < self._every):
                self._changed.wait()
            found, self._offered, self._offers = self._offered, None, 0
            return None if self._over else found

    def _checkpoint(self, arrangement: Arrangement, span: Span) -> None:
        heard = self._hear(arrangement, span, self._proceed)
        if heard is None:
            return
        self._note(f"heard in Live, second {span.begin_seconds:.1f} on: {heard.calibration.words}")
        with self._changed:
            before = self._calibration
            self._calibration = heard.calibration if before is None else merged(before, heard.calibration)

    def _proceed(self) -> None:
        with self._changed:
            if self._over:
                raise ListeningStopped


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
