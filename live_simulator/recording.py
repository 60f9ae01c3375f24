"""Writes what was recorded: the output of a set, changed while it played, as a 24-bit wav. In the audio engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from embedding.kernels import FloatArray

from live_simulator.orders import change_of
from live_simulator.program import beginning, made_through
from live_simulator.sounds import Sounds
from live_simulator.timeline import Stretch

BLOCK_SAMPLES = 2**15
CLICK_SECONDS, CLICK_HZ, CLICK_LEVEL = 0.02, 1500.0, 0.25
"""Of the metronome: how it sounds in Live is its own."""

Order = dict[str, Any]


def record(
    file: Path, orders: list[Order], rate_hz: int, span: range, sounds: Sounds, each_block: Callable[[], None]
) -> list[str]:
    """Writes the samples of `span`, of which the orders (live_simulator.sound_log) say what sounds there; lines for
    what could not be heard. BadAudio, CannotRender, OSError."""
    lines: list[str] = []

    def say(line: str) -> None:
        if line not in lines:
            lines.append(line)

    with soundfile.SoundFile(file, "w", rate_hz, 2, "PCM_24", format="WAV") as written:
        for block in _blocks(orders, rate_hz, span, sounds, say):
            each_block()
            written.write(block)
    return lines


def _blocks(
    orders: list[Order], rate_hz: int, span: range, sounds: Sounds, say: Callable[[str], None]
) -> Iterator[FloatArray]:
    """[n, 2] each."""
    program = beginning(rate_hz)
    has_metronome = False
    ends = [order["at"] for order in orders[1:]] + [span.stop]
    if orders:
        yield from _silence(span, orders[0]["at"])
    else:
        yield from _silence(span, span.stop)
    for order, end in zip(orders, ends, strict=True):
        change, notes = change_of(order, sounds)
        for note in notes:
            say(note)
        at = order["at"]
        program = program.ready(at, sounds).changed(at, lambda before, at=at, change=change: change(before, at))  # type: ignore[misc]
        has_metronome = order["metronome"]
        first, end = max(at, span.start), min(end, span.stop)
        while first < end:
            block, program = made_through(program, first, min(BLOCK_SAMPLES, end - first), sounds, say)
            if has_metronome:
                block = block + clicks(program.at(first).stretch, first, len(block))
            yield block
            first += len(block)
            program = program.heard_up_to(first)


def _silence(span: range, end: int) -> Iterator[FloatArray]:
    for first in range(span.start, min(end, span.stop), BLOCK_SAMPLES):
        yield np.zeros((min(BLOCK_SAMPLES, min(end, span.stop) - first), 2), dtype=np.float32)


def clicks(stretch: Stretch, first: int, count: int) -> FloatArray:
    """[count, 1]: a short tone on each beat of the song."""
    samples = np.arange(first, first + count)
    beats = stretch.anchor_beats + (samples - stretch.anchor) / stretch.samples_per_beat
    seconds = (beats % 1.0) * stretch.samples_per_beat / stretch.rate_hz
    tone = CLICK_LEVEL * np.sin(2.0 * np.pi * CLICK_HZ * seconds) * (seconds < CLICK_SECONDS)
    return tone.astype(np.float32)[:, np.newaxis]
