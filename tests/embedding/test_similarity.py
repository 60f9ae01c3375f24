"""The similarity of directions: its range, its ends and its symmetry."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from embedding.similarity import direction_similarity

ELEMENTS = st.just(0.0) | st.floats(2.0**-10, 100, width=32) | st.floats(-100, -(2.0**-10), width=32)
VECTORS = hnp.arrays(np.float32, (3, 8), elements=ELEMENTS)


@given(VECTORS, VECTORS)
def test_in_range_and_symmetric(a: np.ndarray, b: np.ndarray) -> None:
    similarity = direction_similarity(a, b)
    assert similarity.shape == (3,)
    assert ((similarity >= 0.0) & (similarity <= 1.0)).all()
    np.testing.assert_allclose(similarity, direction_similarity(b, a), atol=1e-6)


@given(VECTORS, st.floats(2.0**-6, 64.0, width=32))
def test_only_the_direction_counts(a: np.ndarray, scale: float) -> None:
    np.testing.assert_allclose(direction_similarity(a, a * np.float32(scale)), 1.0, atol=1e-5)
    opposite = np.where(a.any(axis=1), 0.0, 1.0)
    np.testing.assert_allclose(direction_similarity(a, -a * np.float32(scale)), opposite, atol=1e-5)


def test_long_vectors_that_are_the_same_are_1() -> None:
    rows = np.random.default_rng(0).uniform(0.0, 5.0, (20, 1690)).astype(np.float32)
    np.testing.assert_allclose(direction_similarity(rows, rows.copy()), 1.0, atol=1e-6)


def test_by_hand() -> None:
    a = np.array([[3.0, 4.0], [1.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0]], np.float32)
    b = np.array([[-3.0, -4.0], [0.0, 9.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]], np.float32)
    right_angle, half = (1.0 - np.sqrt(2.0) / 2.0) ** 2, (1.0 - np.sin(np.pi / 8)) ** 2
    np.testing.assert_allclose(direction_similarity(a, b), [0.0, right_angle, half, right_angle, 1.0], atol=1e-6)
