"""The layout: the same clips on no more tracks than they need, in the same groups."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from planner_case import clip, clips_within

from search.arrangement import Arrangement, Clip
from search.editing import insert, remove, role_of_track
from search.layout import compacted


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(clips_within(4.0), st.sampled_from(["Kick", "Bass"])), max_size=20), st.data())
def test_clips_stay_and_tracks_are_as_few_as_overlaps_allow(
    placed: list[tuple[Clip, str]], data: st.DataObject
) -> None:
    arrangement = Arrangement()
    for one, role in placed:
        arrangement = insert(arrangement, one, role, 40) or arrangement
    for number, track in enumerate(arrangement.tracks):
        if data.draw(st.booleans()):
            arrangement = remove(arrangement, number, track.clips[0])
    before = Counter((role_of_track(track), one) for track, one in arrangement.clips())
    laid_out = compacted(arrangement)
    assert Counter((role_of_track(track), one) for track, one in laid_out.clips()) == before
    assert len({track.name for track in laid_out.tracks}) == len(laid_out.tracks)
    for role in ("Kick", "Bass"):
        clips = [one for found, one in before.elements() if found == role]
        at_once = [sum(o.start_seconds <= c.start_seconds < o.end_seconds - 1e-6 for o in clips) for c in clips]
        assert sum(role_of_track(track) == role for track in laid_out.tracks) <= max(at_once, default=0)


def test_tracks_that_the_user_set_otherwise_are_not_mixed() -> None:
    arrangement = insert(
        insert(Arrangement(), clip("/kick", 0.0), "Kick", 8) or Arrangement(), clip("/kick", 0.1), "Kick", 8
    )
    assert arrangement is not None
    quieter = replace(arrangement, tracks=(arrangement.tracks[0], replace(arrangement.tracks[1], volume_db=-6.0)))
    assert compacted(quieter) == quieter
