"""Live.Base.Timer: callbacks of the main thread, at most one every 10 ms. One whose callback raises is stopped."""

from __future__ import annotations

from typing import Any, Callable

from live_simulator.boost import exactly, mismatch, type_names

LEAST_PERIOD_MS = 10
SIGNATURE = "_object*, boost::python::api::object, int [,bool=False [,bool=False]]"


class Timers:
    """The running timers and the time they run on."""

    def __init__(self, log_error: Callable[[str], None]) -> None:
        self.now_ms = 0.0
        self._log_error = log_error
        self._running: list[Any] = []

    def start(self, timer: Any) -> None:
        timer._due_ms = self.now_ms + max(LEAST_PERIOD_MS, timer._interval_ms)
        if timer not in self._running:
            self._running.append(timer)

    def stop(self, timer: Any) -> None:
        if timer in self._running:
            self._running.remove(timer)

    def is_running(self, timer: Any) -> bool:
        return timer in self._running

    def stop_all(self) -> None:
        self._running = []

    def run_due(self, now_ms: float) -> None:
        self.now_ms = now_ms
        for timer in [timer for timer in self._running if timer._due_ms <= now_ms]:
            if timer not in self._running:
                continue
            if timer._repeats:
                timer._due_ms = now_ms + max(LEAST_PERIOD_MS, timer._interval_ms)
            else:
                self.stop(timer)
            try:
                timer._callback()
            except Exception:
                self.stop(timer)
                self._log_error("in a timer, which is stopped by that")


def timer_class(timers: Timers) -> type:
    """Live.Base.Timer; like few things in Live it takes keywords."""

    class Timer:
        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            values = _timer_arguments(self, arguments, keywords)
            self._callback = values["callback"]
            self._interval_ms = values["interval"]
            self._repeats = bool(values.get("repeat", False))
            self._due_ms = 0.0
            if values.get("start", False):
                self.start()

        @property
        def running(self) -> bool:
            return timers.is_running(self)

        @exactly()
        def start(self) -> None:
            timers.start(self)

        @exactly()
        def stop(self) -> None:
            timers.stop(self)

        @exactly()
        def restart(self) -> None:
            timers.stop(self)
            timers.start(self)

    Timer.__module__ = "Base"
    Timer.__qualname__ = "Timer"
    return Timer


def _timer_arguments(timer: Any, arguments: Any, keywords: Any) -> Any:
    names = ("callback", "interval", "repeat", "start")
    given = {names[place]: value for place, value in enumerate(arguments[:4])}
    wrong = len(arguments) > 4 or any(name not in names or name in given for name in keywords)
    given.update(keywords)
    wrong = wrong or not callable(given.get("callback")) or not isinstance(given.get("interval"), int)
    if wrong or any(not isinstance(given.get(name, False), int) for name in ("repeat", "start")):
        raise mismatch("Timer", "__init__", type_names((timer, *arguments, *keywords.values())), SIGNATURE)
    return given
