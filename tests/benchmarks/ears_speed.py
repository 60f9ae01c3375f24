"""Milliseconds per window of `Ears.hear`, by batch size, precision and number of threads, and the time to load.

python tests/benchmarks/ears_speed.py [WEIGHTS.pt ...]
"""

import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import torch

from embedding.ears import ears_of, fastest_precision
from embedding.network import ARCHITECTURES, EarsNetwork
from embedding.weights import load_ears

BATCHES = (1, 2, 4, 8, 16, 32)
RUNS = 21


def median_seconds(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


def main() -> None:
    say = sys.stdout.write
    paths = sys.argv[1:] or [None]
    for path in paths:
        say(f"loading {path or 'the default weights'}: {median_seconds(lambda p=path: load_ears(p)) * 1e3:.1f} ms\n")
    windows = np.random.default_rng(0).normal(-4.0, 2.0, (max(BATCHES), 130, 128)).astype(np.float32)
    say("ms per window, batches of " + " ".join(f"{size:6}" for size in BATCHES) + "\n")
    for architecture in ARCHITECTURES.values():
        for precision in dict.fromkeys((torch.float32, fastest_precision())):
            torch.manual_seed(0)
            ears = ears_of(EarsNetwork(architecture), {}, precision)
            for threads in (1, 2):
                torch.set_num_threads(threads)
                row = [median_seconds(lambda e=ears, n=size: e.hear(windows[:n])) / size * 1e3 for size in BATCHES]
                name = f"{architecture.name} {str(precision).removeprefix('torch.')} x{threads}"
                say(f"{name:25} " + " ".join(f"{each:6.2f}" for each in row) + "\n")


if __name__ == "__main__":
    main()
