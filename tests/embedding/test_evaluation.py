"""From windows to instruments and their F1, against hand calculation and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from embedding.evaluation import f1_scores, instruments_heard


def test_an_excerpt_is_summed_over_its_windows_and_measured_by_its_strongest_class() -> None:
    # Sums .9, .5, .4, .0; by the largest: 1, .56, .44, 0.
    windows = np.array([[0.8, 0.1, 0.4, 0.0], [0.1, 0.4, 0.0, 0.0]], np.float32)
    assert instruments_heard(windows).tolist() == [True, True, False, False]
    assert instruments_heard(windows, 0.55).tolist() == [True, True, False, False]
    assert instruments_heard(windows, 0.6).tolist() == [True, False, False, False]


def test_the_threshold_itself_is_heard() -> None:
    assert instruments_heard(np.array([[0.5, 0.25]], np.float32)).tolist() == [True, True]


def test_faint_outputs_name_an_instrument_too() -> None:
    assert instruments_heard(np.array([[0.002, 0.0001]], np.float32)).tolist() == [True, False]


def test_nothing_is_heard_in_silence() -> None:
    assert instruments_heard(np.zeros((0, 3), np.float32)).tolist() == [False] * 3
    assert instruments_heard(np.zeros((2, 3), np.float32)).tolist() == [False] * 3


EIGHTHS = st.integers(0, 8).map(lambda eighths: eighths / 8)
"""Their sums are exact, so that a class at the threshold stays there."""


@given(arrays(np.float32, st.tuples(st.integers(1, 6), st.just(11)), elements=EIGHTHS), st.integers(1, 4))
def test_neither_length_nor_order_nor_level_changes_what_is_heard(windows: np.ndarray, times: int) -> None:
    heard = instruments_heard(windows)
    assert heard.any() == windows.any()
    for same in (np.repeat(windows, times, axis=0), windows[::-1], windows / 16):
        assert (instruments_heard(same) == heard).all()


def test_f1_by_hand() -> None:
    present = [[1, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]]
    heard = [[1, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]]
    # Hits, false alarms, misses: 2 1 0, 1 0 2, 0 1 0, none. F1: 4/5, 2/4, 0, none.
    scores = f1_scores(present, heard)
    assert scores.per_class == (0.8, 0.5, 0.0, None)
    assert scores.macro == pytest.approx((0.8 + 0.5 + 0.0) / 3)
    assert scores.micro == pytest.approx(2 * 3 / (2 * 3 + 2 + 2))


def test_f1_of_all_right_and_all_wrong() -> None:
    present = np.eye(3, dtype=bool)
    assert (f1_scores(present, present).micro, f1_scores(present, present).macro) == (1.0, 1.0)
    assert (f1_scores(present, ~present).micro, f1_scores(present, ~present).macro) == (0.0, 0.0)


def test_there_must_be_something_to_measure() -> None:
    with pytest.raises(ValueError, match="no class is present"):
        f1_scores(np.zeros((2, 3)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="must be alike"):
        f1_scores(np.ones((2, 3)), np.ones((3, 3)))


@given(st.data())
def test_f1_as_scikit_learn_has_it(data: st.DataObject) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    shape = data.draw(array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=12))
    present, heard = (data.draw(arrays(np.bool_, shape)) for _ in range(2))
    present[0, 0] = True
    scores = f1_scores(present, heard)
    for average, ours in (("micro", scores.micro), ("macro", scores.macro)):
        assert ours == pytest.approx(metrics.f1_score(present, heard, average=average, zero_division=np.nan))
    for column, ours in enumerate(scores.per_class):
        if ours is not None:
            assert ours == pytest.approx(metrics.f1_score(present[:, column], heard[:, column]))
