"""Two policies to measure the tree search against: greedy and random."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.contract import A, Improved, Judged, Limit, Problem, S, judged_within

CANDIDATES_AT_ONCE = 32
MOST_CANDIDATES = 256
LEAST_GAIN = 1e-6


def greedy(
    problem: Problem[S, A], root: Judged[S], limit: Limit, rng: np.random.Generator, improved: Improved[S]
) -> Judged[S]:
    """Inserts what improves the exact value most, refits, until no insert improves; then again in another order.

    The best candidates are evaluated together, the next best only where none of them improves; all that improve are
    taken, best first, each judged anew on what stands.
    """
    best = root
    order: np.random.Generator | None = None
    while not limit.is_over:
        current = root
        while not limit.is_over:
            before = current
            actions = problem.survey(current.state, MOST_CANDIDATES, order)
            for first in range(0, len(actions), CANDIDATES_AT_ONCE):
                current = _take_improving(problem, current, actions[first : first + CANDIDATES_AT_ONCE], limit)
                if current is not before or limit.is_over:
                    break
            polished = judged_within(problem, [problem.polish(current.state)], limit)
            current = max([current, *polished], key=lambda judged: judged.value)
            if current.value > best.value + LEAST_GAIN:
                best = current
                improved(best)
            if current.value <= before.value + LEAST_GAIN:
                break
        order = rng
    return best


def _take_improving(problem: Problem[S, A], start: Judged[S], actions: Sequence[A], limit: Limit) -> Judged[S]:
    tried = [(action, state) for action in actions if (state := problem.step(start.state, action)) is not None]
    judged = judged_within(problem, [state for _, state in tried], limit)
    ranked = sorted(zip(judged, tried, strict=False), key=lambda pair: -pair[0].value)
    current = start
    for first, (action, _) in ranked:
        if first.value <= start.value + LEAST_GAIN:
            break
        if current is start:
            current = first  # is judged already: taken even if the limit is over
            continue
        if limit.is_over:
            break
        state = problem.step(current.state, action)
        for again in judged_within(problem, [state] if state is not None else [], limit):
            current = max(current, again, key=lambda judged: judged.value)
    return current


def random(
    problem: Problem[S, A], root: Judged[S], limit: Limit, rng: np.random.Generator, improved: Improved[S]
) -> Judged[S]:
    """Whole random playouts from the root; the best of them."""
    best = root
    while not limit.is_over:
        state = problem.rewound(root.state)
        while not problem.is_finished(state):
            state = problem.step(state, problem.draw(state, rng)) or state
        for judged in judged_within(problem, [state], limit):
            if judged.value > best.value + LEAST_GAIN:
                best = judged
                improved(best)
    return best
