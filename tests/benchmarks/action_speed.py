"""How many times real time one action is: python -m tests.benchmarks.action_speed [--network han2016]

30 s of arrangement / wall seconds of one insert of a 0.5 s sample, from the edit to the exact total (Howard and Chuba
report 48x), singly and in batches, beside scoring from scratch in the same run; milliseconds by the wall's clock, each
stage's share of them, and milliseconds of processor, which other programs disturb less.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from embedding import reward
from embedding.audio import Audio
from embedding.cores import usable_cores
from embedding.ears import Ears, device_named, ears_of, fastest_precision
from embedding.network import ARCHITECTURES, EarsNetwork
from embedding.parallel import ParallelEars, parallel
from embedding.reward import hear_target, weights_named
from embedding.weights import DEFAULT_NAME, load_ears, packaged_weights
from search import rendering
from search.arrangement import Arrangement, Clip, Track
from search.editing import insert
from search.evaluator import Evaluation, Evaluator
from search.rendering import VoiceBank
from search.rules import Rulebook, Rules

SECONDS, RATE_HZ, CLIPS, TRACKS, SAMPLES = 30.0, 44100, 120, 12, 24
BATCHES = (1, 8, 32)
INSERTS = 96
"""Timed in all, whatever the batch; as many before."""
STAGES = {
    "mixing": [(rendering, "render_mono")],
    "frames": [(rendering, "analyse_spans")],
    "windows": [(reward, "window_mel"), (reward, "log_mel")],
    "network": [(ParallelEars, "hear")],
}
"""And terms: the rest, the making of the edit among it."""


def some_ears(network: str, device: str) -> tuple[Ears, str]:
    """The package's, else untrained ones: they take as long."""
    if packaged_weights(network).is_file():
        return load_ears(packaged_weights(network), device=device), network
    torch.manual_seed(0)
    made = ears_of(EarsNetwork(ARCHITECTURES[network]), {}, fastest_precision(device), device)
    return made, f"{network}, untrained"


def made_sounds(rng: np.random.Generator) -> dict[str, tuple[np.ndarray, int]]:
    at = np.arange(RATE_HZ // 2) / RATE_HZ
    sounds = [np.exp(-6 * at) * np.sin(2 * np.pi * rng.uniform(60, 2000) * at) * 0.3 for _ in range(SAMPLES)]
    return {f"/{number}": (sound.astype(np.float32), RATE_HZ) for number, sound in enumerate(sounds)}


def clip_at(seconds: float, sample: int) -> Clip:
    return Clip(round(seconds * RATE_HZ) / RATE_HZ, f"/{sample}", 0.0, 0.5, -6.0, 0.0)


def made_arrangement() -> Arrangement:
    lanes = [
        [clip_at(i * 2.9 + lane * 0.07, (lane + i) % SAMPLES) for i in range(CLIPS // TRACKS)] for lane in range(TRACKS)
    ]
    return Arrangement(120.0, tuple(Track(f"Lane {n}", "#ffffff", clips=tuple(lane)) for n, lane in enumerate(lanes)))


def edits_of(arrangement: Arrangement, rng: np.random.Generator) -> Iterator[Arrangement]:
    """`arrangement` with one clip more, without end."""
    while True:
        new = clip_at(rng.uniform(0, SECONDS - 1), int(rng.integers(SAMPLES)))
        after = insert(arrangement, new, "New", Rulebook(Rules(most_tracks=TRACKS + 1)))
        if after is not None:  # the same sound may stand there already
            yield after


@contextmanager
def stages_clocked() -> Iterator[dict[str, float]]:
    """Seconds spent in each stage within."""
    spent: dict[str, float] = defaultdict(float)

    def clocked(stage: str, work: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            began = time.perf_counter()
            result = work(*arguments)
            spent[stage] += time.perf_counter() - began
            return result

        return call

    with ExitStack() as stack:
        for stage, places in STAGES.items():
            for owner, name in places:
                stack.enter_context(mock.patch.object(owner, name, clocked(stage, getattr(owner, name))))
        yield spent


def report(name: str, work: Callable[[], object], repeats: int, each: int) -> None:
    """One row: medians, then the stages' share of the wall's. `work` is of `each` arrangements."""
    for _ in range(repeats):
        work()
    clocks = (time.perf_counter, time.process_time)
    spent = []
    for _ in range(repeats):
        began = [clock() for clock in clocks]
        work()
        spent.append([(clock() - at) / each for clock, at in zip(clocks, began, strict=True)])
    seconds, processor_seconds = np.median(spent, axis=0)
    with stages_clocked() as stages:
        began = time.perf_counter()
        for _ in range(repeats):
            work()
        whole = time.perf_counter() - began
    stages["terms"] = whole - sum(stages.values())
    shares = " | ".join(f"{1000 * seconds * stages[stage] / whole:.2f}" for stage in (*STAGES, "terms"))
    milliseconds = f"{1000 * seconds:.2f} | {shares} | {1000 * processor_seconds:.2f}"
    print(f"| {name} | {SECONDS / seconds:.0f}x | {milliseconds} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", choices=ARCHITECTURES, default=DEFAULT_NAME)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=usable_cores())
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    sounds = made_sounds(rng)
    network, name = some_ears(options.network, device_named(options.device))
    ears = parallel(network, options.threads)
    target = Audio(rng.standard_normal((1, round(SECONDS * RATE_HZ))).astype(np.float32) * 0.1, RATE_HZ)
    bank = VoiceBank(lambda path: sounds[path])
    evaluator = Evaluator(hear_target(target, ears), bank, ears, weights_named("default"))
    arrangement = made_arrangement()
    before = evaluator.from_scratch(arrangement)
    edits = edits_of(arrangement, rng)

    def inserted(count: int) -> list[Evaluation]:
        return evaluator.after([(before, next(edits)) for _ in range(count)])

    precision = str(network.precision).removeprefix("torch.")
    print(f"{name}, {precision}, {network.device}, {options.threads} threads; milliseconds each\n")
    print(f"| | times real time | ms | {' | '.join((*STAGES, 'terms'))} | processor |\n|---{'|---' * 8}|")
    report("from scratch", lambda: evaluator.from_scratch(next(edits)), INSERTS // 4, 1)
    for size in BATCHES:
        one = "insert, singly" if size == 1 else f"insert, in batches of {size}"
        report(one, lambda size=size: inserted(size), INSERTS // size, size)
    apart = [abs(one.total - evaluator.from_scratch(one.arrangement).total) for one in inserted(8)]
    print(f"\ntotals differ from those from scratch by at most {max(apart):.1e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
