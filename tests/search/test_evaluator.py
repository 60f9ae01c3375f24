"""Incremental evaluation equals evaluation from scratch, whatever the edits."""

from __future__ import annotations

from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sounds import phrase, recording
from planner_case import SIX, clip, clips_within, evaluator_of, one_clip_per_track
from test_rendering import edited

from embedding.analysis import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from embedding.ears import Ears
from embedding.mfcc import MfccEars
from embedding.reward import TERMS, hear_target, weights_named
from search.arrangement import Arrangement
from search.evaluator import Evaluation, Evaluator
from search.rendering import VoiceBank

EVALUATOR = evaluator_of(5.0)


def assert_same(found: Evaluation, expected: Evaluation) -> None:
    assert found.arrangement == expected.arrangement
    np.testing.assert_allclose(astuple(found.score), astuple(expected.score), rtol=0, atol=1e-5)
    for term in TERMS:
        np.testing.assert_allclose(getattr(found.rated, term), getattr(expected.rated, term), rtol=0, atol=5e-5)
    np.testing.assert_array_equal(found.rated.silent, expected.rated.silent)
    np.testing.assert_allclose(found.rated.divisors, expected.rated.divisors, rtol=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_sequence_of_edits_one_after_the_other(data: st.DataObject) -> None:
    evaluation = EVALUATOR.from_scratch(Arrangement())
    for _ in range(data.draw(st.integers(1, 6))):
        arrangement = data.draw(edited(evaluation.arrangement))
        (evaluation,) = EVALUATOR.after([(evaluation, arrangement)])
        assert_same(evaluation, EVALUATOR.from_scratch(arrangement))


@settings(max_examples=15, deadline=None)
@given(st.lists(clips_within(5.0), min_size=2, max_size=6), st.data())
def test_a_batch_of_edits_of_different_states(clips: list, data: st.DataObject) -> None:
    roots = [EVALUATOR.from_scratch(one_clip_per_track(*clips[:count])) for count in (0, 1, len(clips))]
    drawn = data.draw(st.lists(st.integers(0, 2), max_size=6))
    edits = [(roots[number], data.draw(edited(roots[number].arrangement))) for number in drawn]
    found = EVALUATOR.after(edits)
    assert len(found) == len(edits)
    for evaluation, (_, arrangement) in zip(found, edits, strict=True):
        assert_same(evaluation, EVALUATOR.from_scratch(arrangement))


QUIET = one_clip_per_track(clip("/kick", 0.2), clip("/hat", 3.5, gain_db=-56.0), clip("/hat", 4.6, gain_db=-56.0))


@pytest.mark.parametrize("gain_db", [-20.0, 0.0, 12.0, 40.0])
def test_a_peak_that_moves_the_floor_of_all_windows(gain_db: float) -> None:
    """A louder kick raises the least divisor, so windows without it sound quieter, down to silence."""
    before = EVALUATOR.from_scratch(QUIET)
    kick = QUIET.tracks[0]
    louder = replace(kick, clips=(replace(kick.clips[0], gain_db=gain_db),))
    arrangement = replace(QUIET, tracks=(louder, *QUIET.tracks[1:]))
    (after,) = EVALUATOR.after([(before, arrangement)])
    assert_same(after, EVALUATOR.from_scratch(arrangement))
    if gain_db > 0.0:
        assert after.rated.divisors[-1] > before.rated.divisors[-1]
    (back,) = EVALUATOR.after([(after, QUIET)])
    assert_same(back, before)


@pytest.mark.parametrize("volume_db", [-50.0, -3.0, 30.0])
def test_a_tracks_volume(volume_db: float) -> None:
    before = EVALUATOR.from_scratch(QUIET)
    arrangement = replace(QUIET, tracks=(replace(QUIET.tracks[0], volume_db=volume_db, pan=0.5), *QUIET.tracks[1:]))
    (after,) = EVALUATOR.after([(before, arrangement)])
    assert_same(after, EVALUATOR.from_scratch(arrangement))


def test_blocks_that_an_edit_leaves_alone_are_the_same_objects() -> None:
    before = EVALUATOR.from_scratch(QUIET)
    (after,) = EVALUATOR.after([(before, replace(QUIET, tracks=QUIET.tracks[:2]))])
    shared = [old is new for old, new in zip(before.rated.blocks, after.rated.blocks, strict=True)]
    assert shared.count(False) in (1, 2)
    (unchanged,) = EVALUATOR.after([(before, QUIET)])
    assert unchanged.score == before.score


class CountingEars:
    heard = 0

    def hear(self, windows: np.ndarray):
        self.heard += len(windows)
        return EVALUATOR.ears.hear(windows)

    def similarity(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return EVALUATOR.ears.similarity(a, b)


@pytest.mark.parametrize(
    ("block", "first_sample_in_it", "windows"),
    [
        (5, BLOCK_SAMPLES // 2, [3, 4, 5]),
        (5, 600, [2, 3, 4, 5]),
        (5, -1200, [2, 3, 4]),
        (0, 0, [0]),
        (12, 100, [9]),
    ],
    ids=["inside a block", "from its first frame on", "before its beginning", "at the beginning", "at the end"],
)
def test_a_click_is_heard_in_the_windows_with_frames_that_hear_it(
    block: int, first_sample_in_it: int, windows: list[int]
) -> None:
    """Window w is the frames 43 w to 43 w + 129, and a frame hears 1023 samples to each side."""
    click = np.full(4, 0.01, np.float32)
    evaluator = replace(
        evaluator_of(12.0), ears=(ears := CountingEars()), bank=VoiceBank(lambda path: (click, SAMPLE_RATE_HZ))
    )
    loud = [clip("/kick", 0.5 + 0.9 * second, length_seconds=4 / SAMPLE_RATE_HZ, gain_db=40.0) for second in range(12)]
    before = evaluator.from_scratch(one_clip_per_track(*loud))
    ears.heard = 0
    at = block * BLOCK_SAMPLES + first_sample_in_it
    added = clip("/hat", at / SAMPLE_RATE_HZ, length_seconds=4 / SAMPLE_RATE_HZ)
    (after,) = evaluator.after([(before, one_clip_per_track(*loud, added))])
    assert ears.heard == len(windows)
    assert_same(after, evaluator.from_scratch(after.arrangement))


def test_an_edit_embeds_only_the_windows_that_it_touches() -> None:
    ears = CountingEars()
    evaluator = replace(evaluator_of(12.0), ears=ears)
    before = evaluator.from_scratch(one_clip_per_track(clip("/kick", 0.2, gain_db=12.0)))
    assert ears.heard == 10
    added = one_clip_per_track(clip("/kick", 0.2, gain_db=12.0), clip("/hat", 11.5, gain_db=-20.0))
    evaluator.after([(before, added)])
    assert ears.heard - 10 <= 2


def test_the_length_is_that_of_the_arrangement() -> None:
    for arrangement, coefficient in (
        (Arrangement(), 0.0),
        (one_clip_per_track(clip("/kick", 2.2)), 0.5),
        (one_clip_per_track(clip("/kick", 4.7)), 1.0),
        (one_clip_per_track(clip("/kick", 5.7)), 0.8),
        (one_clip_per_track(clip("/kick", 20.0)), 0.0),
    ):
        assert EVALUATOR.from_scratch(arrangement).score.length_coefficient == pytest.approx(coefficient, abs=1e-4)


@pytest.mark.parametrize("by", ["network", "mfcc"])
def test_the_real_ears_in_their_own_precision(ears: Ears, by: str) -> None:
    hears = ears if by == "network" else MfccEars()
    target = hear_target(recording(phrase(4.0)), hears)
    evaluator = Evaluator(target, VoiceBank(SIX.sounds), hears, weights_named("default"))
    evaluation = evaluator.from_scratch(Arrangement())
    for count in (1, 3, 4):
        clips = [clip(sample, 0.9 * n) for n, sample in enumerate(list(SIX.sounds_by_path)[:count])]
        (evaluation,) = evaluator.after([(evaluation, one_clip_per_track(*clips))])
        assert evaluation.total == pytest.approx(evaluator.from_scratch(evaluation.arrangement).total, abs=1e-4)
