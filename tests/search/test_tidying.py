"""Tidying: what adds nothing goes, what was cut short goes on, and the score never falls."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planner_case import clip, clips_within, planner_of, rendered

from search.arrangement import Arrangement, Clip, Track
from search.planner import Planner
from search.rules import Rulebook
from search.tidying import tidied

SECONDS = 4.0
MUSIC = ((clip("/kick", 0.0), clip("/kick", 1.0), clip("/kick", 2.0)), (clip("/bass", 0.5), clip("/lead", 2.4)))


def on_tracks(*tracks: tuple[Clip, ...]) -> Arrangement:
    return Arrangement(120.0, tuple(Track(f"T{n}", "#000000", clips=clips) for n, clips in enumerate(tracks)))


@pytest.fixture(scope="module")
def planner() -> Planner:
    return planner_of(rendered(on_tracks(*MUSIC), SECONDS))


def clips_after(planner: Planner, arrangement: Arrangement) -> list[Clip]:
    before = planner.evaluator.from_scratch(arrangement)
    after = tidied(before, planner.evaluator, planner.matcher)
    assert after.total >= before.total
    assert after.total == pytest.approx(planner.evaluator.from_scratch(after.arrangement).total, abs=1e-5)
    return sorted(one for _, one in after.arrangement.clips())


def test_what_the_music_needs_stays(planner: Planner) -> None:
    assert clips_after(planner, on_tracks(*MUSIC)) == sorted(MUSIC[0] + MUSIC[1])


def test_clips_that_nobody_hears_go(planner: Planner) -> None:
    unheard = (clip("/hat", 0.02, 0.05, gain_db=-42.0), clip("/snare", 2.45, 0.1, gain_db=-42.0))
    assert clips_after(planner, on_tracks(*MUSIC, unheard)) == sorted(MUSIC[0] + MUSIC[1])


def test_clips_that_do_harm_go(planner: Planner) -> None:
    assert clips_after(planner, on_tracks(*MUSIC, (clip("/snare", 1.6),))) == sorted(MUSIC[0] + MUSIC[1])


def test_clips_that_were_cut_short_go_on(planner: Planner) -> None:
    short = replace(MUSIC[1][1], length_seconds=0.25)
    assert clips_after(planner, on_tracks(MUSIC[0], (MUSIC[1][0], short))) == sorted(MUSIC[0] + MUSIC[1])


def test_held_clips_stay_as_they_are(planner: Planner) -> None:
    harmful, short = clip("/snare", 1.6), replace(MUSIC[1][1], length_seconds=0.25)
    book = Rulebook(kept=frozenset({harmful, short}))
    keeping = replace(planner, matcher=replace(planner.matcher, book=book))
    left = clips_after(keeping, on_tracks(MUSIC[0], (MUSIC[1][0], short), (harmful,)))
    assert left == sorted([*MUSIC[0], MUSIC[1][0], short, harmful])


def test_it_can_be_stopped(planner: Planner) -> None:
    before = planner.evaluator.from_scratch(on_tracks(*MUSIC, (clip("/snare", 1.6),)))
    assert tidied(before, planner.evaluator, planner.matcher, stop=lambda: True).arrangement == before.arrangement


@settings(max_examples=15, deadline=None)
@given(clips=st.lists(clips_within(SECONDS), max_size=8), least_worth=st.sampled_from([0.0, 0.005, 1.0]))
def test_the_score_never_falls_and_nothing_is_added(planner: Planner, clips: list[Clip], least_worth: float) -> None:
    fitting = [one for one in clips if one.end_seconds <= SECONDS]
    before = planner.evaluator.from_scratch(on_tracks(*((one,) for one in fitting)))
    after = tidied(before, planner.evaluator, planner.matcher, least_worth)
    assert after.total >= before.total
    assert after.arrangement.seconds <= SECONDS
    for track, was in zip(after.arrangement.tracks, before.arrangement.tracks, strict=True):
        for one in track.clips:
            assert replace(one, length_seconds=0.0) == replace(was.clips[0], length_seconds=0.0)
            assert one.length_seconds >= was.clips[0].length_seconds
