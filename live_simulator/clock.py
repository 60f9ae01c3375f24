"""Live's time: when its ticks start, and how long calls keep its main thread busy.

`now_ms` counts from the start of Live. A tick starts one period after the one before, or right after it where that took
longer; missed ticks are not made up for.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import Callable, Iterator

TICK_MS = 10
"""The shortest period of Live.Base.Timer on macOS; 34 ms on Windows, 100 ms is update_display's."""
LEAST_TICK_MS, MOST_TICK_MS = 10, 100
VIRTUAL_PAUSE_SECONDS = 0.0005
RESTING_PAUSE_SECONDS = 0.05
REST_AFTER_SECONDS = 5.0
"""Of real time in which nobody has done anything."""
PATCHED = ("perf_counter",)
"""`time.monotonic` stays what it is: by it a script judges how long others, who live in real time, have been silent."""


class Clock:
    """`tick_start_ms`: when the tick began. Live's time goes on by what the kind of clock makes of it."""

    def __init__(self, tick_ms: int = TICK_MS) -> None:
        if not LEAST_TICK_MS <= tick_ms <= MOST_TICK_MS:
            raise ValueError(f"a tick of {tick_ms} ms; allowed are {LEAST_TICK_MS} to {MOST_TICK_MS} (macOS: 10)")
        self.tick_ms = tick_ms
        self.tick_start_ms = 0.0
        self.waits_for_others = False
        """Others, who work in real time, have to be done soon: a tick lasts as long as it says."""
        self.rests = False
        """Nobody wants anything: a virtual clock need not hurry."""

    @property
    def now_ms(self) -> float:
        raise NotImplementedError

    @property
    def ms_into_tick(self) -> float:
        """How long the tick has lasted."""
        raise NotImplementedError

    def charge(self, cost_ms: float) -> None:
        """A call keeps the main thread busy for that long."""
        raise NotImplementedError

    def freeze(self, seconds: float) -> None:
        """The main thread stands still for that long, with either clock."""
        raise NotImplementedError

    def next_tick(self) -> None:
        """Ends the tick and returns when the next one starts."""
        raise NotImplementedError

    def _next_start_ms(self) -> float:
        return max(self.tick_start_ms + self.tick_ms, self.now_ms)


class VirtualClock(Clock):
    """Time jumps: nothing waits for music to play. A pause of real time between ticks, which is longer while the clock
    `rests`, keeps an idle Live cheap."""

    def __init__(self, tick_ms: int = TICK_MS, pause_seconds: float = 0.0) -> None:
        super().__init__(tick_ms)
        self.charged_ms = 0.0
        self._charged_before_tick_ms = 0.0
        self._frozen_ms = 0.0
        self._pause_seconds = pause_seconds

    @property
    def now_ms(self) -> float:
        return self.tick_start_ms + self.ms_into_tick

    @property
    def ms_into_tick(self) -> float:
        return self.charged_ms - self._charged_before_tick_ms + self._frozen_ms

    def charge(self, cost_ms: float) -> None:
        self.charged_ms += cost_ms

    def freeze(self, seconds: float) -> None:
        time.sleep(seconds)
        self._frozen_ms += seconds * 1000.0

    def next_tick(self) -> None:
        self.tick_start_ms = self._next_start_ms()
        self._charged_before_tick_ms = self.charged_ms
        self._frozen_ms = 0.0
        if self._pause_seconds:
            time.sleep(self.tick_ms / 1000.0 if self.waits_for_others else self._pause())

    def _pause(self) -> float:
        return RESTING_PAUSE_SECONDS if self.rests else self._pause_seconds


class RealClock(Clock):
    """Live's time is the computer's, and a costly call takes as long as in Live."""

    def __init__(
        self,
        tick_ms: int = TICK_MS,
        now: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(tick_ms)
        self._now = now
        self._sleep = sleep
        self._started = now()
        self._woke_ms = 0.0

    @property
    def now_ms(self) -> float:
        return (self._now() - self._started) * 1000.0

    @property
    def ms_into_tick(self) -> float:
        return self.now_ms - self._woke_ms

    def charge(self, cost_ms: float) -> None:
        if cost_ms > 0.0:
            self._sleep(cost_ms / 1000.0)

    def freeze(self, seconds: float) -> None:
        self._sleep(seconds)

    def next_tick(self) -> None:
        self.tick_start_ms = self._next_start_ms()
        left_ms = self.tick_start_ms - self.now_ms
        if left_ms > 0.0:
            self._sleep(left_ms / 1000.0)
        self._woke_ms = self.now_ms


CLOCKS: dict[str, Callable[[int], Clock]] = {
    "real": RealClock,
    "virtual": lambda tick_ms: VirtualClock(tick_ms, VIRTUAL_PAUSE_SECONDS),
}
"""Name -> makes a clock of that tick in ms"""


@contextmanager
def charges_seen(clock: Clock) -> Iterator[None]:
    """Inside it, scripts in this process that read `time.perf_counter` see what a virtual clock
    has charged as passed time. A real clock needs nothing: there the time does pass.
    """
    if not isinstance(clock, VirtualClock):
        yield
        return
    originals = {name: getattr(time, name) for base in PATCHED for name in (base, base + "_ns")}
    for base in PATCHED:
        setattr(time, base, _with_charges(clock, originals[base]))
        setattr(time, base + "_ns", _with_charges_ns(clock, originals[base + "_ns"]))
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(time, name, original)


def _with_charges(clock: VirtualClock, original: Callable[[], float]) -> Callable[[], float]:
    return lambda: original() + clock.charged_ms / 1000.0


def _with_charges_ns(clock: VirtualClock, original: Callable[[], int]) -> Callable[[], int]:
    return lambda: original() + int(clock.charged_ms * 1_000_000)
