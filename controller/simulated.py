"""Starts the simulated Live with our script in it, asks it to render, and always ends it."""

from __future__ import annotations

import itertools
import json
import os
import queue
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import live_simulator
from controller.install_script import copy_script
from controller.token import read_or_make_token
from embedding.audio import Audio, read_audio
from embedding.errors import StageError, StageLost
from live_remote_script.osc import decode, encode

HOST = "127.0.0.1"
PREFIX = "/simulator/"
START_SECONDS = 60.0
ANSWER_SECONDS = 600.0
"""For a render of the longest sets; a process that ended is noticed at once."""
REPEAT_SECONDS = 0.5
END_SECONDS = 10.0
LOG_LINES = 20
REFUSES = "live_simulator: "
"""With which the line begins by which it tells why it does not start."""
NEWEST_FIRST_ID = 2**30


class NotStarted(StageLost):
    """The simulated Live was asked for something that is not there, such as an audio device: one line says what."""


class SimulatedLive:
    """A context manager: inside it the simulated Live runs, on a virtual clock unless told otherwise, with ticks of
    `tick_ms` (10 to 100) of its time; `edition` is one of live_simulator.editions.EDITIONS. With a real clock it can
    play on a device: `audio` as `simulate --audio`.

    `log` takes the lines of its log as they come (from another thread). Ctrl-C in a terminal does not reach it.
    """

    def __init__(
        self,
        sample_rate_hz: int = 44100,
        *,
        live_version: str | None = None,
        clock: str = "virtual",
        tick_ms: int = 10,
        edition: str = "suite",
        audio: str | None = None,
        python: str = sys.executable,
        log: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.script_port = 0
        self.token = b""
        self.control_port = 0
        self._options = ["--sample-rate-hz", str(sample_rate_hz), "--clock", clock, "--engine-python", sys.executable]
        self._options += ["--tick-ms", str(tick_ms), "--edition", edition]
        self._options += ["--live-version", live_version] if live_version else []
        self._options += ["--audio", audio] if audio else []
        self._python = python
        self._log = log
        self._last_lines: deque[str] = deque(maxlen=LOG_LINES)
        self._ids = itertools.count(secrets.randbelow(NEWEST_FIRST_ID))

    def __enter__(self) -> SimulatedLive:
        """StageLost where it does not start; NotStarted where that is due to what it was asked for."""
        self._folder = tempfile.TemporaryDirectory(prefix="jacqueesbot-live-")
        script = Path(self._folder.name, "JacqueesBot")
        self.script_port = _free_port()
        self.token_file = Path(self._folder.name, "token")
        self.token = read_or_make_token(self.token_file)
        copy_script(script, {"port": self.script_port, "token_file": str(self.token_file)})
        root = str(Path(live_simulator.__file__).parent.parent)
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [self._python, "-m", "live_simulator", "--script", str(script), "--exit-with-parent", *self._options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._told: queue.Queue[bytes] = queue.Queue()
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._read_output, self._read_log)]
        for reader in self._readers:
            reader.start()
        try:
            self.control_port = self._await_start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def process_id(self) -> int:
        return self._process.pid

    def require_alive(self) -> None:
        """StageLost, with its last words, where it has ended."""
        if self.alive:
            return
        for reader in self._readers:
            reader.join(END_SECONDS)  # the last lines may still be on their way
        refused = next((line for line in reversed(self._last_lines) if line.startswith(REFUSES)), None)
        if refused is not None:
            raise NotStarted(f"the simulated Live does not start: {refused.removeprefix(REFUSES)}")
        last = " | ".join(self._last_lines) or "nothing"
        raise StageLost(f"the simulated Live ended (exit status {self._process.returncode}); its last words: {last}")

    def render(self, start_beats: float, seconds: float) -> tuple[Audio, dict[int, Audio]]:
        """(what the set puts out, {track index: that track after its fader}), stereo, of exactly that length.

        StageError where something in the set cannot be rendered, StageLost where the simulated Live ended.
        """
        with tempfile.TemporaryDirectory(prefix="render-", dir=self._folder.name) as folder:
            indices = self._ask("render", folder, float(start_beats), float(seconds))
            stems = {int(index): read_audio(Path(folder, f"track-{index:02d}.wav")) for index in indices}
            return read_audio(Path(folder, "main.wav")), stems

    def render_main(self, start_beats: float, seconds: float) -> Audio:
        """What the set puts out, as `render`, without its tracks."""
        with tempfile.TemporaryDirectory(prefix="render-", dir=self._folder.name) as folder:
            self._ask("render", folder, float(start_beats), float(seconds))
            return read_audio(Path(folder, "main.wav"))

    def state(self) -> dict[str, Any]:
        """Tempo, counts and transport (live_simulator.snapshot.state), and Live's time (Simulator.figures)."""
        found = json.loads(self._ask("state")[0])
        assert isinstance(found, dict)
        return found

    def act_as_user(self, action: str, *arguments: Any) -> None:
        """One of live_simulator.user.ACTIONS, e.g. 'user_delete_clip', 4, 0."""
        self._ask(action, *arguments)

    def _ask(self, name: str, *arguments: Any) -> tuple[Any, ...]:
        """The answer's values; asks again until it comes."""
        request_id = next(self._ids)
        packet = encode(PREFIX + name, (request_id, *arguments))
        deadline = time.monotonic() + ANSWER_SECONDS
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.bind((HOST, 0))
            asking.settimeout(REPEAT_SECONDS)
            while time.monotonic() < deadline:
                self.require_alive()
                asking.sendto(packet, (HOST, self.control_port))
                values = _answer(asking, request_id)
                if values is not None:
                    return values
        raise StageLost(f"the simulated Live did not answer {PREFIX}{name} within {ANSWER_SECONDS:.0f} s")

    def _await_start(self) -> int:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                told = json.loads(self._told.get(timeout=REPEAT_SECONDS))
            except queue.Empty:
                self.require_alive()
            except ValueError:
                break
            else:
                return int(told["control_port"])
        self.require_alive()
        raise StageLost(f"the simulated Live did not start within {START_SECONDS:.0f} s (is the computer very busy?)")

    def _read_output(self) -> None:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if line:
            self._told.put(line)

    def _read_log(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            text = line.decode("utf-8", "replace").rstrip()
            self._last_lines.append(text)
            self._log(text)

    def _end(self) -> None:
        """It ends when its standard input does; made to where it does not."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._process.stdin.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for reader in self._readers:
            reader.join(END_SECONDS)
        self._process.stdout.close()
        self._process.stderr.close()
        self._folder.cleanup()


def _answer(asking: socket.socket, request_id: int) -> tuple[Any, ...] | None:
    """The values of the answer to that request; None where nothing came for a moment. StageError for an error."""
    try:
        messages = decode(asking.recv(65535))
    except (TimeoutError, ConnectionError):
        return None
    for message in messages:
        if message.arguments[:1] != (request_id,):
            continue
        if message.address == PREFIX + "error":
            raise StageError(f"simulated Live: {message.arguments[1]}")
        return message.arguments[1:]
    return None


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind((HOST, 0))
        return int(asking.getsockname()[1])
