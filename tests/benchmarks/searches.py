"""Searches for benchmarks: a planner with default settings, and how its best total rises."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from controller.library import Library, index_library
from controller.progress import QuietProgress
from embedding.audio import Audio
from embedding.ears import Ears
from embedding.hearing import hear_recording
from embedding.parallel import ParallelEars, parallel
from embedding.reward import weights_named
from embedding.weights import load_ears
from search.arrangement import Sample
from search.contract import Limit
from search.evaluator import Evaluation
from search.planner import Planner, PlannerSettings, make_planner
from search.rendering import Sounds


@dataclass(frozen=True, eq=False)
class Searched:
    """`curve`: (seconds of processor since the search began, what was then best)."""

    curve: tuple[tuple[float, Evaluation], ...]
    evaluations: int
    seconds: float

    def total_at(self, seconds: float) -> float:
        return max((best.total for at, best in self.curve if at <= seconds), default=0.0)


def library_in(folder: Path, ears: Ears) -> Library:
    """Remembered between benchmarks, apart from the user's."""
    return index_library(folder, ears, Path(gettempdir(), "jacqueesbot-benchmark"), QuietProgress())


def one_thread_ears() -> ParallelEars:
    return parallel(load_ears(), 1)


def default_planner(target: Audio, samples: Sequence[Sample], sounds: Sounds, ears: ParallelEars) -> Planner:
    hearing = hear_recording(target, ears)
    return make_planner(target, samples, sounds, ears, weights_named("default"), PlannerSettings(), hearing)


def searched(planner: Planner, policy: str, seed: int, seconds: float) -> Searched:
    """One search of so many seconds of processor."""
    curve: list[tuple[float, Evaluation]] = []
    began = time.process_time()
    limit = Limit(
        lambda: time.process_time() - began > seconds, seconds_left=lambda: seconds - (time.process_time() - began)
    )
    planner.search(policy, limit, seed, lambda better: curve.append((time.process_time() - began, better)))
    return Searched(tuple(curve), limit.spent, time.process_time() - began)
