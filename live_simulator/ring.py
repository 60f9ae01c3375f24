"""The samples between the thread that makes them and the audio device's callback, which only copies.

Both count from the device's opening. The callback may wait for samples, but no longer than the device can: as long as
it is ahead of the clock, and for as long again as the samples last that it asks for. So a device that asks faster than
they are heard (a JACK server that freewheels) gets all of them, and one that plays gets what is missing as silence.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from embedding.kernels import FloatArray

CHANNELS = 2


class Ring:
    """For one writer and one reader. `now` is a clock in seconds."""

    def __init__(self, capacity: int, rate_hz: int, now: Callable[[], float]) -> None:
        self._samples = np.zeros((capacity, CHANNELS), dtype=np.float32)
        self._rate_hz = rate_hz
        self._now = now
        self._changed = threading.Condition()
        self._asked_since: float | None = None
        self._asked_in_all = 0
        self.read = 0
        """How many samples the device was given; silence in place of missing ones does not count."""
        self.written = 0
        self.asked = 0
        """How many samples the device asks for at a time."""
        self.underflows = 0
        """How often the device was given silence, because there was nothing else yet."""
        self.ran_dry = 0
        """How often the device says that it played nothing: the computer was too busy, or the device stood still."""

    @property
    def free(self) -> int:
        return len(self._samples) - (self.written - self.read)

    def append(self, samples: FloatArray) -> None:
        """[n, 2], at most `free`."""
        with self._changed:
            self._put(samples)

    def replace(self, begin: int, samples: FloatArray) -> bool:
        """What was written from `begin` on; False, and nothing is done, where the reader is beyond that."""
        with self._changed:
            if self.read > begin:
                return False
            self.written = begin
            self._put(samples)
            return True

    def await_room(self, ahead: int, seconds: float, or_else: Callable[[], bool]) -> None:
        """Until there are fewer than `ahead` samples, or `or_else` is true at a `wake`; for at most that long."""
        with self._changed:
            self._changed.wait_for(lambda: self.written - self.read < ahead or or_else(), seconds)

    def wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def take(self, out: FloatArray, ran_dry: bool) -> None:
        """Fills `out` [n, 2]."""
        with self._changed:
            self.ran_dry += ran_dry
            self.asked = len(out)
            patience_seconds = self._patience_seconds(len(out))
            if self.written - self.read < len(out):
                self._changed.notify_all()
                self._changed.wait_for(lambda: self.written - self.read >= len(out), patience_seconds)
            count = min(len(out), self.written - self.read)
            first = self.read % len(self._samples)
            whole = min(count, len(self._samples) - first)
            out[:whole] = self._samples[first : first + whole]
            out[whole:count] = self._samples[: count - whole]
            out[count:] = 0.0
            self.underflows += count < len(out)
            self.read += count
            self._changed.notify_all()

    def _put(self, samples: FloatArray) -> None:
        first = self.written % len(self._samples)
        whole = min(len(samples), len(self._samples) - first)
        self._samples[first : first + whole] = samples[:whole]
        self._samples[: len(samples) - whole] = samples[whole:]
        self.written += len(samples)
        self._changed.notify_all()

    def _patience_seconds(self, count: int) -> float:
        now = self._now()
        if self._asked_since is None:
            self._asked_since = now
        ahead_seconds = self._asked_in_all / self._rate_hz - (now - self._asked_since)
        if ahead_seconds < 0.0:
            self._asked_since -= ahead_seconds
        self._asked_in_all += count
        return max(0.0, ahead_seconds) + count / self._rate_hz
