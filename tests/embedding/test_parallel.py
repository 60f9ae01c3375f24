"""Ears on several threads hear what ears on one hear."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from made_sounds import NOT_QUITE_THE_CPU, TINY, tiny_ears

from embedding.cores import usable_cores
from embedding.ears import ears_of
from embedding.network import EarsNetwork
from embedding.parallel import ParallelEars, parallel


@pytest.fixture(params=[1, 2, 5])
def ears(request: pytest.FixtureRequest) -> Iterator[ParallelEars]:
    threads = torch.get_num_threads()
    made = parallel(tiny_ears(), request.param)
    yield made
    made.pool.shutdown()
    torch.set_num_threads(threads)


@pytest.mark.parametrize("count", [0, 1, 2, 4, 5, 11])
def test_all_windows_are_heard_in_order(ears: ParallelEars, count: int) -> None:
    windows = np.random.default_rng(0).normal(-4.0, 2.0, (count, 130, 128)).astype(np.float32)
    heard, alone = ears.hear(windows), tiny_ears().hear(windows)
    np.testing.assert_allclose(heard.embeddings, alone.embeddings, atol=1e-5)
    np.testing.assert_allclose(heard.probabilities, alone.probabilities, atol=1e-5)
    assert heard.embeddings.shape == (count, 8)


def test_an_accelerator_is_asked_by_one_thread() -> None:
    made = parallel(ears_of(EarsNetwork(TINY), {}, device=NOT_QUITE_THE_CPU), 4)
    assert made.parts == 1


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system cannot say so")
def test_only_cores_that_may_be_used_are_counted() -> None:
    allowed = os.sched_getaffinity(0)
    assert usable_cores() == len(allowed)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert usable_cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)


def test_each_thread_uses_one_of_torchs(ears: ParallelEars) -> None:
    assert torch.get_num_threads() == 1
