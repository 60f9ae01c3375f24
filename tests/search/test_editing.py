"""Edits and actions: what a set allows, and that tracks stay in order whatever is done."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planner_case import at_most, clip, clips_within, one_clip_per_track

from search.actions import FINISH, HOLD, Action, State, step
from search.arrangement import Arrangement, Clip, Track
from search.editing import DOUBLE_SECONDS, exchange, insert, is_free, remove
from search.rules import Rulebook

ROLES = st.sampled_from(["Kick", "Bass", "Two words"])


def in_order_and_apart(arrangement: Arrangement) -> bool:
    return all(
        before.end_seconds <= after.start_seconds + 1e-9
        for track in arrangement.tracks
        for before, after in zip(track.clips, track.clips[1:], strict=False)
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(clips_within(4.0), ROLES), max_size=25), st.integers(1, 5))
def test_inserts_never_overlap_nor_exceed_the_tracks(inserts: list[tuple[Clip, str]], most_tracks: int) -> None:
    arrangement, taken = Arrangement(), 0
    for new, role in inserts:
        after = insert(arrangement, new, role, at_most(most_tracks))
        if any(doubles(new, one) for _, one in arrangement.clips()):
            assert after is None
            continue
        if after is None:
            assert len(arrangement.tracks) == most_tracks
            assert not any(is_free(track, new) for track in arrangement.tracks)
            continue
        arrangement, taken = after, taken + 1
        assert in_order_and_apart(arrangement)
        assert arrangement.clip_count == taken
        assert len(arrangement.tracks) <= most_tracks
        assert len({track.name for track in arrangement.tracks}) == len(arrangement.tracks)
        assert new in [one for _, one in arrangement.clips()]


def doubles(new: Clip, other: Clip) -> bool:
    voices = ((one.sample, one.offset_seconds, one.transpose_semitones) for one in (new, other))
    return len(set(voices)) == 1 and abs(new.start_seconds - other.start_seconds) <= DOUBLE_SECONDS


@settings(max_examples=80, deadline=None)
@given(st.lists(clips_within(4.0), min_size=1, max_size=15), clips_within(4.0), st.data())
def test_remove_and_exchange_touch_one_clip(clips: list[Clip], new: Clip, data: st.DataObject) -> None:
    arrangement = Arrangement()
    for one in clips:
        arrangement = insert(arrangement, one, "Any", at_most(4)) or arrangement
    placed = [(n, one) for n, track in enumerate(arrangement.tracks) for one in track.clips]
    number, old = data.draw(st.sampled_from(placed))
    rest = [pair for pair in placed if pair != (number, old)]
    removed = remove(arrangement, number, old)
    assert [(n, one) for n, track in enumerate(removed.tracks) for one in track.clips] == rest
    exchanged = exchange(arrangement, number, old, new, Rulebook())
    if exchanged is None:
        others = [one for n, one in rest if n == number]
        assert any(one.start_seconds < new.end_seconds and new.start_seconds < one.end_seconds for one in others)
    else:
        assert in_order_and_apart(exchanged)
        found = [(n, one) for n, track in enumerate(exchanged.tracks) for one in track.clips]
        assert sorted(found) == sorted([*rest, (number, new)])


def test_a_clip_goes_to_the_first_free_track_of_its_role() -> None:
    arrangement = Arrangement()
    for start, role in ((0.0, "Kick"), (0.1, "Kick"), (0.0, "Bass"), (1.0, "Kick")):
        arrangement = insert(arrangement, clip(f"/{role.lower()}", start), role, at_most(8)) or arrangement
    names = [(track.name, [one.start_seconds for one in track.clips]) for track in arrangement.tracks]
    assert names == [("Kick", [0.0, 1.0]), ("Kick 2", [0.1]), ("Bass", [0.0])]
    assert arrangement.tracks[0].color == arrangement.tracks[1].color != arrangement.tracks[2].color


def test_where_no_track_may_be_added_any_free_one_is_taken() -> None:
    arrangement = insert(Arrangement(), clip("/kick", 0.0), "Kick", at_most(1))
    assert arrangement is not None
    assert insert(arrangement, clip("/bass", 0.1), "Bass", at_most(1)) is None
    shared = insert(arrangement, clip("/bass", 0.5), "Bass", at_most(1))
    assert shared is not None
    assert [one.sample for one in shared.tracks[0].clips] == ["/kick", "/bass"]


def test_clips_that_touch_are_free() -> None:
    track = Track("a", "#000000", clips=(clip("/kick", 1.0, 0.25),))
    assert is_free(track, clip("/kick", 0.75, 0.25))
    assert is_free(track, clip("/kick", 1.25, 0.25))
    assert not is_free(track, clip("/kick", 1.0, 0.25))
    assert not is_free(track, clip("/kick", 1.1, 0.05))
    assert not is_free(track, clip("/lead", 0.9))


STANDING = one_clip_per_track(clip("/kick", 0.5), clip("/bass", 1.0))
STATE = State(STANDING, 3)
KICK, BASS = (track.clips[0] for track in STANDING.tracks)


def test_hold_moves_the_cursor_on_and_finish_behind_the_end() -> None:
    for action, cursor in ((HOLD, 4), (FINISH, 10)):
        after = step(STATE, action, 10, at_most(4))
        assert after is not None
        assert (after.cursor, after.arrangement) == (cursor, STANDING)


def test_an_insert_leaves_the_cursor() -> None:
    after = step(STATE, Action("insert", clip("/hat", 0.1), "Hats"), 10, at_most(4))
    assert after is not None
    assert (after.cursor, after.arrangement.clip_count) == (3, 3)
    assert step(STATE, Action("insert", clip("/lead", 0.4), "Lead"), 10, at_most(2)) is None


@pytest.mark.parametrize("kind", ["replace", "trim", "gain", "transpose"])
def test_an_edit_exchanges_its_clip(kind: str) -> None:
    new = clip("/snare", 0.5)
    after = step(STATE, Action(kind, new, "", 0, KICK), 10, at_most(4))  # type: ignore[arg-type]
    assert after is not None
    assert after.arrangement.tracks[0].clips == (new,)
    assert after.arrangement.tracks[1] is STANDING.tracks[1]


def test_remove_leaves_the_track() -> None:
    after = step(STATE, Action("remove", None, "", 1, BASS), 10, at_most(4))
    assert after is not None
    assert [track.clips for track in after.arrangement.tracks] == [(KICK,), ()]


@pytest.mark.parametrize(("track", "old"), [(0, BASS), (1, KICK), (2, KICK), (0, clip("/kick", 0.5, gain_db=1.0))])
def test_an_edit_of_a_clip_that_is_gone_is_none(track: int, old: Clip) -> None:
    assert step(STATE, Action("remove", None, "", track, old), 10, at_most(4)) is None
    assert step(STATE, Action("gain", clip("/kick", 0.5, gain_db=3.0), "", track, old), 10, at_most(4)) is None


@pytest.mark.parametrize("action", [Action("insert"), Action("remove"), Action("gain", None, "", 0, KICK)])
def test_an_action_without_its_clip_is_an_error(action: Action) -> None:
    with pytest.raises(ValueError, match="an insert needs a clip, an edit the clip it acts on"):
        step(STATE, action, 10, at_most(4))
