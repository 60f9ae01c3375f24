"""Gains refitted together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from planner_case import clip, matcher_of, one_clip_per_track, rendered

from search.arrangement import Arrangement
from search.gains import refitted
from search.matching import HIGHEST_GAIN_DB, LOWEST_GAIN_DB
from search.rules import Rulebook

TRUE = one_clip_per_track(
    clip("/lead", 0.4, gain_db=-10.0), clip("/snare", 0.6, gain_db=-3.0), clip("/bass", 2.0, gain_db=2.0)
)


def gains_db(arrangement: Arrangement) -> list[float]:
    return [one.gain_db for _, one in arrangement.clips()]


def with_gains(arrangement: Arrangement, levels_db: list[float]) -> Arrangement:
    tracks = zip(arrangement.tracks, levels_db, strict=True)
    return replace(arrangement, tracks=tuple(replace(t, clips=(replace(t.clips[0], gain_db=g),)) for t, g in tracks))


@pytest.mark.parametrize("start_db", [[0.0, 0.0, 0.0], [-2.0, -12.0, 9.0]])
def test_gains_of_overlapping_sounds_are_recovered(start_db: list[float]) -> None:
    found = refitted(with_gains(TRUE, start_db), matcher_of(rendered(TRUE, 4.0), [0.0]))
    assert gains_db(found) == pytest.approx(gains_db(TRUE), abs=1.5)
    assert with_gains(found, gains_db(TRUE)) == TRUE


def test_only_gains_in_the_range_and_not_held_change() -> None:
    matcher, wrong = matcher_of(rendered(TRUE, 4.0), [0.0]), with_gains(TRUE, [6.0, 6.0, -6.0])
    assert gains_db(refitted(wrong, matcher, 0.0, 1.0))[2] == -6.0
    late = gains_db(refitted(wrong, matcher, 1.0))
    assert late[:2] == [6.0, 6.0]
    assert late[2] == pytest.approx(2.0, abs=1.5)
    matcher.book = Rulebook(kept=frozenset(one for _, one in wrong.clips() if one.sample == "/lead"))
    assert gains_db(refitted(wrong, matcher))[0] == 6.0


def test_a_tracks_volume_is_reckoned_with() -> None:
    quieter = replace(TRUE, tracks=tuple(replace(track, volume_db=-4.0) for track in TRUE.tracks))
    found = refitted(quieter, matcher_of(rendered(TRUE, 4.0), [0.0]))
    assert gains_db(found) == pytest.approx([level + 4.0 for level in gains_db(TRUE)], abs=1.5)


def test_an_empty_arrangement_stays_empty() -> None:
    assert refitted(Arrangement(), matcher_of(rendered(TRUE, 4.0), [0.0])) == Arrangement()


def test_clips_behind_the_targets_end_are_no_harm() -> None:
    late = one_clip_per_track(clip("/lead", 0.4), clip("/snare", 4.5), clip("/bass", 3.9))
    found = refitted(late, matcher_of(rendered(TRUE, 4.0), [0.0]))
    assert found.clip_count == 3
    assert all(LOWEST_GAIN_DB <= level <= HIGHEST_GAIN_DB for level in gains_db(found))
