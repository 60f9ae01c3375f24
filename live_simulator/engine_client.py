"""The audio engine seen from the host: a child process, JSON lines over its pipes."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable, Dict

from live_simulator.errors import EngineLost
from live_simulator.nodes.node import AudioFile

ANSWER_SECONDS = 120.0
END_SECONDS = 5.0

Answer = Callable[[Dict[str, Any]], None]


class EngineClient:
    """Starts the engine with the interpreter `python`; `close` ends it, and so does the end of this process."""

    def __init__(self, python: str) -> None:
        root = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join([root] + ([os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else []))
        self._process = subprocess.Popen(
            [python, "-m", "live_simulator.audio_engine"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"},
            start_new_session=True,  # Ctrl-C in a terminal is for this process to act on
        )
        self._last_id = 0
        self._waiting: dict[int, Answer] = {}
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def probe(self, path: str) -> AudioFile | None:
        """What a file holds, waiting for the answer; None where it is no audio that Live opens. EngineLost."""
        answers: list[dict[str, Any]] = []
        self.ask({"do": "probe", "path": path}, answers.append)
        while not answers:
            self._take(self._next_line(ANSWER_SECONDS))
        found = answers[0].get("ok")
        if found is None:
            return None
        return AudioFile(
            path, found["frames"], found["sample_rate_hz"], found["channels"], tuple(found["opened_since"])
        )

    def ask(self, request: dict[str, Any], answer: Answer) -> None:
        """Sends a request; `poll` or `probe` will call `answer` with {"ok": ...} or {"error": text}. EngineLost."""
        self._last_id += 1
        self._waiting[self._last_id] = answer
        assert self._process.stdin is not None
        try:
            self._process.stdin.write((json.dumps({"id": self._last_id, **request}) + "\n").encode())
            self._process.stdin.flush()
        except OSError as why:
            raise self._lost() from why

    def poll(self) -> None:
        """Hands out the answers that have come. EngineLost."""
        while not self._lines.empty():
            self._take(self._next_line(0.0))

    def close(self) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # it ended before: there is nothing left to tell it
            self._process.stdin.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(None)

    def _next_line(self, patience_seconds: float) -> bytes | None:
        try:
            return self._lines.get(timeout=patience_seconds) if patience_seconds else self._lines.get_nowait()
        except queue.Empty:
            raise EngineLost(f"the audio engine did not answer for {patience_seconds:.0f} s") from None

    def _take(self, line: bytes | None) -> None:
        if line is None:
            self._lines.put(None)
            raise self._lost()
        answer = json.loads(line.decode())
        self._waiting.pop(answer["id"])(answer)

    def _lost(self) -> EngineLost:
        try:
            status: int | None = self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            status = None
        return EngineLost(f"the audio engine ended (exit status {status})")
