"""OSC clients of others' making, and a server for them that notes what it is told to do."""

from __future__ import annotations

import queue
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from controller.triggers.answers import Sender, StatusTold
from controller.triggers.messages import Trigger
from controller.triggers.server import TriggerServer

HOST = "127.0.0.1"
PATIENCE_SECONDS = 30.0
STATUS = StatusTold("searching", "/music/song.wav", 0.5, 0.25)
Told = tuple[str, list[object]]


def message(address: str, *typed: tuple[str, object]) -> bytes:
    """A message by python-osc; each argument with its OSC type."""
    builder = OscMessageBuilder(address)
    for kind, value in typed:
        builder.add_arg(value, kind)
    return builder.build().dgram


class Client:
    """A UDP socket; what it sends and hears passes through python-osc."""

    def __init__(self, port: int) -> None:
        self._to = (HOST, port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, 0))

    @property
    def sender(self) -> Sender:
        return Sender(*self._socket.getsockname())

    def send(self, datagram: bytes) -> None:
        self._socket.sendto(datagram, self._to)

    def hear(self) -> Told:
        """The next answer. TimeoutError where none comes."""
        self._socket.settimeout(PATIENCE_SECONDS)
        return self._decoded(self._socket.recv(65535))

    def heard(self) -> list[Told]:
        """All that has come so far, without waiting."""
        self._socket.settimeout(0.0)
        found = []
        while True:
            try:
                found.append(self._decoded(self._socket.recv(65535)))
            except BlockingIOError:
                return found

    def until_status(self) -> list[Told]:
        """What is told until the status, which is asked for now: what was sent before has been read by then."""
        self.send(message("/jacquees/status"))
        found: list[Told] = []
        while not found or found[-1][0] != "/jacquees/status":
            found.append(self.hear())
        return found[:-1]

    def close(self) -> None:
        self._socket.close()

    @staticmethod
    def _decoded(datagram: bytes) -> Told:
        decoded = OscMessage(datagram)
        return decoded.address, decoded.params


class Handled:
    """A handler that only notes."""

    def __init__(self) -> None:
        self.triggers: queue.SimpleQueue[tuple[Trigger, Sender]] = queue.SimpleQueue()

    def __call__(self, trigger: Trigger, sender: Sender) -> None:
        self.triggers.put((trigger, sender))

    def next(self) -> tuple[Trigger, Sender]:
        return self.triggers.get(timeout=PATIENCE_SECONDS)


@contextmanager
def client_of(port: int) -> Iterator[Client]:
    client = Client(port)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def serving(handle: Callable[[Trigger, Sender], None]) -> Iterator[tuple[TriggerServer, Client, Client]]:
    """(the server, a client that asks, the display); ports that are free."""
    with client_of(0) as display, TriggerServer(HOST, 0, display.sender.port) as server:
        server.start(handle, lambda: STATUS)
        with client_of(server.port) as client:
            yield server, client, display
