"""Does each term of the reward use its range: python -m tests.benchmarks.score_spread TARGETS LIBRARY [--seconds 10]

For each target the score's terms of an exact cover (the target itself as the only clip), of what so many processor
seconds of `greedy` find, and of random covers: the median of single draws of the `random` policy, each as it comes.
Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from tempfile import gettempdir

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from controller.library import index_library
from controller.progress import QuietProgress
from embedding.audio import AUDIO_SUFFIXES, Audio, read_audio
from embedding.ears import Ears
from embedding.hearing import hear_recording
from embedding.mfcc import MfccEars
from embedding.parallel import parallel
from embedding.reward import NAMED_WEIGHTS, TERMS, Score, weights_named
from embedding.weights import load_ears
from search.arrangement import Arrangement, Clip, Track
from search.contract import Limit
from search.evaluator import Evaluator
from search.planner import Planner, PlannerSettings, make_planner
from search.rendering import VoiceBank
from tests.benchmarks.tables import table

COLUMNS = ("total", *TERMS)
Row = tuple[float, ...]


def row_of(score: Score) -> Row:
    return tuple(float(getattr(score, name)) for name in COLUMNS)


def exact(planner: Planner, target: Audio) -> Row:
    """The target as the one clip of an arrangement, through the planner's own mix."""
    mono = target.mono()
    clip = Clip(0.0, "target", 0.0, mono.size / target.sample_rate_hz, 0.0, 0.0)
    bank = VoiceBank(lambda path: (mono, target.sample_rate_hz))
    evaluator = Evaluator(planner.target, bank, planner.evaluator.ears, planner.evaluator.weights)
    return row_of(evaluator.from_scratch(Arrangement(120.0, (Track("target", "#000000", clips=(clip,)),))).score)


def drawn(planner: Planner, draws: int) -> list[Row]:
    """Covers of one playout of `random` each."""
    found = (planner.search("random", Limit(simulations=1), seed, lambda better: None) for seed in range(draws))
    return [row_of(evaluation.score) for evaluation in found]


def greedily(planner: Planner, seconds: float) -> Row:
    began = time.process_time()
    limit = Limit(lambda: time.process_time() - began > seconds)
    return row_of(planner.search("greedy", limit, 0, lambda better: None).score)


def rows_of(path: Path, library: Path, ears: Ears, given: argparse.Namespace) -> dict[str, Row]:
    cache = Path(gettempdir(), "jacqueesbot-benchmark")
    samples = index_library(library, ears, cache, QuietProgress())
    target = read_audio(path)
    hearing = hear_recording(target, ears)
    hears = MfccEars() if given.timbre == "mfcc" else ears
    weights = weights_named(given.reward)
    planner = make_planner(target, samples.samples, samples.sounds, hears, weights, PlannerSettings(), hearing)
    return {
        "random": tuple(np.median(drawn(planner, given.draws), axis=0)),
        f"greedy {given.seconds:g} s": greedily(planner, given.seconds),
        "exact": exact(planner, target),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", type=Path)
    parser.add_argument("library", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--draws", type=int, default=15)
    parser.add_argument("--reward", choices=NAMED_WEIGHTS, default="default")
    parser.add_argument("--timbre", choices=("cnn", "mfcc"), default="cnn")
    parser.add_argument("--weights", type=Path)
    given = parser.parse_args()
    ears = parallel(load_ears(given.weights), 1).ears
    files = sorted(file for file in given.targets.iterdir() if file.suffix.lower() in AUDIO_SUFFIXES)
    found = {file.stem: rows_of(file, given.library, ears, given) for file in files}
    rows = [["target", "cover", *COLUMNS]]
    for name, covers in found.items():
        rows += [[name, cover, *(f"{value:.3f}" for value in row)] for cover, row in covers.items()]
    means = {cover: np.mean([covers[cover] for covers in found.values()], axis=0) for cover in found[files[0].stem]}
    rows += [["mean", cover, *(f"{value:.3f}" for value in row)] for cover, row in means.items()]
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
