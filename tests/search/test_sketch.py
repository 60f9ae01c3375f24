"""The sketch: usable arrangements from proposals alone, and an end that rings."""

from __future__ import annotations

from itertools import pairwise

import pytest
from planner_case import SIX, clip, matcher_of, one_clip_per_track, rendered

from search.arrangement import Arrangement
from search.sketch import ringing, round_of, sketches

SECONDS = 4.0
TRUE = one_clip_per_track(clip("/kick", 0.5), clip("/bass", 1.5), clip("/snare", 3.0))
MOMENTS = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]


def test_a_target_of_library_samples_is_found_by_the_first_sketches() -> None:
    matcher = matcher_of(rendered(TRUE, SECONDS), MOMENTS)
    found = [c for _, c in list(sketches(Arrangement(), matcher))[-1].clips()]
    for _, wanted in TRUE.clips():
        assert any(c.sample == wanted.sample and abs(c.start_seconds - wanted.start_seconds) < 0.02 for c in found)


def test_clips_of_one_round_do_not_overlap() -> None:
    clips = sorted(p.clip for p in round_of(Arrangement(), matcher_of(rendered(TRUE, SECONDS), MOMENTS)))
    assert clips
    assert all(one.end_seconds <= other.start_seconds for one, other in pairwise(clips))


def test_the_clip_whose_sample_goes_on_furthest_rings_to_the_end() -> None:
    short = one_clip_per_track(clip("/kick", 3.2), clip("/bass", 3.3, length_seconds=0.2))
    matcher = matcher_of(rendered(TRUE, SECONDS), MOMENTS)
    longer = ringing(short, matcher)
    assert longer.seconds == pytest.approx(SECONDS)
    assert [c.sample for _, c in longer.clips() if c.end_seconds == longer.seconds] == ["/bass"]


def test_nothing_rings_where_all_samples_have_ended() -> None:
    ended = one_clip_per_track(clip("/kick", 0.5))
    assert ringing(ended, matcher_of(rendered(TRUE, SECONDS), MOMENTS, SIX)) is ended
