"""What a search needs to know of its problem. It knows no music: states, actions and values are all it sees."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

import numpy as np

S = TypeVar("S")
A = TypeVar("A")


@dataclass(frozen=True, eq=False)
class Judged(Generic[S]):
    """A state and its exact value; higher is better."""

    state: S
    value: float


class Option(NamedTuple, Generic[A]):
    """An action and how promising it looked before it was tried, > 0."""

    action: A
    prior: float


@dataclass(frozen=True)
class Problem(Generic[S, A]):
    """Functions of states: the same result for the same arguments, whatever they remember; randomness is an argument.

    hold: the action that only moves the cursor on.
    step: the state after an action; None where it cannot be taken.
    evaluate: exact values, found in one batch; the judged states may carry what makes their successors cheap
    to evaluate.
    outlook: of a root, the function that gives for each state below it the actions at its cursor, most
    promising first, hold among them.
    survey: promising insertions anywhere, best first; with a generator in a perturbed order.
    draw: any action at the cursor, uniformly.
    sketch: ever fuller states that follow the priors alone, quickly.
    polish: the same state with its continuous attributes refitted.
    rewound: the same state with the cursor at its beginning.
    is_finished: the cursor is behind the end.
    """

    hold: A
    step: Callable[[S, A], S | None]
    evaluate: Callable[[Sequence[S]], list[Judged[S]]]
    outlook: Callable[[S], Callable[[S], Sequence[Option[A]]]]
    survey: Callable[[S, int, np.random.Generator | None], Sequence[A]]
    draw: Callable[[S, np.random.Generator], A]
    sketch: Callable[[S], Iterator[S]]
    polish: Callable[[S], S]
    rewound: Callable[[S], S]
    is_finished: Callable[[S], bool]


@dataclass
class Limit:
    """How long a search may go on: until `stop()` or, where given, until so many states have been evaluated.
    `seconds_left` is how long it may still take, infinite where no time is set."""

    stop: Callable[[], bool] = lambda: False
    simulations: int | None = None
    seconds_left: Callable[[], float] = lambda: math.inf
    spent: int = field(default=0, init=False)
    is_done: bool = field(default=False, init=False)

    def done(self) -> None:
        """There is nothing left to be found."""
        self.is_done = True

    def spend(self, evaluations: int) -> None:
        self.spent += evaluations

    def left(self, wanted: int) -> int:
        """How many of `wanted` evaluations may still be made."""
        return wanted if self.simulations is None else max(0, min(wanted, self.simulations - self.spent))

    @property
    def is_over(self) -> bool:
        return self.is_done or self.left(1) == 0 or self.stop()


Improved = Callable[[Judged[S]], None]
"""Called with each state that is better than all before."""
Policy = Callable[[Problem[S, A], Judged[S], Limit, np.random.Generator, Improved[S]], Judged[S]]
"""From a root to the best state found; it returns soon after the limit is over."""


def judged_within(problem: Problem[S, A], states: Sequence[S], limit: Limit) -> list[Judged[S]]:
    """The first of `states` judged, as many as the limit still allows, and counted."""
    allowed = list(states[: limit.left(len(states))])
    limit.spend(len(allowed))
    return problem.evaluate(allowed) if allowed else []
