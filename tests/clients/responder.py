"""A stand-in for `jacqueesbot run` at the other end of the wire: it answers triggers as docs/osc.md says, encoded by
python-osc. Each answer goes to the sender's address and port, and to the display's port."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

HOST = "127.0.0.1"
WAIT_SECONDS = 20.0
Trigger = tuple[str, list[Any]]
Answer = tuple[str, tuple[str | float, ...]]

JOBS_FOLDER = "/home/a user/Covers/2026-01-01-song"
BUSY = "busy: at work on {}; send stop first, or wait until it is done"


class Responder:
    """Use as a context manager. `port` is where it listens; 0 lets the system choose."""

    def __init__(self, display_port: int, port: int = 0) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, port))
        self._display = (HOST, display_port)
        self._thread = threading.Thread(target=self._serve)
        self._searching = ""
        self.port: int = self._socket.getsockname()[1]
        self._heard: list[Trigger] = []
        self._news = threading.Condition()

    def __enter__(self) -> Responder:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"", (HOST, self.port))
        self._thread.join()
        self._socket.close()

    def hear(self, count: int) -> list[Trigger]:
        """All that came, in order, once there are at least `count`. Raises TimeoutError."""
        with self._news:
            if not self._news.wait_for(lambda: len(self._heard) >= count, WAIT_SECONDS):
                raise TimeoutError(f"{count} triggers should have come; heard {self._heard}")
            return list(self._heard)

    def _serve(self) -> None:
        while True:
            datagram, sender = self._socket.recvfrom(65536)
            if not datagram:
                return
            trigger = OscMessage(datagram)
            with self._news:
                self._heard.append((trigger.address, trigger.params))
                self._news.notify_all()
            for answer in self._answers(trigger.address, trigger.params):
                encoded = _encoded(*answer)
                self._socket.sendto(encoded, sender)
                self._socket.sendto(encoded, self._display)

    def _answers(self, address: str, given: list[Any]) -> list[Answer]:
        if address == "/jacquees/status":
            return [self._status()]
        if address == "/jacquees/cover" and self._searching:
            return [("/jacquees/error", (BUSY.format(self._searching),))]
        if address == "/jacquees/cover":
            self._searching = Path(str(given[0])).name if given else "the selected clip"
            return [
                self._status(),
                ("/jacquees/progress", (0.25, "listening")),
                ("/jacquees/score", (0.5,)),
                ("/jacquees/progress", (0.5, "searching")),
                ("/jacquees/score", (0.75,)),
            ]
        if address == "/jacquees/stop":
            self._searching = ""
            return [("/jacquees/done", (JOBS_FOLDER,)), self._status()]
        return [("/jacquees/done", (JOBS_FOLDER,))]

    def _status(self) -> Answer:
        if self._searching:
            return "/jacquees/status", ("searching", self._searching, 0.25, 0.5)
        return "/jacquees/status", ("idle", "", 0.0, 0.0)


def _encoded(address: str, values: tuple[str | float, ...]) -> bytes:
    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)
    encoded: bytes = builder.build().dgram
    return encoded
