"""What an audio device is to play from now on: plain values, made by live_simulator.expectation.

Unlike in a Mix for a render, the clips of the Session view, which are those without end, have as `start_beats` how long
the song had played in all when they began (SongNode.played_beats): they go on where the song jumps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from live_simulator.mix import Mix, from_json


@dataclass(frozen=True)
class Expected:
    """When the song has played for `at_played_beats` in all: the sound of another set, a jump, or both."""

    at_played_beats: float
    mix: Mix | None
    jump_to_beats: float | None


@dataclass(frozen=True)
class Plan:
    """`loop`: (beat of its start, of its end), if the song loops. `expected` in order of time."""

    mix: Mix
    loop: tuple[float, float] | None
    expected: tuple[Expected, ...]


def plan_from_json(document: dict[str, Any]) -> Plan:
    """Of what live_simulator.expectation gives, also after JSON made lists of its tuples. KeyError, TypeError."""
    loop = document["loop"]
    expected = tuple(
        Expected(
            line["at_played_beats"], None if line["mix"] is None else from_json(line["mix"]), line["jump_to_beats"]
        )
        for line in document["expected"]
    )
    return Plan(from_json(document["mix"]), None if loop is None else (loop[0], loop[1]), expected)
