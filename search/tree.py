"""Monte Carlo tree search for one player and exact values: PUCT, progressive widening, batched leaves, played move by
move.

Selection maximises Q + c P sqrt(N) / (1 + n) (Rosin 2011; Silver et al. 2017), P the prior's share among the children,
Q the mean of a subtree's best and mean value, scaled to [0, 1] by the least and greatest value in the tree
(Schrittwieser et al. 2020). A node with N visits has at most ceil(w N^a) children (Coulom 2007). A leaf's value is its
exact value: the state that it stands for could be kept as it is, so no playout is needed. The first simulations are
playouts that follow the priors alone; from the best of them the game is played move by move in time order: after some
simulations the best state of the tree becomes the root, or, where none is better, the search holds. Behind the end it
begins anew.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic

import numpy as np

from search.contract import A, Improved, Judged, Limit, Option, Problem, S, judged_within

LEAST_GAIN = 1e-6
MOST_PER_MOVE = 128
Options = Callable[[S], Sequence[Option[A]]]


@dataclass(frozen=True)
class Settings:
    """`exploration` is c, `widening` w and `widening_power` a of the module's text; `best_share` is the weight of a
    subtree's best value in Q, `prior_noise` the spread of the log-normal factors that make seeds differ."""

    exploration: float = 1.0
    widening: float = 2.0
    widening_power: float = 0.6
    best_share: float = 0.5
    simulations_per_move: int = 4
    leaves_at_once: int = 4
    prior_noise: float = 0.3

    def doubled(self) -> Settings:
        """With twice as many simulations a move, as far as that goes."""
        return replace(self, simulations_per_move=min(2 * self.simulations_per_move, MOST_PER_MOVE))


@dataclass(eq=False)
class Node(Generic[S, A]):
    """`judged` is None until the leaf has been evaluated; `exhausted` where all below has been tried."""

    state: S
    action: A | None
    prior: float
    parent: Node[S, A] | None
    judged: Judged[S] | None = None
    visits: int = 0
    pending: int = 0
    total: float = 0.0
    best: float = -math.inf
    children: list[Node[S, A]] = field(default_factory=list)
    options: Sequence[Option[A]] | None = None
    tried: int = 0
    exhausted: bool = False


def mcts(
    problem: Problem[S, A],
    root: Judged[S],
    limit: Limit,
    rng: np.random.Generator,
    improved: Improved[S],
    settings: Settings = Settings(),
) -> Judged[S]:
    """The best state found by tree search from `root`."""
    best = root
    for state in problem.sketch(root.state):
        for judged in judged_within(problem, [state], limit):
            best = _better(best, judged, improved)
        if limit.is_over:
            return best
    while not limit.is_over:
        rewound = Judged(problem.rewound(best.state), best.value)
        best, _ = play(problem, rewound, limit, rng, improved, settings)
        settings = settings.doubled()
        for judged in judged_within(problem, [problem.polish(best.state)], limit):
            best = _better(best, judged, improved)
    return best


def _better(best: Judged[S], judged: Judged[S], improved: Improved[S]) -> Judged[S]:
    if judged.value <= best.value + LEAST_GAIN:
        return best
    improved(judged)
    return judged


def play(
    problem: Problem[S, A],
    start: Judged[S],
    limit: Limit,
    rng: np.random.Generator,
    improved: Improved[S],
    settings: Settings,
) -> tuple[Judged[S], S]:
    """One game from where `start` stands to the end: the best state, and the one at which it ended, or was ended."""
    best = start
    root: Node[S, A] = _rooted(start.state, start.value)
    while not problem.is_finished(root.state) and not limit.is_over:
        grow(problem, root, limit, rng, settings)
        top = max((node.judged for node in _subtree(root) if node.judged), key=lambda judged: judged.value)
        if top.value > best.value + LEAST_GAIN:
            best = top
            improved(best)
            root = _rooted(best.state, best.value)
        else:
            held = problem.step(root.state, problem.hold)
            assert held is not None, "hold is always possible before the end"
            root = _rooted(held, best.value)
    return best, root.state


