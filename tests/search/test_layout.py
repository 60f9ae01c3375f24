"""The layout: the same sound on few tracks, each of one role and few samples, levels on the faders."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planner_case import clip, clips_within, rendered

from search.arrangement import Arrangement, Clip, Track
from search.editing import is_free, lane_name, role_of_track
from search.layout import compacted, levels_in_clips
from search.roles import COLORS, color_of

ROLES = {"/kick": "Kick", "/hat": "Hats", "/snare": "Snare", "/bass": "Bass", "/pluck": "Chords", "/lead": "Lead"}
MANY = 40


def built(clips: list[Clip], most_tracks: int = MANY) -> Arrangement:
    """As searches lay clips: on a track of the role, else on any."""
    tracks: list[Track] = []
    for one in clips:
        role = ROLES[one.sample]
        free = [number for number, track in enumerate(tracks) if is_free(track, one)]
        if len(tracks) < most_tracks:
            free = [number for number in free if role_of_track(tracks[number]) == role] or [len(tracks)]
        if free == [len(tracks)]:
            number = sum(role_of_track(track) == role for track in tracks) + 1
            tracks.append(Track(lane_name(role, number), color_of(role)))
        for number in free[:1]:
            there = tracks[number].clips
            tracks[number] = replace(tracks[number], clips=tuple(sorted([*there, one])))
    return Arrangement(tracks=tuple(tracks))


def heard_clips(arrangement: Arrangement) -> Counter[tuple[Clip, float]]:
    """Clips at the level that they are heard at, and the side."""
    return Counter(
        (replace(one, gain_db=0.0), round(one.gain_db + track.volume_db, 6)) for track, one in arrangement.clips()
    )


@settings(max_examples=80, deadline=None)
@given(
    st.lists(clips_within(4.0), max_size=24),
    st.integers(1, 8),
    st.lists(st.sampled_from([0.0, -3.5, -18.0, 6.0]), min_size=8, max_size=8),
)
def test_it_sounds_the_same_on_no_more_tracks_in_the_order_of_roles(
    clips: list[Clip], most_tracks: int, volumes_db: list[float]
) -> None:
    laid = built(clips, most_tracks)
    tracks = (replace(track, volume_db=level) for track, level in zip(laid.tracks, volumes_db, strict=False))
    before = replace(laid, tracks=tuple(tracks))
    after = compacted(before, ROLES, most_tracks)
    assert len(after.tracks) <= most_tracks
    assert len({track.name for track in after.tracks}) == len(after.tracks)
    assert all(track.clips for track in after.tracks)
    ranks = [list(COLORS).index(role_of_track(track)) for track in after.tracks]
    assert ranks == sorted(ranks)
    assert all(-18.0 <= track.volume_db <= 6.0 for track in after.tracks)
    assert all(-42.0 <= one.gain_db <= 24.0 for _, one in after.clips())
    quiet = any(one.gain_db + track.volume_db < -42.0 for track, one in before.clips())
    if not quiet:
        sound = rendered(before, 6.0)
        assert np.allclose(rendered(after, 6.0), sound, atol=1e-6 * max(1.0, float(np.abs(sound).max())))
        assert heard_clips(after) == heard_clips(before)
        assert compacted(after, ROLES, most_tracks) == after


@settings(max_examples=60, deadline=None)
@given(st.lists(clips_within(4.0), max_size=24))
def test_where_there_are_tracks_enough_each_has_one_role_and_no_role_more_than_overlaps_need(
    clips: list[Clip],
) -> None:
    before = built(clips)
    after = compacted(before, ROLES, MANY)
    for track in after.tracks:
        assert {ROLES[one.sample] for one in track.clips} == {role_of_track(track)}
        assert track.color == color_of(role_of_track(track))
    for role in ROLES.values():
        placed = [one for _, one in before.clips() if ROLES[one.sample] == role]
        at_once = [sum(o.start_seconds <= c.start_seconds < o.end_seconds - 1e-6 for o in placed) for c in placed]
        assert sum(role_of_track(track) == role for track in after.tracks) == max(at_once, default=0)


def test_clips_of_a_sample_share_a_track() -> None:
    """Laid in time order on the first free track, the two basses would take turns."""
    low = [clip("/bass", at, 0.6) for at in (0.0, 1.0, 2.5, 3.2)]
    high = [replace(one, sample="/bass2", start_seconds=one.start_seconds + 0.3) for one in low]
    high[2] = replace(high[2], start_seconds=2.2)
    roles = {"/bass": "Bass", "/bass2": "Bass"}
    before = Arrangement(tracks=tuple(Track(f"T{n}", "#000000", clips=(one,)) for n, one in enumerate([*low, *high])))
    after = compacted(replace(before, tracks=tuple(replace(track, name="Bass") for track in before.tracks)), roles, 8)
    assert [track.name for track in after.tracks] == ["Bass", "Bass 2"]
    assert [{one.sample for one in track.clips} for track in after.tracks] == [{"/bass"}, {"/bass2"}]


def test_the_usual_level_is_on_the_fader() -> None:
    clips = [clip("/kick", at, gain_db=level) for at, level in ((0.0, -6.5), (1.0, -6.5), (2.0, -8.0), (3.0, -2.0))]
    (track,) = compacted(built(clips), ROLES, MANY).tracks
    assert track.volume_db == -6.5
    assert [one.gain_db for one in track.clips] == [0.0, 0.0, -1.5, 4.5]


def test_a_fader_that_was_set_is_kept_as_level_and_its_clips_can_be_edited_at_0_db() -> None:
    (track,) = built([clip("/kick", 0.0, gain_db=-3.0)]).tracks
    flat = levels_in_clips(Arrangement(tracks=(replace(track, volume_db=-4.5),)))
    assert flat.tracks[0].volume_db == 0.0
    assert flat.tracks[0].clips[0].gain_db == -7.5


def test_clips_that_had_to_go_elsewhere_come_back_to_their_role() -> None:
    before = Arrangement(tracks=(Track("Bass", color_of("Bass"), clips=(clip("/kick", 0.0), clip("/bass", 1.0))),))
    after = compacted(before, ROLES, 2)
    assert [(track.name, [one.sample for one in track.clips]) for track in after.tracks] == [
        ("Kick", ["/kick"]),
        ("Bass", ["/bass"]),
    ]
    (shared,) = compacted(before, ROLES, 1).tracks
    assert len(shared.clips) == 2


def test_tracks_that_the_user_panned_named_or_coloured_stay_apart_and_as_they_are() -> None:
    left = Track("Kick", "#123456", pan=-0.5, clips=(clip("/kick", 0.0),))
    middle = Track("Kick 2", color_of("Kick"), clips=(clip("/kick", 1.0),))
    own = Track("My hits", "#654321", clips=(clip("/kick", 2.0), clip("/hat", 3.0)))
    after = compacted(Arrangement(tracks=(own, left, middle)), ROLES, MANY)
    assert [(track.name, track.color, track.pan, len(track.clips)) for track in after.tracks] == [
        ("Kick", "#123456", -0.5, 1),
        ("Kick 2", "#123456", 0.0, 1),
        ("My hits", "#654321", 0.0, 2),
    ]


def test_fragments_of_one_sound_become_one_clip() -> None:
    whole = clip("/lead", 1.0, 0.9, transpose_semitones=12.0)
    ends = [0.3, 0.6]
    parts = [replace(whole, length_seconds=0.3)] + [
        replace(whole, start_seconds=1.0 + at, offset_seconds=2.0 * at, length_seconds=0.3) for at in ends
    ]
    parts[2] = replace(parts[2], length_seconds=whole.length_seconds - 0.6)
    (track,) = compacted(built(parts), ROLES, MANY).tracks
    (one,) = track.clips
    assert one.length_seconds == pytest.approx(whole.length_seconds)
    assert replace(one, length_seconds=0.0) == replace(whole, length_seconds=0.0)


@pytest.mark.parametrize(
    "change",
    [{"gain_db": -1.0}, {"offset_seconds": 0.31}, {"start_seconds": 1.31}, {"sample": "/bass"}],
)
def test_what_does_not_go_on_stays_apart(change: dict[str, float]) -> None:
    first = clip("/lead", 1.0, 0.3)
    second = replace(clip("/lead", 1.3, 0.3, offset_seconds=0.3), **change)  # type: ignore[arg-type]
    assert compacted(built([first, second]), {"/lead": "Lead", "/bass": "Lead"}, MANY).clip_count == 2
