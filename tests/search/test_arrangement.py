"""Arrangements: their JSON, their lengths and the rule that clips of a track never overlap."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.arrangement import (
    Arrangement,
    Clip,
    Track,
    arrangement_from_json,
    arrangement_to_json,
    with_volume_offset,
)

FINITE = st.floats(-1e3, 1e3)
LENGTHS = st.floats(1e-3, 50.0)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    clips, at = [], 0.0
    for gap, length in draw(st.lists(st.tuples(st.floats(0.0, 20.0), LENGTHS), max_size=4)):
        start = at + gap
        clips.append(Clip(start, draw(st.text()), draw(st.floats(0, 10)), length, draw(FINITE), draw(FINITE)))
        at = start + length
    return Track(draw(st.text()), "#12ab9f", draw(FINITE), draw(st.floats(-1, 1)), tuple(clips))


ARRANGEMENTS = st.builds(Arrangement, st.floats(20.0, 999.0), st.lists(tracks(), max_size=4).map(tuple))


@given(ARRANGEMENTS, st.floats(0.0, 1000.0))
def test_json_round_trips_exactly(arrangement: Arrangement, origin_beats: float) -> None:
    document = json.loads(json.dumps(arrangement_to_json(arrangement, origin_beats)))
    assert arrangement_from_json(document) == arrangement
    assert document["origin_beats"] == origin_beats


def test_json_is_as_documented() -> None:
    track = Track("Kick", "#ff3636", -3.0, 0.25, (Clip(1.5, "/a.wav", 0.125, 0.5, -6.0, 2.0),))
    assert arrangement_to_json(Arrangement(90.0, (track,)), 8.0) == {
        "format": "jacqueesbot-arrangement",
        "version": 1,
        "tempo_bpm": 90.0,
        "origin_beats": 8.0,
        "tracks": [
            {
                "name": "Kick",
                "color": "#ff3636",
                "volume_db": -3.0,
                "pan": 0.25,
                "clips": [
                    {
                        "sample": "/a.wav",
                        "start_seconds": 1.5,
                        "start_beats": 2.25,
                        "offset_seconds": 0.125,
                        "length_seconds": 0.5,
                        "gain_db": -6.0,
                        "transpose_semitones": 2.0,
                    }
                ],
            }
        ],
    }


def test_seconds_win_over_beats() -> None:
    document = arrangement_to_json(Arrangement(120.0, (Track("a", "#000000", clips=(Clip(2.0, "/a", 0, 1, 0, 0),)),)))
    document["tracks"][0]["clips"][0]["start_beats"] = 99.0
    assert [clip.start_seconds for _, clip in arrangement_from_json(document).clips()] == [2.0]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"format": "other", "version": 1, "tracks": []},
        {"format": "jacqueesbot-arrangement", "version": 2, "tracks": []},
    ],
)
def test_another_programs_json_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"expected 'jacqueesbot-arrangement', version 1"):
        arrangement_from_json(document)


def test_clips_of_a_track_may_touch_but_not_overlap() -> None:
    first, touching, overlapping = (Clip(start, "/a", 0.0, 1.0, 0.0, 0.0) for start in (0.5, 1.5, 1.25))
    assert Track("Hats", "#ffffff", clips=(first, touching)).clips == (first, touching)
    with pytest.raises(ValueError, match=r"track 'Hats': a clip at 1.25 s starts before the one at 0.5 s ends \(1.5 s"):
        Track("Hats", "#ffffff", clips=(first, overlapping))
    with pytest.raises(ValueError, match="must not overlap"):
        Track("Hats", "#ffffff", clips=(touching, first))


@given(ARRANGEMENTS)
def test_it_lasts_to_the_end_of_its_last_clip(arrangement: Arrangement) -> None:
    clips = [clip for _, clip in arrangement.clips()]
    assert arrangement.clip_count == len(clips)
    assert arrangement.seconds == max([0.0, *(clip.start_seconds + clip.length_seconds for clip in clips)])


def test_a_volume_offset_changes_volumes_alone() -> None:
    before = Arrangement(100.0, (Track("a", "#000000", -3.0), Track("b", "#000000", 1.0, 0.5)))
    after = with_volume_offset(before, 2.5)
    assert [track.volume_db for track in after.tracks] == [-0.5, 3.5]
    assert with_volume_offset(after, -2.5) == before
