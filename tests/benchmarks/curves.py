"""How the score rises: python -m tests.benchmarks.curves --targets DIR --library DIR [--seconds 120] [--seeds 1]

Each policy searches on each recording, in processor seconds of one core; the best total of each is drawn against them,
a chart for each recording, as one SVG (--out, docs/scores.svg).
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from embedding.audio import read_audio
from embedding.weights import load_ears
from tests.benchmarks.case_sounds import files_in
from tests.benchmarks.searches import default_planner, library_in, one_thread_ears, searched
from tests.benchmarks.svg import Chart, Line, charts

FIRST_SECONDS = 0.3
"""Where charts begin."""


def curve_of(target: Path, library: Path, policy: str, seed: int, seconds: float) -> Line:
    ears = one_thread_ears()
    samples = library_in(library, ears.ears)
    planner = default_planner(read_audio(target), samples.samples, samples.sounds, ears)
    found = searched(planner, policy, seed, seconds)
    return Line(policy, tuple((max(at, FIRST_SECONDS), best.total) for at, best in found.curve))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", type=Path, required=True)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--policies", nargs="+", default=["mcts", "greedy", "random"])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path, default=Path("docs/scores.svg"))
    options = parser.parse_args()
    from joblib import Parallel, delayed

    files = files_in(options.targets)
    library_in(options.library, load_ears())
    work = [
        (f, options.library, p, s, options.seconds)
        for f in files
        for p in options.policies
        for s in range(options.seeds)
    ]
    lines = Parallel(n_jobs=options.jobs, verbose=1)(delayed(curve_of)(*one) for one in work)
    each = len(options.policies) * options.seeds
    drawn = [Chart(file.stem, tuple(lines[each * n : each * (n + 1)])) for n, file in enumerate(files)]
    options.out.write_text(charts(drawn, (FIRST_SECONDS, options.seconds), "seconds"), encoding="utf-8")
    print(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
