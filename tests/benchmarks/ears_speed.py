"""How fast the ears are: python -m tests.benchmarks.ears_speed

Milliseconds per window of `Ears.hear`, by network, precision, threads and batch: by the wall's clock / of processor,
which other programs disturb less. Then the seconds of `jacqueesbot classify` on 3 s in a process of its own, and of
what it loads.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import soundfile
import torch

from embedding.ears import ears_of, fastest_precision
from embedding.network import ARCHITECTURES, EarsNetwork
from embedding.parallel import parallel
from embedding.weights import load_ears

BATCHES = (1, 2, 4, 8, 32)
RUNS, COLD_RUNS = 21, 7
ROOT = Path(__file__).parents[2]


def median_milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """(of the wall's clock, of processor)."""
    work()
    clocks = (time.perf_counter, time.process_time)
    taken = []
    for _ in range(RUNS):
        began = [clock() for clock in clocks]
        work()
        taken.append([clock() - at for clock, at in zip(clocks, began, strict=True)])
    wall, processor = 1000.0 * np.median(taken, axis=0)
    return float(wall), float(processor)


def cold_seconds(*arguments: str) -> tuple[float, float]:
    """Of a Python of its own: (of the wall's clock, of processor)."""
    taken = []
    for _ in range(COLD_RUNS):
        began, before = time.perf_counter(), os.times()
        subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        after = os.times()
        processor = after.children_user + after.children_system - before.children_user - before.children_system
        taken.append([time.perf_counter() - began, processor])
    wall, processor = np.median(taken, axis=0)
    return float(wall), float(processor)


def windows_table() -> None:
    windows = np.random.default_rng(0).normal(-4.0, 2.0, (max(BATCHES), 130, 128)).astype(np.float32)
    print(f"| | {' | '.join(map(str, BATCHES))} |\n|---|{'---|' * len(BATCHES)}")
    for architecture in reversed(ARCHITECTURES.values()):
        for precision in dict.fromkeys((fastest_precision(), torch.float32)):
            torch.manual_seed(0)
            ears = ears_of(EarsNetwork(architecture), {}, precision)
            for threads in (1, 2):
                hears = parallel(ears, threads)
                row = []
                for size in BATCHES:
                    wall, processor = median_milliseconds(lambda h=hears, n=size: h.hear(windows[:n]))
                    row.append(f"{wall / size:.2f} / {processor / size:.2f}")
                name = f"{architecture.name} {str(precision).removeprefix('torch.')}, {threads} threads"
                print(f"| {name} | {' | '.join(row)} |", flush=True)


def cold_table() -> None:
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "three seconds.wav"
        at = np.arange(3 * 44100) / 44100
        soundfile.write(recording, 0.3 * np.sin(2 * np.pi * 440.0 * at), 44100)
        for name, arguments in {
            "classify of 3 s": ("-m", "controller", "classify", str(recording)),
            "import torch": ("-c", "import torch"),
            "nothing": ("-c", ""),
        }.items():
            wall, processor = cold_seconds(*arguments)
            print(f"| {name} | {wall:.2f} s / {processor:.2f} s |", flush=True)


def main() -> int:
    windows_table()
    wall, processor = median_milliseconds(load_ears)
    print(f"\n| loading the default weights | {wall:.1f} ms / {processor:.1f} ms |")
    cold_table()
    return 0


if __name__ == "__main__":
    sys.exit(main())
