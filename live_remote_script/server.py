"""Requests in, replies out: one UDP socket on loopback, polled; each request is done once, however often it comes."""

from __future__ import annotations

import os
import socket
import time
import traceback
from collections import OrderedDict
from types import GeneratorType
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from . import osc, protocol
from .askers import Askers, Request, Sender
from .bridge import Bridge
from .context import Context
from .fields import Command, ProtocolError, checked
from .jobs import Job, Refused, Steps
from .live_versions import NEEDED, is_lives_refusal
from .seal import SEAL_BYTES, SESSION_BYTES, is_sealed

MOST_DATAGRAMS_A_TICK = 64
RECEIVE_BUFFER_BYTES = 2**20
"""What comes while Live blocks its scripts is kept by the system; Windows keeps 64 KiB by itself."""
MOST_REMEMBERED = 2048
"""Replies kept for repeated requests; an asker has far fewer in flight."""
MOST_SEALS = 65536
"""Of requests that were taken, so that none is done twice, also where its reply is kept no more."""
DATAGRAM_BYTES = 65535
MOST_PART_BYTES = 8000
"""Of a reply that goes in parts."""


class _Remembered:
    def __init__(self, request: bytes) -> None:
        self.request = request
        self.reply: Optional[bytes] = None
        """None: still being worked on"""


