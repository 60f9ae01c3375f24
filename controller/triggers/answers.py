"""What the controller tells: to whoever asked, and to the display."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from live_remote_script import osc

State = Literal["idle", "listening", "searching", "building", "capturing"]
MOST_ERROR_CHARACTERS = 1000
MOST_REFUSALS_A_SECOND = 10
"""To one port; whoever sends without pause needs no answer to each."""
MOST_PORTS = 64
"""Whose refusals are counted: those that were told last."""


class Sender(NamedTuple):
    """An IP address and a UDP port."""

    address: str
    port: int

    @property
    def is_here(self) -> bool:
        """On this computer: a loopback address."""
        return ipaddress.ip_address(self.address).is_loopback


@dataclass(frozen=True)
class Progress:
    """`fraction` 0 to 1 of `stage`, in a word."""

    fraction: float
    stage: str


@dataclass(frozen=True)
class ScoreTold:
    total: float


@dataclass(frozen=True)
class Done:
    """`folder` is the job's, absolute."""

    folder: str


@dataclass(frozen=True)
class ErrorTold:
    """`text` is a sentence; it begins with `busy` where it is only the wrong moment."""

    text: str


@dataclass(frozen=True)
class StatusTold:
    """`target` is empty and `score` 0 where there is none yet; `progress` 0 to 1."""

    state: State
    target: str
    progress: float
    score: float


Answer = Progress | ScoreTold | Done | ErrorTold | StatusTold


def encoded(answer: Answer) -> bytes:
    """As an OSC message; floats have 32 bits. What OSC cannot carry is taken out of text: the character zero, and bytes
    of file names that are no Unicode.
    """
    match answer:
        case Progress(fraction, stage):
            return osc.encode("/jacquees/progress", (fraction, _text(stage)), "fs")
        case ScoreTold(total):
            return osc.encode("/jacquees/score", (total,), "f")
        case Done(folder):
            return osc.encode("/jacquees/done", (_text(folder),), "s")
        case ErrorTold(text):
            return osc.encode("/jacquees/error", (_text(_short(text)),), "s")
        case StatusTold(state, target, progress, score):
            return osc.encode("/jacquees/status", (state, _text(target), progress, score), "ssff")


class Answers:
    """Goes out of the socket that triggers come in by, so that clients which hear one port only hear it. Any thread may
    tell. What cannot be delivered is nothing: a sender may have gone, a display need not be there."""

    def __init__(self, out: socket.socket, display: Sender | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._display = display
        self._clock = clock
        self._refused: OrderedDict[Sender, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def tell(self, answer: Answer, *senders: Sender | None) -> None:
        """To these, if any, and to the display."""
        packet = encoded(answer)
        for port in self._ports(*senders):
            self._send(packet, port)

    def refuse(self, text: str, sender: Sender) -> None:
        """Tells an error about a message that was sent; of many in a second only the first few, then one that says so.

        For what senders cause by the thousand. What became of a job is told by `tell`, always.
        """
        for port in self._ports(sender):
            count = self._count_refusal(port)
            if count < MOST_REFUSALS_A_SECOND:
                self._send(encoded(ErrorTold(text)), port)
            elif count == MOST_REFUSALS_A_SECOND:
                self._send(encoded(ErrorTold(_TOO_MANY)), port)

    def _ports(self, *senders: Sender | None) -> list[Sender]:
        return list(dict.fromkeys(port for port in (*senders, self._display) if port is not None))

    def _count_refusal(self, port: Sender) -> int:
        """How many there were before this one, in a second that begins with the first."""
        now = self._clock()
        with self._lock:
            begun, count = self._refused.pop(port, (now, 0))
            if now - begun >= 1.0:
                begun, count = now, 0
            self._refused[port] = begun, count + 1
            if len(self._refused) > MOST_PORTS:
                self._refused.popitem(last=False)
        return count

    def _send(self, packet: bytes, port: Sender) -> None:
        try:
            self._out.sendto(packet, port)
        except OSError:
            return  # nobody there, or no way to get there


_TOO_MANY = (
    f"busy: more than {MOST_REFUSALS_A_SECOND} messages in a second could not be done; what else comes in that second "
    "gets no answer (does a patch send without pause?)"
)


def _short(text: str) -> str:
    return text if len(text) <= MOST_ERROR_CHARACTERS else text[: MOST_ERROR_CHARACTERS - 1] + "…"


def _text(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", errors="replace").decode("utf-8")
