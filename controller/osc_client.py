"""Asks the script in Live, real or simulated: request ids, repeats of lost datagrams, several requests in flight."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from controller.calls import Call, Change, Step, Values, bundles, named_values, page_of
from embedding.errors import StageError, StageLost, StageRefused
from live_remote_script import osc, protocol

PATIENCE_SECONDS = 30.0
"""Without any answer. Live may be busy for more than 10 s with the analysis of a long file."""
CLOSED_PORT_SECONDS = 2.0
"""With the system saying that nobody listens. A script is silent for a moment while Live opens another set."""
FIRST_REPEAT_SECONDS = 0.25
LONGEST_REPEAT_SECONDS = 0.5
IN_FLIGHT = 32
NEWEST_FIRST_ID = 2**30


@dataclass
class _Flight:
    """A request that is not answered yet."""

    place: int
    request_id: int
    packet: bytes
    sent_at: float = 0.0
    repeat_after: float = FIRST_REPEAT_SECONDS


class ScriptClient:
    """One UDP socket to one script; a context manager. Threads take turns.

    `proceed` is called while something is asked, some twenty times a second at least. What it raises comes through, and
    nothing more is asked then; a plan that is being carried out goes on in Live to its end.
    `token` seals keyed requests, for which `greet` has to come first. Every method may raise StageLost (no answer),
    StageRefused (a typed error of the script's) and StageError (an answer that another version of the protocol gives).
    Ids begin behind `first_request_id`, by default anywhere: a script remembers what it answered to a port, and ports
    are used again.
    """

    def __init__(
        self,
        host: str = protocol.DEFAULT_HOST,
        port: int = protocol.DEFAULT_PORT,
        *,
        token: bytes = b"",
        patience_seconds: float = PATIENCE_SECONDS,
        closed_port_seconds: float = CLOSED_PORT_SECONDS,
        first_request_id: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        proceed: Callable[[], None] = lambda: None,
    ) -> None:
        self._proceed = proceed
        self._turn = threading.RLock()
        self._at = f"{host}:{port}"
        self._patience_seconds = patience_seconds
        self._closed_port_seconds = closed_port_seconds
        self._next_id = secrets.randbelow(NEWEST_FIRST_ID) if first_request_id is None else first_request_id
        self._clock = clock
        self._heard_at = self._clock()
        self._closed_since: float | None = None
        self._token = token
        self._session = b""
        self._parts: dict[int, dict[int, bytes]] = {}
        self._changes: deque[Change] = deque()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.connect((host, port))
        except OSError as why:
            self._socket.close()
            raise StageLost(
                f"{self._at}: {why}; give the address of the computer that Live runs on (127.0.0.1: this one)"
            ) from why

    def __enter__(self) -> ScriptClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Once nothing is being asked."""
        with self._turn:
            self._socket.close()

    def greet(self, folders: Iterable[str]) -> Values:
        """What `version` answers, once the script knows who asks and which `folders` the files to be placed lie in.

        StageError where it speaks another version of the protocol, StageRefused where it has another token.
        """
        told = self.request("version")
        if told["protocol_version"] != protocol.PROTOCOL_VERSION:
            raise StageError(
                f"the script in Live speaks protocol {told['protocol_version']}, this JacqueesBot "
                f"{protocol.PROTOCOL_VERSION}: run jacqueesbot install-script, then start Live anew"
            )
        self._session = bytes.fromhex(told["session"])
        try:
            self.request("hello", "\n".join(folders))
        except StageRefused as why:
            if why.code != "not_authentic":
                raise
            raise StageRefused(
                why.code,
                f"{self._at}: the script in Live has another token than this JacqueesBot ({why}); run jacqueesbot "
                "install-script, then start Live anew (or does osc.token_file in config.yaml name another file?)",
            ) from why
        return told

    def carry_out(
        self,
        steps: Sequence[Step],
        origin_beats: float,
        progress: Callable[[int, int], None] = lambda done, count: None,
    ) -> None:
        """Has a plan carried out: its steps are sent, and begun only when all of them are there. `progress` is told how
        many of how many are done, now and then. What that raises, or the user's interrupt, comes through; of the plan
        everything is done then, or nothing."""
        with self._turn:
            plan_id = self.request("begin", origin_beats, len(steps))["plan_id"]
            self.request_all([Call("steps", (plan_id, first, bundle)) for first, bundle in bundles(steps)])
            self._exchange([Call("commit", (plan_id,))], progress=progress)
        progress(len(steps), len(steps))

    def changes(self) -> list[Change]:
        """What was reported since the last time; without waiting."""
        with self._turn:
            self._proceed()
            self._socket.settimeout(0.0)
            while self._take_one() is not None:
                pass
            found = list(self._changes)
            self._changes.clear()
            return found

    def request(self, name: str, *arguments: Any, meanwhile: Callable[[], None] = lambda: None) -> Values:
        """The reply's values. `meanwhile` is called some twenty times a second until they are there; what it raises
        comes through, and the script goes on with the command."""
        call = Call(name, arguments)
        return named_values(call.command, self._exchange([call], meanwhile=meanwhile)[0])

    def request_all(self, calls: Sequence[Call], answered: Callable[[int], None] = lambda count: None) -> list[Values]:
        """The replies' values in the order of `calls`, several of which are in flight at once: the script may do them
        in another order. `answered` is told how many replies have come.

        After a refusal nothing more is sent; StageRefused is raised once what was sent is answered.
        """
        replies = self._exchange(calls, answered)
        return [named_values(call.command, values) for call, values in zip(calls, replies, strict=True)]

    def rows(self, name: str, *arguments: Any) -> list[Values]:
        """All rows of a paged command; `arguments` without the last, the first row wanted."""
        return self.rows_of_each(name, [arguments])[0]

    def rows_of_each(self, name: str, arguments: Sequence[tuple[Any, ...]]) -> list[list[Values]]:
        """`rows` for each of `arguments`, a page of each in flight at once."""
        found: list[list[Values]] = [[] for _ in arguments]
        wanted = dict.fromkeys(range(len(arguments)), 0)
        while wanted:
            calls = [Call(name, (*arguments[place], first_row)) for place, first_row in wanted.items()]
            pages = [page_of(call.command, values) for call, values in zip(calls, self._exchange(calls), strict=True)]
            for place, (_, rows) in zip(wanted, pages, strict=True):
                found[place] += rows
            next_rows = zip(wanted, (next_row for next_row, _ in pages), strict=True)
            wanted = {place: next_row for place, next_row in next_rows if next_row != protocol.LAST_PAGE}
        return found

    def _exchange(
        self,
        calls: Iterable[Call],
        answered: Callable[[int], None] = lambda count: None,
        progress: Callable[[int, int], None] = lambda done, count: None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> list[list[Any]]:
        with self._turn:
            return self._exchanged(calls, answered, progress, meanwhile)

    def _exchanged(
        self,
        calls: Iterable[Call],
        answered: Callable[[int], None],
        progress: Callable[[int, int], None],
        meanwhile: Callable[[], None],
    ) -> list[list[Any]]:
        self._proceed()
        waiting = deque(self._flight(place, call) for place, call in enumerate(calls))
        flights: dict[int, _Flight] = {}
        replies: dict[int, list[Any]] = {}
        refusal: StageRefused | None = None
        self._heard_at, self._closed_since = self._clock(), None
        while flights or (waiting and refusal is None):
            while waiting and refusal is None and len(flights) < IN_FLIGHT:
                flight = waiting.popleft()
                flights[flight.request_id] = flight
                self._send(flight)
            message = self._receive()
            meanwhile()
            self._proceed()
            self._repeat(flights.values())  # also where much is told: it is what shows that the asker lives
            if message is None:
                continue
            known = flights.get(message.arguments[0]) if message.arguments else None
            if known is None or message.address == protocol.PENDING:
                continue  # an answer to an earlier repeat, or: it lives and works on it
            if message.address == protocol.PROGRESS:
                progress(*message.arguments[1:3])
                continue
            del flights[known.request_id]
            if message.address == protocol.ERROR:
                refusal = refusal or StageRefused(*map(str, message.arguments[1:3]))
            else:
                replies[known.place] = list(message.arguments[1:])
                answered(len(replies))
        if refusal is not None:
            raise refusal
        return [replies[place] for place in sorted(replies)]

    def _flight(self, place: int, call: Call) -> _Flight:
        self._next_id = (self._next_id + 1) % 2**31
        return _Flight(place, self._next_id, call.packet(self._next_id, self._token, self._session))

    def _repeat(self, flights: Iterable[_Flight]) -> None:
        """Sends again what has waited long enough; StageLost where there was no answer for too long."""
        now = self._clock()
        if self._closed_since is not None and now - self._closed_since > self._closed_port_seconds:
            raise StageLost(f"{self._at}: nobody listens there; {_MEND}")
        if now - self._heard_at > self._patience_seconds:
            raise StageLost(f"{self._at}: no answer for {self._patience_seconds:g} s; {_MEND}")
        for flight in flights:
            if now - flight.sent_at >= flight.repeat_after:
                flight.repeat_after = min(2 * flight.repeat_after, LONGEST_REPEAT_SECONDS)
                self._send(flight)

    def _send(self, flight: _Flight) -> None:
        flight.sent_at = self._clock()
        try:
            self._socket.send(flight.packet)
        except OSError:
            self._note_closed_port()

    def _receive(self) -> osc.Message | None:
        """The next message; None where none came for a moment."""
        self._socket.settimeout(FIRST_REPEAT_SECONDS / 5)
        return self._take_one()

    def _take_one(self) -> osc.Message | None:
        try:
            packet = self._socket.recv(65535)
        except (TimeoutError, BlockingIOError):
            return None
        except OSError:
            self._note_closed_port()
            return None
        self._heard_at, self._closed_since = self._clock(), None
        message = self._decoded(packet)
        if message.address == protocol.CHANGED:
            self._changes.append(Change(*message.arguments))
        if message.address == protocol.PART:
            return self._joined(*message.arguments)
        return message

    def _joined(self, request_id: int, place: int, count: int, part: bytes) -> osc.Message:
        """The reply once all its parts are there; until then a sign of life."""
        parts = self._parts.setdefault(request_id, {})
        parts[place] = part
        if len(parts) < count:
            return osc.Message(protocol.PENDING, (request_id,))
        del self._parts[request_id]
        return self._decoded(b"".join(parts[at] for at in range(count)))

    def _decoded(self, packet: bytes) -> osc.Message:
        try:
            return osc.decode_message(packet)
        except osc.OscError as why:
            raise StageError(
                f"{self._at}: answers with something that is not OSC ({why}); another program's port?"
            ) from why

    def _note_closed_port(self) -> None:
        """The system tells a connected UDP socket when an earlier datagram met a closed port."""
        if self._closed_since is None:
            self._closed_since = self._clock()


_MEND = "is Live open, with JacqueesBot chosen as a Control Surface in its Settings (Link, Tempo & MIDI)?"


def live_version(host: str = protocol.DEFAULT_HOST, port: int = protocol.DEFAULT_PORT) -> str:
    """Of the Live that answers there, e.g. '12.3.6'. StageError where none does."""
    with ScriptClient(host, port) as client:
        return str(client.request("version")["live_version"])
