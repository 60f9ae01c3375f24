"""A relay that kills the asker at some moment."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from multiprocessing.process import BaseProcess
from queue import Queue

from live_remote_script import osc, protocol
from tests.controller.unreliable_network import AT_ONCE, Relay


class Killing(Relay):
    """Kills the asker some time after a datagram that is the n-th different one; nothing passes behind that."""

    def __init__(self, port: int, kill_at: int | None = None, later_seconds: float = 0.0) -> None:
        super().__init__(port)
        self._kill_at = kill_at
        self._later_seconds = later_seconds
        self._seen: set[tuple[bool, bytes]] = set()
        self.asker: Queue[BaseProcess] = Queue(1)
        """For the one to be killed."""
        self.asked = ""
        """The newest command."""

    @property
    def count(self) -> int:
        return len(self._seen)

    def fate(self, inward: bool, packet: bytes) -> Sequence[float]:
        if self.count == self._kill_at:
            return ()
        self._seen.add((inward, packet))
        if inward:
            self.asked = protocol.BY_ADDRESS[osc.decode_message(packet).address].name
        if self.count == self._kill_at:
            threading.Timer(self._later_seconds, lambda: self.asker.get().kill()).start()
        return (AT_ONCE,)
