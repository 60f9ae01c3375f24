"""A capture from beginning to end: record, play, watch, compare, and once more if something was wrong."""

from __future__ import annotations

from collections.abc import Callable

from controller.capture.attempt import Playing, attempt
from controller.capture.devices import JACK, InputDevice, choose
from controller.capture.faults import PASSING_FAULTS, SET_UP_FAULTS, STAGE_FAULTS, Fault, FaultFound, failed, fault
from controller.capture.recorder import Recorder
from controller.capture.suspicions import Tolerance
from controller.capture.take import Take
from embedding.audio import Audio
from embedding.errors import BadAudio

ATTEMPTS = 3
LATENCY_SECONDS = 0.2
"""Asked of the device. At 35 ms, which is PortAudio's 'high' on Linux, a busy computer loses samples."""
LATE_SECONDS = 0.75
"""So long after it should the sound may come."""


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
        self,
        expected: Audio,
        playing: Playing,
        tolerance: Tolerance | None = None,
        attempts: int = ATTEMPTS,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Take:
        """What is heard while `playing` plays `expected`. CaptureFailed where that was not without fault in any of the
        attempts; at once where another one would be no better. BadAudio where there is nothing to be heard.

        `meanwhile` is called about twenty times a second while it records. FaultFound from it is a fault as any other;
        any other exception from it, as from `playing`, ends the take and comes out of it.
        """
        if not expected.samples.any():
            raise BadAudio("the sound to be captured is silent; there must be something to find it by")
        before: tuple[Fault, ...] = ()
        for left in reversed(range(attempts)):
            found = self._attempt(expected, playing, tolerance or Tolerance(), meanwhile)
            if isinstance(found, Take):
                return found
            for one in found:
                self._told(one)
            names = {one.name for one in found}
            if names & SET_UP_FAULTS:
                raise failed(before or found)
            if not left or (names == {one.name for one in before} and not names & PASSING_FAULTS):
                raise failed(found)
            before = found
        raise AssertionError("the last attempt returns or raises")

    def _attempt(
        self, expected: Audio, playing: Playing, tolerance: Tolerance, meanwhile: Callable[[], None]
    ) -> Take | tuple[Fault, ...]:
        try:
            recorder = self.ready(expected.sample_rate_hz)
            return attempt(recorder, expected, playing, tolerance, self._late_seconds, meanwhile)
        except FaultFound as found:
            if found.fault.name not in STAGE_FAULTS:
                why = self._why_unplugged(found.fault) if found.fault.name == "unplugged" else found.fault
                self._kill()
                return (why,)
            return (found.fault,)
        finally:
            self._drop()

    def ready(self, rate_hz: int) -> Recorder:
        """Recording process and stream, as they are or anew. FaultFound where they cannot be had."""
        if self._recorder is not None and self._rate_hz == rate_hz:
            return self._connected(self._recorder)
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

    def _connected(self, recorder: Recorder) -> Recorder:
        """A client of JACK that ended and started again is connected by opening the stream, and by nothing else."""
        assert self._device is not None
        if self._device.host_api != JACK:
            return recorder
        try:
            recorder.open(self._device, self._rate_hz, self._latency_seconds)
        except FaultFound:  # it has another name now, or is gone
            self._kill()
            return self.ready(self._rate_hz)
        return recorder

    def _drop(self) -> None:
        """The next take finds the recording process as this one did."""
        if self._recorder is not None:
            try:
                self._recorder.drop()
            except FaultFound:
                self._kill()

    def _why_unplugged(self, found: Fault) -> Fault:
        """Is it the device that has gone, or its server? The recording process ends."""
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
