"""Ears on several threads hear what ears on one hear."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from made_sounds import tiny_ears

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


def test_each_thread_uses_one_of_torchs(ears: ParallelEars) -> None:
    assert torch.get_num_threads() == 1
