"""A capture from beginning to end: record, play, watch, compare, and once more if something was wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from controller.capture.devices import InputDevice, choose
from controller.capture.faults import PASSING_FAULTS, SET_UP_FAULTS, Fault, FaultFound, fault
from controller.capture.recorder import Recorder, Taken
from controller.capture.suspicions import Tolerance, examine
from controller.capture.take import Take
from controller.capture.watch import schedule, stopped, unheard
from embedding.audio import Audio
from embedding.errors import BadAudio, CaptureFailed
from embedding.kernels import gain_to_db

ATTEMPTS = 3
LATENCY_SECONDS = 0.2
"""Asked of the device. At 35 ms, which is PortAudio's 'high' on Linux, a busy computer loses samples."""
LATE_SECONDS = 0.75
"""So long after it should the sound may come."""
START_SECONDS = 5.0
"""The longest that starting to play may take."""

Playing = Callable[[], AbstractContextManager[None]]
"""Entering it plays the sound, once, from its beginning, and returns when it plays; leaving it stops."""


class Capture:
    """Hears one device. The recording process is started at the first take and kept; a context manager ends it.

    `device`: an input's name or a part of it, None for the one loopback there is. `told` hears of each fault when it is
    found, those after which the take is made anew as well.
    """

    def __init__(
        self,
        device: str | None = None,
        latency_seconds: float = LATENCY_SECONDS,
        late_seconds: float = LATE_SECONDS,
        told: Callable[[Fault], None] = lambda fault: None,
    ) -> None:
        self._wanted = device
        self._latency_seconds = latency_seconds
        self._late_seconds = late_seconds
        self._told = told
        self._recorder: Recorder | None = None
        self._device: InputDevice | None = None
        self._rate_hz = 0

    def __enter__(self) -> Capture:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.close()

    def take(
        self, expected: Audio, playing: Playing, tolerance: Tolerance | None = None, attempts: int = ATTEMPTS
    ) -> Take:
        """What is heard while `playing` plays `expected`. CaptureFailed where that was not without fault in any of the
        attempts; at once where another one would be no better. BadAudio where there is nothing to be heard."""
        if not expected.samples.any():
            raise BadAudio("the sound to be captured is silent; there must be something to find it by")
        before: tuple[Fault, ...] = ()
        for left in reversed(range(attempts)):
            found = self._attempt(expected, playing, tolerance or Tolerance())
            if isinstance(found, Take):
                return found
            for one in found:
                self._told(one)
            names = {one.name for one in found}
            if names & SET_UP_FAULTS:
                raise _failed(before or found)
            if not left or (names == {one.name for one in before} and not names & PASSING_FAULTS):
                raise _failed(found)
            before = found
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, expected: Audio, playing: Playing, tolerance: Tolerance) -> Take | tuple[Fault, ...]:
        try:
            taken, played_seconds = self._recorded(self._ready(expected.sample_rate_hz), expected, playing)
        except FaultFound as found:
            self._kill()
            return (found.fault,)
        except BaseException:
            self._kill()
            raise
        examined = examine(expected, Audio(taken.samples, expected.sample_rate_hz), tolerance)
        if examined.faults or examined.alignment is None or examined.comparison is None:
            return examined.faults
        offset_seconds = examined.alignment.offset_samples / expected.sample_rate_hz
        return Take(
            audio=examined.heard,
            latency_seconds=taken.heard.started_seconds + offset_seconds - played_seconds,
            drift_ppm=examined.alignment.drift_ppm,
            gain_db=gain_to_db(abs(sum(examined.comparison.gains)) / 2),
            residual_db=examined.comparison.residual_db,
            status_flags=tuple(taken.heard.status_flags),
        )

    def _ready(self, rate_hz: int) -> Recorder:
        """Recording process and stream, as they are or anew."""
        if self._recorder is not None and self._rate_hz == rate_hz:
            return self._recorder
        self.close()
        recorder = Recorder()
        try:
            self._device = choose(recorder.inputs, self._wanted)
            recorder.open(self._device, rate_hz, self._latency_seconds)
        except BaseException:
            recorder.close()
            raise
        self._recorder, self._rate_hz = recorder, rate_hz
        return recorder

    def _recorded(self, recorder: Recorder, expected: Audio, playing: Playing) -> tuple[Taken, float]:
        """And when it was played, by time.monotonic()."""
        rate_hz, count = expected.sample_rate_hz, expected.samples.shape[1]
        spare = round((self._late_seconds + START_SECONDS) * rate_hz)
        begun = time.monotonic()
        recorder.record(count + spare)
        while not (heard := recorder.newest()).frames:
            self._go_on(stopped(heard, rate_hz, time.monotonic() - begun))
        with playing():
            played = time.monotonic()
            heard = recorder.newest()
            frame = round((played - heard.started_seconds) * rate_hz)
            if frame > spare - round(self._late_seconds * rate_hz):
                raise FaultFound(fault("not_playing", f"it took {played - begun:.1f} s to start playing"))
            recorder.until(frame + count + round(self._late_seconds * rate_hz))
            plan = schedule(expected, frame, self._late_seconds)
            while not isinstance(found := recorder.next(), Taken):
                self._go_on(stopped(found, rate_hz, time.monotonic() - begun) or unheard(found, plan))
        self._go_on(stopped(found.heard, rate_hz, time.monotonic() - begun))
        return found, played

    def _go_on(self, found: Fault | None) -> None:
        if found is None:
            return
        raise FaultFound(self._why_unplugged(found) if found.name == "unplugged" else found)

    def _why_unplugged(self, found: Fault) -> Fault:
        """Is it the device that has gone, or its server?"""
        before = self._recorder
        assert before is not None
        assert self._device is not None
        self._kill()
        try:
            with Recorder() as now:
                of_its_server = [one for one in now.inputs if one.host_api == self._device.host_api]
                if of_its_server and (before.pulse is None or now.pulse is not None):
                    return found
        except FaultFound as why:
            return why.fault
        return fault("server_gone", f"{found.found}, and its server does not answer")

    def _kill(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.kill()


def _failed(faults: tuple[Fault, ...]) -> CaptureFailed:
    return CaptureFailed(faults[0].name, " ".join(map(str, faults)))
