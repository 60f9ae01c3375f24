"""Tree search of a whole recording: a sketch, then passes in waves, each finished as a producer would leave it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import reduce

from search.actions import Action, State
from search.arrangement import Arrangement
from search.contract import Improved, Judged, Limit, Problem, judged_within
from search.matching import Matcher
from search.tree import LEAST_GAIN, Settings
from search.waves import (
    LEAST_TASK_SECONDS,
    TASK_EVALUATIONS,
    Crew,
    Stretch,
    Task,
    merged,
    seconds_each,
    stretches,
    waves_of,
)

FINISH_SHARE, MOST_FINISH_SECONDS = 0.1, 4.0
"""Of the time there is so much is kept for the end, when the arrangement is tidied,"""
FINISH_EVALUATIONS = 3
"""and of the evaluations so many."""


@dataclass(eq=False)
class Playing:
    """One search from `best` on; `finished` gives states that a finished pass may end with."""

    problem: Problem[State, Action]
    matcher: Matcher
    limit: Limit
    seed: int
    improved: Improved[State]
    crew: Crew
    finished: Callable[[State], Iterable[State]]
    best: Judged[State]
    _waves: int = field(init=False, default=0)

    def played(self) -> Judged[State]:
        """The best state found before the limit is over."""
        for state in self.problem.sketch(self.best.state):
            self._take([state])
            if self.limit.is_over:
                return self.best
        kept_seconds = min(MOST_FINISH_SECONDS, FINISH_SHARE * self.limit.seconds_left())
        settings, shifted = Settings(), False
        while self._pass_through(stretches(self.matcher.moments_seconds, shifted), settings, kept_seconds):
            settings, shifted = settings.doubled(), not shifted
            self._take_in_turn(self.finished(self.best.state))
        if not self.limit.stop():
            self._take_in_turn(self.finished(self.best.state))
        return self.best

    def _pass_through(self, parts: list[Stretch], settings: Settings, kept_seconds: float) -> bool:
        """Plays each of the parts to its end; False where there was no time for it."""
        for playing in waves_of(parts):
            seconds = seconds_each(len(playing), self.crew.size, self.limit.seconds_left() - kept_seconds)
            wanted = TASK_EVALUATIONS * len(playing)
            evaluations = (self.limit.left(wanted + FINISH_EVALUATIONS) - FINISH_EVALUATIONS) // len(playing)
            if self.limit.is_over or seconds < LEAST_TASK_SECONDS or evaluations <= 0:
                return False
            self._play(playing, settings.simulations_per_move, evaluations, seconds)
        return True

    def _play(self, playing: list[Stretch], simulations_per_move: int, evaluations: int, seconds: float) -> None:
        """One wave: each part on from its cursor, what changed merged."""
        self._waves += 1
        base = self.best.state.arrangement
        tasks = [
            Task(base, part.cursor, part.end, simulations_per_move, evaluations, seconds, (self.seed, self._waves, n))
            for n, part in enumerate(playing)
        ]
        changes: list[Arrangement] = []
        for part, outcome in zip(playing, self.crew.run(tasks, lambda: self.limit.is_over), strict=True):
            if outcome is not None:
                self.limit.spend(outcome.evaluations)
                part.cursor = outcome.cursor
                changes += [outcome.arrangement] if outcome.arrangement != base else []
        book = self.matcher.book
        everything = reduce(lambda one, changed: merged(one, base, changed, book), changes, base)
        if changes and not self._take([self._with(everything)]):
            self._take_in_turn(self._with(merged(self.best.state.arrangement, base, one, book)) for one in changes)

    def _with(self, arrangement: Arrangement) -> State:
        return replace(self.best.state, arrangement=arrangement)

    def _take_in_turn(self, states: Iterable[State]) -> None:
        for state in states:
            self._take([state])

    def _take(self, states: list[State]) -> bool:
        """Whether one of them is better than all before."""
        before = self.best
        for judged in judged_within(self.problem, states, self.limit):
            if judged.value > self.best.value + LEAST_GAIN:
                self.best = judged
                self.improved(judged)
        return self.best is not before
