"""A training run that is cut short in its fourth step, and gone on with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest


class Interrupted(Exception):
    pass


def interrupted_and_gone_on_with(train: Callable[..., Any], out: Path) -> tuple[Any, list[int]]:
    """(what the second call of `train` returns, the steps that it took); `train` takes six, and writes `out`."""

    def interrupt(_share: float, text: str) -> None:
        if text.startswith("step 4"):
            raise Interrupted

    ticking: Iterator[float] = map(float, count())
    with pytest.raises(Interrupted):
        train(steps=6, progress=interrupt, checkpoint_seconds=0.0, clock=lambda: next(ticking))
    assert not out.exists()
    steps: list[int] = []

    def note_step(_share: float, text: str) -> None:
        if text.startswith("step "):
            steps.append(int(text.split()[1].rstrip(",")))

    return train(steps=6, progress=note_step), steps
