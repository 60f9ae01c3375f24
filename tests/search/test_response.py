"""What Live adds to the sound: filtering part by part is filtering the whole, and the search goes by what is heard."""

from __future__ import annotations

import json
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sounds import noise, phrase, tiny_ears
from planner_case import SIX, clip, evaluator_of, one_clip_per_track, planner_of, rendered
from test_evaluator import assert_same
from test_rendering import arrangements, edited

from embedding.blocks import block_count, blocks_of
from embedding.reward import Candidate, rate
from search import planner as planner_module
from search.arrangement import Arrangement, arrangement_to_json
from search.contract import Limit
from search.crew import ProcessCrew, crew_of
from search.evaluator import Evaluation
from search.finding import NOTHING_FOUND, Found
from search.planner import Planner
from search.playing import FINISH_EVALUATIONS
from search.rendering import VoiceBank, render_blocks, render_mono, touched_blocks
from search.response import FLAT, Response
from search.waves import Task

EVALUATOR = evaluator_of(5.0)
SAMPLES = EVALUATOR.target.samples
ARRANGEMENT = one_clip_per_track(clip("/kick", 0.2), clip("/pluck", 1.1, gain_db=-4.0), clip("/lead", 3.0))
HALF = Response(np.array([0.5], np.float32))


def decaying(taps: int, seed: int = 0) -> Response:
    """A filter that is nothing like flat."""
    kernel = noise(taps, seed=seed) * np.linspace(1.0, 0.0, taps, dtype=np.float32)
    kernel[0] = 0.7
    return Response(kernel)


responses = st.one_of(
    st.just(HALF),
    st.just(FLAT),
    st.builds(decaying, st.sampled_from([2, 30, 1024, 1500]), st.integers(0, 3)),
)


def test_responses_are_the_same_by_their_taps() -> None:
    assert Response(np.array([1.0])) == FLAT
    assert hash(Response(np.array([1.0]))) == hash(FLAT)
    assert len({decaying(30), decaying(30), decaying(30, seed=1), FLAT}) == 3
    assert FLAT != 1.0


@pytest.mark.parametrize("kernel", [[], [0.0], [1.0, np.nan], [[1.0]]])
def test_what_is_no_response(kernel: list) -> None:
    with pytest.raises(ValueError, match="a row of finite taps that are not all 0"):
        Response(np.array(kernel))


def test_taps_cannot_be_changed_afterwards() -> None:
    taps = np.array([1.0, 0.5], np.float32)
    response = Response(taps)
    taps[0] = 9.0
    assert response == Response(np.array([1.0, 0.5]))
    with pytest.raises(ValueError, match="read-only"):
        response.kernel[0] = 9.0


@pytest.mark.parametrize("taps", [1, 2, 500])
def test_a_sound_is_heard_through_the_filter(taps: int) -> None:
    response, mono = decaying(taps), noise(3000)
    expected = np.convolve(mono, response.kernel, mode="valid")
    assert response.heard(mono).dtype == np.float32
    np.testing.assert_allclose(response.heard(mono), expected, atol=1e-6)


def test_a_flat_response_touches_nothing() -> None:
    mono = noise(100)
    assert FLAT.heard(mono) is mono
    assert FLAT.shape == FLAT


def test_the_level_is_that_of_most_mel_bands() -> None:
    assert HALF.level == 0.5
    assert HALF.shape.is_flat
    high = Response(0.25 * np.array([1.0] + [0.0] * 200 + [0.001]))
    assert high.level == pytest.approx(0.25, rel=0.01)
    np.testing.assert_allclose(high.shape.kernel * high.level, high.kernel, rtol=1e-6)


