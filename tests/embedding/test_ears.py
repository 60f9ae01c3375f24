"""The ears in use: the same answer for the same window, whatever comes with it."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sounds import NOT_QUITE_THE_CPU

from embedding.ears import CLASSES, DEVICES, WINDOWS_AT_ONCE, Ears, device_named, ears_of, fastest_precision
from embedding.errors import BadOption
from embedding.kernels import FloatArray
from embedding.network import SLIM, EarsNetwork

PRECISIONS = sorted({torch.float32, fastest_precision()}, key=str)


def is_here(device: str) -> bool:
    try:
        return device_named(device) == device
    except BadOption:
        return False


def some_ears(precision: torch.dtype = torch.float32, device: str = "cpu") -> Ears:
    torch.manual_seed(5)
    return ears_of(EarsNetwork(SLIM), {}, precision, device)


def windows(count: int) -> FloatArray:
    return np.random.default_rng(1).normal(-4.0, 2.0, (count, 130, 128)).astype(np.float32)


@pytest.mark.parametrize("precision", PRECISIONS, ids=str)
@pytest.mark.parametrize("count", [0, 1, 3, 17])
def test_shapes_and_ranges(precision: torch.dtype, count: int) -> None:
    heard = some_ears(precision).hear(windows(count))
    assert heard.embeddings.shape == (count, 256)
    assert heard.probabilities.shape == (count, len(CLASSES))
    assert heard.embeddings.dtype == heard.probabilities.dtype == np.float32
    assert np.isfinite(heard.embeddings).all()
    assert ((heard.probabilities >= 0.0) & (heard.probabilities <= 1.0)).all()


@pytest.mark.parametrize("precision", PRECISIONS, ids=str)
def test_hearing_twice_is_the_same(precision: torch.dtype) -> None:
    ears = some_ears(precision)
    first, second = ears.hear(windows(5)), ears.hear(windows(5))
    assert np.array_equal(first.embeddings, second.embeddings)
    assert np.array_equal(first.probabilities, second.probabilities)


@pytest.mark.parametrize("precision", PRECISIONS, ids=str)
def test_a_window_is_heard_alike_alone_and_in_any_batch(precision: torch.dtype) -> None:
    ears, given_windows = some_ears(precision), windows(2 * WINDOWS_AT_ONCE + 3)
    together = ears.hear(given_windows).embeddings
    for size in (1, 2, 5, 9):
        edges = [*range(0, len(given_windows), size), len(given_windows)]
        apart = np.concatenate([ears.hear(given_windows[a:b]).embeddings for a, b in pairwise(edges)])
        np.testing.assert_allclose(apart, together, rtol=0, atol=1e-5 * float(np.abs(together).max()))


def test_the_fast_precision_is_near_the_exact_one() -> None:
    exact, fast = (
        some_ears(precision).hear(windows(8)).embeddings for precision in (torch.float32, fastest_precision())
    )
    assert np.linalg.norm(fast - exact) <= 0.01 * np.linalg.norm(exact)


def test_the_layout_of_the_windows_does_not_matter() -> None:
    ears, given_windows = some_ears(), windows(6)
    strided = np.asfortranarray(given_windows.astype(np.float64))[::2]
    np.testing.assert_allclose(ears.hear(strided).embeddings, ears.hear(given_windows[::2]).embeddings, atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(level=st.floats(-6.9, 8.0), spread=st.floats(0.0, 5.0), seed=st.integers(0, 99))
def test_never_nan(level: float, spread: float, seed: int) -> None:
    made = np.random.default_rng(seed).normal(level, spread, (2, 130, 128)).astype(np.float32)
    heard = some_ears(fastest_precision()).hear(made)
    assert np.isfinite(heard.embeddings).all()
    assert np.isfinite(heard.probabilities).all()


def test_a_device_that_is_not_there_is_named_with_those_that_are() -> None:
    assert device_named("cpu") == "cpu"
    assert is_here(device_named("auto"))
    for device in filter(lambda device: not is_here(device), DEVICES):
        with pytest.raises(BadOption, match=rf"embedding\.device {device}: .*give .*cpu or auto"):
            device_named(device)
    with pytest.raises(BadOption, match=r"embedding\.device abacus"):
        device_named("abacus")


@pytest.mark.parametrize(
    "device",
    [
        NOT_QUITE_THE_CPU,
        *(
            pytest.param(
                d, marks=pytest.mark.skipif(not is_here(d), reason=f"{d}: this computer has no such accelerator")
            )
            for d in DEVICES[:-1]
        ),
    ],
)
def test_an_accelerator_hears_what_the_processor_hears(device: str) -> None:
    """As exactly as bfloat16 at least: NVIDIA's cards may round float32 in between."""
    given_windows = windows(37)
    exact, there = some_ears().hear(given_windows), some_ears(device=device).hear(given_windows)
    scale = float(np.abs(exact.embeddings).max())
    np.testing.assert_allclose(there.embeddings, exact.embeddings, rtol=0, atol=1e-2 * scale)
    np.testing.assert_allclose(there.probabilities, exact.probabilities, rtol=0, atol=1e-2)
    alone = np.concatenate([some_ears(device=device).hear(given_windows[i : i + 1]).embeddings for i in range(37)])
    np.testing.assert_allclose(alone, there.embeddings, rtol=0, atol=1e-5 * scale)
