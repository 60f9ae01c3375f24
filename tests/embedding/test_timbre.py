"""The timbre similarity: its range, its ends and its symmetry."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from embedding.timbre import timbre_similarity

VECTORS = hnp.arrays(np.float32, (3, 8), elements=st.floats(-100, 100, width=32))


@given(VECTORS, VECTORS)
def test_in_range_symmetric_and_one_for_identical(a: np.ndarray, b: np.ndarray) -> None:
    similarity = timbre_similarity(a, b)
    assert ((similarity >= 0.0) & (similarity <= 1.0)).all()
    np.testing.assert_array_equal(similarity, timbre_similarity(b, a))
    np.testing.assert_array_equal(timbre_similarity(a, a), np.ones(3, np.float32))


def test_by_hand() -> None:
    a = np.array([[3.0, 4.0], [1.0, 0.0], [2.0, 0.0], [0.0, 0.0]], np.float32)
    b = np.array([[-3.0, -4.0], [0.0, 1.0], [1.0, 0.0], [1.0, 0.0]], np.float32)
    expected = np.square([0.0, 1.0 - np.sqrt(2.0) / 2.0, 1.0 - 1.0 / 3.0, 0.0])
    np.testing.assert_allclose(timbre_similarity(a, b), expected, atol=1e-6)
