"""The audio device seen from the host: a child process that plays on it, found again when it was lost."""

from __future__ import annotations

import time
from typing import Any, Callable, NamedTuple

from live_simulator.child_process import ChildEnded, ChildProcess
from live_simulator.errors import BadOptions

OPEN_SECONDS = 30.0
RETRY_SECONDS = 2.0
TEARS_SECONDS = 10.0


class Heard(NamedTuple):
    """Where the song is that is heard now. `run`: the order since which it is."""

    run: int
    song_beats: float
    played_beats: float
    played_seconds: float


NOTHING_HEARD = Heard(0, 0.0, 0.0, 0.0)


class PlayerClient:
    """Plays on the device of that name, at that rate, by the interpreter `python`; `log` takes lines for the user."""

    def __init__(self, python: str, device: str, rate_hz: int, log: Callable[[str], None]) -> None:
        self.heard = NOTHING_HEARD
        self.is_open = False
        self._command = (python, "live_simulator.audio_player", (device, str(rate_hz)))
        self._device = device
        self._log = log
        self._process: ChildProcess | None = None
        self._wanted = False
        self._due_seconds = 0.0
        self._tears_due_seconds = 0.0
        self._orders_given = 0
        self._orders_taken = 0
        self._figures: dict[str, Any] = {"device": device, "underflows": 0, "ran_dry": 0, "take_over_samples": 0}

    def open(self) -> None:
        """Waits until it plays silence. BadOptions where it cannot."""
        self.reopen()
        assert self._process is not None
        try:
            answer = self._process.next_line(OPEN_SECONDS) or {"refused": f"no answer for {OPEN_SECONDS:.0f} s"}
        except ChildEnded as why:
            answer = {"refused": f"--audio {self._device}: the process that plays {why}"}
        if "refused" in answer:
            self.close()
            raise BadOptions(answer["refused"])
        self._obey(answer)

    @property
    def is_busy(self) -> bool:
        """Whether it has not yet done what it was told last."""
        return self._orders_taken < self._orders_given

    @property
    def figures(self) -> dict[str, Any]:
        """For tests and measurements: what was torn in all, how many samples later than told the last order came in."""
        process_id = None if self._process is None else self._process.process_id
        return {**self._figures, "is_open": self.is_open, "process_id": process_id}

    def tell(self, order: dict[str, Any]) -> None:
        """An order (live_simulator.orders), if the device is open."""
        if self._process is not None and self.is_open:
            try:
                self._process.send(order)
                self._orders_given += 1
            except ChildEnded:
                pass  # the next poll finds it

    def poll(self) -> None:
        """Takes what it said; where the device was lost, looks for it every 2 s."""
        try:
            while self._process is not None and self._process.has_lines:
                self._obey(self._process.next_line() or {})
        except ChildEnded as why:
            if self.is_open:
                self._log(f"No Device: the process that plays on {self._device!r} {why}")
            self._drop()
        if self._process is not None and not self.is_open and time.monotonic() >= self._due_seconds + OPEN_SECONDS:
            self._drop()  # it hangs in opening the device
        if self._wanted and self._process is None and time.monotonic() >= self._due_seconds:
            self.reopen()

    def reopen(self) -> None:
        """Begins to open it, if it is not; `is_open` tells when it is done."""
        self._wanted = True
        if self._process is None:
            self._due_seconds = time.monotonic()
            self._process = ChildProcess(*self._command)

    def close(self) -> None:
        """And leaves it closed."""
        self._wanted = False
        if self._process is not None:
            self._process.close()
        self._process, self.is_open = None, False

    def _obey(self, answer: dict[str, Any]) -> None:
        if "heard" in answer:
            self.heard = Heard(*answer["heard"])
        elif "taken" in answer:
            self._orders_taken = answer["taken"]
            self._figures["take_over_samples"] = answer["samples"]
        elif "underflows" in answer:
            self._figures.update(answer)
            self._tell_of_tears()
        elif "say" in answer:
            self._log(f"audio: {answer['say']}")
        elif "opened" in answer:
            self._begin(answer["opened"])
        elif "lost" in answer:
            self._log(f"No Device: {answer['lost']}")
            self._drop()
        elif "refused" in answer:
            self._drop()

    def _tell_of_tears(self) -> None:
        """Not of each: where there is one there are often many."""
        if time.monotonic() >= self._tears_due_seconds:
            self._tears_due_seconds = time.monotonic() + TEARS_SECONDS
            here, there = self._figures["underflows"], self._figures["ran_dry"]
            self._log(f"audio: torn {here} times here, {there} times in the device (is the computer busy?)")

    def _begin(self, opened: dict[str, Any]) -> None:
        self.is_open, self.heard = True, NOTHING_HEARD
        self._orders_given = self._orders_taken = 0
        self._figures.update(opened)
        self._log(f"audio: plays on {opened['name']!r}, latency {opened['latency_seconds'] * 1000.0:.0f} ms")

    def _drop(self) -> None:
        """What plays on a server that is gone may not end by itself."""
        if self._process is not None:
            self._process.kill()
        self._process, self.is_open = None, False
        self._due_seconds = time.monotonic() + RETRY_SECONDS