class Server:
    """`token` is None where there is none: keyed requests are refused then. `log` takes a line. `clock` gives seconds:
    monotonic, as askers live in real time. Raises OSError where the port cannot be had."""

    def __init__(
        self,
        port: int,
        token: Optional[bytes],
        context: Context,
        log: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._token = token
        self._log = log
        self._session = os.urandom(SESSION_BYTES)
        self._askers = Askers(clock, self._send)
        self._bridge = Bridge(context, self._askers, self._session.hex())
        self._context = context
        self._remembered: "OrderedDict[Tuple[Sender, int], _Remembered]" = OrderedDict()
        self._seals: "OrderedDict[bytes, Sender]" = OrderedDict()
        self._socket = _listening(port)

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def run_tick(self) -> None:
        """Takes in what has come, without waiting; requests become jobs, and those at work go on."""
        self._receive()
        self._bridge.run_tick()

    def close(self) -> None:
        """Unfinished requests are refused."""
        try:
            self._bridge.close(
                Refused("set_closed", "the set was closed, or the script switched off, before it was done")
            )
        finally:
            self._socket.close()

    def _receive(self) -> None:
        for _ in range(MOST_DATAGRAMS_A_TICK):
            try:
                datagram, sender = self._socket.recvfrom(DATAGRAM_BYTES)
            except BlockingIOError:
                return
            except ConnectionResetError:
                continue  # Windows: an earlier reply met a closed port
            except OSError as why:  # jobs go on all the same
                self._note_malformed("nothing received: %s" % why)
                return
            try:
                if len(datagram) > protocol.MOST_REQUEST_BYTES:
                    raise osc.OscError("%d bytes; at most %d are taken" % (len(datagram), protocol.MOST_REQUEST_BYTES))
                packets = osc.messages_in(datagram)
                messages = [osc.decode_message(packet) for packet in packets]
            except osc.OscError as why:
                self._note_malformed("%s from %s:%d" % (why, sender[0], sender[1]))
                continue
            for packet, message in zip(packets, messages):
                self._take(packet, message, sender)

    def _take(self, packet: bytes, message: osc.Message, sender: Sender) -> None:
        if not message.arguments or type(message.arguments[0]) is not int or not 0 <= message.arguments[0] < 2**31:
            self._note_malformed("%s without a request id from %s:%d" % (message.address, sender[0], sender[1]))
            return
        key = sender, message.arguments[0]
        refusal = self._refusal(packet, message, sender)
        if refusal is not None:  # not remembered: whoever knows the key may use the id
            self._send(sender, _error(key[1], refusal.code, str(refusal)))
            return
        known = self._remembered.get(key)
        if known is None:
            if protocol.BY_ADDRESS[message.address].keyed and not self._note_seal(message, sender):
                self._note_malformed("%s: id %d was done long ago" % (message.address, key[1]))
                return
            self._remember(key, packet)
            self._begin(key, message)
        elif known.request != packet:
            self._send(sender, _error(key[1], "bad_request", "request id %d was used for another request" % key[1]))
        else:
            self._askers.heard(sender, protocol.BY_ADDRESS[message.address].keyed)
            self._send_reply(key, known.reply or osc.encode(protocol.PENDING, (key[1],)))

    def _note_seal(self, message: osc.Message, sender: Sender) -> bool:
        """Whether it is new."""
        seal = message.arguments[-1]
        if seal in self._seals:
            return False
        self._seals[seal] = sender
        if len(self._seals) > MOST_SEALS:
            self._seals.popitem(last=False)
        return True

    def _refusal(self, packet: bytes, message: osc.Message, sender: Sender) -> Optional[Refused]:
        command = protocol.BY_ADDRESS.get(message.address)
        if command is None:
            return Refused("unknown_command", "%s is not known to this script" % message.address)
        if not command.keyed:
            return None
        if self._token is None:
            return Refused("not_authentic", "the script has no token: run jacqueesbot install-script")
        last = message.arguments[-1]
        if type(last) is not bytes or len(last) != SEAL_BYTES or not is_sealed(packet, self._token, self._session):
            return Refused("not_authentic", "the seal of %s is not that of this session and token" % command.name)
        if self._seals.get(last, sender) != sender:
            return Refused("not_authentic", "%s was sealed by another asker" % command.name)
        return None

    def _begin(self, key: Tuple[Sender, int], message: osc.Message) -> None:
        command = protocol.BY_ADDRESS[message.address]

        def done(values: List[Any]) -> None:
            try:
                reply = osc.encode(protocol.OK, (key[1], *values))
            except osc.OscError as why:  # unanswered, its asker would wait for ever
                failed(why)
            else:
                self._answer(key, reply)

        def failed(why: Exception) -> None:
            code, text = self._told(why, message)
            self._answer(key, _error(key[1], code, text))

        request = Request(self._askers.heard(key[0], command.keyed), key[1])
        values = message.arguments[1:-1] if command.keyed else message.arguments[1:]
        self._context.jobs.add(Job(self._steps(command, request, values), command.writes, done, failed))

    def _steps(self, command: Command, request: Request, values: Tuple[Any, ...]) -> Steps:
        try:
            arguments = checked(command.request, values)
        except ProtocolError as why:
            raise Refused("bad_request", "%s: %s" % (command.name, why)) from why
        if command.writes and not self._context.live.can_place:
            raise Refused("unsupported_live", "Live %s: %s" % (self._context.live.version, NEEDED))
        result = self._bridge.answer(command.name, request, arguments)
        if command.rows:
            return _page(result, arguments[-1], request.request_id)
        if isinstance(result, GeneratorType):
            result = yield from result
        return list(result)

    def _told(self, why: Exception, message: osc.Message) -> Tuple[str, str]:
        if isinstance(why, Refused):
            return why.code, str(why)
        lines = "".join(traceback.format_exception(type(why), why, why.__traceback__))
        self._log("%s failed:\n%s" % (message.address, lines))
        if is_lives_refusal(why):
            return "live_refused", str(why) or type(why).__name__
        return "internal", "%s: %s" % (type(why).__name__, why)

    def _remember(self, key: Tuple[Sender, int], request: bytes) -> None:
        self._remembered[key] = _Remembered(request)
        while len(self._remembered) > MOST_REMEMBERED and next(iter(self._remembered.values())).reply is not None:
            self._remembered.popitem(last=False)

    def _answer(self, key: Tuple[Sender, int], reply: bytes) -> None:
        known = self._remembered.get(key)
        if known is not None:
            known.reply = reply
        self._send_reply(key, reply)

    def _send_reply(self, key: Tuple[Sender, int], reply: bytes) -> None:
        sender, request_id = key
        parts = [reply[at : at + MOST_PART_BYTES] for at in range(0, len(reply), MOST_PART_BYTES)]
        if len(reply) <= protocol.MOST_REPLY_BYTES:
            self._send(sender, reply)
            return
        for place, part in enumerate(parts):
            self._send(sender, osc.encode(protocol.PART, (request_id, place, len(parts), part)))

    def _send(self, sender: Sender, reply: bytes) -> None:
        try:
            self._socket.sendto(reply, sender)
        except OSError as why:  # the asker repeats its request
            self._log("no reply to %s:%d: %s" % (sender[0], sender[1], why))

    def _note_malformed(self, what: str) -> None:
        """Logged at the 1st, 2nd, 4th, 8th ... time: a stream of rubbish must not fill Live's log."""
        self._bridge.malformed += 1
        if self._bridge.malformed & (self._bridge.malformed - 1) == 0:
            self._log("ignored (%d so far): %s" % (self._bridge.malformed, what))


def _page(rows: Iterator[List[Any]], first_row: int, request_id: int) -> List[Any]:
    values: List[Any] = [protocol.LAST_PAGE]
    for count, row in enumerate(rows):
        longer = values + row
        if count and len(osc.encode(protocol.OK, (request_id, *longer))) > protocol.MOST_REPLY_BYTES:
            values[0] = first_row + count
            return values
        values = longer
    return values


def _listening(port: int) -> socket.socket:
    """On loopback, without waiting. Raises OSError."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
        if exclusive is not None:  # Windows, where another program could take over the port else
            listening.setsockopt(socket.SOL_SOCKET, exclusive, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        listening.bind((protocol.DEFAULT_HOST, port))
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def _error(request_id: int, code: str, message: str) -> bytes:
    sendable = message.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return osc.encode(protocol.ERROR, (request_id, code, sendable))
