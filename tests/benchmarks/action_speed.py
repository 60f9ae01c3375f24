"""How many times real time one action is: python -m tests.benchmarks.action_speed

30 s of arrangement / wall seconds of one insert of a 0.5 s sample, from the edit to the exact total (Howard and Chuba
report 48x). Singly and in batches, with the share of each stage, and beside scoring from scratch in the same run.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from embedding.audio import Audio
from embedding.parallel import parallel
from embedding.reward import Candidate, hear_target, rate, weights_named
from embedding.weights import load_ears
from search.arrangement import Arrangement, Clip, Track
from search.editing import insert
from search.evaluator import Evaluator
from search.rendering import VoiceBank, render_blocks, touched_blocks

SECONDS, RATE_HZ, CLIPS, TRACKS = 30.0, 44100, 120, 12
BATCHES = (1, 8, 32)
REPEATS = 15


def made_sounds(rng: np.random.Generator, count: int) -> dict[str, tuple[np.ndarray, int]]:
    at = np.arange(RATE_HZ // 2) / RATE_HZ
    return {
        f"/{number}": (
            (np.exp(-6 * at) * np.sin(2 * np.pi * rng.uniform(60, 2000) * at) * 0.3).astype(np.float32),
            RATE_HZ,
        )
        for number in range(count)
    }


def clip_at(seconds: float, sample: str) -> Clip:
    return Clip(round(seconds * RATE_HZ) / RATE_HZ, sample, 0.0, 0.5, -6.0, 0.0)


def median_seconds(work: Callable[[], object]) -> float:
    work()
    spent = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return float(np.median(spent))


def main() -> int:
    rng = np.random.default_rng(0)
    sounds = made_sounds(rng, 24)
    names = list(sounds)
    ears = parallel(load_ears(), os.cpu_count() or 1)
    target = Audio(rng.standard_normal((1, round(SECONDS * RATE_HZ))).astype(np.float32) * 0.1, RATE_HZ)
    evaluator = Evaluator(
        hear_target(target, ears), VoiceBank(lambda path: sounds[path]), ears, weights_named("default")
    )
    lanes = [
        [clip_at(i * 2.9 + lane * 0.07, names[(lane + i) % 24]) for i in range(CLIPS // TRACKS)]
        for lane in range(TRACKS)
    ]
    arrangement = Arrangement(
        120.0, tuple(Track(f"Lane {n}", "#ffffff", clips=tuple(lane)) for n, lane in enumerate(lanes))
    )
    before = evaluator.from_scratch(arrangement)

    def edited() -> Arrangement:
        while True:
            new = clip_at(rng.uniform(0, SECONDS - 1), names[rng.integers(24)])
            after = insert(arrangement, new, "New", TRACKS + 1)
            if after is not None:  # the same sound may stand there already
                return after

    scratch = median_seconds(lambda: evaluator.from_scratch(edited()))
    print(f"| from scratch | {SECONDS / scratch:.0f}x | {1000 * scratch:.1f} ms |")
    for size in BATCHES:
        each = median_seconds(lambda: evaluator.after([(before, edited()) for _ in range(size)])) / size  # noqa: B023
        print(f"| insert, in batches of {size} | {SECONDS / each:.0f}x | {1000 * each:.1f} ms |")
    after = edited()
    numbers = touched_blocks(arrangement, after, len(before.rated.blocks))
    stages = {
        "find what it touches": median_seconds(lambda: touched_blocks(arrangement, after, len(before.rated.blocks))),
        "render and analyse": median_seconds(
            lambda: render_blocks(after, evaluator.bank, evaluator.target.samples, numbers)
        ),
    }
    blocks = list(before.rated.blocks)
    for number, block in zip(
        numbers, render_blocks(after, evaluator.bank, evaluator.target.samples, numbers), strict=True
    ):
        blocks[number] = block
    candidate = Candidate(tuple(blocks), evaluator.target.samples, before.rated)
    stages["hear and compare"] = median_seconds(lambda: rate(evaluator.target, [candidate], ears, evaluator.weights))
    for name, seconds in stages.items():
        print(f"| {name} | | {1000 * seconds:.1f} ms |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
