"""The simulated Live as a real process with a script of the test's own, asked over real UDP."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from live_remote_script.osc import decode, encode

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 60.0


def write_script(folder: Path, source: str) -> Path:
    folder.mkdir()
    (folder / "__init__.py").write_text(textwrap.dedent(source), encoding="utf-8")
    return folder


class SimulatorProcess:
    """A context manager; `told` is the JSON line that it printed when the script was loaded."""

    def __init__(
        self, script: Path, *options: str, python: str = sys.executable, environment: Mapping[str, str] = os.environ
    ) -> None:
        command = [python, "-m", "live_simulator", "--script", str(script), "--engine-python", sys.executable, *options]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**environment, "PYTHONPATH": str(ROOT)},
            text=True,
        )
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(PATIENCE_SECONDS)
        self._last_id = 0
        self.told: dict[str, Any] = {}

    def __enter__(self) -> SimulatorProcess:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.__exit__()
            raise AssertionError(f"it printed nothing; {self.finish()}")
        self.told = json.loads(line)
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def finish(self) -> tuple[int, str]:
        """(exit status, what it wrote on stderr) once it ended by itself."""
        _, log = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode, log

    def ask(self, name: str, *arguments: Any) -> tuple[str, tuple[Any, ...]]:
        """('ok' or 'error', values)"""
        self._last_id += 1
        return self.ask_again(self._last_id, name, *arguments)

    def ask_again(self, request_id: int, name: str, *arguments: Any) -> tuple[str, tuple[Any, ...]]:
        self.send(encode(f"/simulator/{name}", (request_id, *arguments)))
        (message,) = decode(self._socket.recv(65535))
        assert message.arguments[0] in (request_id, -1)
        return message.address.rsplit("/", 1)[1], message.arguments[1:]

    def await_answer(self, request_id: int) -> tuple[Any, ...]:
        """The values of the answer to a request that was sent; answers to others are passed over."""
        while True:
            (message,) = decode(self._socket.recv(65535))
            if message.arguments[0] == request_id:
                assert message.address == "/simulator/ok", message
                return message.arguments[1:]

    def send(self, packet: bytes) -> None:
        self._socket.sendto(packet, ("127.0.0.1", self.told["control_port"]))

    def state(self) -> dict[str, Any]:
        word, (text,) = self.ask("state")
        assert word == "ok"
        found = json.loads(text)
        assert isinstance(found, dict)
        return found


def children_of(process_id: int) -> list[int]:
    """The ids of its child processes, by ps."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True, timeout=30)
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    return [child for child, parent in pairs if parent == process_id]


def is_running(process_id: int) -> bool:
    """Whether a process that is not ours to wait for still runs."""
    asked = ["ps", "-o", "stat=", "-p", str(process_id)]
    listed = subprocess.run(asked, capture_output=True, text=True, timeout=30)
    return listed.stdout.strip() not in ("",) and not listed.stdout.strip().startswith("Z")