def grow(problem: Problem[S, A], root: Node[S, A], limit: Limit, rng: np.random.Generator, settings: Settings) -> None:
    """One move's simulations: leaves are selected in batches, evaluated together and backed up."""
    goal = root.visits + settings.simulations_per_move
    options = problem.outlook(root.state)
    while root.visits < goal and not limit.is_over:
        leaves: list[Node[S, A]] = []
        for _ in range(settings.leaves_at_once):
            leaf = select(options, problem, root, rng, settings)
            if leaf is None:
                break
            _pend(leaf, 1)
            leaves.append(leaf)
        if not leaves:
            return
        judged = judged_within(problem, [leaf.state for leaf in leaves], limit)
        for leaf, one in zip(leaves, judged, strict=False):
            _pend(leaf, -1)
            _back_up(leaf, one)


def select(
    options: Options[S, A], problem: Problem[S, A], root: Node[S, A], rng: np.random.Generator, settings: Settings
) -> Node[S, A] | None:
    """A new leaf below `root`; None where all that may be tried for now is being evaluated already."""
    values = [node.judged.value for node in _subtree(root) if node.judged is not None]
    low, spread = min(values), max(max(values) - min(values), LEAST_GAIN)
    node = root
    while True:
        leaf = _widened(options, problem, node, rng, settings)
        if leaf is not None:
            return leaf
        unfinished = [c for c in node.children if not c.exhausted and not problem.is_finished(c.state)]
        open_children = [child for child in unfinished if child.judged]
        if not open_children:
            node.exhausted = not unfinished and node.tried == len(node.options or ())
            if not node.exhausted or node is root:
                return None
            node = root
            continue
        shares = sum(child.prior for child in node.children)
        node = max(
            open_children,
            key=lambda child: (
                (_q(child, settings.best_share) - low) / spread
                + settings.exploration
                * (child.prior / shares)
                * math.sqrt(node.visits + node.pending)
                / (1 + child.visits + child.pending)
            ),
        )


def _widened(
    options: Options[S, A], problem: Problem[S, A], node: Node[S, A], rng: np.random.Generator, settings: Settings
) -> Node[S, A] | None:
    if node.options is None:
        noise = np.exp(settings.prior_noise * rng.standard_normal(len(found := options(node.state))))
        perturbed = [Option(o.action, o.prior * float(factor)) for o, factor in zip(found, noise, strict=True)]
        node.options = sorted(perturbed, key=lambda option: -option.prior)
    allowed = math.ceil(settings.widening * max(1, node.visits) ** settings.widening_power)
    while len(node.children) < allowed and node.tried < len(node.options):
        action, prior = node.options[node.tried]
        node.tried += 1
        state = problem.step(node.state, action)
        if state is None:
            continue
        child = Node(state, action, prior, node)
        node.children.append(child)
        return child
    return None


def _rooted(state: S, value: float) -> Node[S, A]:
    """A new tree: the old one's options were those that its root looked out on."""
    root: Node[S, A] = Node(state, None, 1.0, None)
    _back_up(root, Judged(state, value))
    return root


def _q(node: Node[S, A], best_share: float) -> float:
    return best_share * node.best + (1 - best_share) * node.total / max(1, node.visits)


def _pend(node: Node[S, A], count: int) -> None:
    """Count leaves under evaluation on the way up, so that a batch explores different branches."""
    at: Node[S, A] | None = node
    while at is not None:
        at.pending += count
        at = at.parent


def _back_up(leaf: Node[S, A], judged: Judged[S]) -> None:
    leaf.judged, leaf.state = judged, judged.state
    at: Node[S, A] | None = leaf
    while at is not None:
        at.visits += 1
        at.total += judged.value
        at.best = max(at.best, judged.value)
        at = at.parent


def _subtree(root: Node[S, A]) -> Iterator[Node[S, A]]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children)
