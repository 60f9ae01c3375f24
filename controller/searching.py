"""The search within its budget: how far it is shown, when it stops, and what is left of the budget for variations."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from controller.performance import Venue
from controller.progress import Progress
from controller.request import CoverRequest
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
    """The searches of one request, which share its budget: each has what is left, divided by those to come."""

    request: CoverRequest
    venue: Venue
    progress: Progress
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
        share = None if simulations is None else max(1, (simulations - self._spent) // to_come)

        def stop() -> bool:
            self._show(limit.spent)
            return self._is_stopped or time.monotonic() >= until

        def improved(evaluation: Evaluation) -> None:
            self._best_total = max(self._best_total, evaluation.total)

        limit = Limit(stop, share, lambda: until - time.monotonic())
        with crew_of(planner, usable_cores() if request.policy == "mcts" else 1) as crew:
            found = planner.search(request.policy, limit, request.seed, improved, root, crew)
        self._spent += limit.spent
        return found if found.arrangement.clip_count else None

    @property
    def _is_stopped(self) -> bool:
        return self.progress.stop_requested or not self.venue.is_open

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
