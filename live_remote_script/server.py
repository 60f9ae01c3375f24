"""Requests in, replies out: one UDP socket on loopback, polled; each request is done once, however often it comes."""

from __future__ import annotations

import socket
import traceback
from collections import OrderedDict
from types import GeneratorType
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from . import osc, placing, protocol, reading, transport, writing
from .context import Context
from .jobs import Job, Refused, Steps
from .live_versions import NEEDED

MOST_DATAGRAMS_A_TICK = 64
MOST_REMEMBERED = 2048
"""Replies kept for repeated requests; an asker has far fewer in flight."""
DATAGRAM_BYTES = 65535

Sender = Tuple[str, int]

HANDLERS: Dict[str, Callable[..., Any]] = {
    "hello": reading.hello,
    "status": reading.status,
    "song": reading.song,
    "tracks": reading.tracks,
    "clips": reading.clips,
    "begin": writing.begin,
    "set_tempo": writing.set_tempo,
    "create_track": writing.create_track,
    "set_track": writing.set_track,
    "delete_track": writing.delete_track,
    "create_clip": placing.create_clip,
    "delete_clip": placing.delete_clip,
    "settle": writing.settle,
    "undo": writing.undo,
    "play": transport.play,
    "stop": transport.stop,
}
"""Takes (context, *arguments); gives the reply's values, or Steps that return them; a paged command gives its rows."""


class _Remembered:
    def __init__(self, request: str) -> None:
        self.request = request
        self.reply: Optional[bytes] = None
        """None: still being worked on"""


class Server:
    """`log` takes a line. Raises OSError where the port cannot be had."""

    def __init__(self, port: int, context: Context, log: Callable[[str], None]) -> None:
        self._context = context
        self._log = log
        self._remembered: "OrderedDict[Tuple[Sender, int], _Remembered]" = OrderedDict()
        self._malformed = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((protocol.DEFAULT_HOST, port))
            self._socket.setblocking(False)
        except OSError:
            self._socket.close()
            raise

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def receive(self) -> None:
        """Takes in what has come, without waiting; requests become jobs of the context's."""
        for _ in range(MOST_DATAGRAMS_A_TICK):
            try:
                datagram, sender = self._socket.recvfrom(DATAGRAM_BYTES)
            except BlockingIOError:
                return
            except ConnectionResetError:
                continue  # Windows: an earlier reply met a closed port
            try:
                messages = osc.decode(datagram)
            except osc.OscError as why:
                self._note_malformed("%s from %s:%d" % (why, sender[0], sender[1]))
                continue
            for message in messages:
                self._take(message, sender)

    def close(self) -> None:
        """Unfinished requests are refused."""
        try:
            self._context.jobs.close(
                Refused("set_closed", "the set was closed, or the script switched off, before it was done")
            )
        finally:
            self._socket.close()

    def _take(self, message: osc.Message, sender: Sender) -> None:
        if not message.arguments or type(message.arguments[0]) is not int or not 0 <= message.arguments[0] < 2**31:
            self._note_malformed("%s without a request id from %s:%d" % (message.address, sender[0], sender[1]))
            return
        key = sender, message.arguments[0]
        request = repr(message)
        known = self._remembered.get(key)
        if known is None:
            self._remember(key, request)
            self._begin(key, message)
        elif known.request != request:
            self._send(sender, _error(key[1], "bad_request", "request id %d was used for another request" % key[1]))
        else:
            self._send(sender, known.reply or osc.encode(protocol.PENDING, (key[1],)))

    def _begin(self, key: Tuple[Sender, int], message: osc.Message) -> None:
        command = protocol.BY_ADDRESS.get(message.address)

        def done(values: List[Any]) -> None:
            self._answer(key, osc.encode(protocol.OK, (key[1], *values)))

        def failed(why: Exception) -> None:
            code, text = self._told(why, message)
            self._answer(key, _error(key[1], code, text))

        if command is None:
            failed(Refused("unknown_command", "%s is not known to this script" % message.address))
        else:
            steps = self._steps(command, key[1], message.arguments[1:])
            self._context.jobs.add(Job(steps, command.writes, done, failed))

    def _steps(self, command: protocol.Command, request_id: int, values: Tuple[Any, ...]) -> Steps:
        try:
            arguments = protocol.checked(command.request, values)
        except protocol.ProtocolError as why:
            raise Refused("bad_request", "%s: %s" % (command.name, why)) from why
        if command.writes and not self._context.live.can_place:
            raise Refused("unsupported_live", "Live %s: %s" % (self._context.live.version, NEEDED))
        result = HANDLERS[command.name](self._context, *arguments)
        if command.rows:
            return _page(result, arguments[-1], request_id)
        if isinstance(result, GeneratorType):
            result = yield from result
        return list(result)

    def _told(self, why: Exception, message: osc.Message) -> Tuple[str, str]:
        if isinstance(why, Refused):
            return why.code, str(why)
        lines = "".join(traceback.format_exception(type(why), why, why.__traceback__))
        self._log("%s %r failed:\n%s" % (message.address, message.arguments, lines))
        # Live's own: ArgumentError is Boost's, also raised by objects that the user has deleted; LimitationError tells
        # an edition's limits
        if isinstance(why, (RuntimeError, ValueError)) or type(why).__name__ in ("ArgumentError", "LimitationError"):
            return "live_refused", str(why) or type(why).__name__
        return "internal", "%s: %s" % (type(why).__name__, why)

    def _remember(self, key: Tuple[Sender, int], request: str) -> None:
        self._remembered[key] = _Remembered(request)
        while len(self._remembered) > MOST_REMEMBERED and next(iter(self._remembered.values())).reply is not None:
            self._remembered.popitem(last=False)

    def _answer(self, key: Tuple[Sender, int], reply: bytes) -> None:
        known = self._remembered.get(key)
        if known is not None:
            known.reply = reply
        self._send(key[0], reply)

    def _send(self, sender: Sender, reply: bytes) -> None:
        try:
            self._socket.sendto(reply, sender)
        except OSError as why:  # the asker repeats its request
            self._log("no reply to %s:%d: %s" % (sender[0], sender[1], why))

    def _note_malformed(self, what: str) -> None:
        """Logged at the 1st, 2nd, 4th, 8th ... time: a stream of rubbish must not fill Live's log."""
        self._malformed += 1
        if self._malformed & (self._malformed - 1) == 0:
            self._log("ignored (%d so far): %s" % (self._malformed, what))


def _page(rows: Iterator[List[Any]], first_row: int, request_id: int) -> List[Any]:
    values: List[Any] = [protocol.LAST_PAGE]
    for count, row in enumerate(rows):
        longer = values + row
        if count and len(osc.encode(protocol.OK, (request_id, *longer))) > protocol.MOST_REPLY_BYTES:
            values[0] = first_row + count
            return values
        values = longer
    return values


def _error(request_id: int, code: str, message: str) -> bytes:
    return osc.encode(protocol.ERROR, (request_id, code, message))
