"""The port that triggers come in by: a thread receives and answers what can be answered at once, another one acts."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from controller.config import OscSettings
from controller.triggers.answers import Answers, Sender, StatusTold
from controller.triggers.messages import ROOT, Refusal, Status, Trigger, read_message
from controller.triggers.packets import Unreadable, messages_of
from controller.triggers.waiting import Waiting
from embedding.errors import BadConfig, JacqueesError
from live_remote_script import osc

RECEIVE_BUFFER_BYTES = 2**20
"""What comes while the receiving thread has no core is kept by the system; Windows keeps 64 KiB by itself."""
FAILED_SECONDS = 0.25
"""From a failure to receive to the next attempt."""
END_SECONDS = 2.0
LARGEST_DATAGRAM_BYTES = 65535
EVERYWHERE, HERE = "0.0.0.0", "127.0.0.1"

_log = logging.getLogger(__name__)


class TriggerServer:
    """Bound as soon as it is made; triggers are taken from `start` to `close`. A context manager that closes.

    BadConfig where the ports cannot be as configured, JacqueesError where another program has the port.
    """

    def __init__(self, host: str, port: int, display_port: int) -> None:
        if port == display_port:
            raise BadConfig(f"osc.display_port {display_port}: is osc.controller_port, too; give it a port of its own")
        self._socket = _bound(host, port)
        address = self._socket.getsockname()[0]
        self._address = HERE if address == EVERYWHERE else address
        self.answers = Answers(self._socket, Sender(self._address, display_port))
        self._waiting = Waiting()
        self._is_closed = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def __enter__(self) -> TriggerServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, handle: Callable[[Trigger, Sender], None], status: Callable[[], StatusTold]) -> None:
        """`handle` is given one trigger after the other, in a thread of its own; those that come while too many wait
        for it are answered `busy`. It is never given a Status: `status` is called for that by the thread that
        receives, so that it is answered whatever `handle` does. It must not wait for anything.
        """
        for work in (lambda: self._receive(status), lambda: self._act(handle)):
            self._threads.append(threading.Thread(target=work, name="triggers", daemon=True))
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Returns when `handle` has, if that is soon. What waits is left undone."""
        self._is_closed.set()
        self._waiting.close()
        # Wakes the receiving thread. It waits without a timeout, as that would have it wait for Python's lock once more
        # for each message, and be slow to answer beside threads that work.
        with suppress(OSError):
            self._socket.sendto(b"", (self._address, self.port))
        for thread in self._threads:
            thread.join(END_SECONDS)
        self._socket.close()

    def _receive(self, status: Callable[[], StatusTold]) -> None:
        while not self._is_closed.is_set():
            try:
                datagram, (address, port, *_) = self._socket.recvfrom(LARGEST_DATAGRAM_BYTES)
            except ConnectionResetError:
                continue  # Windows: an earlier answer met a closed port
            except OSError as why:
                _log.warning("nothing received: %s", why)
                self._is_closed.wait(FAILED_SECONDS)
                continue
            sender = Sender(address, port)
            try:
                self._take(datagram, sender, status)
            except osc.OscError as why:
                _log.debug("no OSC from %s:%d: %s", *sender, why)
            except Exception:
                _log.exception("a defect: %r from %s:%d", datagram[:200], *sender)

    def _take(self, datagram: bytes, sender: Sender, status: Callable[[], StatusTold]) -> None:
        if sender.port == self.port and (sender.is_here or sender.address == self._address):
            return  # our own: whoever answers himself does nothing else
        for message in messages_of(datagram):
            _log.debug("%r from %s:%d", message, *sender)
            if isinstance(message, Unreadable):
                if message.address.startswith(f"/{ROOT}/"):
                    self.answers.refuse(
                        f"{message.address!r:.120}: its arguments cannot be read: {message.why}", sender
                    )
                continue
            for found in read_message(message.address, message.arguments):
                if isinstance(found, Refusal):
                    self.answers.refuse(found.text, sender)
                elif isinstance(found, Status):
                    self.answers.tell(status(), sender)
                elif not self._waiting.offer(found, sender):
                    self.answers.refuse(
                        f"busy: {len(self._waiting)} messages wait already; send this again later", sender
                    )

    def _act(self, handle: Callable[[Trigger, Sender], None]) -> None:
        while (taken := self._waiting.take()) is not None:
            trigger, sender = taken
            try:
                handle(trigger, sender)
            except JacqueesError as why:
                self.answers.refuse(str(why), sender)
            except Exception as why:
                _log.exception("a defect: %r from %s:%d", trigger, *sender)
                self.answers.refuse(f"a defect of JacqueesBot, told in its log: {why!r:.200}", sender)


def opened_server(settings: OscSettings) -> TriggerServer:
    return TriggerServer(settings.host, settings.controller_port, settings.display_port)


def _bound(host: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # on Windows another program could take the port over
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        made.bind((host, port))
    except OSError as why:
        made.close()
        if why.errno == errno.EADDRINUSE:
            raise JacqueesError(
                f"{host}:{port}: another program has that port (a second jacqueesbot run?); end it, or set "
                "osc.controller_port in config.yaml"
            ) from why
        raise BadConfig(
            f"osc.host {host}, osc.controller_port {port}: cannot be listened at ({why.strerror or why}); osc.host "
            "should be an address of this computer, 127.0.0.1 for this computer alone"
        ) from why
    return made
