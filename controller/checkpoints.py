"""Checkpoints of a search: now and then the best arrangement is built in Live while the search goes on. What the user
edits there, and what Live adds to the sound where that is heard, is told to the planner."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Protocol

from controller.audition import Heard
from controller.calibration import Calibration, merged
from controller.filling import Proceed
from controller.listeners import ListeningStopped
from controller.progress import Progress
from controller.stage_built import Standing
from embedding.errors import CaptureFailed, JacqueesError, StageLost, StageRefused
from search.arrangement import Arrangement
from search.locks import NO_LOCKS, Locks
from search.response import FLAT, Response

CALM_SECONDS = 2.0
"""From the beginning of one build to that of the next."""
MOST_SECONDS = 5.0
"""Without a build, while there is something better."""
LOOK_SECONDS = 0.3
"""Between two looks at what the user does."""
MOST_LOST = 3
"""Failures in a row because Live does not answer."""
MOST_FAILURES = 10
"""In a row. Live may be busy for seconds, and a user who drags clips may come in the way of several builds."""


@dataclass(frozen=True)
class Known:
    """What a search has to take into account. `standing`, its faders at 0 dB, is what it goes on from if the locks are
    new."""

    response: Response = FLAT
    locks: Locks = NO_LOCKS
    standing: Arrangement = field(default_factory=Arrangement)


@dataclass(frozen=True, eq=False)
class Visit:
    """What a checkpoint brought."""

    standing: Standing
    heard: Heard | None


class Visits(Protocol):
    """The set, as checkpoints see it. What `proceed` raises ends them."""

    def visit(self, arrangement: Arrangement, proceed: Proceed) -> Visit:
        """Builds it, and hears it where Live is heard. JacqueesError."""

    def look(self) -> Standing | None:
        """What stands, where the user has changed something since the last look. JacqueesError."""


class Checkpoints:
    """A context manager; inside it a thread of its own visits the set, the only one to use the stages meanwhile.

    The first arrangement offered is built at once, others when at least `every` better ones have come since the last,
    or none was built for `most_seconds`, and `calm_seconds` have passed. What fails is tried again after that time,
    with the best that was offered by then.
    """

    def __init__(
        self,
        visits: Visits,
        every: int,
        progress: Progress,
        calm_seconds: float = CALM_SECONDS,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        self._visits = visits
        self._every = every
        self._calm_seconds = calm_seconds
        self._most_seconds = most_seconds
        self._progress = progress
        self._changed = threading.Condition()
        self._newest: Arrangement | None = None
        self._offered: Arrangement | None = None
        self._offers = every - 1
        self._due_seconds = 0.0
        self._over = False
        self._known = Known()
        self._calibration: Calibration | None = None
        self._failure: Exception | None = None
        self._failures = 0
        self._lost = 0
        self._visited_seconds = 0.0
        self._told: set[str] = set()
        """Kinds of failures."""
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
    def is_live_lost(self) -> bool:
        """It has not answered again and again: nothing that a search finds can be built there."""
        return self._lost >= MOST_LOST

    @property
    def known(self) -> Known:
        with self._changed:
            return self._known

    def offer(self, arrangement: Arrangement) -> None:
        """A better arrangement; without waiting. The same one again is none, as where a search goes on from it."""
        with self._changed:
            if arrangement == self._newest:
                return
            self._newest = self._offered = arrangement
            self._offers += 1
            self._changed.notify()

    def _run(self) -> None:
        try:
            while not self._over and self._failures < MOST_FAILURES:
                self._go_on(self._next())
        except ListeningStopped:
            return
        except Exception as why:  # a defect, raised where the search ends
            self._failure = why

    def _go_on(self, arrangement: Arrangement | None) -> None:
        try:
            if arrangement is not None:
                self._learn_of(self._visits.visit(arrangement, self._proceed))
            elif (standing := self._visits.look()) is not None:
                self._learn(standing)
            else:
                return
        except JacqueesError as why:
            self._lost = self._lost + 1 if isinstance(why, StageLost) else 0
            self._tell_of(why)
            self._await_calm(arrangement)
        else:
            self._failures = self._lost = 0
            self._visited_seconds = time.monotonic() if arrangement is not None else self._visited_seconds

    def _tell_of(self, why: JacqueesError) -> None:
        """Once for each kind, and at the last: the search goes on, its last build will meet what is wrong, too."""
        self._failures += 1
        kind = why.code if isinstance(why, StageRefused | CaptureFailed) else type(why).__name__
        if self._failures == MOST_FAILURES:
            self._progress.warn(f"nothing more is built in Live during this search: {why}")
        elif kind not in self._told:
            self._progress.warn(f"tried again in {self._calm_seconds:g} s: {why}")
        self._told.add(kind)

    def _await_calm(self, arrangement: Arrangement | None) -> None:
        """`arrangement` is due then, if nothing better is."""
        with self._changed:
            if arrangement is not None:
                self._offered = arrangement if self._offered is None else self._offered
                self._offers = max(self._offers, self._every)
            self._changed.wait_for(lambda: self._over, self._calm_seconds)

    def _next(self) -> Arrangement | None:
        """What is due to be built; None where nothing is for a moment."""
        with self._changed:
            if not self._over and not self._is_due:
                self._changed.wait(LOOK_SECONDS)
            if self._over or not self._is_due:
                return None
            found, self._offered, self._offers = self._offered, None, 0
            self._due_seconds = time.monotonic() + self._calm_seconds
            return found

    @property
    def _is_due(self) -> bool:
        now = time.monotonic()
        enough = self._offers >= self._every or now >= self._visited_seconds + self._most_seconds
        return self._offered is not None and enough and now >= self._due_seconds

    def _learn_of(self, visit: Visit) -> None:
        self._learn(visit.standing)
        if visit.heard is None:
            return
        heard, before = visit.heard, self._calibration
        self._progress.note(f"heard in Live, second {heard.begin_seconds:.1f} on: {heard.calibration.words}")
        self._calibration = heard.calibration if before is None else merged(before, heard.calibration)
        with self._changed:
            self._known = replace(self._known, response=self._calibration.response or FLAT)

    def _learn(self, standing: Standing) -> None:
        with self._changed:
            there = standing.at_zero
            locks = Locks(there.held, there.gone)
            self._known = replace(self._known, locks=locks, standing=there.arrangement)

    def _proceed(self) -> None:
        with self._changed:
            if self._over:
                raise ListeningStopped
