"""Variations: covers that are good and different."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sounds import burst, phrase, pluck
from planner_case import RATE_HZ, Library, clip, clips_within, one_clip_per_track, planner_of

from search.arrangement import Arrangement, Clip
from search.contract import Limit
from search.evaluator import Evaluation
from search.planner import Planner
from search.variations import similarity, varied, worn

TARGET = phrase(4.0, seed=3)
TWELVE = Library(
    {f"/pluck {hz}": pluck(hz, 0.8, 0.4, RATE_HZ) for hz in (110, 165, 220, 294, 330, 392, 440, 660)}
    | {f"/hit {seed}": burst(0.3, 0.5, seed, RATE_HZ) for seed in range(4)}
)


def searched(planner: Planner, root: Arrangement | None) -> Evaluation:
    return planner.search("mcts", Limit(simulations=60), 0, lambda better: None, root)


def test_variations_are_different_and_ranked_and_nearly_as_good() -> None:
    found = varied(planner_of(TARGET, TWELVE), None, 3, searched)
    totals = [one.total for one in found]
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] > 0.7 * totals[0]
    arrangements = [one.arrangement for one in found]
    assert max(similarity(one, other) for one, other in combinations(arrangements, 2)) < 0.45


def test_they_repeat() -> None:
    one, same = (
        [found.arrangement for found in varied(planner_of(TARGET, TWELVE), None, 2, searched)] for _ in range(2)
    )
    assert one == same


def test_what_is_held_is_in_all_of_them_and_nothing_else_of_the_root() -> None:
    held, other = clip("/kick", 0.2), clip("/lead", 1.0)
    planner = planner_of(TARGET)
    planner.matcher.book = replace(planner.matcher.book, kept=frozenset({held}))
    roots: list[Arrangement | None] = []

    def search(variation: Planner, root: Arrangement | None) -> Evaluation:
        roots.append(root)
        return searched(variation, root)

    found = varied(planner, one_clip_per_track(held, other), 2, search)
    assert all(held in {one for _, one in each.arrangement.clips()} for each in found)
    assert [[one.sample for _, one in (root or Arrangement()).clips()] for root in roots] == [
        ["/kick", "/lead"],
        ["/kick"],
    ]


def test_those_found_before_a_stop_are_kept() -> None:
    planner = planner_of(TARGET)
    first = searched(planner, None)
    answers = iter([first, None])
    assert varied(planner, None, 3, lambda *_: next(answers)) == [first]


def test_what_was_used_is_proposed_less() -> None:
    planner = planner_of(TARGET)
    used = one_clip_per_track(clip("/bass", 0.0, transpose_semitones=2.0))
    atoms, before = worn(planner, [used, used]).matcher.atoms, planner.matcher.atoms.preference
    factor = {
        (atoms.samples[index].path, float(semitones)): float(after / was)
        for index, semitones, after, was in zip(
            atoms.sample_index, atoms.semitones, atoms.preference, before, strict=True
        )
    }
    assert factor["/bass", 2.0] < factor["/bass", 0.0] < factor["/kick", 0.0] == 1.0
    once = worn(planner, [used]).matcher.atoms.preference
    assert np.all(once >= atoms.preference)


@given(st.lists(clips_within(4.0), max_size=8), st.lists(clips_within(4.0), max_size=8))
def test_similarity(one: list[Clip], other: list[Clip]) -> None:
    first, second = one_clip_per_track(*one), one_clip_per_track(*other)
    assert similarity(first, first) == 1.0
    assert 0.0 <= similarity(first, second) == similarity(second, first) <= 1.0
    louder = one_clip_per_track(*(replace(each, gain_db=each.gain_db - 3.0) for each in one))
    assert similarity(first, louder) == 1.0


def test_similarity_is_by_sample_transposition_and_moment() -> None:
    bass = clip("/bass", 0.0, 0.5)
    for other in (clip("/lead", 0.0, 0.5), clip("/bass", 1.0, 0.5), clip("/bass", 0.0, 0.4, transpose_semitones=1.0)):
        assert similarity(one_clip_per_track(bass), one_clip_per_track(other)) == 0.0
    assert similarity(one_clip_per_track(bass), one_clip_per_track(clip("/bass", 0.25, 0.25))) == pytest.approx(0.5)
