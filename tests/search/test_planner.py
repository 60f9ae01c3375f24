"""The planner on targets that are made of its library: what it finds, that it repeats, and what it never does."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from made_sounds import phrase
from planner_case import GRID_HZ, RATE_HZ, SIX, Library, clip, one_clip_per_track, planner_of, rendered

from embedding.errors import BadOption
from embedding.kernels import FloatArray
from search.arrangement import Arrangement, arrangement_to_json
from search.contract import Limit
from search.evaluator import Evaluation
from search.planner import POLICIES, Planner
from search.rules import Rules

SECONDS = 3.6
TRUE = one_clip_per_track(
    clip("/kick", 0.0),
    clip("/pluck", 0.7, gain_db=-4.0, transpose_semitones=3.0),
    clip("/snare", 1.6),
    clip("/bass", 2.7),
)
TARGET = rendered(TRUE, SECONDS)


def searched(
    planner: Planner, policy: str, simulations: int, seed: int = 0, root: Arrangement | None = None
) -> Evaluation:
    return planner.search(policy, Limit(simulations=simulations), seed, lambda better: None, root)


def test_the_tree_search_comes_near_to_the_true_arrangement() -> None:
    planner = planner_of(TARGET)
    true = planner.evaluator.from_scratch(TRUE).total
    assert true > 0.95
    found = searched(planner, "mcts", 300)
    assert found.total > 0.9 * true
    assert {one.sample for _, one in found.arrangement.clips()} >= {"/kick", "/pluck", "/snare", "/bass"}
    assert found.total == pytest.approx(planner.evaluator.from_scratch(found.arrangement).total, abs=1e-5)


def test_greedy_and_tree_search_are_above_random() -> None:
    totals = {policy: searched(planner_of(TARGET), policy, 120).total for policy in POLICIES}
    assert totals["random"] < min(totals["mcts"], totals["greedy"])


@pytest.mark.parametrize("policy", POLICIES)
def test_the_same_seed_and_simulations_give_the_same_arrangement(policy: str) -> None:
    one, same = (
        json.dumps(arrangement_to_json(searched(planner_of(TARGET), policy, 70, seed=7).arrangement)) for _ in range(2)
    )
    assert one == same


def test_another_seed_searches_elsewhere() -> None:
    assert len({searched(planner_of(TARGET), "random", 20, seed).arrangement for seed in range(3)}) == 3


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("most_tracks", [1, 2])
def test_clips_lie_within_the_target_on_no_more_tracks_than_allowed(policy: str, most_tracks: int) -> None:
    target = phrase(4.0, seed=3)
    found = searched(planner_of(target, rules=Rules(most_tracks=most_tracks)), policy, 80).arrangement
    assert found.clip_count
    assert len(found.tracks) <= most_tracks
    for track in found.tracks:
        assert all(a.end_seconds <= b.start_seconds + 1e-9 for a, b in pairwise(track.clips))
    for _, one in found.clips():
        assert one.start_seconds >= 0.0
        assert one.length_seconds > 0.0
        assert one.end_seconds <= 4.0 + 1e-9
        assert one.start_seconds * GRID_HZ == pytest.approx(round(one.start_seconds * GRID_HZ), abs=1e-6)
        assert one.sample in SIX.sounds_by_path


@pytest.mark.parametrize("policy", POLICIES)
def test_improvements_rise_and_the_last_is_the_result(policy: str) -> None:
    totals: list[float] = []
    limit = Limit(simulations=60)
    found = planner_of(TARGET).search(policy, limit, 0, lambda better: totals.append(better.total))
    assert totals
    assert all(before < after for before, after in pairwise(totals))
    assert totals[-1] == found.total
    assert limit.is_over
    assert limit.spent <= 60


@pytest.mark.parametrize("policy", POLICIES)
def test_a_search_goes_on_from_what_stands_in_the_set(policy: str) -> None:
    planner = planner_of(TARGET)
    found = searched(planner, policy, 40, root=TRUE)
    assert found.total >= planner.evaluator.from_scratch(TRUE).total


@pytest.mark.parametrize("policy", POLICIES)
def test_clips_that_the_user_moved_behind_the_end_are_no_harm(policy: str) -> None:
    planner = planner_of(TARGET)
    root = one_clip_per_track(clip("/kick", 0.0), clip("/lead", SECONDS + 0.2), clip("/bass", SECONDS - 0.1))
    found = searched(planner, policy, 60, root=root)
    assert found.total >= planner.evaluator.from_scratch(root).total
    assert all(one.length_seconds > 0.0 for _, one in found.arrangement.clips())


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    "sounds",
    [{}, {"/silence": np.zeros(RATE_HZ, np.float32)}, {"/bass": SIX.sounds_by_path["/bass"]}],
    ids=["empty", "silent", "one sample"],
)
def test_small_libraries(policy: str, sounds: dict[str, FloatArray]) -> None:
    found = searched(planner_of(TARGET, Library(sounds)), policy, 25)
    assert {one.sample for _, one in found.arrangement.clips()} <= set(sounds)
    assert found.arrangement.clip_count > 0 if "/bass" in sounds else found.arrangement.clip_count == 0


@pytest.mark.parametrize("policy", POLICIES)
def test_samples_of_a_few_samples(policy: str) -> None:
    clicks = Library({"/one": np.ones(1, np.float32), "/nine": np.ones(9, np.float32)}, {"/one": 60.0})
    found = searched(planner_of(TARGET, clicks), policy, 25)
    assert all(one.length_seconds > 0.0 for _, one in found.arrangement.clips())
    assert 0.0 <= found.total <= 1.0


@pytest.mark.parametrize("seconds", [0.01, 0.4])
@pytest.mark.parametrize("policy", POLICIES)
def test_short_targets(policy: str, seconds: float) -> None:
    found = searched(planner_of(rendered(TRUE, seconds)), policy, 25)
    assert 0.0 <= found.total <= 1.0
    assert found.arrangement.seconds <= seconds + 1e-9


def test_the_tempo_is_that_of_the_planner() -> None:
    assert searched(planner_of(TARGET), "greedy", 5).arrangement.tempo_bpm == 120.0


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(BadOption, match="policy 'best': must be one of mcts, greedy, random"):
        searched(planner_of(TARGET), "best", 1)
