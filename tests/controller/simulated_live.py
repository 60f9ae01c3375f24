"""The simulated Live as the stage's tests use it: a process that hosts a copy of the script, and a user in it."""

from __future__ import annotations

import itertools
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import live_simulator
from controller.install_script import copy_script
from controller.token import read_or_make_token
from live_remote_script import osc

REQUEST_IDS = itertools.count(1)
"""Never the same one twice: it would be answered as before, should the system give the same port again."""
LISTENING = re.compile(r"listening on port (\d+)")


@dataclass
class SimulatedLive:
    process: subprocess.Popen[str]
    script_port: int
    control_port: int
    token: bytes

    def ask(self, name: str, *arguments: Any) -> tuple[Any, ...]:
        """Of the control port; e.g. "user_move_clip"."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.settimeout(20)
            asker.connect(("127.0.0.1", self.control_port))
            asker.send(osc.encode(f"/simulator/{name}", (next(REQUEST_IDS), *arguments)))
            (reply,) = osc.decode(asker.recv(65535))
        assert reply.address == "/simulator/ok", reply
        return reply.arguments[1:]

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.ask("state")[0])
        return found

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def set_shape(live: SimulatedLive) -> dict[str, Any]:
    """What its state tells of the set; without Live's time, and what was recorded before."""
    figures = ("time_ms", "ticks", "costly_calls", "late_calls", "recorded", "played_beats", "current_song_time_beats")
    return {name: value for name, value in live.state().items() if name not in figures}


@contextmanager
def simulated_live(
    folder: Path, version: str = "12.3.6", python: str = sys.executable, tick_ms: int = 10
) -> Iterator[SimulatedLive]:
    """A fresh one; the script's port is the system's choice and is told in Live's log."""
    token = read_or_make_token(folder / "token")
    copy_script(folder / "JacqueesBot", {"port": 0, "token_file": str(folder / "token")})
    log = folder / "Log.txt"
    command = [python, "-m", "live_simulator", "--script", str(folder / "JacqueesBot"), "--live-version", version]
    command += ["--engine-python", sys.executable, "--exit-with-parent", "--tick-ms", str(tick_ms)]
    with (
        log.open("w", encoding="utf-8") as told,
        subprocess.Popen(
            command,
            cwd=Path(live_simulator.__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
        ) as process,
    ):
        assert process.stdin
        assert process.stdout
        try:
            ready = process.stdout.readline()
            listening = LISTENING.search(log.read_text(encoding="utf-8"))
            assert ready, log.read_text(encoding="utf-8")
            assert listening, log.read_text(encoding="utf-8")
            yield SimulatedLive(process, int(listening[1]), int(json.loads(ready)["control_port"]), token)
        finally:
            process.stdin.close()
            process.wait(20)
