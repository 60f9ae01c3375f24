"""Proposals: the true sample comes first, clips lie on the grid within the target, cuts end where the sound is 0."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_sounds import noise, phrase
from planner_case import GRID_HZ, RATE_HZ, SIX, Library, clip, matcher_of, one_clip_per_track, rendered

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.onsets import onsets_seconds
from search.actions import REFIT, State, step
from search.arrangement import Arrangement
from search.atoms import attack_samples, make_atoms
from search.bands import BANDS, PATCH_FRAMES, pooled, pooling_at
from search.matching import HIGHEST_GAIN_DB, LOWEST_GAIN_DB, Matcher, Proposal, Query
from search.moments import CLOSEST_SECONDS, WIDEST_GAP_SECONDS, moments_seconds
from search.options import options, outlook
from search.rules import Rules, within

SECONDS = 4.0
EMPTY = Arrangement()


def moments_of(sound: np.ndarray) -> np.ndarray:
    return moments_seconds(onsets_seconds(sound), sound.size / SAMPLE_RATE_HZ)


def best(matcher: Matcher, moment: int, arrangement: Arrangement = EMPTY) -> Proposal:
    return matcher.propose([Query(arrangement, moment, 1)])[0][0]


@pytest.mark.parametrize(
    ("sample", "semitones"),
    [
        ("/pluck", -7.0),
        ("/pluck", 0.0),
        ("/pluck", 5.0),
        ("/bass", 0.0),
        ("/bass", 9.0),
        ("/lead", -12.0),
        ("/lead", 3.0),
    ]
    + [(drum, 0.0) for drum in ("/kick", "/hat", "/snare")],
)
@pytest.mark.parametrize("gain_db", [0.0, -9.0])
def test_the_true_sample_at_the_true_moment_is_the_best_proposal(sample: str, semitones: float, gain_db: float) -> None:
    true = clip(sample, 1.25, gain_db=gain_db, transpose_semitones=semitones)
    sound = SIX.sounds_by_path[sample]
    attack_seconds = attack_samples(sound) / RATE_HZ / 2 ** (semitones / 12)
    matcher = matcher_of(rendered(one_clip_per_track(true), SECONDS), [0.0, 0.7, 1.25 + attack_seconds, 2.0])
    ranked = matcher.propose([Query(EMPTY, moment, 1) for moment in range(4)])
    found = max(one for proposals in ranked for one in proposals).clip
    assert (found.sample, found.transpose_semitones) == (sample, semitones)
    assert found.start_seconds == pytest.approx(1.25, abs=0.006)
    assert found.gain_db == pytest.approx(gain_db, abs=2.5)


def test_what_has_been_inserted_explains_no_more() -> None:
    target = rendered(one_clip_per_track(clip("/pluck", 0.5), clip("/snare", 2.0)), SECONDS)
    matcher = matcher_of(target, [0.5, 2.0])
    before = [best(matcher, moment) for moment in (0, 1)]
    arrangement = one_clip_per_track(before[0].clip)
    after = [best(matcher, moment, arrangement) for moment in (0, 1)]
    assert after[0].explained < 0.2 * before[0].explained
    assert after[1].explained == pytest.approx(before[1].explained, rel=0.1)


@pytest.mark.parametrize("seed", range(3))
def test_clips_lie_on_the_grid_within_the_target(seed: int) -> None:
    target = phrase(3.37, seed)
    matcher = matcher_of(target, list(moments_of(target)))
    queries = [Query(EMPTY, moment, 12) for moment in range(len(matcher.moments_seconds))]
    proposals = [one for ranked in matcher.propose(queries) for one in ranked]
    assert len(proposals) > 50
    for proposal in proposals:
        one = proposal.clip
        for seconds in (one.start_seconds, one.length_seconds):
            assert seconds * GRID_HZ == pytest.approx(round(seconds * GRID_HZ), abs=1e-6)
        assert one.start_seconds >= 0.0
        assert one.length_seconds > 0.0
        assert one.end_seconds <= matcher.target_seconds + 1e-9
        assert LOWEST_GAIN_DB <= one.gain_db <= HIGHEST_GAIN_DB
        assert abs(one.transpose_semitones) <= 12
        assert proposal.explained > 0.0


def test_proposals_are_ranked_and_as_many_as_asked_for() -> None:
    matcher = matcher_of(phrase(SECONDS), [0.0, 0.5, 1.0])
    counts = (1, 5, 9)
    found = matcher.propose([Query(EMPTY, moment, count) for moment, count in enumerate(counts)])
    for count, ranked in zip(counts, found, strict=True):
        explained = [proposal.explained for proposal in ranked]
        assert explained == sorted(explained, reverse=True)
        assert 1 <= len(ranked) <= count


def test_queries_are_answered_alike_alone_and_together() -> None:
    matcher = matcher_of(phrase(SECONDS), [0.1 * step for step in range(12)])
    arrangement = one_clip_per_track(clip("/bass", 0.2), clip("/hat", 0.6))
    queries = [Query(arrangement, moment, 1) for moment in range(12)]
    together = matcher.propose(queries)
    fresh = replace(matcher)
    for query, found in zip(queries, together, strict=True):
        (alone,) = fresh.propose([query])
        assert len(alone) == len(found)
        for one, same in zip(alone, found, strict=True):
            assert one.explained == pytest.approx(same.explained, rel=0.02)
            assert one.clip.sample == same.clip.sample


SILENCE = Library({"/silence": np.zeros(RATE_HZ, np.float32)})


@pytest.mark.parametrize("library", [Library({}), SILENCE], ids=["none", "silent"])
def test_without_atoms_nothing_is_proposed(library: Library) -> None:
    matcher = matcher_of(phrase(SECONDS), [0.0, 1.0], library)
    assert matcher.atoms.count == 0
    assert matcher.propose([Query(EMPTY, 0, 5), Query(EMPTY, 1, 5)]) == [[], []]
    assert matcher.propose([]) == []


def test_a_silent_target_has_no_proposals() -> None:
    matcher = matcher_of(np.zeros(3 * 22050, np.float32), [0.0, 1.0])
    assert matcher.propose([Query(EMPTY, 0, 5), Query(EMPTY, 1, 5)]) == [[], []]


def test_a_pitched_sample_has_every_semitone_another_a_few() -> None:
    atoms = make_atoms(SIX.samples, SIX.sounds, Rules(transpositions=within(3)))
    semitones = {
        sample.path: sorted(atoms.semitones[atoms.sample_index == index].tolist())
        for index, sample in enumerate(atoms.samples)
    }
    assert semitones["/pluck"] == [-3, -2, -1, 0, 1, 2, 3]
    assert 0 in semitones["/snare"]
    assert all(abs(step) <= 3 for steps in semitones.values() for step in steps)
    assert all(atoms.roles)


@pytest.mark.parametrize("semitones", [0.0, -5.0, 12.0])
@pytest.mark.parametrize("length", [0.07, 0.1234, 0.3])
def test_a_shortened_clip_ends_where_the_sound_crosses_zero(length: float, semitones: float) -> None:
    matcher = matcher_of(phrase(SECONDS), [0.0])
    whole = clip("/pluck", 1.0, transpose_semitones=semitones)
    shorter = matcher.shortened(whole, length)
    assert shorter is not None
    assert shorter == replace(whole, length_seconds=shorter.length_seconds)
    assert abs(shorter.length_seconds - length) <= 67 / 22050
    sound, end = matcher.bank.sound_of(whole), matcher.bank.sound_of(shorter).size
    assert np.signbit(sound[end - 1]) != np.signbit(sound[end])


def test_a_clip_gets_no_shorter_than_can_be_heard_and_no_longer_than_it_is() -> None:
    matcher = matcher_of(phrase(SECONDS), [0.0])
    assert matcher.shortened(clip("/pluck", 1.0), 0.01) is None
    whole = clip("/hat", 1.0)
    longer = matcher.shortened(whole, 9.0)
    assert longer is not None
    assert longer.length_seconds <= whole.length_seconds


def test_the_longest_clip_ends_with_its_sample_or_the_target() -> None:
    matcher = matcher_of(phrase(SECONDS), [0.0])
    assert matcher.longest(clip("/pluck", 1.0, 0.1)).length_seconds == pytest.approx(0.8, abs=1e-4)
    assert matcher.longest(clip("/pluck", 1.0, 0.1, transpose_semitones=12.0)).length_seconds == pytest.approx(0.4)
    assert matcher.longest(clip("/pluck", 3.5, 0.1)).end_seconds == pytest.approx(4.0)


@pytest.mark.parametrize("sound", [phrase(4.3), noise(60000), np.zeros(50000, np.float32), np.zeros(300, np.float32)])
def test_moments_begin_at_0_and_leave_no_wide_gap(sound: np.ndarray) -> None:
    moments = moments_of(sound)
    assert moments[0] == 0.0
    gaps = np.diff([*moments, sound.size / 22050])
    assert (gaps > 0.0).all()
    assert gaps.max() <= WIDEST_GAP_SECONDS + 1e-6


def test_moments_lie_at_the_attacks() -> None:
    starts = [0.4, 1.13, 2.0, 2.71]
    target = rendered(one_clip_per_track(*(clip("/snare", start) for start in starts)), SECONDS)
    moments = moments_of(target)
    assert np.diff(moments).min() >= CLOSEST_SECONDS - 1e-9
    for start in starts:
        assert np.abs(moments - start).min() < 0.01


def test_every_option_leaves_clips_that_can_be_heard() -> None:
    """Also where the user's own clips reach behind the target's end, or begin there."""
    target = phrase(3.0)
    matcher = matcher_of(target, list(moments_of(target)))
    arrangement = one_clip_per_track(clip("/bass", 0.5), clip("/lead", 2.8), clip("/pluck", 3.5))
    kinds = set()
    for cursor in range(len(matcher.moments_seconds)):
        state = State(arrangement, cursor)
        found = options(state, outlook(state, matcher), matcher)
        assert {option.action.kind for option in found} >= {"hold", "finish"}
        for action, prior in found:
            assert prior > 0.0
            after = step(state, action, 99, matcher.book) if action != REFIT else None
            if after is not None:
                kinds.add(action.kind)
                assert all(one.length_seconds > 0.0 for _, one in after.arrangement.clips())
    assert kinds == {"hold", "finish", "insert", "remove", "replace", "trim", "gain", "transpose"}


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0 ** (5 / 12), 2.0])
@pytest.mark.parametrize("frames", [3, 172, 400])
def test_pooling_at_a_ratio_is_interpolating_and_then_pooling(ratio: float, frames: int) -> None:
    bands = np.random.default_rng(0).random((frames, BANDS)).astype(np.float32)
    at = np.arange(PATCH_FRAMES) * ratio
    padded = np.concatenate([bands, np.zeros((2 * PATCH_FRAMES + 2, BANDS), np.float32)])
    heard = np.stack([np.interp(at, np.arange(len(padded)), column) for column in padded.T], axis=1)
    matrix = pooling_at(ratio)
    width = min(matrix.shape[1], frames)
    np.testing.assert_allclose(matrix[:, :width] @ bands[:width], pooled(heard.astype(np.float32)), atol=1e-5)
