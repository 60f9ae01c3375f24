"""One attempt at a take: record, play, watch, and compare once the whole sound is there. FaultFound from all of it.

Where it was silent before, the first sound that is heard tells when the last one will be, and nothing is waited for
after it; where a comparison then finds that the sound was not heard whole, the recording has gone on meanwhile.
Positions are counted in frames, as a server's time may run faster than the wall's (JACK when it freewheels).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np

from controller.capture.faults import Fault, FaultFound, fault
from controller.capture.reading import Alignment
from controller.capture.recorder import Recorder, Taken
from controller.capture.suspicions import Examined, Tolerance, examine
from controller.capture.take import Take, take_of
from controller.capture.watch import schedule, stopped, unheard
from controller.capture.worker import Heard
from embedding.audio import Audio

START_SECONDS = 5.0
"""The longest that starting to play may take."""
MARGIN_SECONDS = 0.03
"""After the last sound: the clocks differ, an effect rings on."""
AHEAD_SECONDS = 1.0
"""So far from the wall's a server's time is another one."""

Playing = Callable[[], AbstractContextManager[None]]
"""Entering it plays the sound, once, from its beginning, and returns when it plays; leaving it stops."""


def attempt(
    recorder: Recorder,
    expected: Audio,
    playing: Playing,
    tolerance: Tolerance,
    late_seconds: float,
    meanwhile: Callable[[], None],
) -> Take | tuple[Fault, ...]:
    """`late_seconds`: so long after it should the sound may come."""
    rate_hz = expected.sample_rate_hz
    begun = time.monotonic()
    recorder.record(expected.samples.shape[1] + round((START_SECONDS + late_seconds) * rate_hz))
    reports = _reports(recorder, rate_hz, begun, meanwhile)
    before = next(reports)[0]
    while not before.frames:
        before = next(reports)[0]
    with playing():
        played = time.monotonic()
        if played - begun > START_SECONDS:
            raise FaultFound(fault("not_playing", f"it took {played - begun:.1f} s to start playing"))
        begin = _Begin(expected, before.frames, played, next(reports)[0], late_seconds)
        taken, examined = _heard_whole(recorder, reports, begin, tolerance)
    latency_seconds = 0.0 if examined.alignment is None else begin.latency_seconds(taken.heard, examined.alignment)
    return take_of(examined, latency_seconds, taken.heard.status_flags)


@dataclass(frozen=True, eq=False)
class _Begin:
    """The sound began after frame `before_frames` had come, at the latest when it was said to play: at `played`, by
    time.monotonic(), after which `heard` told how the recording stood."""

    expected: Audio
    before_frames: int
    played: float
    heard: Heard
    late_seconds: float

    @property
    def frame(self) -> int:
        """That came at that moment."""
        return round((self.played - self.heard.started_seconds) * self.expected.sample_rate_hz)

    @property
    def last_frame(self) -> int:
        """By then it has been heard, however late it came."""
        count, rate_hz = int(self.expected.samples.shape[1]), self.expected.sample_rate_hz
        return self.frame + count + round(self.late_seconds * rate_hz)

    def sound_begins(self, heard: Heard) -> int | None:
        """Where, by the first sample that is not 0; None where there was something else before."""
        if heard.sounding_frame is None or heard.sounding_frame < self.before_frames:
            return None
        silent_at_first = np.argmax(self.expected.samples.any(axis=0))
        return int(heard.sounding_frame - silent_at_first)

    def latency_seconds(self, heard: Heard, found: Alignment) -> float:
        offset_seconds = (found.offset_samples + heard.dropped_frames) / self.expected.sample_rate_hz
        if abs(heard.started_seconds - self.heard.started_seconds) < AHEAD_SECONDS:
            return heard.started_seconds + offset_seconds - self.played
        return offset_seconds - self.frame / self.expected.sample_rate_hz


def _reports(
    recorder: Recorder, rate_hz: int, begun: float, meanwhile: Callable[[], None]
) -> Iterator[tuple[Heard, Taken | None]]:
    """How the recording stands, and the recording when it was asked for."""
    while True:
        found = recorder.next()
        heard, taken = (found.heard, found) if isinstance(found, Taken) else (found, None)
        _raise(stopped(heard, rate_hz, heard.told_seconds - begun))
        meanwhile()
        yield heard, taken


def _heard_whole(
    recorder: Recorder, reports: Iterator[tuple[Heard, Taken | None]], begin: _Begin, tolerance: Tolerance
) -> tuple[Taken, Examined]:
    rate_hz = begin.expected.sample_rate_hz
    plan = schedule(begin.expected, begin.frame, begin.late_seconds)
    latest_seconds = begin.played + begin.late_seconds
    last_frame = begin.last_frame
    recorder.until(last_frame, latest_seconds)
    began: int | None = None
    is_last = False
    for heard, taken in reports:
        if taken is not None:
            examined = examine(begin.expected, Audio(taken.samples, rate_hz), tolerance)
            if examined.faults and heard.is_full and began is None:
                words = f"there was sound before the set played, for all of {heard.frames / rate_hz:.0f} s"
                raise FaultFound(fault("other_sound", words))
            if is_last or began is None or _is_whole(examined, taken, begin.expected):
                return taken, examined
            is_last = True
            recorder.until(last_frame, latest_seconds)
        elif began is None and (began := begin.sound_begins(heard)) is not None:
            plan = schedule(begin.expected, began, begin.late_seconds)
            end_frame = began + begin.expected.samples.shape[1] + round(MARGIN_SECONDS * rate_hz)
            last_frame = max(last_frame, end_frame)
            recorder.until(end_frame)
        if heard.told_seconds >= latest_seconds:
            _raise(unheard(heard, plan))
    raise AssertionError("reports do not end")


def _is_whole(examined: Examined, taken: Taken, expected: Audio) -> bool:
    """Does what was recorded reach to the end of the sound, as far as it was found?"""
    found = examined.alignment
    if found is None:
        return False
    jumps = sum(jump.by_samples for jump in found.jumps)
    return bool(found.offset_samples + found.speed * expected.samples.shape[1] + jumps <= taken.samples.shape[1])


def _raise(found: Fault | None) -> None:
    if found is not None:
        raise FaultFound(found)
