"""Does the planner find again what a target was made of?

    python -m tests.benchmarks.recovery --library DIR [--more DIR] [--tiers A B C D ...] [--seeds 3] [--budget 120]

Each case (`tests.benchmarks.cases`) is covered by the real command with default settings. A clip is a hit where its
sample is the true one (or nearly: `tests.benchmarks.recovered`) and the sample's first frame would sound within 20 ms
of the truth, whatever its transposition: `repitched right` is the share of hits that have that right, too. Prints a
row per case and the means per tier. Libraries and what was worked out about them lie in --keep, where that is given,
and are then used again; --first-seed gives cases that nobody has seen.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.benchmarks.case_sounds import files_in, write_samples, write_twins
from tests.benchmarks.cases import TIERS, Placed, made_case, sources_of
from tests.benchmarks.command import Cover, config_with_cache, cover, indexed
from tests.benchmarks.recovered import NearIdentical, Recovered, recovered
from tests.benchmarks.tables import head, row, table

COLUMNS = ("tier", "seed", "F1", "precision", "recall", "clips", "repitched right", "score", "seconds")


def library_of(tier: str, seed: int, library: list[Path], more: list[Path], work: Path) -> Path:
    """The folder of a case's samples, made where it is not there already."""
    size = TIERS[tier]
    if size.library is not None:
        name = f"{tier}-{seed}"
    elif size.whole or tier == "duplicates":
        name = tier
    else:
        name = "whole"
    folder = work / "libraries" / name
    write_samples(sources_of(tier, seed, library, more), folder)
    if tier == "duplicates":
        write_twins(folder)
    return folder


def as_row(tier: str, seed: int, found: Recovered, made: Cover) -> list[str]:
    shares = (f"{share:.3f}" for share in (found.f1, found.precision, found.recall))
    counts = (str(found.placed), f"{found.repitched_right:.2f}", f"{made.score_total:.4f}", f"{made.seconds:.0f}")
    return [tier, str(seed), *shares, *counts]


def write_truth(truth: tuple[Placed, ...], file: Path) -> None:
    lines = [f"{t.start_seconds:.6f}\t{t.path.name}\t{t.gain_db:.2f}\t{t.semitones}" for t in truth]
    file.write_text("\n".join(["start_seconds\tfile\tgain_db\tsemitones", *lines]) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--more", type=Path, help="where tier D's other samples are from")
    parser.add_argument("--tiers", nargs="+", choices=list(TIERS), default=["A", "B", "C"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--budget", type=float, default=120.0)
    parser.add_argument("--keep", type=Path, help="where libraries, targets and covers stay")
    options = parser.parse_args()
    library, more = files_in(options.library), files_in(options.more) if options.more else []
    if "D" in options.tiers and not more:
        parser.error("tier D: --more must name a folder with further samples")
    alike = NearIdentical()
    f1_by_tier: dict[str, list[float]] = {tier: [] for tier in options.tiers}
    with ExitStack() as stack:
        work = options.keep or Path(stack.enter_context(TemporaryDirectory(prefix="jacqueesbot-recovery-")))
        config = config_with_cache(work)
        print(head(COLUMNS), flush=True)
        for tier in options.tiers:
            for seed in range(options.first_seed, options.first_seed + options.seeds):
                folder = library_of(tier, seed, library, more, work)
                took_seconds = indexed(folder, config)
                print(f"{tier} {seed}: {took_seconds:.0f} s of indexing", file=sys.stderr)
                case = made_case(tier, seed, files_in(folder))
                target = work / "targets" / f"{tier}-{seed}{case.suffix}"
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(case.encoded)
                write_truth(case.truth, target.with_suffix(".tsv"))
                out = work / "covers" / f"{tier}-{seed}"
                out.parent.mkdir(exist_ok=True)
                made = cover(target, folder, out, config, options.budget)
                found = recovered(case.truth, [clip for _, clip in made.arrangement.clips()], alike)
                f1_by_tier[tier].append(found.f1)
                print(row(as_row(tier, seed, found, made)), flush=True)
    means = [[tier, f"{np.mean(each):.3f}", f"{min(each):.3f}"] for tier, each in f1_by_tier.items()]
    print("\n" + table([["tier", "mean F1", "least F1"], *means]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
