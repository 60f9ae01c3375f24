"""A UDP relay between an asker and a port that loses, doubles and delays datagrams, by seeded chance."""

from __future__ import annotations

import heapq
import random
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

LEAST_DELAY_SECONDS, MOST_DELAY_SECONDS = 0.01, 0.3
IDLE_SECONDS = 0.05


class Late(NamedTuple):
    """A datagram that is on its way; `number` tells those apart that are due at once."""

    due_at: float
    number: int
    inward: bool
    packet: bytes


class Relay:
    """Of all datagrams in both directions the fraction `lost` does not arrive, `doubled` arrives twice (at once, and
    once more with a delay) and `delayed` is overtaken by what is sent in the next 10 to 300 ms."""

    def __init__(self, port: int, seed: int, lost: float, doubled: float, delayed: float) -> None:
        self._chance = random.Random(seed)
        self._chances = lost, doubled, delayed
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind(("127.0.0.1", 0))
        self._back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._back.connect(("127.0.0.1", port))
        self._asker: tuple[str, int] | None = None
        self._late: list[Late] = []
        self.ended = threading.Event()
        self.passed = self.lost = self.doubled = self.delayed = 0

    @property
    def port(self) -> int:
        return int(self._front.getsockname()[1])

    def run(self) -> None:
        with self._front, self._back:
            while not self.ended.is_set():
                due_seconds = self._late[0].due_at - time.monotonic() if self._late else IDLE_SECONDS
                wait_seconds = min(max(0.0, due_seconds), IDLE_SECONDS)
                ready, _, _ = select.select([self._front, self._back], [], [], wait_seconds)
                for side in ready:
                    packet, sender = side.recvfrom(65535)
                    if side is self._front:
                        self._asker = sender
                    self._meddle(side is self._front, packet)
                while self._late and self._late[0].due_at <= time.monotonic():
                    late = heapq.heappop(self._late)
                    self._pass(late.inward, late.packet)

    def _meddle(self, inward: bool, packet: bytes) -> None:
        lost, doubled, delayed = self._chances
        draw = self._chance.random()
        if draw < lost:
            self.lost += 1
        elif draw < lost + doubled:
            self.doubled += 1
            self._pass(inward, packet)
            self._delay(inward, packet)
        elif draw < lost + doubled + delayed:
            self.delayed += 1
            self._delay(inward, packet)
        else:
            self.passed += 1
            self._pass(inward, packet)

    def _delay(self, inward: bool, packet: bytes) -> None:
        due_at = time.monotonic() + self._chance.uniform(LEAST_DELAY_SECONDS, MOST_DELAY_SECONDS)
        number = self.doubled + self.delayed
        heapq.heappush(self._late, Late(due_at, number, inward, packet))

    def _pass(self, inward: bool, packet: bytes) -> None:
        if inward:
            self._back.send(packet)
        elif self._asker:
            self._front.sendto(packet, self._asker)


@contextmanager
def unreliable(port: int, seed: int, lost: float = 0.1, doubled: float = 0.1, delayed: float = 0.1) -> Iterator[Relay]:
    relay = Relay(port, seed, lost, doubled, delayed)
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        yield relay
    finally:
        relay.ended.set()
        thread.join()
