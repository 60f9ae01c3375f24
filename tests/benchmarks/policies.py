"""Policies at equal seconds: python -m tests.benchmarks.policies --targets DIR --library DIR [--seeds 3] [--jobs 2]

Each (target, policy, seed) is one search on one core; its best total is read off at every budget, in processor
seconds, so that what else the computer does does not matter. Prints Markdown tables: totals by policy and budget (mean
over targets, and the scatter of the seeds), and at --judged-at seconds the measures that no search sees
(`tests.benchmarks.measures`) and the paired differences.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.audio import Audio, read_audio
from embedding.weights import load_ears
from search.arrangement import Arrangement
from search.rendering import render_mono
from tests.benchmarks.case_sounds import files_in
from tests.benchmarks.measures import measures
from tests.benchmarks.searches import default_planner, library_in, one_thread_ears, searched
from tests.benchmarks.tables import table


@dataclass(frozen=True)
class Run:
    target: str
    policy: str
    seed: int
    totals: tuple[float, ...]
    """Best total at each budget."""
    evaluations: int
    clips: int
    judged: dict[str, float]


def run_once(target: Path, library: Path, policy: str, seed: int, budgets: list[float], judged_at: float) -> Run:
    ears = one_thread_ears()
    samples = library_in(library, ears.ears)
    audio = read_audio(target)
    planner = default_planner(audio, samples.samples, samples.sounds, ears)
    found = searched(planner, policy, seed, budgets[-1])
    totals = tuple(found.total_at(budget) for budget in budgets)
    best = [e.arrangement for at, e in found.curve if at <= judged_at] or [Arrangement()]
    sound = render_mono(best[-1], planner.evaluator.bank, round(audio.seconds * SAMPLE_RATE_HZ))
    judged = measures(audio, Audio(sound[np.newaxis], SAMPLE_RATE_HZ)) if sound.any() else {}
    return Run(target.stem, policy, seed, totals, found.evaluations, best[-1].clip_count, judged)


def totals_table(runs: list[Run], policies: list[str], budgets: list[float]) -> str:
    rows = [["policy", *(f"{budget:g} s" for budget in budgets), "evaluations"]]
    for policy in policies:
        mine = [run for run in runs if run.policy == policy]
        by_seed = {seed: [run.totals for run in mine if run.seed == seed] for seed in {run.seed for run in mine}}
        means = np.array([np.mean(totals, axis=0) for totals in by_seed.values()])
        cells = [f"{m:.4f} ± {s:.4f}" for m, s in zip(means.mean(axis=0), means.std(axis=0), strict=True)]
        rows.append([policy, *cells, f"{np.mean([run.evaluations for run in mine]):.0f}"])
    return table(rows)


def judged_table(runs: list[Run], policies: list[str]) -> str:
    names = list(runs[0].judged)
    rows = [["policy", *names, "clips"]]
    for policy in policies:
        mine = [run for run in runs if run.policy == policy and run.judged]
        cells = [f"{np.mean([run.judged[name] for run in mine]):.3f}" for name in names]
        rows.append([policy, *cells, f"{np.mean([run.clips for run in mine]):.0f}"])
    return table(rows)


def paired_table(runs: list[Run], policies: list[str], place: int) -> str:
    """mcts less each other policy, over all targets and seeds: mean, two standard errors, in how many it is ahead."""
    by_key = {(run.target, run.seed, run.policy): run for run in runs}
    pairs = {
        policy: [(by_key[target, seed, "mcts"], run) for (target, seed, name), run in by_key.items() if name == policy]
        for policy in policies[1:]
    }
    rows = [["mcts less", *pairs]]
    totals = [[ours.totals[place] - theirs.totals[place] for ours, theirs in both] for both in pairs.values()]
    rows.append(["total", *map(_spread, totals)])
    for name in runs[0].judged:
        judged = (
            [ours.judged[name] - theirs.judged[name] for ours, theirs in both if ours.judged and theirs.judged]
            for both in pairs.values()
        )
        rows.append([name, *map(_spread, judged)])
    return table(rows)


def _spread(differences: list[float]) -> str:
    error = 2 * np.std(differences, ddof=1) / np.sqrt(len(differences)) if len(differences) > 1 else float("nan")
    return (
        f"{np.mean(differences):+.4f} ± {error:.4f} ({sum(d > 0 for d in differences)} of {len(differences)} above 0)"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", type=Path, required=True)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--budgets", type=float, nargs="+", default=[3, 10, 30])
    parser.add_argument("--policies", nargs="+", default=["mcts", "greedy", "random"])
    parser.add_argument("--judged-at", type=float, default=30.0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    from joblib import Parallel, delayed

    files = files_in(options.targets)
    library_in(options.library, load_ears())
    budgets = sorted(options.budgets)
    work = [(f, options.library, p, s) for s in range(options.seeds) for f in files for p in options.policies]
    runs = Parallel(n_jobs=options.jobs, verbose=1)(delayed(run_once)(*one, budgets, options.judged_at) for one in work)
    print(f"{len(files)} targets, {options.seeds} seeds, processor seconds of one core\n")
    print(totals_table(runs, options.policies, budgets) + "\n")
    print(judged_table(runs, options.policies) + "\n")
    if options.policies[0] == "mcts" and options.judged_at in budgets:
        print(paired_table(runs, options.policies, budgets.index(options.judged_at)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
