"""A toy problem without music: bits are set in order, and pairs pay only when both are set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from search.contract import Judged, Option, Problem

HOLD = "hold"
PAIRS = 4
Value = Callable[[tuple[int, ...]], float]


@dataclass(frozen=True)
class Bits:
    bits: tuple[int, ...]
    cursor: int = 0


EMPTY = Bits((0,) * 2 * PAIRS)


def pairs_value(bits: tuple[int, ...]) -> float:
    """In [0, 1]: of each pair nothing set is 1, one set 0, both set 3 twelfths. No single bit improves on none."""
    return sum({0: 1, 1: 0, 2: 3}[a + b] for a, b in zip(bits[::2], bits[1::2], strict=True)) / (3 * PAIRS)


def sum_value(bits: tuple[int, ...]) -> float:
    """The share of bits that are set: each improves."""
    return sum(bits) / len(bits)


@dataclass
class Toy:
    """Counts what is evaluated. An action sets the bit at a place; the search may do so at the cursor."""

    value: Value = pairs_value
    sketches: Sequence[Bits] = ()
    evaluated: list[Bits] = field(default_factory=list)

    def problem(self) -> Problem[Bits, str]:
        return Problem(
            hold=HOLD,
            step=self._step,
            evaluate=self._evaluate,
            outlook=lambda root: self._options,
            survey=self._survey,
            draw=lambda state, rng: str(state.cursor) if rng.random() < 0.5 else HOLD,
            sketch=lambda state: iter(self.sketches),
            polish=lambda state: state,
            rewound=lambda state: replace(state, cursor=0),
            is_finished=lambda state: state.cursor >= len(state.bits),
        )

    def judged(self, state: Bits) -> Judged[Bits]:
        return Judged(state, self.value(state.bits))

    def _step(self, state: Bits, action: str) -> Bits | None:
        if action == HOLD:
            return replace(state, cursor=state.cursor + 1)
        place = int(action)
        if state.bits[place]:
            return None
        return replace(state, bits=(*state.bits[:place], 1, *state.bits[place + 1 :]))

    def _evaluate(self, states: Sequence[Bits]) -> list[Judged[Bits]]:
        self.evaluated.extend(states)
        return [self.judged(state) for state in states]

    def _options(self, state: Bits) -> list[Option[str]]:
        if state.cursor >= len(state.bits):
            return []
        return [Option(HOLD, 0.5), Option(str(state.cursor), 0.4)]

    def _survey(self, state: Bits, count: int, rng: np.random.Generator | None) -> list[str]:
        places = [str(place) for place, bit in enumerate(state.bits) if not bit]
        return places[:count] if rng is None else [str(place) for place in rng.permutation(places)[:count]]


def improvements() -> tuple[list[Judged[Bits]], Callable[[Judged[Bits]], None]]:
    """What a search reports, and the function it reports to."""
    reported: list[Judged[Bits]] = []
    return reported, reported.append


def rising(values: Sequence[float]) -> bool:
    return all(before < after for before, after in pairwise(values))


def counting(calls: int) -> Callable[[], bool]:
    """A stop that says so from the call after so many on."""
    left: Iterator[int] = iter(range(calls))
    return lambda: next(left, None) is None
