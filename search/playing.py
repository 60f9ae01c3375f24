"""Tree search of a whole recording: a sketch, then passes in waves, each finished as a producer would leave it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import reduce

from search.actions import Action, State
from search.arrangement import Arrangement
from search.contract import Improved, Judged, Limit, Problem, judged_within
from search.matching import Matcher
from search.response import Response
from search.tree import LEAST_GAIN
from search.waves import (
    LEAST_TASK_SECONDS,
    TASK_EVALUATIONS,
    Course,
    Crew,
    Stretch,
    Task,
    merged,
    seconds_each,
    waves_of,
)

FINISH_SHARE, MOST_FINISH_SECONDS = 0.1, 4.0
"""Of the time there is so much is kept for the end, when the arrangement is tidied,"""
FINISH_EVALUATIONS = 3
"""and of the evaluations so many."""


@dataclass(eq=False)
class Playing:
    """One search from `best` on, or one that goes on where `course` stands, judged with `response`; `finished` gives
    states that a finished pass may end with."""

    problem: Problem[State, Action]
    matcher: Matcher
    limit: Limit
    seed: int
    improved: Improved[State]
    crew: Crew
    finished: Callable[[State], Iterable[State]]
    best: Judged[State]
    response: Response
    course: Course

    def played(self) -> Judged[State]:
        """The best state found before the limit is over."""
        if not self.course.is_sketched:
            for state in self.problem.sketch(self.best.state):
                self._take([state])
                if self.limit.is_over:
                    return self.best
            self.course.is_sketched = not self.limit.is_done
        kept_seconds = min(MOST_FINISH_SECONDS, FINISH_SHARE * self.limit.seconds_left())
        while self._pass_through(kept_seconds):
            self.course.next_pass(self.matcher.moments_seconds)
            if not self.limit.stop():
                self._take_in_turn(self.finished(self.best.state))
        if not self.limit.stop():
            self._take_in_turn(self.finished(self.best.state))
        return self.best

    def _pass_through(self, kept_seconds: float) -> bool:
        """Plays each part of the pass to its end; False where there was no time for it."""
        for playing in waves_of(self.course.parts):
            seconds = seconds_each(len(playing), self.crew.size, self.limit.seconds_left() - kept_seconds)
            wanted = TASK_EVALUATIONS * len(playing)
            evaluations = (self.limit.left(wanted + FINISH_EVALUATIONS) - FINISH_EVALUATIONS) // len(playing)
            if self.limit.is_over or seconds < LEAST_TASK_SECONDS or evaluations <= 0:
                return False
            self._play(playing, evaluations, seconds)
        return True

    def _play(self, playing: list[Stretch], evaluations: int, seconds: float) -> None:
        """One wave: each part on from its cursor, what changed merged."""
        self.course.waves += 1
        base = self.best.state.arrangement
        tasks = [
            Task(
                base,
                part.cursor,
                part.end,
                self.course.settings.simulations_per_move,
                evaluations,
                seconds,
                (self.seed, self.course.waves, number),
                self.response,
                self.matcher.book.locks,
            )
            for number, part in enumerate(playing)
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
