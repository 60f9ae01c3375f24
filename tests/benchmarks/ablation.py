"""What each part of the planner is worth: python -m tests.benchmarks.ablation --targets DIR --library DIR

Tree search on each recording with one part left out at a time, in processor seconds of one core. Prints a Markdown row
for each: best total, measures that no search sees, clips; means over the recordings.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.audio import Audio, read_audio
from embedding.weights import load_ears
from search import options, planner
from search.contract import Option
from search.evaluator import Evaluation
from search.finding import Found
from search.rendering import render_mono
from search.rules import Rules, within
from tests.benchmarks import searches
from tests.benchmarks.case_sounds import files_in
from tests.benchmarks.measures import measures
from tests.benchmarks.searches import default_planner, library_in, one_thread_ears, searched
from tests.benchmarks.tables import table

SHOWN = ("spectral_convergence", "log_mel_db", "mfcc", "chroma", "onset_f1", "onset_correlation")


def _same(evaluation: Evaluation, *_others: object, **_named: object) -> Evaluation:
    return evaluation


def _no_sketches(*_arguments: object) -> Iterator[object]:
    return iter(())


def _no_clips(*_arguments: object) -> list[object]:
    return []


def _equal(proposals: list[object], share: float, action_of: Callable[[object], object]) -> list[Option[object]]:
    return [Option(action_of(proposal), share / len(proposals)) for proposal in proposals]


def _as_they_are() -> planner.PlannerSettings:
    return planner.PlannerSettings(Rules(transpositions=within(0)))


LEFT_OUT: dict[str, tuple[tuple[object, str, object], ...]] = {
    "nothing": (),
    "copied bars": ((planner, "with_repeats", _same),),
    "tidying": ((planner, "tidied", _same),),
    "sketch": ((planner, "sketches", _no_sketches),),
    "edits": ((options, "clips_at", _no_clips),),
    "priors of proposals": ((options, "_shared", _equal),),
    "other pitches": ((searches, "PlannerSettings", _as_they_are),),
    "looking for true samples": ((planner, "found_in", lambda *a, **k: Found()),),
}
"""Of each part: (where, name, what stands there instead)."""


def judged(target: Path, library: Path, part: str, seconds: float) -> tuple[float, dict[str, float], int]:
    """(best total, measures, clips) of a search without a part."""
    ears = one_thread_ears()
    samples = library_in(library, ears.ears)
    with ExitStack() as stack:
        for owner, name, instead in LEFT_OUT[part]:
            stack.enter_context(mock.patch.object(owner, name, instead))
        made = default_planner(read_audio(target), samples.samples, samples.sounds, ears)
        best = searched(made, "mcts", 0, seconds).curve[-1][1]
    mono = made.matcher.target_mono
    sound = render_mono(best.arrangement, made.evaluator.bank, mono.size)
    pair = (Audio(one[np.newaxis], SAMPLE_RATE_HZ) for one in (mono, sound))
    return best.total, measures(*pair), best.arrangement.clip_count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", type=Path, required=True)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--parts", nargs="+", default=list(LEFT_OUT))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    from joblib import Parallel, delayed

    library_in(asked.library, load_ears())
    targets = files_in(asked.targets)
    work = [(target, part) for part in asked.parts for target in targets]
    found = Parallel(n_jobs=asked.jobs, verbose=1)(
        delayed(judged)(target, asked.library, part, asked.seconds) for target, part in work
    )
    rows = [["left out", "total", *SHOWN, "clips"]]
    for part in asked.parts:
        mine = [one for (_, of), one in zip(work, found, strict=True) if of == part]
        cells = [f"{np.mean([found_measures[name] for _, found_measures, _ in mine]):.3f}" for name in SHOWN]
        rows.append(
            [part, f"{np.mean([total for total, *_ in mine]):.4f}", *cells, f"{np.mean([c for *_, c in mine]):.0f}"]
        )
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
