"""Faults while a capture runs, from how the recording stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from controller.capture.faults import Fault, fault
from controller.capture.worker import Heard
from embedding.audio import Audio

PAUSE_SECONDS = 1.0
"""Between two blocks; the longest that devices ask for are of 0.2 s."""
FIRST_PAUSE_SECONDS = 2.5
"""Until the first one: PulseAudio's idle sinks work in pieces of 2 s."""
BLOCK_SECONDS = 0.1
QUIETEST = 10 ** (-60 / 20)
SLOWEST = 0.5
"""Of the nominal rate, over the whole recording; else no end of it would come."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """`sounding[k]`: there is sound in the k-th BLOCK_SECONDS of what is played from `begun_frame` on; it is heard at
    most `late_seconds` later."""

    sounding: npt.NDArray[np.bool_]
    begun_frame: int
    late_seconds: float
    rate_hz: int


def schedule(expected: Audio, begun_frame: int, late_seconds: float) -> Schedule:
    block = max(1, round(BLOCK_SECONDS * expected.sample_rate_hz))
    peaks = np.maximum.reduceat(np.abs(expected.samples).max(axis=0), np.arange(0, expected.samples.shape[1], block))
    return Schedule(peaks > QUIETEST, begun_frame, late_seconds, expected.sample_rate_hz)


def stopped(heard: Heard, rate_hz: int, waited_seconds: float) -> Fault | None:
    """The recording does not go on. `waited_seconds`: since it was begun."""
    at = f"after {heard.frames / rate_hz:.1f} s of the recording"
    if not heard.active:
        return fault("unplugged", f"the device ended the stream {at}")
    if heard.longest_pause_seconds > PAUSE_SECONDS:
        words = "nothing came for" if heard.seconds_since_block > PAUSE_SECONDS else "between two blocks passed"
        return fault("frozen", f"{words} {heard.longest_pause_seconds:.1f} s {at}")
    if not heard.is_full and heard.frames / rate_hz < SLOWEST * (waited_seconds - FIRST_PAUSE_SECONDS):
        return fault("frozen", f"in {waited_seconds:.1f} s only {heard.frames / rate_hz:.1f} s were recorded")
    return None


def unheard(heard: Heard, plan: Schedule) -> Fault | None:
    """Zeros where there is sound whatever the latency: a mute, a wrong device, no permission."""
    now_seconds = (heard.frames - plan.begun_frame) / plan.rate_hz
    silent_seconds = heard.silent_frames / plan.rate_hz
    first = max(0, int(np.ceil((now_seconds - silent_seconds) / BLOCK_SECONDS)))
    last = int((now_seconds - plan.late_seconds) / BLOCK_SECONDS)
    if last > first and plan.sounding[first:last].any():
        return fault("silent", f"every sample of the last {silent_seconds:.1f} s is 0, though there should be sound")
    return None
