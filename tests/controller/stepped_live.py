"""The simulated Live in this process, without a network; its time passes only while the controller waits for an answer.

So Live's time is that of the work itself, whatever else the computer is busy with: datagrams arrive at once, and a
script that asks how long its tick has lasted is told what its calls cost the real Live, and nothing of this computer.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import soundfile

from controller.install_script import copy_script
from controller.osc_client import ScriptClient
from controller.stage import Stage
from controller.token import read_or_make_token
from live_remote_script import osc
from live_simulator import snapshot
from live_simulator.clock import VirtualClock
from live_simulator.nodes.node import AudioFile
from live_simulator.simulator import Simulator
from live_simulator.versions import parse_version

NAME = "SteppedJacqueesBot"
ADDRESS = ("127.0.0.1", 1)


class LineEnd:
    """One of two, in the place of UDP sockets that do not block."""

    def __init__(self) -> None:
        self.other = self
        self._arrived: deque[bytes] = deque()

    def send(self, packet: bytes) -> None:
        self.other._arrived.append(packet)

    def sendto(self, packet: bytes, address: tuple[str, int]) -> None:
        self.send(packet)

    def recvfrom(self, size: int) -> tuple[bytes, tuple[str, int]]:
        if not self._arrived:
            raise BlockingIOError
        return self._arrived.popleft(), ADDRESS

    def recv(self, size: int) -> bytes:
        return self.recvfrom(size)[0]

    def getsockname(self) -> tuple[str, int]:
        return ADDRESS

    def setsockopt(self, *option: int) -> None: ...

    def bind(self, address: tuple[str, int]) -> None: ...

    def connect(self, address: tuple[str, int]) -> None: ...

    def setblocking(self, blocks: bool) -> None: ...

    def settimeout(self, seconds: float) -> None: ...

    def close(self) -> None: ...


class SteppedClient(ScriptClient):
    """Where it would wait for Live, Live goes a tick on."""

    live: Simulator

    def _receive(self) -> osc.Message | None:
        message = super()._receive()
        if message is None:
            self.live.tick()
        return message


@contextmanager
def stepped_live(folder: Path, version: str = "12.3.6", tick_ms: int = 10) -> Iterator[tuple[Simulator, Stage]]:
    """A fresh one with our script in it, and the stage. Sounds and what is cut of them lie in `folder`."""
    scripts, controllers = LineEnd(), LineEnd()
    scripts.other, controllers.other = controllers, scripts
    token = read_or_make_token(folder / "token")
    copy_script(folder / NAME, {"port": ADDRESS[1], "token_file": str(folder / "token")})
    log: list[str] = []
    clock = VirtualClock(tick_ms)
    live = Simulator(parse_version(version), _probe, log.append, clock)
    with (
        mock.patch.object(time, "perf_counter", side_effect=lambda: clock.charged_ms / 1000.0),
        mock.patch.object(socket, "socket", side_effect=[scripts, controllers]),
    ):
        try:
            live.load_script(str(folder / NAME))
            client = SteppedClient(token=token)
            client.live = live
            with Stage(client, folder / "placed") as stage:
                stage.greet([folder])
                yield live, stage
        finally:
            live.close()
            for name in [name for name in sys.modules if name.split(".")[0] == NAME]:
                del sys.modules[name]
    assert not any("Error" in line for line in log), log


def state(live: Simulator) -> dict[str, Any]:
    """As /simulator/state answers."""
    found: dict[str, Any] = json.loads(json.dumps({**snapshot.state(live.song), **live.figures()}))
    return found


def _probe(path: str) -> AudioFile | None:
    try:
        found = soundfile.info(path)
    except soundfile.LibsndfileError:
        return None
    return AudioFile(path, found.frames, found.samplerate, found.channels)
