"""Tree search, greedy and random on a toy problem whose best state is known; they know no music."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bits import EMPTY, HOLD, PAIRS, Bits, Toy, counting, improvements, pairs_value, rising, sum_value

from search.contract import Limit, Policy, judged_within
from search.simple_policies import greedy, random
from search.tree import Node, Settings, mcts, select

POLICIES: dict[str, Policy[Bits, str]] = {"mcts": mcts, "greedy": greedy, "random": random}
BEST = (1,) * 2 * PAIRS
every_policy = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())


def test_a_limit_counts_down_to_nothing() -> None:
    limit = Limit(simulations=5)
    assert (limit.left(3), limit.left(9), limit.is_over) == (3, 5, False)
    limit.spend(4)
    assert (limit.left(3), limit.is_over) == (1, False)
    limit.spend(1)
    assert (limit.left(3), limit.is_over, limit.spent) == (0, True, 5)
    assert Limit(simulations=0).is_over


def test_a_limit_without_a_number_goes_on_until_it_is_stopped() -> None:
    limit = Limit(stop=counting(2))
    limit.spend(10**9)
    assert limit.left(7) == 7
    assert [limit.is_over for _ in range(3)] == [False, False, True]
    assert not Limit().is_over


def test_a_limit_ends_at_whichever_comes_first() -> None:
    assert Limit(stop=lambda: True, simulations=9).is_over


def test_only_what_the_limit_allows_is_judged_and_counted() -> None:
    toy, limit = Toy(), Limit(simulations=3)
    problem = toy.problem()
    states = [replace(EMPTY, cursor=n) for n in range(5)]
    assert [one.state for one in judged_within(problem, states[:2], limit)] == states[:2]
    assert [one.state for one in judged_within(problem, states, limit)] == states[:1]
    assert judged_within(problem, states, limit) == []
    assert (limit.spent, len(toy.evaluated)) == (3, 3)


def test_the_tree_looks_two_steps_ahead() -> None:
    toy = Toy()
    found = mcts(toy.problem(), toy.judged(EMPTY), Limit(simulations=600), np.random.default_rng(1), lambda one: None)
    assert found.state.bits == BEST
    assert found.value == 1.0


def test_greedy_does_not() -> None:
    toy = Toy()
    found = greedy(toy.problem(), toy.judged(EMPTY), Limit(simulations=600), np.random.default_rng(1), lambda one: None)
    assert found.state.bits == EMPTY.bits


def test_greedy_takes_every_step_that_improves() -> None:
    toy = Toy(sum_value)
    found = greedy(toy.problem(), toy.judged(EMPTY), Limit(simulations=40), np.random.default_rng(1), lambda one: None)
    assert found.state.bits == BEST


def test_random_finds_what_draws_can_reach() -> None:
    toy = Toy()
    found = random(
        toy.problem(), toy.judged(EMPTY), Limit(simulations=3000), np.random.default_rng(1), lambda one: None
    )
    assert found.value > pairs_value(EMPTY.bits)


@every_policy
@pytest.mark.parametrize("simulations", [0, 1, 2, 7, 8, 9, 100, 333])
def test_the_number_of_simulations_is_kept_exactly(policy: Policy[Bits, str], simulations: int) -> None:
    toy, limit = Toy(), Limit(simulations=simulations)
    policy(toy.problem(), toy.judged(EMPTY), limit, np.random.default_rng(0), lambda one: None)
    assert limit.spent == len(toy.evaluated) == simulations


@every_policy
@pytest.mark.parametrize("calls", [0, 1, 5, 50])
def test_a_search_ends_when_it_is_stopped(policy: Policy[Bits, str], calls: int) -> None:
    toy, limit = Toy(), Limit(stop=counting(calls))
    found = policy(toy.problem(), toy.judged(EMPTY), limit, np.random.default_rng(0), lambda one: None)
    assert found.value >= pairs_value(EMPTY.bits)
    assert len(toy.evaluated) <= 40 * (calls + 1)


@every_policy
@pytest.mark.parametrize("bits", [EMPTY.bits, BEST, (1, 1, 0, 0, 1, 0, 1, 1)])
@pytest.mark.parametrize("value", [pairs_value, sum_value])
def test_what_is_found_is_never_worse_than_the_root(policy: Policy[Bits, str], bits: tuple[int, ...], value) -> None:
    toy = Toy(value)
    root = toy.judged(Bits(bits))
    reported, improved = improvements()
    found = policy(toy.problem(), root, Limit(simulations=60), np.random.default_rng(3), improved)
    assert found.value >= root.value
    assert found.value == value(found.state.bits)
    if bits == BEST:
        assert found.state.bits == BEST
        assert not reported


@every_policy
def test_improvements_rise_strictly_and_end_with_what_is_found(policy: Policy[Bits, str]) -> None:
    seen = 0
    for seed in range(5):
        toy = Toy(lambda bits: sum_value(bits) ** 2)
        root = toy.judged(EMPTY)
        reported, improved = improvements()
        found = policy(toy.problem(), root, Limit(simulations=150), np.random.default_rng(seed), improved)
        assert rising([root.value, *(one.value for one in reported)])
        assert (reported[-1] if reported else root).value == found.value
        seen += len(reported)
    assert seen >= 5


@every_policy
def test_the_same_seed_gives_the_same_search(policy: Policy[Bits, str]) -> None:
    runs = []
    for seed in (4, 4, 5):
        toy = Toy()
        policy(toy.problem(), toy.judged(EMPTY), Limit(simulations=200), np.random.default_rng(seed), lambda one: None)
        runs.append(toy.evaluated)
    assert runs[0] == runs[1]
    if policy is not greedy:  # whose candidates all get evaluated here, in whatever order
        assert runs[0] != runs[2]


def test_the_tree_begins_with_the_sketches() -> None:
    toy = Toy(sketches=[Bits((1, 1, *EMPTY.bits[2:])), Bits((1, 0, *EMPTY.bits[2:])), Bits((1, 1, 1, 1, 0, 0, 0, 0))])
    reported, improved = improvements()
    found = mcts(toy.problem(), toy.judged(EMPTY), Limit(simulations=3), np.random.default_rng(0), improved)
    assert toy.evaluated == list(toy.sketches)
    assert [one.state for one in reported] == [toy.sketches[0], toy.sketches[2]]
    assert found.state == toy.sketches[2]


def test_a_node_widens_with_its_visits() -> None:
    """The most promising action first, another one only after more visits."""
    toy = Toy()
    problem, settings = toy.problem(), Settings(widening=1.0, widening_power=0.5, prior_noise=0.0)
    root: Node[Bits, str] = Node(EMPTY, None, 1.0, None, judged=toy.judged(EMPTY), visits=1)
    options = problem.outlook(EMPTY)
    first = select(options, problem, root, np.random.default_rng(0), settings)
    assert first is not None
    assert first.action == HOLD
    assert select(options, problem, root, np.random.default_rng(0), settings) is None
    root.visits = 2
    second = select(options, problem, root, np.random.default_rng(0), settings)
    assert second is not None
    assert second.action == "0"
    assert root.children == [first, second]
