"""The layout beside what stands: clips stay on their tracks, the user's as they are, and it sounds the same."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planner_case import at_most, clip, clips_within, rendered
from test_layout import MANY, ROLES, built

from search.arrangement import Arrangement, Clip, Track
from search.editing import insert
from search.layout import compacted, levels_in_clips
from search.locks import NO_LOCKS, Locks
from search.standing_layout import settled


@st.composite
def standing_sets(draw: st.DrawFn) -> tuple[Arrangement, frozenset[Clip]]:
    """A set with faders, and some of its clips, as they are at faders of 0 dB."""
    laid = built(
        draw(st.lists(clips_within(4.0), min_size=1, max_size=24, unique_by=lambda one: one.place)),
        draw(st.integers(1, 8)),
    )
    looks = st.tuples(st.sampled_from([0.0, -3.5, -17.3, 6.0]), st.sampled_from([0.0, 0.25]))
    tracks = []
    for track in laid.tracks:
        volume_db, pan = draw(looks)
        name = draw(st.sampled_from([track.name, track.name, f"My {track.name}"]))
        tracks.append(replace(track, name=name, color="#123456", volume_db=volume_db, pan=pan))
    standing = replace(laid, tracks=tuple(tracks))
    clips = [one for _, one in levels_in_clips(standing).clips()]
    return standing, frozenset(draw(st.lists(st.sampled_from(clips), max_size=4)))


@settings(max_examples=150, deadline=None)
@given(standing_sets(), st.lists(clips_within(4.0), max_size=6), st.integers(1, 12))
def test_tracks_with_held_clips_stay_as_the_user_has_them(
    case: tuple[Arrangement, frozenset[Clip]], more: list[Clip], most_tracks: int
) -> None:
    standing, held = case
    searched = levels_in_clips(standing)
    for one in more:
        searched = insert(searched, one, ROLES[one.sample], at_most(most_tracks)) or searched
    locks = Locks(held)
    after = settled(searched, ROLES, most_tracks, standing.tracks, locks)
    assert len(after.tracks) <= max(most_tracks, len(searched.tracks))
    assert len({track.name for track in after.tracks}) == len(after.tracks)
    levelled = (one for _, one in levels_in_clips(standing).clips())
    for track, there in (place for one, place in zip(levelled, standing.clips(), strict=True) if one in held):
        (now,) = [other for other in after.tracks if other.name == track.name]
        assert replace(now, clips=()) == replace(track, clips=())
        assert there in now.clips
    sound = rendered(searched, 6.0)
    barred = [one for _, one in searched.clips() if one not in held and locks.bars(one)]
    if not barred and all(one.gain_db > -29.0 for _, one in searched.clips()):
        assert np.allclose(rendered(after, 6.0), sound, atol=1e-5 * max(1.0, float(np.abs(sound).max())))
    assert settled(searched, ROLES, most_tracks, (), NO_LOCKS) == compacted(searched, ROLES, most_tracks)


def test_a_held_clip_stays_on_a_track_that_is_not_of_its_role() -> None:
    moved = clip("/kick", 1.0, gain_db=-3.0)
    bass = Track("Bass", "#111111", -6.0, 0.0, (clip("/bass", 0.0, 0.5), moved))
    standing = Arrangement(tracks=(bass, Track("Kick", "#222222", -2.0, 0.0, (clip("/kick", 0.0),))))
    searched = levels_in_clips(standing)
    held = frozenset({replace(moved, gain_db=-9.0)})
    after = settled(searched, ROLES, 24, standing.tracks, Locks(held))
    assert [(track.name, track.volume_db, len(track.clips)) for track in after.tracks] == [
        ("Kick", -2.0, 1),
        ("Bass", -6.0, 2),
    ]
    assert moved in after.tracks[1].clips


def places(arrangement: Arrangement) -> dict[Clip, str]:
    """On which track each clip is; its gain as it is there."""
    return {one: track.name for track, one in arrangement.clips()}


@settings(max_examples=100, deadline=None)
@given(
    st.lists(clips_within(4.0), min_size=1, max_size=30, unique_by=lambda one: one.place),
    st.integers(0, 12),
    st.integers(0, 5),
    st.randoms(use_true_random=False),
)
def test_what_stands_stays_on_its_track_while_clips_come_and_go(
    clips: list[Clip], more: int, removed: int, rng: random.Random
) -> None:
    standing = compacted(built(clips[more:]), ROLES, MANY)
    left = list(levels_in_clips(standing).clips())
    rng.shuffle(left)
    searched = Arrangement()
    for _, one in left[removed:]:
        searched = insert(searched, one, ROLES[one.sample], at_most(MANY)) or searched
    for one in clips[:more]:
        searched = insert(searched, one, ROLES[one.sample], at_most(MANY)) or searched
    after = settled(searched, ROLES, MANY, standing.tracks)
    searched_clips = {one for _, one in searched.clips()}
    before, now = places(standing), places(after)
    levelled = (one for _, one in levels_in_clips(standing).clips())
    stay = [there for one, there in zip(levelled, before, strict=True) if one in searched_clips]
    assert [there for there in stay if now.get(there) != before[there]] == []
    assert np.allclose(rendered(after, 6.0), rendered(searched, 6.0), atol=1e-5)


def test_a_fader_that_the_search_does_not_know_of_changes_no_clip() -> None:
    track = Track("Bass", "#111111", -6.0, 0.0, (clip("/bass", 0.0, 0.5, gain_db=-2.0), clip("/bass", 1.0, 0.5)))
    searched = levels_in_clips(Arrangement(tracks=(track,)))
    moved = replace(track, volume_db=-12.0, pan=0.5)
    (after,) = settled(searched, ROLES, MANY, [moved]).tracks
    assert after == replace(moved, volume_db=-6.0)


def test_a_clip_that_was_joined_stays_one() -> None:
    parts = [clip("/lead", 1.0, 0.3), replace(clip("/lead", 1.3, 0.3), offset_seconds=0.3)]
    standing = compacted(built(parts), ROLES, MANY)
    assert settled(built(parts), ROLES, MANY, standing.tracks) == standing


def test_where_there_are_no_more_tracks_clips_go_where_there_is_room() -> None:
    standing = built([clip("/kick", 0.0, 0.2), clip("/bass", 0.0, 0.5)])
    searched = built([*(one for _, one in standing.clips()), clip("/hat", 1.0, 0.1), clip("/bass", 0.2, 0.5)])
    assert len(settled(searched, ROLES, MANY, standing.tracks).tracks) == 4
    three = settled(searched, ROLES, 3, standing.tracks)
    assert [track.name for track in three.tracks] == ["Kick", "Bass", "Bass 2"]
    assert three.clip_count == 4


def test_what_the_user_has_taken_away_does_not_come_back_in_another_form() -> None:
    standing = built([clip("/kick", 0.0, 0.2)])
    louder = clip("/bass", 1.0, 0.5, gain_db=3.0)
    searched = built([*(one for _, one in standing.clips()), louder])
    locks = Locks(gone=(clip("/bass", 1.1, 0.5),))
    assert [one for _, one in settled(searched, ROLES, MANY, standing.tracks, locks).clips()] == [
        one for _, one in standing.clips()
    ]


@pytest.mark.parametrize(("louder_db", "fader_db"), [(-9.0, -15.0), (-20.0, -18.0), (8.0, 2.0), (30.0, 6.0)])
def test_a_fader_follows_its_clips_as_far_as_faders_go(louder_db: float, fader_db: float) -> None:
    track = Track("Bass", "#111111", -6.0, 0.0, (clip("/bass", 0.0, 0.5, gain_db=-8.0), clip("/bass", 1.0, 0.5)))
    clips = tuple(replace(one, gain_db=one.gain_db - 6.0 + louder_db) for one in track.clips)
    searched = Arrangement(tracks=(replace(track, volume_db=0.0, clips=clips),))
    after = settled(searched, ROLES, MANY, [track])
    assert after.tracks[0].volume_db == fader_db
    assert levels_in_clips(after) == searched
