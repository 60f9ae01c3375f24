"""Envelopes as breakpoints: (beat, value) in order of time, straight between two, held before the first and behind the
last. Two at one beat are a jump."""

from __future__ import annotations

from typing import NamedTuple, Tuple


class Breakpoint(NamedTuple):
    beats: float
    value: float


Breakpoints = Tuple[Breakpoint, ...]


def value_at(points: Breakpoints, beats: float, otherwise: float) -> float:
    """At a jump the value behind it; `otherwise` where there are no breakpoints."""
    if not points:
        return otherwise
    before = [point for point in points if point.beats <= beats]
    behind = [point for point in points if point.beats > beats]
    if not before or not behind:
        return behind[0].value if behind else before[-1].value
    start, end = before[-1], behind[0]
    return start.value + (beats - start.beats) * (end.value - start.value) / (end.beats - start.beats)


def with_step(
    points: Breakpoints, start_beats: float, length_beats: float, value: float, otherwise: float
) -> Breakpoints:
    """`value` from the start on for that long; around it as before."""
    end_beats = start_beats + length_beats
    value_before = _value_up_to(points, start_beats, otherwise)
    value_behind = value_at(points, end_beats, otherwise)
    step = (
        Breakpoint(start_beats, value_before),
        Breakpoint(start_beats, value),
        Breakpoint(end_beats, value),
        Breakpoint(end_beats, value_behind),
    )
    return (
        *(point for point in points if point.beats < start_beats),
        *step,
        *(point for point in points if point.beats > end_beats),
    )


def within(points: Breakpoints, start_beats: float, end_beats: float) -> Breakpoints:
    return tuple(point for point in points if start_beats <= point.beats < end_beats)


def without(points: Breakpoints, start_beats: float, end_beats: float) -> Breakpoints:
    return tuple(point for point in points if not start_beats <= point.beats < end_beats)


def _value_up_to(points: Breakpoints, beats: float, otherwise: float) -> float:
    """As `value_at`, but at a jump the value before it."""
    here = [point for point in points if point.beats == beats]
    return here[0].value if here else value_at(points, beats, otherwise)
