"""Ears that use all cores: each thread hears a part of the windows. Where another program holds a core,
threads that wait for each other in every layer slow down by tens of times; parts that only meet at the end do not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from embedding.ears import Ears, Heard
from embedding.kernels import FloatArray


@dataclass(frozen=True)
class ParallelEars:
    """Hears as `ears` does. torch should be set to one thread."""

    ears: Ears
    pool: ThreadPoolExecutor
    parts: int

    def __reduce__(self) -> tuple[Callable[[Ears, int], ParallelEars], tuple[Ears, int]]:
        """In another process they hear on one thread: there are others beside it."""
        return parallel, (self.ears, 1)

    def hear(self, windows: FloatArray) -> Heard:
        size = -(-len(windows) // self.parts)
        if size == len(windows):
            return self.ears.hear(windows)
        others = [self.pool.submit(self.ears.hear, windows[i : i + size]) for i in range(size, len(windows), size)]
        heard = [self.ears.hear(windows[:size]), *(other.result() for other in others)]
        return Heard(
            np.concatenate([one.embeddings for one in heard]), np.concatenate([one.probabilities for one in heard])
        )

    def similarity(self, a: FloatArray, b: FloatArray) -> FloatArray:
        return self.ears.similarity(a, b)


def parallel(ears: Ears, workers: int) -> ParallelEars:
    """`ears` on so many threads, the caller's among them, and torch told to use one in each; on an accelerator the
    caller's hears alone."""
    import torch

    torch.set_num_threads(1)
    threads = workers if ears.device == "cpu" else 1
    return ParallelEars(ears, ThreadPoolExecutor(max(1, threads - 1), thread_name_prefix="ears"), threads)
