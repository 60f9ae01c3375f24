"""Copies of bars: the same clips where the recording repeats, as far as set, rules and score allow."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sounds import phrase
from planner_case import clip, clips_within, matcher_of, planner_of, rendered

from search.arrangement import Arrangement, Clip, Track
from search.copying import copied, with_repeats
from search.grid import Lines
from search.repetition import Repeat, repeats_in
from search.rules import Rulebook, Rules

SECOND_BAR = Repeat(to_seconds=2.0, from_seconds=0.0, seconds=2.0, similarity=1.0)
BAR = (clip("/kick", 0.1), clip("/snare", 0.7), clip("/kick", 1.1, gain_db=-3.0), clip("/bass", 1.4, 0.6))
MATCHER = matcher_of(phrase(5.0), [0.0])


def on_tracks(*tracks: tuple[Clip, ...]) -> Arrangement:
    return Arrangement(120.0, tuple(Track(f"T{n}", "#000000", clips=clips) for n, clips in enumerate(tracks)))


def later(one: Clip, seconds: float = 2.0) -> Clip:
    return replace(one, start_seconds=one.start_seconds + seconds)


def test_a_bar_is_copied_over_what_stood_there_and_nothing_else() -> None:
    before = (clip("/hat", 4.5),)
    there = (clip("/lead", 2.0, 0.4), clip("/hat", 3.9, 0.05))
    after = copied(on_tracks(BAR[:3], BAR[3:] + there, before), SECOND_BAR, MATCHER)
    assert after == on_tracks(BAR[:3] + tuple(map(later, BAR[:3])), (BAR[3], later(BAR[3])), before)
    assert after is not None
    assert copied(after, SECOND_BAR, MATCHER) is None


def test_a_later_bar_can_be_copied_to_where_it_was_first() -> None:
    first_bar = replace(SECOND_BAR, to_seconds=0.0, from_seconds=2.0)
    assert copied(on_tracks(tuple(map(later, BAR))), first_bar, MATCHER) == on_tracks(BAR + tuple(map(later, BAR)))


def test_a_copy_whose_track_is_taken_goes_to_another() -> None:
    ringing = clip("/lead", 1.7)
    after = copied(on_tracks((clip("/kick", 0.1), ringing)), SECOND_BAR, MATCHER)
    assert after is not None
    assert [track.clips for track in after.tracks] == [
        (clip("/kick", 0.1), ringing, later(ringing)),
        (clip("/kick", 2.1),),
    ]


def test_a_copy_ends_where_the_recording_does() -> None:
    third = Repeat(to_seconds=4.0, from_seconds=0.0, seconds=1.0, similarity=1.0)
    after = copied(on_tracks((clip("/lead", 0.5),)), third, MATCHER)
    assert after is not None
    assert after.seconds == pytest.approx(5.0, abs=0.03)
    assert after.seconds <= 5.0


def test_rules_bind_copies() -> None:
    once = replace(MATCHER, book=Rulebook(Rules(most_of_a_sample=2)))
    after = copied(on_tracks(BAR), SECOND_BAR, once)
    assert after is not None
    assert sorted(one.sample for _, one in after.clips()).count("/kick") == 2
    held = clip("/lead", 2.5)
    keeping = replace(MATCHER, book=Rulebook(kept=frozenset({held})))
    kept = copied(on_tracks(BAR, (held,)), SECOND_BAR, keeping)
    assert kept is not None
    assert kept.tracks[1].clips == (held,)


def test_copies_lie_on_the_grid_that_is_wanted() -> None:
    on_lines = replace(MATCHER, book=Rulebook(lines=Lines(0.0, 0.25, strength=1.0)))
    nearly = replace(SECOND_BAR, to_seconds=2.04)
    after = copied(on_tracks((clip("/kick", 0.25),)), nearly, on_lines)
    assert after is not None
    assert [one.start_seconds for _, one in after.clips()] == [0.25, 2.25]


@settings(max_examples=40, deadline=None)
@given(st.lists(clips_within(4.5), max_size=14), st.floats(0.0, 2.5), st.floats(0.3, 2.0), st.integers(1, 4))
def test_whatever_is_copied_fits_in(clips: list[Clip], from_seconds: float, seconds: float, most_tracks: int) -> None:
    matcher = replace(MATCHER, book=Rulebook(Rules(most_tracks=most_tracks)))
    tracks: list[list[Clip]] = [[] for _ in range(most_tracks)]
    for one in sorted(clips):
        free = [track for track in tracks if not track or track[-1].end_seconds <= one.start_seconds]
        if free and one.end_seconds <= 5.0:
            free[0].append(one)
    before = on_tracks(*(tuple(track) for track in tracks))
    repeat = Repeat(from_seconds + seconds, from_seconds, seconds, 1.0)
    after = copied(before, repeat, matcher) or before
    assert len(after.tracks) <= most_tracks
    assert after.seconds <= 5.0 + 1e-9
    outside = [one for _, one in before.clips() if not 0.0 <= one.start_seconds - repeat.to_seconds < seconds]
    assert set(outside) <= {one for _, one in after.clips()}
    for _, one in after.clips():
        assert one.start_seconds * matcher.grid_hz == pytest.approx(
            round(one.start_seconds * matcher.grid_hz), abs=1e-6
        )


def test_what_was_found_in_one_bar_is_used_in_all_that_sound_like_it() -> None:
    bars = [later(one, seconds) for seconds in (0.0, 2.0, 4.0, 6.0) for one in BAR]
    target = rendered(on_tracks(tuple(bars)), 8.0)
    planner = planner_of(target)
    missing = planner.evaluator.from_scratch(on_tracks(tuple(bars[4:8])))
    repeats = repeats_in(target, [one.start_seconds for one in bars])
    found = with_repeats(missing, repeats, planner.matcher, planner.evaluator)
    assert found.total > missing.total
    assert {one for _, one in found.arrangement.clips()} == set(bars)
    assert found.total == pytest.approx(planner.evaluator.from_scratch(found.arrangement).total, abs=1e-5)


def test_what_would_score_less_stays() -> None:
    target = phrase(5.0)
    planner = planner_of(target)
    whole = planner.evaluator.from_scratch(on_tracks(BAR, (clip("/lead", 2.5),)))
    wrong = [replace(SECOND_BAR, similarity=0.5)]
    found = with_repeats(whole, wrong, planner.matcher, planner.evaluator, lost_at_most=0.0)
    assert found.total >= whole.total
