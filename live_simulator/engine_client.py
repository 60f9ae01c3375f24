"""The audio engine seen from the host: a child process that answers requests."""

from __future__ import annotations

from typing import Any, Callable, Dict

from live_simulator.child_process import ChildEnded, ChildProcess
from live_simulator.errors import EngineLost
from live_simulator.nodes.node import AudioFile

ANSWER_SECONDS = 120.0

Answer = Callable[[Dict[str, Any]], None]


class EngineClient:
    """Starts the engine with the interpreter `python`; `close` ends it, and so does the end of this process."""

    def __init__(self, python: str) -> None:
        self._process = ChildProcess(python, "live_simulator.audio_engine")
        self._last_id = 0
        self._waiting: dict[int, Answer] = {}

    def probe(self, path: str) -> AudioFile | None:
        """What a file holds, waiting for the answer; None where it is no audio that Live opens. EngineLost."""
        answers: list[dict[str, Any]] = []
        self.ask({"do": "probe", "path": path}, answers.append)
        while not answers:
            self._take(ANSWER_SECONDS)
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
        try:
            self._process.send({"id": self._last_id, **request})
        except ChildEnded as why:
            raise EngineLost(f"the audio engine {why}") from why

    def poll(self) -> None:
        """Hands out the answers that have come. EngineLost."""
        while self._process.has_lines:
            self._take(0.0)

    def close(self) -> None:
        self._process.close()

    def _take(self, patience_seconds: float) -> None:
        try:
            answer = self._process.next_line(patience_seconds)
        except ChildEnded as why:
            raise EngineLost(f"the audio engine {why}") from why
        if answer is None:
            raise EngineLost(f"the audio engine did not answer for {patience_seconds:.0f} s")
        self._waiting.pop(answer["id"])(answer)
