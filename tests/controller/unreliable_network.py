"""A UDP relay between an asker and a port, and one that loses, doubles and delays datagrams, by seeded chance."""

from __future__ import annotations

import heapq
import random
import select
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

LEAST_DELAY_SECONDS, MOST_DELAY_SECONDS = 0.01, 0.3
IDLE_SECONDS = 0.05
AT_ONCE = 0.0


class Underway(NamedTuple):
    due_at: float
    number: int
    """Tells those apart that are due at once."""
    inward: bool
    packet: bytes


class Relay:
    """Passes all on."""

    def __init__(self, port: int) -> None:
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind(("127.0.0.1", 0))
        self._back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._back.connect(("127.0.0.1", port))
        self._asker: tuple[str, int] | None = None
        self._underway: list[Underway] = []
        self._count = 0
        self.ended = threading.Event()

    @property
    def port(self) -> int:
        return int(self._front.getsockname()[1])

    def fate(self, inward: bool, packet: bytes) -> Sequence[float]:
        """When it arrives, in seconds from now, once for each; `inward`: from the asker to the port."""
        return (AT_ONCE,)

    def run(self) -> None:
        with self._front, self._back:
            while not self.ended.is_set():
                due_seconds = self._underway[0].due_at - time.monotonic() if self._underway else IDLE_SECONDS
                wait_seconds = min(max(0.0, due_seconds), IDLE_SECONDS)
                ready, _, _ = select.select([self._front, self._back], [], [], wait_seconds)
                for side in ready:
                    self._take(side)
                while self._underway and self._underway[0].due_at <= time.monotonic():
                    arrives = heapq.heappop(self._underway)
                    self._pass(arrives.inward, arrives.packet)

    def _take(self, side: socket.socket) -> None:
        packet, sender = side.recvfrom(65535)
        if side is self._front:
            self._asker = sender
        for seconds in self.fate(side is self._front, packet):
            self._count += 1
            arrives = Underway(time.monotonic() + seconds, self._count, side is self._front, packet)
            heapq.heappush(self._underway, arrives)

    def _pass(self, inward: bool, packet: bytes) -> None:
        if inward:
            self._back.send(packet)
        elif self._asker:
            self._front.sendto(packet, self._asker)


class Unreliable(Relay):
    """Of all datagrams in both directions the fraction `lost` does not arrive, `doubled` arrives twice, the second time
    late, and `delayed` is overtaken by what is sent in the next 10 to 300 ms."""

    def __init__(self, port: int, seed: int, lost: float, doubled: float, delayed: float) -> None:
        super().__init__(port)
        self._chance = random.Random(seed)
        self._chances = lost, doubled, delayed
        self.passed = self.lost = self.doubled = self.delayed = 0

    def fate(self, inward: bool, packet: bytes) -> Sequence[float]:
        lost, doubled, delayed = self._chances
        draw = self._chance.random()
        late_seconds = self._chance.uniform(LEAST_DELAY_SECONDS, MOST_DELAY_SECONDS)
        if draw < lost:
            self.lost += 1
            return ()
        if draw < lost + doubled:
            self.doubled += 1
            return AT_ONCE, late_seconds
        if draw < lost + doubled + delayed:
            self.delayed += 1
            return (late_seconds,)
        self.passed += 1
        return (AT_ONCE,)


AnyRelay = TypeVar("AnyRelay", bound=Relay)


@contextmanager
def running(relay: AnyRelay) -> Iterator[AnyRelay]:
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        yield relay
    finally:
        relay.ended.set()
        thread.join()


@contextmanager
def unreliable(
    port: int, seed: int, lost: float = 0.1, doubled: float = 0.1, delayed: float = 0.1
) -> Iterator[Unreliable]:
    with running(Unreliable(port, seed, lost, doubled, delayed)) as relay:
        yield relay
