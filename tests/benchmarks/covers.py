"""How like a recording its cover is, by measures that the search does not see (`tests.benchmarks.measures`).

    python -m tests.benchmarks.covers --targets DIR --library DIR [--budget 120] [--seeds 1] [--policies mcts greedy]
    python -m tests.benchmarks.covers --targets DIR --score-only FOLDER

The first covers each recording with the real command; with --keep its folders stay, and so does what was worked out
about the library. The second judges covers that are there already: FOLDER/NAME/cover.wav for the recording NAME.flac.
Prints a row for each cover and the means. Lower is better for the columns up to zimtohrli.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from embedding.audio import read_audio
from tests.benchmarks.case_sounds import files_in
from tests.benchmarks.command import config_with_cache, cover, indexed
from tests.benchmarks.measures import HIGHER_IS_BETTER, LOWER_IS_BETTER, measures, psychoacoustic_distance
from tests.benchmarks.tables import head, row

MEASURES = (*LOWER_IS_BETTER, *HIGHER_IS_BETTER)


@dataclass(frozen=True)
class Judged:
    """`maker` is what made the cover: a policy, or a folder. `facts` are counts and totals that go with it."""

    target: str
    maker: str
    seed: int
    values: dict[str, float]
    facts: dict[str, float]


def judged(target: Path, cover_file: Path, maker: str, seed: int = 0, **facts: float) -> Judged:
    wanted, sound = read_audio(target), read_audio(cover_file)
    facts["length"] = sound.seconds / wanted.seconds
    return Judged(target.stem, maker, seed, measures(wanted, sound), facts)


def made_covers(
    targets: list[Path], library: Path, policies: list[str], seeds: range, budget_seconds: float, work: Path
) -> Iterator[Judged]:
    config = config_with_cache(work)
    print(f"{indexed(library, config):.0f} s of indexing", file=sys.stderr)
    for policy in policies:
        for seed in seeds:
            for target in targets:
                out = work / f"{policy}-{seed}" / target.stem
                out.parent.mkdir(parents=True, exist_ok=True)
                how = ("--policy", policy, "--seed", str(seed))
                made = cover(target, library, out, config, budget_seconds, *how)
                yield judged(
                    target,
                    out / "cover.wav",
                    policy,
                    seed,
                    score=made.score_total,
                    clips=made.arrangement.clip_count,
                    tracks=len(made.arrangement.tracks),
                    seconds=made.seconds,
                )


def standing_covers(targets: list[Path], folder: Path) -> Iterator[Judged]:
    for target in targets:
        file = folder / target.stem / "cover.wav"
        if file.exists():
            yield judged(target, file, folder.name)
        else:
            print(f"{file}: there is none", file=sys.stderr)


def cells(name: str, maker: str, seed: str, values: dict[str, float], facts: dict[str, float]) -> list[str]:
    numbers = [f"{values[measure]:.4f}" for measure in MEASURES]
    return [name, maker, seed, *numbers, *(f"{facts[fact]:.4g}" for fact in facts)]


def mean_rows(covers: list[Judged]) -> list[list[str]]:
    """One row per maker: means over its recordings and seeds."""
    rows = []
    for maker in dict.fromkeys(each.maker for each in covers):
        mine = [each for each in covers if each.maker == maker]
        values = {name: float(np.mean([each.values[name] for each in mine])) for name in MEASURES}
        facts = {name: float(np.mean([each.facts[name] for each in mine])) for name in mine[0].facts}
        rows.append(cells("mean", maker, "", values, facts))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", type=Path, required=True)
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--library", type=Path)
    wanted.add_argument("--score-only", type=Path, metavar="FOLDER")
    parser.add_argument("--budget", type=float, default=120.0)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--policies", nargs="+", default=["mcts"])
    parser.add_argument("--keep", type=Path, help="where covers stay")
    options = parser.parse_args()
    try:
        psychoacoustic_distance()
    except ImportError as why:
        parser.error(str(why))
    targets, covers = files_in(options.targets), []
    with ExitStack() as stack:
        if options.score_only:
            found = standing_covers(targets, options.score_only)
        else:
            work = options.keep or Path(stack.enter_context(TemporaryDirectory(prefix="jacqueesbot-covers-")))
            seeds = range(options.seeds)
            found = made_covers(targets, options.library, options.policies, seeds, options.budget, work)
        for each in found:
            if not covers:
                print(head(["recording", "by", "seed", *MEASURES, *each.facts]))
            print(row(cells(each.target, each.maker, str(each.seed), each.values, each.facts)), flush=True)
            covers.append(each)
    if not covers:
        return 1
    print("\n".join(map(row, mean_rows(covers))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
