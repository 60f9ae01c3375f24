"""Going on from what stands: what is kept stays exactly, what is forbidden goes, what must be used is used."""

from __future__ import annotations

import numpy as np
import pytest
from made_sounds import phrase
from planner_case import clip, one_clip_per_track, planner_of, rendered

from embedding.errors import BadOption
from search.arrangement import Arrangement, Clip
from search.contract import Limit
from search.keeping import going_on
from search.planner import POLICIES
from search.rules import Rules, Selection, Span

TARGET = phrase(4.0, seed=7)
STANDING = one_clip_per_track(
    clip("/kick", 0.1), clip("/lead", 0.9, gain_db=-20.0), clip("/bass", 1.7), clip("/hat", 3.0, gain_db=-35.0)
)


def clips(arrangement: Arrangement | None) -> list[Clip]:
    return sorted(one for _, one in (arrangement or Arrangement()).clips())


def searched(rules: Rules, standing: Arrangement, policy: str = "mcts") -> Arrangement:
    planner, root = going_on(planner_of(TARGET, rules=rules), standing, asked_for=True)
    return planner.search(policy, Limit(simulations=60), 0, lambda better: None, root).arrangement


@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_kept_stays_as_it_is(policy: str) -> None:
    rules = Rules(keep=(Selection(frozenset({"/lead"})), Selection(names=frozenset({"hats"}))))
    found = searched(rules, STANDING, policy)
    assert {STANDING.tracks[1].clips[0], STANDING.tracks[3].clips[0]} <= set(clips(found))
    assert clips(found) != clips(STANDING)


@pytest.mark.parametrize("policy", POLICIES)
def test_in_a_kept_part_nothing_changes(policy: str) -> None:
    kept = Span(0.8, 2.0)
    found = searched(Rules(kept_spans=(kept,)), STANDING, policy)
    assert [one for one in clips(found) if kept.sounds(one)] == [one for one in clips(STANDING) if kept.sounds(one)]


def test_what_is_forbidden_goes_from_what_stands() -> None:
    planner = planner_of(TARGET, rules=Rules(forbidden=Selection(frozenset({"/kick"}), frozenset({"bass"}))))
    assert [one.sample for one in clips(going_on(planner, STANDING, True)[1])] == ["/lead", "/hat"]
    planner = planner_of(TARGET, rules=Rules(only=Selection(frozenset({"/kick", "/hat"}))))
    assert [one.sample for one in clips(going_on(planner, STANDING, True)[1])] == ["/kick", "/hat"]


def test_what_sounds_in_a_forbidden_part_ends_before_it_or_goes() -> None:
    forbidden = Span(1.2, 2.5)
    _, left = going_on(planner_of(TARGET, rules=Rules(forbidden_spans=(forbidden,))), STANDING, True)
    assert [one.sample for one in clips(left)] == ["/kick", "/lead", "/hat"]
    assert not any(forbidden.sounds(one) for one in clips(left))
    assert clips(left)[1].end_seconds == pytest.approx(1.2, abs=0.03)


@pytest.mark.parametrize("policy", POLICIES)
def test_what_must_be_used_and_does_not_stand_is_used(policy: str) -> None:
    """Even a sample that nothing in the recording asks for."""
    rules = Rules(keep=(Selection(frozenset({"/hat"})), Selection(names=frozenset({"kick"}))))
    lows = rendered(one_clip_per_track(clip("/bass", 0.0), clip("/bass", 1.5)), 3.0)
    planner, root = going_on(planner_of(lows, rules=rules), Arrangement(), asked_for=False)
    found = planner.search(policy, Limit(simulations=40), 0, lambda better: None, root).arrangement
    assert {"/hat", "/kick"} <= {one.sample for _, one in found.clips()}


def test_a_set_for_another_recording_is_not_gone_on_from_unless_asked_for() -> None:
    planner = planner_of(rendered(one_clip_per_track(clip("/kick", 0.0), clip("/kick", 1.0)), 2.0))
    other = one_clip_per_track(clip("/lead", 0.3))
    assert going_on(planner, other, asked_for=False)[1] is None
    assert clips(going_on(planner, other, asked_for=True)[1]) == clips(other)
    rules = Rules(keep=(Selection(frozenset({"/lead"})),))
    assert clips(going_on(planner_of(TARGET, rules=rules), other, asked_for=False)[1]) == clips(other)


def test_there_must_be_something_to_keep() -> None:
    with pytest.raises(BadOption, match="nothing stands yet"):
        going_on(planner_of(TARGET, rules=Rules(kept_spans=(Span(1.0, 2.0),))), Arrangement(), True)
    forbidden_all = Rules(
        keep=(Selection(frozenset({"/hat"})),), forbidden_spans=(Span(0.0, 4.0),), quietest_db=-np.inf
    )
    with pytest.raises(BadOption, match="no clip of /hat fits anywhere"):
        going_on(planner_of(TARGET, rules=forbidden_all), Arrangement(), True)
