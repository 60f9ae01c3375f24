"""Training the ears: a folder of notes in, weights and their card out.

The learning rate falls along a half cosine to 0 at the end of the budget, so a run that is cut short is not a finished
one: it writes checkpoints, and the same call goes on from the last.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from embedding.ears import Ears, ears_of, fastest_precision
from embedding.errors import BadOption
from embedding.kernels import FloatArray
from embedding.network import CLASSES, SLIM, Architecture
from embedding.training.excerpts import UNKNOWN, Repertoire, Targets, draw_batch, masked, repertoire
from embedding.training.labels import LABELS
from embedding.training.network import TrainingNetwork, folded
from embedding.training.notes import Split, read_notes, split_by_source
from embedding.training.pool import Pool
from embedding.training.tunes import made_pieces
from embedding.weights import save_ears

PEAK_LEARNING_RATE = 2e-3
WARM_UP = 0.03
WEIGHT_DECAY = 1e-2
FRESH = 16
"""New excerpts per step; as many more come from the pool: making an excerpt takes longer than learning from it."""
POOL = 4096
MIXED_SHARE = 1 / 3
MIXED_ALPHA = 0.3
CENTRE_EXCERPTS = 256
TEST_EXCERPTS_PER_CLASS = 100

Progress = Callable[[float, str], None]
Draw = Callable[[np.random.Generator], tuple[FloatArray, Targets]]
"""A batch to learn from: log-mel windows [n, 130, 128], targets [n, labels] (see `embedding.training.excerpts`)."""


@dataclass(frozen=True)
class Budget:
    """What training may take: it ends with `steps`, or with `seconds` of it, or whichever comes first."""

    seconds: float = math.inf
    steps: float = math.inf

    def __post_init__(self) -> None:
        if not (self.seconds > 0 and self.steps > 0) or math.isinf(min(self.seconds, self.steps)):
            asked = f"training of {self.seconds} seconds and {self.steps} steps"
            raise BadOption(f"{asked}; both must be above 0, and one of them finite (no end given?)")

    def spent(self, seconds: float, steps: int) -> float:
        """Share of the budget, 0 to 1."""
        return min(1.0, max(seconds / self.seconds, steps / self.steps))


@dataclass
class Run:
    """A training run under way: all that a checkpoint holds."""

    network: TrainingNetwork
    optimizer: torch.optim.Optimizer
    rng: np.random.Generator
    rate: float = 1.0
    """Of the usual learning rate."""
    steps: int = 0
    seconds: float = 0.0


def train_ears(
    data_folder: Path,
    out_file: Path,
    *,
    architecture: Architecture = SLIM,
    seconds: float = math.inf,
    steps: float = math.inf,
    seed: int = 0,
    kept_out: frozenset[tuple[str, str]] = frozenset(),
    progress: Progress = lambda _share, _text: None,
    about: dict[str, Any] | None = None,
    checkpoint_seconds: float = 60.0,
    clock: Callable[[], float] = time.monotonic,
) -> Ears:
    """Train on the notes below `data_folder` (see `training.notes`) and write `out_file` (.pt) and its card.

    The budget is `seconds` of training (reading and testing come on top), or `steps`. What is tested on is chosen by
    `split_by_source` from `kept_out`. `about` (data, licences) is added to the card.
    A checkpoint beside `out_file` is gone on from if it is of the same data, architecture, seed and budget.
    """
    budget = Budget(seconds, steps)
    notes = read_notes(data_folder, lambda share: progress(0.0, f"reading notes {share:.0%}"))
    split = split_by_source(notes, kept_out)
    key = run_key(listed(split), architecture, seed, budget)
    checkpoint = out_file.with_suffix(".checkpoint")
    run = resume(checkpoint, key, start(architecture, seed))
    pieces = made_pieces(np.random.default_rng(seed))
    heard, kept = repertoire(split.train, pieces), repertoire(split.test, pieces) if split.test else None
    draw = drawn_as_they_are_made(heard)
    train(run, draw, budget, progress, clock, checkpoint_seconds, lambda: keep(checkpoint, key, run))
    progress(1.0, "testing on sources kept out")
    ears, card = finish(run, heard, kept, seed)
    sources = sorted({f"{LABELS[note.label]}: {note.source}" for note in split.train})
    test_sources = sorted({f"{LABELS[note.label]}: {note.source}" for note in split.test})
    card |= {
        "date": datetime.now(UTC).date().isoformat(),
        "training": {
            "notes": len(split.train),
            "steps": run.steps,
            "batch": 2 * FRESH,
            "seed": seed,
            "sources": sources,
        },
        "test_sources": test_sources,
    }
    save_ears(out_file, ears.network.float(), card | (about or {}))
    checkpoint.unlink(missing_ok=True)
    return ears_of(ears.network, card, fastest_precision())


def start(architecture: Architecture, seed: int) -> Run:
    """An untrained network. `seed` sets its weights and dropout, through torch's own generator, and the excerpts."""
    torch.manual_seed(seed)
    network = TrainingNetwork(architecture)
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(network.parameters(), PEAK_LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    return Run(network, optimizer, np.random.default_rng(seed))


def drawn_as_they_are_made(notes: Repertoire) -> Draw:
    """Batches of 16 new excerpts and 16 of the last 4,096."""
    pool = Pool(POOL)

    def draw(rng: np.random.Generator) -> tuple[FloatArray, Targets]:
        windows, targets = draw_batch(notes, FRESH, rng)
        old_windows, old_targets = pool.draw(FRESH, rng) if len(pool) else (windows, targets)
        pool.put(windows, targets)
        return np.concatenate([windows, old_windows]), np.concatenate([targets, old_targets])

    return draw


def train(
    run: Run,
    draw: Draw,
    budget: Budget,
    progress: Progress,
    clock: Callable[[], float],
    checkpoint_seconds: float,
    write_checkpoint: Callable[[], None],
) -> None:
    """Go on with `run` until the budget is spent. `draw` is all that knows the data."""
    began, kept_at = clock() - run.seconds, clock()
    run.network.train()
    loss = math.nan
    while (share := budget.spent(run.seconds, run.steps)) < 1.0:
        windows, targets = draw(run.rng)
        shown, asked = mixed_up(masked(windows, run.rng), targets, run.rng)
        now = learn(run, shown, asked, learning_rate(share) * run.rate)
        loss = now if math.isnan(loss) else 0.98 * loss + 0.02 * now
        run.steps += 1
        run.seconds = clock() - began
        progress(share, f"step {run.steps}, loss {loss:.3f}")
        if clock() - kept_at > checkpoint_seconds:
            write_checkpoint()
            kept_at = clock()


def mixed_up(windows: FloatArray, targets: Targets, rng: np.random.Generator) -> tuple[FloatArray, Targets]:
    """In a third of the batches each window is mixed with another (Zhang et al. 2018); what is unknown of either of
    them is unknown."""
    if rng.random() > MIXED_SHARE:
        return windows, targets
    other = rng.permutation(len(windows))
    share = rng.beta(MIXED_ALPHA, MIXED_ALPHA, len(windows)).astype(np.float32)
    both = windows * share[:, None, None] + windows[other] * (1 - share)[:, None, None]
    asked = targets * share[:, None] + targets[other] * (1 - share)[:, None]
    return both, np.where((targets == UNKNOWN) | (targets[other] == UNKNOWN), np.float32(UNKNOWN), asked)


def learn(run: Run, windows: FloatArray, targets: Targets, rate: float) -> float:
    """One step of binary cross-entropy over all outputs that are asked for; its loss."""
    for group in run.optimizer.param_groups:
        group["lr"] = rate
    inputs = torch.from_numpy(windows)[:, None].contiguous(memory_format=torch.channels_last)
    wanted = torch.from_numpy(targets)
    with torch.autocast("cpu", torch.bfloat16, enabled=fastest_precision() is torch.bfloat16):
        logits = run.network(inputs)
    logits = logits.float()[:, : wanted.shape[1]]
    loss = F.binary_cross_entropy_with_logits(logits, wanted.clamp(min=0.0), weight=(wanted != UNKNOWN).float())
    run.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(run.network.parameters(), 1.0)
    run.optimizer.step()
    return float(loss.detach())


def learning_rate(share: float) -> float:
    """Of the budget's `share` that is spent: rises over the first 3 %, then falls along a half cosine to 0."""
    if share < WARM_UP:
        return PEAK_LEARNING_RATE * (share + 1e-3) / (WARM_UP + 1e-3)
    return PEAK_LEARNING_RATE * 0.5 * (1.0 + math.cos(math.pi * (share - WARM_UP) / (1.0 - WARM_UP)))


def finish(run: Run, notes: Repertoire, test: Repertoire | None, seed: int) -> tuple[Ears, dict[str, Any]]:
    """The ears that `run` made, centred, in float32, and what their card says of their accuracy."""
    ears = centred(run, draw_batch(notes, CENTRE_EXCERPTS, np.random.default_rng([seed, 1]))[0])
    return ears, {} if test is None else {"accuracy": accuracy(ears, test, np.random.default_rng([seed, 2]))}


def centred(run: Run, windows: FloatArray) -> Ears:
    """The ears that `run` made, in float32; the mean embedding of `windows` is taken from all embeddings."""
    run.network.eval()
    uncentred = ears_of(folded(run.network), {})
    centre = torch.from_numpy(uncentred.hear(windows).embeddings.mean(axis=0))
    return ears_of(folded(run.network, centre), {})


def accuracy(ears: Ears, notes: Repertoire, rng: np.random.Generator) -> dict[str, Any]:
    """Top-1 on phrases made from `notes`, recorded as in training but unaccompanied: overall and per class."""
    hits: dict[str, float] = {}
    for label in notes.labels:
        windows, _ = draw_batch(notes.only(label), TEST_EXCERPTS_PER_CLASS, rng, accompanied=0.0)
        heard = ears.hear(windows).probabilities.argmax(axis=1)
        hits[CLASSES[label]] = round(float(np.mean(heard == label)), 3)
    return {
        "measure": f"top-1 on {TEST_EXCERPTS_PER_CLASS} phrases per class from sources that were not trained on",
        "overall": round(float(np.mean(list(hits.values()))), 3),
        "per_class": hits,
    }


def run_key(data: object, architecture: Architecture, seed: int, budget: Budget) -> str:
    """Names a run: equal only for equal data (anything that JSON holds), architecture, seed and budget."""
    content = json.dumps([data, architecture.name, seed, str(budget)])
    return hashlib.sha256(content.encode()).hexdigest()


def listed(split: Split) -> list[tuple[str, int, str, int]]:
    """What names the data of a run: every note's name, label, source and length."""
    return [
        (note.name, note.label, note.source, note.samples.size) for part in (split.train, split.test) for note in part
    ]


def keep(checkpoint: Path, key: str, run: Run) -> None:
    state = {
        "key": key,
        "network": run.network.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "rng": json.dumps(run.rng.bit_generator.state),
        "torch_rng": torch.get_rng_state(),
        "steps": run.steps,
        "seconds": run.seconds,
    }
    beside = checkpoint.with_name(checkpoint.name + ".part")
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    torch.save(state, beside)
    beside.replace(checkpoint)


def resume(checkpoint: Path, key: str, run: Run) -> Run:
    """`run`, brought to where `checkpoint` left off if there is one of the same run; the pool is filled anew."""
    if not checkpoint.is_file():
        return run
    state = torch.load(checkpoint, weights_only=True)
    if state["key"] != key:
        return run
    run.network.load_state_dict(state["network"])
    run.optimizer.load_state_dict(state["optimizer"])
    run.rng.bit_generator.state = json.loads(state["rng"])
    torch.set_rng_state(state["torch_rng"])
    run.steps, run.seconds = state["steps"], state["seconds"]
    return run
