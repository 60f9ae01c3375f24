"""What a player is told to do, as JSON, and what that makes of what it plays.

{"do": "start", "run": 1, "beats": 4.0, "played_beats": 0.0, "played_seconds": 0.0, "plan": {...}}
{"do": "jump", "run": 2, "beats": 16.0, "plan": {...}}
{"do": "change", "plan": {...}}
{"do": "stop", "run": 3}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from live_simulator.faults import without_refused_tracks
from live_simulator.plan import Plan, plan_from_json
from live_simulator.program import Sounding, silence, sounding
from live_simulator.sounds import Sounds
from live_simulator.timeline import moved, started, stopped, with_tempo

Change = Callable[[Sounding, int], Sounding]
"""Of what sounds, what sounds instead from an output sample on."""


def change_of(order: dict[str, Any], sounds: Sounds) -> tuple[Change, list[str]]:
    """And lines that tell what is not heard as it is in Live. KeyError, TypeError where it is no order."""
    kind = order["do"]
    if kind == "stop":
        return (lambda before, first: silence(stopped(before.stretch, first, order["run"]))), []
    plan, lines = _playable(plan_from_json(order["plan"]))
    tempo_bpm = plan.mix.tempo_bpm
    if kind == "start":
        played = (order["played_beats"], order["played_seconds"])

        def start(before: Sounding, first: int) -> Sounding:
            stretch = started(before.stretch, first, order["run"], order["beats"], played, tempo_bpm)
            return sounding(stretch, plan, sounds)

        return start, lines
    if kind == "jump":

        def jump(before: Sounding, first: int) -> Sounding:
            there = moved(before.stretch, float(first), order["beats"], order["run"])
            return sounding(with_tempo(there, first, tempo_bpm), plan, sounds)

        return jump, lines
    if kind == "change":

        def change(before: Sounding, first: int) -> Sounding:
            if before.plan is None:
                return before
            return sounding(with_tempo(before.stretch, first, tempo_bpm), plan, sounds)

        return change, lines
    raise KeyError(f"do: {kind!r}")


def _playable(plan: Plan) -> tuple[Plan, list[str]]:
    mix, lines = without_refused_tracks(plan.mix)
    expected = []
    for one in plan.expected:
        if one.mix is None:
            expected.append(one)
            continue
        later, more = without_refused_tracks(one.mix)
        expected.append(replace(one, mix=later))
        lines += more
    return Plan(mix, plan.loop, tuple(expected)), lines
