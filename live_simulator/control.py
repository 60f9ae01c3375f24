"""The control port: what a test or the controller asks of the embedded Live itself, as OSC over UDP on loopback.

    /simulator/render id folder start_beats seconds    writes main.wav and track-NN.wav; answers the track indices
    /simulator/state id                                answers figures of the set and of Live's time as JSON
    /simulator/user_... id arguments                   what a user does by hand (live_simulator.user)
    /simulator/quit id

Answers go to the sender: /simulator/ok id values..., or /simulator/error id message. A request that comes again is
answered again and not done twice.
"""

from __future__ import annotations

import json
import socket
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Any, Tuple

from live_remote_script.osc import Message, OscError, decode, encode

from live_simulator import snapshot, user
from live_simulator.engine_client import EngineClient
from live_simulator.errors import BadRequest, EngineLost
from live_simulator.simulator import Simulator

HOST = "127.0.0.1"
PREFIX = "/simulator/"
DATAGRAM_BYTES = 65535
MOST_REMEMBERED = 256

Sender = Tuple[str, int]


class Control:
    """Polled once per tick. OSError where the port cannot be had; `quit_asked` is for the host to obey."""

    def __init__(self, port: int, live: Simulator, engine: EngineClient, sample_rate_hz: int) -> None:
        self.quit_asked = False
        self.asked = 0
        """How many packets have come."""
        self._live = live
        self._engine = engine
        self._sample_rate_hz = sample_rate_hz
        self._answers: OrderedDict[tuple[Sender, int], bytes | None] = OrderedDict()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((HOST, port))
            self._socket.setblocking(False)
        except OSError:
            self._socket.close()
            raise

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def close(self) -> None:
        self._socket.close()

    def poll(self) -> None:
        while not self.quit_asked:
            try:
                packet, sender = self._socket.recvfrom(DATAGRAM_BYTES)
            except BlockingIOError:
                return
            except ConnectionResetError:
                continue  # Windows: an earlier answer met a closed port
            self.asked += 1
            try:
                messages = decode(packet)
            except OscError as why:
                self._send(sender, encode(PREFIX + "error", (-1, str(why))))
                continue
            for message in messages:
                self._receive(message, sender)

    def _receive(self, message: Message, sender: Sender) -> None:
        request_id = message.arguments[0] if message.arguments else None
        if type(request_id) is not int:
            self._send(
                sender, encode(PREFIX + "error", (-1, f"{message.address}: its first argument is the request's id"))
            )
            return
        key = (sender, request_id)
        if key in self._answers:
            answered = self._answers[key]
            if answered is not None:
                self._send(sender, answered)
            return
        self._answers[key] = None
        while len(self._answers) > MOST_REMEMBERED:
            self._answers.popitem(last=False)
        try:
            self._do(key, message.address, message.arguments[1:])
        except BadRequest as why:
            self._answer(key, "error", (str(why),))
        except EngineLost:
            raise
        except Exception as why:
            self._live.log_error(f"in {message.address}")
            self._answer(key, "error", (f"{message.address} failed here: {type(why).__name__}: {why}",))

    def _do(self, key: tuple[Sender, int], address: str, arguments: tuple[Any, ...]) -> None:
        name = address[len(PREFIX) :] if address.startswith(PREFIX) else ""
        if name == "render":
            self._render(key, *_checked(address, arguments, (str, float, float)))
        elif name == "state":
            _checked(address, arguments, ())
            self._answer(key, "ok", (json.dumps({**snapshot.state(self._live.song), **self._live.figures()}),))
        elif name == "quit":
            self.quit_asked = True
            self._answer(key, "ok", ())
        elif name in user.ACTIONS:
            user.act(self._live, name, _checked(address, arguments, tuple(user.ACTIONS[name].takes.values())))
            self._answer(key, "ok", ())
        else:
            known = ", ".join(sorted(["render", "state", "quit", *user.ACTIONS]))
            raise BadRequest(f"{address}: unknown; known are {PREFIX}: {known}")

    def _render(self, key: tuple[Sender, int], folder: str, start_beats: float, seconds: float) -> None:
        if not Path(folder).is_absolute() or not Path(folder).is_dir():
            raise BadRequest(f"{folder}: not an absolute path of a folder that exists")
        if not (start_beats >= 0.0 and 0.0 < seconds <= 36000.0):
            raise BadRequest(
                f"{seconds} s from beat {start_beats}; beats are 0 or more, seconds above 0 and up to 36000"
            )
        for line in snapshot.unheard(self._live.song):
            self._live.log(f"render: {line}")
        request = {
            "do": "render",
            "folder": folder,
            "sample_rate_hz": self._sample_rate_hz,
            "start_beats": start_beats,
            "seconds": seconds,
            "mix": snapshot.mix(self._live.song, start_beats),
        }

        def answer(reply: dict[str, Any]) -> None:
            if "error" in reply:
                self._answer(key, "error", (reply["error"],))
            else:
                self._answer(key, "ok", tuple(reply["ok"]["tracks"]))

        self._engine.ask(request, answer)

    def _answer(self, key: tuple[Sender, int], word: str, values: tuple[Any, ...]) -> None:
        packet = encode(PREFIX + word, (key[1], *values))
        self._answers[key] = packet
        self._send(key[0], packet)

    def _send(self, sender: Sender, packet: bytes) -> None:
        with suppress(OSError):  # the sender asks again, or is gone
            self._socket.sendto(packet, sender)


def _checked(address: str, arguments: tuple[Any, ...], kinds: tuple[type, ...]) -> tuple[Any, ...]:
    """The arguments, ints as floats where floats are taken."""
    fits = [type(value) is kind or (kind is float and type(value) is int) for value, kind in zip(arguments, kinds)]
    if len(arguments) != len(kinds) or not all(fits):
        wanted = ", ".join(kind.__name__ for kind in kinds) or "nothing"
        found = ", ".join(type(value).__name__ for value in arguments) or "nothing"
        raise BadRequest(f"{address}: takes {wanted} behind the id, was given {found}")
    return tuple(kind(arguments[place]) for place, kind in enumerate(kinds))