def test_gains_are_the_spectrum_of_the_taps() -> None:
    response = decaying(64)
    hz = np.arange(0, 4096 // 2 + 1) * 22050 / 4096
    np.testing.assert_allclose(response.gains(hz), np.abs(np.fft.rfft(response.kernel, 4096)), atol=1e-6)


@settings(max_examples=25)
@given(responses, st.data())
def test_a_sequence_of_edits_one_after_the_other(response: Response, data: st.DataObject) -> None:
    evaluator = replace(EVALUATOR, response=response)
    evaluation = evaluator.from_scratch(ARRANGEMENT)
    for _ in range(data.draw(st.integers(1, 4))):
        arrangement = data.draw(edited(evaluation.arrangement))
        (evaluation,) = evaluator.after([(evaluation, arrangement)])
        assert_same(evaluation, evaluator.from_scratch(arrangement))


@settings(max_examples=40)
@given(responses, arrangements())
def test_the_score_is_that_of_the_whole_mix_through_the_filter(response: Response, arrangement: Arrangement) -> None:
    evaluation = replace(EVALUATOR, response=response).from_scratch(arrangement)
    mix = render_mono(arrangement, EVALUATOR.bank, SAMPLES)
    heard = np.convolve(mix.astype(np.float64), response.kernel)[:SAMPLES].astype(np.float32)
    candidate = Candidate(blocks_of(heard, SAMPLES), round(arrangement.seconds * 22050))
    (expected,) = rate(EVALUATOR.target, [candidate], EVALUATOR.ears, EVALUATOR.weights)
    np.testing.assert_allclose(astuple(evaluation.score), astuple(expected.score), rtol=0, atol=1e-3)
    assert evaluation.total == evaluation.score.total


@settings(max_examples=60)
@given(responses, st.data())
def test_blocks_that_are_not_touched_stay_exactly_the_same(response: Response, data: st.DataObject) -> None:
    bank = VoiceBank(SIX.sounds)
    before = data.draw(arrangements())
    after = data.draw(edited(before))
    count = block_count(SAMPLES)
    for number in set(range(count)) - set(touched_blocks(before, after, count, response)):
        (old,), (new,) = (render_blocks(one, bank, SAMPLES, [number], response) for one in (before, after))
        np.testing.assert_array_equal(new.mel, old.mel)
        np.testing.assert_array_equal(new.chroma, old.chroma)
        assert (new.peak, new.head_peak) == (old.peak, old.head_peak)


def test_an_echo_is_heard_in_the_block_behind() -> None:
    """A clip ends just before the frames of a block begin; an echo 1000 samples later lies in it."""
    echo = Response(np.array([1.0] + [0.0] * 999 + [0.5]))
    number = 3
    end = number * 43 * 512 - 1024 - 100
    early = clip("/kick", (end - 2000) / 22050, length_seconds=2000 / 22050)
    before, after = Arrangement(), one_clip_per_track(early)
    count = block_count(SAMPLES)
    assert number not in touched_blocks(before, after, count)
    assert number in touched_blocks(before, after, count, echo)
    bank = VoiceBank(SIX.sounds)
    assert render_blocks(after, bank, SAMPLES, [number])[0].mel.max() == 0.0
    assert render_blocks(after, bank, SAMPLES, [number], echo)[0].mel.max() > 0.1


SECONDS = 8.0
TARGET = phrase(SECONDS, seed=4)


def searched(planner: Planner, simulations: int, root: Arrangement | None = None, seed: int = 0) -> Evaluation:
    return planner.search("mcts", Limit(simulations=simulations), seed, lambda better: None, root)


def as_text(arrangement: Arrangement) -> str:
    return json.dumps(arrangement_to_json(arrangement))


def test_a_fader_that_is_pulled_down_is_not_climbed_against() -> None:
    """The same arrangement is found as without; only the score says that it is heard more softly."""
    plain = searched(planner_of(TARGET), 150)
    softly = searched(planner_of(TARGET).with_response(HALF), 150)
    assert as_text(softly.arrangement) == as_text(plain.arrangement)
    assert softly.value == plain.total
    assert softly.total < plain.total - 0.02
    half = replace(planner_of(TARGET).evaluator, response=HALF).from_scratch(softly.arrangement)
    assert softly.total == pytest.approx(half.total, abs=1e-5)


def test_what_the_filter_takes_away_is_made_up_for() -> None:
    """Where all the highs are lost, one goes by what is left of them."""
    low = Response(np.hanning(42)[1:-1] / 20.0)
    planner = planner_of(TARGET).with_response(low)
    with_it, without = searched(planner, 250), searched(planner_of(TARGET), 250)
    heard = planner.evaluator.from_scratch
    assert with_it.value > heard(without.arrangement).value


def test_nothing_that_was_known_before_is_left_when_the_response_changes() -> None:
    planner = planner_of(TARGET)
    found = searched(planner, 60)
    other = planner.with_response(decaying(400))
    again = searched(other, 30, found.arrangement)
    assert_same(again, replace(planner.evaluator, response=decaying(400)).from_scratch(again.arrangement))
    assert planner.with_response(FLAT) is planner
    back = searched(other.with_response(FLAT), 30, again.arrangement)
    assert_same(back, planner.evaluator.from_scratch(back.arrangement))


def test_a_task_is_judged_with_its_own_response() -> None:
    base = planner_of(TARGET)
    root = one_clip_per_track(clip("/kick", 0.0), clip("/pluck", 0.5))

    def worked(worker: Planner, response: Response) -> str:
        task = Task(root, 0, 12, 4, 40, float("inf"), (1, 2, 3), response)
        return as_text(worker.work(task, lambda: False).arrangement)

    filters = (FLAT, decaying(900), HALF, decaying(900), FLAT)
    assert [worked(base, one) for one in filters] == [worked(planner_of(TARGET), one) for one in filters]
    assert base.evaluator.response == FLAT


def test_a_crew_works_with_one_response_after_the_other() -> None:
    def found(processes: int) -> str:
        planner = planner_of(TARGET)
        best: Arrangement | None = None
        with crew_of(planner, processes) as crew:
            for response in (FLAT, decaying(700), HALF):
                planner = planner.with_response(response)
                best = planner.search("mcts", Limit(simulations=80), 5, lambda better: None, best, crew).arrangement
        assert best is not None
        return as_text(best)

    assert found(2) == found(1)


def test_a_search_that_goes_on_does_not_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    looks, sketched = [], []
    found_in, sketches = planner_module.found_in, planner_module.sketches
    monkeypatch.setattr(planner_module, "found_in", lambda *a, **k: looks.append(1) or found_in(*a, **k))
    monkeypatch.setattr(planner_module, "sketches", lambda *a, **k: sketched.append(1) or sketches(*a, **k))
    planner = planner_of(TARGET)
    assert not planner.is_sketched
    first = searched(planner, 120)
    assert planner.is_sketched
    assert (len(looks), len(sketched)) == (1, 1)
    waves = planner._gathered.course.waves
    assert waves
    second = searched(planner.with_response(decaying(300)), 120, first.arrangement)
    assert (len(looks), len(sketched)) == (1, 1)
    assert planner._gathered.course.waves > waves
    assert second.arrangement.clip_count
    searched(planner, 20, None)
    assert len(sketched) == 2


def test_a_look_that_was_cut_short_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[bool] = []

    def found_in(*arguments: object, proceed, **options: object):
        looks.append(proceed())
        return NOTHING_FOUND

    monkeypatch.setattr(planner_module, "found_in", found_in)
    planner = planner_of(TARGET)
    over = Limit(lambda: True)
    assert planner.found(over) == planner.found(over) == NOTHING_FOUND
    planner.found(Limit())
    planner.found(Limit())
    assert looks == [False, False, True]


def test_what_the_target_was_made_of_is_not_put_together_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    true = one_clip_per_track(clip("/kick", 0.0), clip("/pluck", 0.7), clip("/snare", 1.6), clip("/bass", 2.7))
    sighted = Found(tuple(sorted(one for _, one in true.clips())), unexplained=0.0)
    monkeypatch.setattr(planner_module, "found_in", lambda *arguments, **options: sighted)
    planner = planner_of(rendered(true, 3.6))
    first, second = Limit(simulations=100), Limit(simulations=100)
    planner.search("mcts", first, 0, lambda better: None)
    again = planner.search("mcts", second, 0, lambda better: None, true)
    assert (first.is_done, second.is_done) == (True, True)
    assert second.spent <= FINISH_EVALUATIONS
    assert again.value >= planner.evaluator.from_scratch(true).value


def test_what_a_stopped_wave_has_found_is_kept() -> None:
    planner = planner_of(TARGET)
    root = one_clip_per_track(clip("/kick", 0.0), clip("/pluck", 0.5))
    tasks = [Task(root, 0, 32, 64, 10**9, 3600.0, (0, 0, number)) for number in range(2)]
    asked = iter([False] * 40)
    with crew_of(planner, 2) as crew:
        assert isinstance(crew, ProcessCrew)
        crew.run([replace(task, seconds=1.0) for task in tasks * 2], lambda: False)  # until the planner has been read
        outcomes = crew.run(tasks, lambda: next(asked, True))
        assert any(outcome is not None and outcome.evaluations > 0 for outcome in outcomes)
        fresh = crew.run([replace(task, evaluations=8) for task in tasks], lambda: False)
        assert all(outcome is not None and outcome.evaluations >= 8 for outcome in fresh)


def test_arrangements_are_compared_by_the_shape_and_scored_with_the_level() -> None:
    evaluator = replace(EVALUATOR, ears=tiny_ears(), response=Response(0.5 * decaying(50).kernel))
    plain = replace(evaluator, response=decaying(50))
    one, other = evaluator.from_scratch(ARRANGEMENT), plain.from_scratch(ARRANGEMENT)
    assert one.value == pytest.approx(other.value, abs=1e-5)
    assert abs(one.total - other.total) > 1e-3
