"""The search within its budget: how far it is shown, when it stops, and what is left of the budget for variations."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from controller.checkpoints import Checkpoints, Known
from controller.progress import Progress
from controller.request import CoverRequest
from controller.venue import Venue
from embedding.cores import usable_cores
from embedding.errors import JacqueesError
from search.arrangement import Arrangement
from search.contract import Limit
from search.crew import crew_of
from search.evaluator import Evaluation
from search.planner import Planner
from search.variations import varied


@dataclass
class Searching:
    """The searches of one request, which share its budget: each has what is left, divided by those to come.

    `checkpoints` build in Live what is found. Once they know what Live makes of the sound, the search goes on with that
    from the best so far, whose score starts anew; once the user has edited something, from what stands.
    """

    request: CoverRequest
    venue: Venue
    progress: Progress
    checkpoints: Checkpoints | None
    _began: float = field(init=False, default_factory=time.monotonic)
    _begun: int = field(init=False, default=0)
    _spent: int = field(init=False, default=0)
    _best_total: float = field(init=False, default=0.0)

    def found(self, planner: Planner, root: Arrangement | None) -> list[Evaluation]:
        """The best arrangements within the budget, one for each variation, best first; fewer where it was stopped.
        JacqueesError where there is none at all."""
        self.progress.show("searching", 0.0, seconds_left=self.request.budget_seconds)
        found = varied(planner, root, self.request.variations, self._one)
        if not found:
            raise JacqueesError(
                f"{self.request.target}: no arrangement of {self.request.library} sounds like it after {self._spent} "
                "tries; give a larger --budget or --simulations, or another library (stopped too early?)"
            )
        return found

    def _one(self, planner: Planner, root: Arrangement | None) -> Evaluation | None:
        """The next search; None where it was stopped before it found anything."""
        request = self.request
        if self._begun and self._is_stopped:
            return None
        to_come = request.variations - self._begun
        self._begun += 1
        seconds, simulations = self._seconds_left(), request.simulations
        until = time.monotonic() + seconds / to_come
        to_spend = None if simulations is None else max(1, (simulations - self._spent) // to_come)
        with crew_of(planner, self._processes) as crew:
            while True:
                known = self._known
                planner = planner.with_response(known.response).with_locks(known.locks)
                limit = self._limit(planner, known, until, to_spend)
                found = planner.search(request.policy, limit, request.seed, self._improved, root, crew)
                self._spent += limit.spent
                to_spend = None if to_spend is None else to_spend - limit.spent
                is_over = self._is_stopped or time.monotonic() >= until or (to_spend is not None and to_spend <= 0)
                if is_over or self._is_same(known):
                    return found if found.arrangement.clip_count else None
                root, self._best_total = found.arrangement, 0.0
                if self._known.locks != known.locks:
                    root = self._known.standing

    def _limit(self, planner: Planner, known: Known, until: float, to_spend: int | None) -> Limit:
        """Until then, or until more than this is known of the set, once there is something to go on from."""

        def stop() -> bool:
            self._show(limit.spent)
            has_changed = planner.is_sketched and not self._is_same(known)
            return has_changed or self._is_stopped or time.monotonic() >= until

        limit = Limit(stop, to_spend, lambda: until - time.monotonic())
        return limit

    def _improved(self, evaluation: Evaluation) -> None:
        self._best_total = max(self._best_total, evaluation.total)
        if self.checkpoints is not None:
            self.checkpoints.offer(evaluation.arrangement)

    @property
    def _known(self) -> Known:
        return Known() if self.checkpoints is None else self.checkpoints.known

    def _is_same(self, known: Known) -> bool:
        now = self._known
        return (now.response, now.locks) == (known.response, known.locks)

    @property
    def _processes(self) -> int:
        """One core is left to a Live that is heard while it plays."""
        if self.request.policy != "mcts":
            return 1
        return usable_cores() if self.checkpoints is None else max(1, usable_cores() - 1)

    @property
    def _is_stopped(self) -> bool:
        is_live_lost = self.checkpoints is not None and self.checkpoints.is_live_lost
        return self.progress.stop_requested or is_live_lost or not self.venue.is_open

    def _seconds_left(self) -> float:
        budget = self.request.budget_seconds
        return math.inf if budget is None else max(0.0, budget - (time.monotonic() - self._began))

    def _show(self, spent: int) -> None:
        budget, simulations = self.request.budget_seconds, self.request.simulations
        if budget is not None:
            left = self._seconds_left()
            self.progress.show("searching", 1.0 - left / budget, self._best_total, left)
        elif simulations is not None:
            self.progress.show("searching", min(1.0, (self._spent + spent) / simulations), self._best_total)
