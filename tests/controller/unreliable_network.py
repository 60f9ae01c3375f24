"""A UDP relay between an asker and a port that loses, doubles and reorders datagrams, by seeded chance."""

from __future__ import annotations

import random
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Relay:
    def __init__(self, port: int, seed: int, lost: float, doubled: float, delayed: float) -> None:
        self._chance = random.Random(seed)
        self._chances = lost, doubled, delayed
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind(("127.0.0.1", 0))
        self._back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._back.connect(("127.0.0.1", port))
        self._asker: tuple[str, int] | None = None
        self._held: list[tuple[bool, bytes]] = []
        self.ended = threading.Event()
        self.lost = self.doubled = self.delayed = 0

    @property
    def port(self) -> int:
        return int(self._front.getsockname()[1])

    def run(self) -> None:
        with self._front, self._back:
            while not self.ended.is_set():
                ready, _, _ = select.select([self._front, self._back], [], [], 0.02)
                if not ready:
                    self._let_go()
                for side in ready:
                    packet, sender = side.recvfrom(65535)
                    if side is self._front:
                        self._asker = sender
                    self._meddle(side is self._front, packet)

    def _meddle(self, inward: bool, packet: bytes) -> None:
        lost, doubled, delayed = self._chances
        draw = self._chance.random()
        if draw < lost:
            self.lost += 1
        elif draw < lost + doubled:
            self.doubled += 1
            self._pass(inward, packet)
            self._pass(inward, packet)
        elif draw < lost + doubled + delayed:
            self.delayed += 1
            self._held.append((inward, packet))
        else:
            self._pass(inward, packet)
            if self._chance.random() < 0.3:
                self._let_go()

    def _let_go(self) -> None:
        held, self._held = self._held, []
        self._chance.shuffle(held)
        for inward, packet in held:
            self._pass(inward, packet)

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
