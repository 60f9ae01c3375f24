"""Makes the samples that an audio device plays, ahead of it, and takes changes over while it plays."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from embedding.kernels import FloatArray

from live_simulator.orders import Change
from live_simulator.program import Program, Sounding, beginning, fade_samples, made_through
from live_simulator.ring import Ring
from live_simulator.sounds import Sounds

MOST_AHEAD_SECONDS = 1.5
LEAST_AHEAD_SECONDS = 0.1
"""Right after a change; then it gets as far ahead as the change lies back, so that many changes make little work."""
PREPARED_SECONDS = 2.0
"""What is decoded and resampled of a change before it is taken over."""
LOOKED_AHEAD_SECONDS = 4.0
"""What is, time and again, of what comes if nothing changes."""
GUARD_SECONDS = 0.01
"""How long before its first sample is asked for a change is worked out; longer where that was too late."""
HEAD_SECONDS = 0.05
"""What is made of a change before it is taken over."""
BLOCK_SAMPLES = 8192
IDLE_SECONDS = 0.1
KEPT_SECONDS = 2.0
"""How long it is known what sounded; longer than any device's latency."""


class Feeder:
    """`feed` is for a thread of its own; `say` takes what a user should know, a line each."""

    def __init__(self, ring: Ring, rate_hz: int, sounds: Sounds, say: Callable[[str], None]) -> None:
        self._ring = ring
        self._rate_hz = rate_hz
        self._sounds = sounds
        self._say = say
        self._said: set[str] = set()
        self._changes: queue.SimpleQueue[tuple[Change, Callable[[int], None]]] = queue.SimpleQueue()
        self._program = beginning(rate_hz)
        self._changed_at = 0
        self._faded_at = 0
        self._ended = threading.Event()

    def sounding_at(self, sample: int) -> Sounding:
        """What sounds at an output sample that is not over yet."""
        return self._program.at(sample)

    def change(self, change: Change, taken: Callable[[int], None]) -> None:
        """Takes it over as soon as it is prepared, which is waited for; calls `taken` with the output sample."""
        begin = self._ring.read
        self._prepare(Program((change(self._program.at(begin), begin),)), begin, PREPARED_SECONDS)
        self._changes.put((change, taken))
        self._ring.wake()

    def prepare(self) -> None:
        """Decodes and resamples what sounds next, if nothing changes."""
        begin = self._ring.read
        self._prepare(Program((self._program.at(begin),)), begin, LOOKED_AHEAD_SECONDS)

    def end(self) -> None:
        self._ended.set()
        self._ring.wake()

    def feed(self) -> None:
        """Until `end`."""
        while not self._ended.is_set():
            while not self._changes.empty():
                self._take_over(*self._changes.get())
            ahead = self._ahead_samples()
            missing = ahead - (self._ring.written - self._ring.read)
            if missing > 0:
                self._write(min(missing, BLOCK_SAMPLES))
            self._program = self._program.heard_up_to(self._ring.read - round(KEPT_SECONDS * self._rate_hz))
            self._ring.await_room(ahead - ahead // 4, IDLE_SECONDS, lambda: not self._changes.empty())

    def say_once(self, line: str) -> None:
        if line not in self._said:
            self._said.add(line)
            self._say(line)

    def _ahead_samples(self) -> int:
        passed = self._ring.read - self._changed_at
        least, most = (round(seconds * self._rate_hz) for seconds in (LEAST_AHEAD_SECONDS, MOST_AHEAD_SECONDS))
        return max(least, 2 * self._ring.asked, min(most, passed))

    def _take_over(self, change: Change, taken: Callable[[int], None]) -> None:
        late = 0
        while True:
            guard_seconds = GUARD_SECONDS * 2 ** max(0, late - 1)  # right behind a block there is time for another try
            first = max(self._ring.read + round(guard_seconds * self._rate_hz), self._faded_at)
            while self._ring.written < first:
                self._write(first - self._ring.written)
            before = self._program.ready(first, self._sounds)
            program = before.changed(first, lambda sounding, first=first: change(sounding, first))  # type: ignore[misc]
            head, program = self._made(program, first, max(round(HEAD_SECONDS * self._rate_hz), 2 * self._ring.asked))
            if self._ring.replace(first, head):
                break
            late += 1
        self._program, self._changed_at = program, first
        self._faded_at = first + fade_samples(self._rate_hz)  # one fade at a time
        taken(first)

    def _write(self, count: int) -> None:
        samples, self._program = self._made(self._program, self._ring.written, count)
        self._ring.append(samples)

    def _made(self, program: Program, first: int, count: int) -> tuple[FloatArray, Program]:
        return made_through(program, first, count, self._sounds, self.say_once)

    def _prepare(self, program: Program, first: int, seconds: float) -> None:
        """Decodes and resamples what comes, so that to make its samples takes next to no time."""
        end = first + round(seconds * self._rate_hz)
        while first < end:
            program = program.ready(first, self._sounds)
            sounding = program.soundings[-1]
            behind = end if sounding.edge is None else min(end, sounding.edge)
            sounding.faulty(first, behind - first, self._sounds)  # told when they are to sound
            first = behind
