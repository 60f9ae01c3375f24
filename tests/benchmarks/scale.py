"""What grows with what: python -m tests.benchmarks.scale --target FILE --library DIR [--more DIR]

Tables of one run, each measurement in a process of its own (`tests.benchmarks.scale_job`), seconds of processor:
sizes    20 s of the recording against libraries of --sizes samples: those of DIR, then of --more, then made-up ones
lengths  --lengths seconds of the recording, again and again, against the library
depths   how many actions are judged per second, from the roughest to the exact
indexing new files, by the wall's clock

In brackets: how many times the first row's. Compare these, as seconds depend on the computer.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from embedding.weights import load_ears
from tests.benchmarks.case_sounds import files_in
from tests.benchmarks.scale_job import Job, as_text
from tests.benchmarks.searches import library_in
from tests.benchmarks.tables import head, row

SECTIONS = ("sizes", "lengths", "depths", "indexing")


def measured(job: Job, most_seconds: float) -> dict[str, float] | str:
    """What the job found, or why it did not end."""
    command = [sys.executable, "-m", "tests.benchmarks.scale_job", as_text(job)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=most_seconds, check=False)
    except subprocess.TimeoutExpired:
        return f"more than {most_seconds:g} s"
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
        return f"failed below {job.most_gib:g} GiB: {last}"
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def print_growth(what: str, jobs: Iterable[tuple[str, Job]], most_seconds: float) -> None:
    """A table with a row per job, written as they end."""
    first: dict[str, float] = {}
    for name, job in jobs:
        found = measured(job, most_seconds)
        if isinstance(found, str):
            print(row([name, found]), flush=True)
            continue
        if not first:
            first = found
            print(head([what, *found]))
        print(row([name, *(with_ratio(found[key], first[key]) for key in found)]), flush=True)
    print()


def with_ratio(value: float, first: float) -> str:
    return f"{value:.3g}" if first in (0.0, value) else f"{value:.3g} ({value / first:.2g}x)"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", type=Path, required=True)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--more", type=Path, help="further samples, for larger libraries")
    parser.add_argument("--sections", nargs="+", choices=SECTIONS, default=SECTIONS)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 322, 1000, 5000, 20_000, 100_000])
    parser.add_argument("--lengths", type=float, nargs="+", default=[10.0, 30.0, 60.0, 150.0, 300.0])
    parser.add_argument("--index", type=int, nargs="+", default=[300, 5000], help="how many new files")
    parser.add_argument("--seconds", type=float, default=20.0, help="of the recording, where not its length is varied")
    parser.add_argument("--search", type=float, default=30.0, help="seconds of each search, first cover and all")
    parser.add_argument("--most-seconds", type=float, default=900.0, help="of one measurement")
    parser.add_argument("--most-gib", type=float, default=8.0, help="of memory")
    options = parser.parse_args()
    folders = [options.library, *([options.more] if options.more else [])]
    ears = load_ears()
    counts = [len(library_in(folder, ears).samples) for folder in folders[: 2 if "sizes" in options.sections else 1]]
    files = sum(len(files_in(folder)) for folder in folders)
    texts = tuple(str(folder.absolute()) for folder in folders)

    def job(kind: str, seconds: float = options.seconds, samples: int = counts[0], known: int = 1) -> Job:
        return Job(kind, str(options.target), texts[:known], seconds, samples, options.search, options.most_gib)

    if "sizes" in options.sections:
        sizes = ((f"{size}", job("search", samples=size, known=2)) for size in options.sizes)
        print_growth("samples", sizes, options.most_seconds)
    if "lengths" in options.sections:
        lengths = ((f"{seconds:g} s", job("search", seconds)) for seconds in options.lengths)
        print_growth("length", lengths, options.most_seconds)
    if "depths" in options.sections:
        found = measured(job("depths"), options.most_seconds)
        print(head(["an action is", "per second", "times from scratch"]))
        rows = {} if isinstance(found, str) else found
        for name, rate in rows.items():
            print(row([name, f"{rate:.3g}", f"{rate / min(rows.values()):.3g}"]))
        print(found if isinstance(found, str) else "")
    if "indexing" in options.sections:
        new = ((f"{count}", job("indexing", samples=count, known=2)) for count in options.index if count <= files)
        print_growth("new files", new, options.most_seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
