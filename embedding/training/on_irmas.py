"""Training the ears on IRMAS instead of on notes, and how well they then name what plays in it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from embedding.ears import Ears
from embedding.errors import BadAudio, BadInput
from embedding.evaluation import F1, THRESHOLD, f1_scores, instruments_heard
from embedding.network import CLASSES, SLIM, Architecture
from embedding.training.irmas import (
    LICENCE,
    Irmas,
    TestExcerpt,
    TrainingExcerpt,
    draw_windows,
    read_windows,
    sounding_windows,
    split_by_recording,
)
from embedding.training.run import CENTRE_EXCERPTS, Budget, Progress, centred, keep, resume, run_key, start, train
from embedding.weights import save_ears

BATCH = 32
MEASURE = f"F1; heard is what reaches {THRESHOLD} of the strongest class in the sum over the windows (Han 2016, S2)"


@dataclass(frozen=True)
class Evaluation:
    excerpts: int
    f1: F1


@dataclass(frozen=True)
class TrainedOnIrmas:
    """`validation`: on recordings of the training part that were not learned from; `test`: on the testing part. None
    where there is no such excerpt. `left_out`: what was silent, damaged or without a label."""

    validation: Evaluation | None
    test: Evaluation | None
    left_out: tuple[Path, ...]


def train_on_irmas(
    listed: Irmas,
    out_file: Path,
    *,
    architecture: Architecture = SLIM,
    seconds: float = math.inf,
    steps: float = math.inf,
    seed: int = 0,
    progress: Progress = lambda _share, _text: None,
    checkpoint_seconds: float = 60.0,
    clock: Callable[[], float] = time.monotonic,
) -> TrainedOnIrmas:
    """Train on `listed` (`irmas.list_irmas`) and write `out_file` (.pt) and its card.

    Budget and checkpoints are as in `train_ears`. BadInput where there are not two classes that can be read.
    """
    budget = Budget(seconds, steps)
    learned, kept = split_by_recording(listed.training)
    windows, unreadable = read_windows(learned, lambda share: progress(0.0, f"reading IRMAS {share:.0%}"))
    if len(np.unique(windows.labels)) < 2:
        raise BadInput(
            f"{learned[0].file.parent.parent}: of fewer than two classes any excerpt can be read; two are needed "
            "(damaged when they were unpacked?)"
        )
    names = [[(excerpt.file.name, excerpt.label) for excerpt in part] for part in (learned, kept)]
    key = run_key(["IRMAS", names, len(windows.labels)], architecture, seed, budget)
    checkpoint = out_file.with_suffix(".checkpoint")
    run = resume(checkpoint, key, start(architecture, seed))
    draw = partial(draw_windows, windows, BATCH)
    train(run, draw, budget, progress, clock, checkpoint_seconds, lambda: keep(checkpoint, key, run))
    ears = centred(run, draw_windows(windows, CENTRE_EXCERPTS, np.random.default_rng([seed, 1]))[0])
    validation, unheard = evaluate(ears, kept, lambda share: progress(1.0, f"validating {share:.0%}"))
    test, untested = evaluate(ears, listed.test, lambda share: progress(1.0, f"testing {share:.0%}"))
    card = {
        "data": {"name": "IRMAS", "licence": LICENCE},
        "date": datetime.now(UTC).date().isoformat(),
        "training": {"excerpts": len(windows.labels), "steps": run.steps, "batch": BATCH, "seed": seed},
        "accuracy": {
            "measure": MEASURE,
            "validation": _on_card(validation, "no recordings could be kept out"),
            "test": _on_card(test, "the testing part was not there"),
        },
    }
    save_ears(out_file, ears.network.float(), card)
    checkpoint.unlink(missing_ok=True)
    return TrainedOnIrmas(validation, test, (*listed.unlabelled, *unreadable, *unheard, *untested))


def evaluate(
    ears: Ears,
    excerpts: Sequence[TrainingExcerpt | TestExcerpt],
    progress: Callable[[float], None] = lambda _share: None,
) -> tuple[Evaluation | None, tuple[Path, ...]]:
    """(how well `ears` name the instruments of `excerpts`, None where none is left; the files left out because they are
    silent or cannot be read)."""
    present, heard, unreadable = [], [], []
    for index, excerpt in enumerate(excerpts):
        progress(index / len(excerpts))
        try:
            windows = sounding_windows(excerpt.file)
        except BadAudio:
            unreadable.append(excerpt.file)
            continue
        present.append([label in excerpt.labels for label in range(len(CLASSES))])
        heard.append(instruments_heard(ears.hear(windows).probabilities))
    evaluation = Evaluation(len(present), f1_scores(present, heard)) if present else None
    return evaluation, tuple(unreadable)


def _on_card(evaluation: Evaluation | None, otherwise: str) -> dict[str, Any] | str:
    if evaluation is None:
        return otherwise
    per_class = zip(CLASSES, evaluation.f1.per_class, strict=True)
    return {
        "excerpts": evaluation.excerpts,
        "f1_micro": round(evaluation.f1.micro, 4),
        "f1_macro": round(evaluation.f1.macro, 4),
        "per_class": {name: None if score is None else round(score, 4) for name, score in per_class},
    }
