"""One measurement of `tests.benchmarks.scale`, in a process of its own: python -m tests.benchmarks.scale_job JOB

JOB is a `Job` as JSON; what was found is printed as JSON. Seconds are of the processor, all threads together.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from controller.library import index_library
from controller.progress import QuietProgress
from embedding.audio import Audio, read_audio
from embedding.hearing import hear_recording
from embedding.kernels import FloatArray
from embedding.reward import weights_named
from embedding.weights import load_ears
from search.actions import State
from search.arrangement import Arrangement, Sample
from search.contract import Limit
from search.matching import LISTED, Query
from search.planner import PlannerSettings, make_planner
from search.rendering import Sounds
from tests.benchmarks.case_sounds import files_in
from tests.benchmarks.searches import library_in, one_thread_ears, searched

MADE_UP_SECONDS = 0.5
MADE_UP_SEMITONES = 6.0
EXACT_AT_ONCE = 4
EDITS = 64


@dataclass(frozen=True)
class Job:
    """`kind`: search, depths or indexing. `samples`: how many there are in the library."""

    kind: str
    target: str
    folders: tuple[str, ...]
    target_seconds: float
    samples: int
    search_seconds: float
    most_gib: float


def clocked(work: Callable[[], object]) -> float:
    """Seconds of processor."""
    began = time.process_time()
    work()
    return time.process_time() - began


def tiled(audio: Audio, seconds: float) -> Audio:
    """The recording again and again, for so many seconds."""
    wanted = round(seconds * audio.sample_rate_hz)
    times = -(-wanted // audio.samples.shape[1])
    return Audio(np.tile(audio.samples, (1, times))[:, :wanted], audio.sample_rate_hz)


def chosen_samples(real: Sequence[Sample], first: int, sounds: Sounds, count: int) -> tuple[list[Sample], Sounds]:
    """`count` samples, and what gives their sound: any of the `first` real ones, then of the others, then made-up ones,
    which are beginnings of real ones at other speeds."""
    rng = np.random.default_rng(0)
    order = [*rng.permutation(first), *(first + rng.permutation(len(real) - first))]
    chosen = [real[place] for place in order[:count]]
    made_up: dict[str, tuple[str, float]] = {}
    for number in range(count - len(chosen)):
        source = real[int(rng.integers(len(real)))]
        speed = float(2.0 ** (rng.uniform(-MADE_UP_SEMITONES, MADE_UP_SEMITONES) / 12.0))
        name = f"/made up/{number}"
        made_up[name] = (source.path, speed)
        seconds = min(source.seconds, MADE_UP_SECONDS) / speed
        chosen.append(replace(source, path=name, content_hash=f"made up {number}", seconds=seconds, channels=1))

    def sound_of(path: str) -> tuple[FloatArray, int]:
        if path not in made_up:
            return sounds(path)
        source, speed = made_up[path]
        mono, rate_hz = sounds(source)
        begun = mono[: round(MADE_UP_SECONDS * rate_hz)]
        places = np.arange(round(begun.size / speed)) * speed
        return np.interp(places, np.arange(begun.size), begun).astype(np.float32), rate_hz

    return chosen, sound_of


def searching(job: Job) -> dict[str, float]:
    """What it takes from a recording and a library to proposals for each moment, a first cover and more of them."""
    target = tiled(read_audio(job.target), job.target_seconds)
    ears = one_thread_ears()
    libraries = [library_in(Path(folder), ears.ears) for folder in job.folders]
    real = [sample for library in libraries for sample in library.samples]
    of_path = {sample.path: library for library in libraries for sample in library.samples}
    first = len(libraries[0].samples)
    samples, sounds = chosen_samples(real, first, lambda path: of_path[path].sounds(path), job.samples)
    began = time.process_time()
    hearing = hear_recording(target, ears)
    heard = time.process_time()
    planner = make_planner(target, samples, sounds, ears, weights_named("default"), PlannerSettings(), hearing)
    made = time.process_time()
    moments = len(planner.matcher.moments_seconds)
    empty = Arrangement(planner.tempo_bpm)
    proposing = clocked(lambda: planner.matcher.propose([Query(empty, moment, 1) for moment in range(moments)]))
    found = searched(planner, "mcts", 0, job.search_seconds)
    usable = [seconds for seconds, best in found.curve if best.arrangement.clip_count]
    return {
        "moments": moments,
        "hearing": heard - began,
        "planner": made - heard,
        "proposals": proposing,
        "first cover": usable[0] if usable else float("nan"),
        "evaluations per s": found.evaluations / found.seconds,
        "total": found.total_at(float("inf")),
        "peak MiB": peak_mib(),
    }


def depths(job: Job) -> dict[str, float]:
    """Actions judged per second: compared with all there are, with those listed at the moment, and scored exactly."""
    ears = one_thread_ears()
    library = library_in(Path(job.folders[0]), ears.ears)
    samples, sounds = chosen_samples(library.samples, len(library.samples), library.sounds, job.samples)
    target = tiled(read_audio(job.target), job.target_seconds)
    hearing = hear_recording(target, ears)
    planner = make_planner(target, samples, sounds, ears, weights_named("default"), PlannerSettings(), hearing)
    matcher, problem = planner.matcher, planner.problem(Limit())
    everywhere = [Query(Arrangement(planner.tempo_bpm), m, 1) for m in range(len(matcher.moments_seconds))]
    matcher.propose(everywhere)
    comparing = clocked(lambda: matcher.propose(everywhere))
    listing = clocked(lambda: matcher.propose_soon(everywhere))
    root = planner.evaluator.from_scratch(Arrangement(planner.tempo_bpm))
    state = State(root.arrangement, 0, root)
    *_, full = [state, *islice(problem.sketch(state), 8)]
    (judged,) = problem.evaluate([full])
    tried = (problem.step(judged.state, action) for action in problem.survey(judged.state, EDITS, None))
    states = [new for new in tried if new is not None]
    batches = [states[at : at + EXACT_AT_ONCE] for at in range(0, len(states), EXACT_AT_ONCE)]
    exactly = clocked(lambda: [problem.evaluate(batch) for batch in batches])
    anew = clocked(lambda: [planner.evaluator.from_scratch(new.arrangement) for new in states[:EXACT_AT_ONCE]])
    return {
        "compared, all atoms": matcher.atoms.count * len(everywhere) / comparing,
        "compared, a moment's list": min(LISTED, matcher.atoms.count) * len(everywhere) / listing,
        "scored exactly, as an edit": len(states) / exactly,
        "scored exactly, from scratch": len(states[:EXACT_AT_ONCE]) / anew,
    }


def indexing(job: Job) -> dict[str, float]:
    """Of files never seen, and of the same again; seconds by the wall's clock, on all cores."""
    files = [file for folder in job.folders for file in files_in(Path(folder))][: job.samples]
    ears = load_ears()
    with TemporaryDirectory(prefix="jacqueesbot-indexing-") as work:
        folder = Path(work, "library")
        folder.mkdir()
        for number, file in enumerate(files):
            Path(folder, f"{number:06d}{file.suffix}").symlink_to(file.absolute())
        took = []
        for _ in range(2):
            began = time.monotonic()
            library = index_library(folder, ears, Path(work, "cache"), QuietProgress())
            took.append(time.monotonic() - began)
    audio_seconds = sum(sample.seconds for sample in library.samples)
    return {
        "files": len(files),
        "seconds": took[0],
        "files per s": len(files) / took[0],
        "times real time": audio_seconds / took[0],
        "again": took[1],
        "peak MiB": peak_mib(),
    }


def peak_mib() -> float:
    import resource  # not on Windows

    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 2**20


def keep_below(most_gib: float) -> None:
    """More memory of its own than that fails in this process, before it hurts others."""
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (round(most_gib * 2**30),) * 2)


KINDS = {"search": searching, "depths": depths, "indexing": indexing}


def as_text(job: Job) -> str:
    return json.dumps(asdict(job))


def main() -> int:
    job = Job(**json.loads(sys.argv[1]))
    keep_below(job.most_gib)
    print(json.dumps(KINDS[job.kind](job)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
