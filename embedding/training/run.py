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
from embedding.training.excerpts import Repertoire, draw_batch, masked, repertoire
from embedding.training.network import TrainingNetwork, folded
from embedding.training.notes import Split, read_notes, split_by_source
from embedding.weights import save_ears

PEAK_LEARNING_RATE = 2e-3
WARM_UP = 0.03
WEIGHT_DECAY = 1e-2
FRESH = 16
"""New excerpts per step; as many more come from the pool: making an excerpt takes longer than learning from it."""
POOL = 4096
CENTRE_EXCERPTS = 256
TEST_EXCERPTS_PER_CLASS = 40

Progress = Callable[[float, str], None]
Labels = np.ndarray[Any, np.dtype[np.int64]]


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
    key = run_key(split, architecture, seed, budget)
    checkpoint = out_file.with_suffix(".checkpoint")
    run = resume(checkpoint, key, start(architecture, seed))
    train(run, repertoire(split.train), budget, progress, clock, checkpoint_seconds, lambda: keep(checkpoint, key, run))
    progress(1.0, "testing on sources kept out")
    ears, card = finish(run, repertoire(split.train), repertoire(split.test) if split.test else None, seed)
    sources = sorted({f"{CLASSES[note.label]}: {note.source}" for note in split.train})
    test_sources = sorted({f"{CLASSES[note.label]}: {note.source}" for note in split.test})
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


class Pool:
    """The latest excerpts, in half precision; the oldest give way."""

    def __init__(self, windows: FloatArray, labels: Labels) -> None:
        self._windows = np.empty((POOL, *windows.shape[1:]), np.float16)
        self._labels = np.empty(POOL, np.int64)
        self._count = 0
        self.put(windows, labels)

    def put(self, windows: FloatArray, labels: Labels) -> None:
        places = np.arange(self._count, self._count + len(labels)) % POOL
        self._windows[places], self._labels[places] = windows, labels
        self._count += len(labels)

    def draw(self, size: int, rng: np.random.Generator) -> tuple[FloatArray, Labels]:
        places = rng.integers(0, min(self._count, POOL), size)
        return self._windows[places].astype(np.float32), self._labels[places]


def start(architecture: Architecture, seed: int) -> Run:
    """An untrained network. `seed` sets its weights and dropout, through torch's own generator, and the excerpts."""
    torch.manual_seed(seed)
    network = TrainingNetwork(architecture)
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(network.parameters(), PEAK_LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    return Run(network, optimizer, np.random.default_rng(seed))


def train(
    run: Run,
    notes: Repertoire,
    budget: Budget,
    progress: Progress,
    clock: Callable[[], float],
    checkpoint_seconds: float,
    write_checkpoint: Callable[[], None],
) -> None:
    """Go on with `run` until the budget is spent."""
    began, kept_at = clock() - run.seconds, clock()
    pool = Pool(*draw_batch(notes, FRESH, run.rng))
    run.network.train()
    loss = math.nan
    while (share := budget.spent(run.seconds, run.steps)) < 1.0:
        windows, labels = draw_batch(notes, FRESH, run.rng)
        old_windows, old_labels = pool.draw(FRESH, run.rng)
        pool.put(windows, labels)
        shown = masked(np.concatenate([windows, old_windows]), run.rng)
        now = learn(run, shown, np.concatenate([labels, old_labels]), learning_rate(share))
        loss = now if math.isnan(loss) else 0.98 * loss + 0.02 * now
        run.steps += 1
        run.seconds = clock() - began
        progress(share, f"step {run.steps}, loss {loss:.3f}")
        if clock() - kept_at > checkpoint_seconds:
            write_checkpoint()
            kept_at = clock()


def learn(run: Run, windows: FloatArray, labels: Labels, rate: float) -> float:
    """One step of binary cross-entropy over the eleven outputs; its loss."""
    for group in run.optimizer.param_groups:
        group["lr"] = rate
    inputs = torch.from_numpy(windows)[:, None].contiguous(memory_format=torch.channels_last)
    targets = F.one_hot(torch.from_numpy(labels), len(CLASSES)).float()
    with torch.autocast("cpu", torch.bfloat16, enabled=fastest_precision() is torch.bfloat16):
        logits = run.network(inputs)
    loss = F.binary_cross_entropy_with_logits(logits.float(), targets)
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
    run.network.eval()
    rng = np.random.default_rng([seed, 1])
    windows, _ = draw_batch(notes, CENTRE_EXCERPTS, rng)
    uncentred = ears_of(folded(run.network), {})
    centre = torch.from_numpy(uncentred.hear(windows).embeddings.mean(axis=0))
    ears = ears_of(folded(run.network, centre), {})
    return ears, {} if test is None else {"accuracy": accuracy(ears, test, np.random.default_rng([seed, 2]))}


def accuracy(ears: Ears, notes: Repertoire, rng: np.random.Generator) -> dict[str, Any]:
    """Top-1 on phrases made from `notes`, recorded as in training but unaccompanied: overall and per class."""
    hits: dict[str, float] = {}
    for label in notes.labels:
        one = Repertoire((label,), notes.sources, notes.weights)
        windows, _ = draw_batch(one, TEST_EXCERPTS_PER_CLASS, rng, accompanied=0.0)
        heard = ears.hear(windows).probabilities.argmax(axis=1)
        hits[CLASSES[label]] = round(float(np.mean(heard == label)), 3)
    return {
        "measure": f"top-1 on {TEST_EXCERPTS_PER_CLASS} phrases per class from sources that were not trained on",
        "overall": round(float(np.mean(list(hits.values()))), 3),
        "per_class": hits,
    }


def run_key(split: Split, architecture: Architecture, seed: int, budget: Budget) -> str:
    """Names a run: equal only for equal data, split, architecture, seed and budget."""
    listed = [
        (note.name, note.label, note.source, note.samples.size) for part in (split.train, split.test) for note in part
    ]
    content = json.dumps([listed, architecture.name, seed, str(budget)])
    return hashlib.sha256(content.encode()).hexdigest()


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
