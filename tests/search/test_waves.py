"""Stretches played side by side: they cover the recording, and who plays them makes no difference."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sounds import phrase
from planner_case import at_most, clip, one_clip_per_track, planner_of

from search.arrangement import Arrangement, arrangement_to_json
from search.contract import Limit
from search.crew import ProcessCrew, crew_of
from search.editing import insert
from search.rules import Rulebook
from search.waves import TASK_SECONDS, merged, seconds_each, stretches, waves_of

BOOK = Rulebook()
BASE = one_clip_per_track(clip("/kick", 0.0), clip("/pluck", 0.5), clip("/snare", 2.0))


@given(st.floats(0.05, 200.0), st.integers(1, 300), st.booleans())
def test_the_stretches_of_a_pass_hold_each_moment_once(seconds: float, count: int, shifted: bool) -> None:
    parts = stretches(np.linspace(0.0, seconds, count), shifted)
    assert [moment for part in parts for moment in range(part.cursor, part.end)] == list(range(count))


def test_seams_lie_elsewhere_in_the_next_pass() -> None:
    moments = np.arange(0.0, 20.0, 0.1)
    first, second = ({part.end for part in stretches(moments, shifted)} for shifted in (False, True))
    assert first & second == {200}


def test_waves_go_on_until_all_stretches_are_played() -> None:
    parts = stretches(np.arange(0.0, 60.0, 0.25), False)
    played = 0
    for wave in waves_of(parts):
        played += 1
        for part in wave:
            part.cursor = min(part.end, part.cursor + 12)
    assert all(part.cursor == part.end for part in parts)
    assert played > 1


def test_tasks_share_the_time_that_is_left() -> None:
    assert seconds_each(4, 2, 1.0) == 0.5
    assert seconds_each(3, 2, 1.0) == 0.5
    assert seconds_each(4, 2, float("inf")) == TASK_SECONDS


def inserted(arrangement: Arrangement, *clips: object) -> Arrangement:
    for one in clips:
        after = insert(arrangement, one, "Bass", BOOK)  # type: ignore[arg-type]
        assert after is not None
        arrangement = after
    return arrangement


def test_what_several_have_changed_is_all_there_in_the_end() -> None:
    one, other = clip("/bass", 1.0), clip("/bass", 3.0)
    both = merged(inserted(BASE, one), BASE, inserted(BASE, other), BOOK)
    assert {c for _, c in both.clips()} == {c for _, c in BASE.clips()} | {one, other}


def test_an_edit_of_a_clip_that_has_gone_meanwhile_is_left_out() -> None:
    louder = one_clip_per_track(clip("/kick", 0.0), clip("/pluck", 0.5, gain_db=3.0), clip("/snare", 2.0))
    without = one_clip_per_track(clip("/kick", 0.0), clip("/snare", 2.0))
    assert {c.sample for _, c in merged(without, BASE, louder, BOOK).clips()} == {"/kick", "/snare"}
    assert clip("/pluck", 0.5, gain_db=3.0) in {c for _, c in merged(BASE, BASE, louder, BOOK).clips()}


def test_what_has_no_room_is_left_out() -> None:
    standing = one_clip_per_track(clip("/bass", 1.0))
    changed = inserted(Arrangement(), clip("/lead", 1.2))
    assert merged(standing, Arrangement(), changed, at_most(1)) == standing


@pytest.mark.parametrize("processes", [2, 3])
def test_the_same_arrangement_however_many_processes_play(processes: int) -> None:
    target = phrase(12.0, seed=4)

    def found(count: int) -> str:
        planner = planner_of(target)
        with crew_of(planner, count) as crew:
            found = planner.search("mcts", Limit(simulations=150), 5, lambda better: None, None, crew)
        return json.dumps(arrangement_to_json(found.arrangement))

    assert found(processes) == found(1)


def test_a_process_that_dies_does_not_end_the_search(caplog: pytest.LogCaptureFixture) -> None:
    planner = planner_of(phrase(12.0, seed=4))
    with crew_of(planner, 2) as crew:
        assert isinstance(crew, ProcessCrew)
        crew.executor.submit(os._exit, 9).exception()
        found = planner.search("mcts", Limit(simulations=60), 0, lambda better: None, None, crew)
    assert found.arrangement.clip_count
    assert "going on with one" in caplog.text


def test_a_crew_ends_when_it_is_stopped() -> None:
    planner = planner_of(phrase(12.0, seed=4))
    asked = iter([False] * 12)
    limit = Limit(lambda: next(asked, True))
    with crew_of(planner, 2) as crew:
        found = planner.search("mcts", limit, 0, lambda better: None, None, crew)
    assert found.arrangement.clip_count
