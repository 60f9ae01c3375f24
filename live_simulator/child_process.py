"""A Python process that is told JSON lines on its stdin and writes some on its stdout; ends with its stdin."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Sequence

END_SECONDS = 5.0


class ChildEnded(Exception):
    """It takes and says nothing more; the text tells how it ended."""


class ChildProcess:
    """Runs a module with the interpreter `python`; the end of this process ends it, too."""

    def __init__(self, python: str, module: str, arguments: Sequence[str] = ()) -> None:
        root = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join([root] + ([os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else []))
        self._process = subprocess.Popen(
            [python, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"},
            start_new_session=True,  # Ctrl-C in a terminal is for this process to act on
        )
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def process_id(self) -> int:
        return self._process.pid

    @property
    def has_lines(self) -> bool:
        """Whether `next_line` would not wait."""
        return not self._lines.empty()

    def send(self, request: dict[str, Any]) -> None:
        """ChildEnded."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write((json.dumps(request) + "\n").encode())
            self._process.stdin.flush()
        except OSError as why:
            raise self._ended() from why

    def next_line(self, patience_seconds: float = 0.0) -> dict[str, Any] | None:
        """None where there is none by then. ChildEnded, once all that it wrote was handed out."""
        try:
            line = self._lines.get(timeout=patience_seconds) if patience_seconds else self._lines.get_nowait()
        except queue.Empty:
            return None
        if line is None:
            self._lines.put(None)
            raise self._ended()
        found: dict[str, Any] = json.loads(line.decode())
        return found

    def close(self) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # it ended before: there is nothing left to tell it
            self._process.stdin.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        assert self._process.stdin is not None
        self._process.kill()
        self._process.wait()
        with suppress(OSError):  # what it did not read yet
            self._process.stdin.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(None)

    def _ended(self) -> ChildEnded:
        try:
            status: int | None = self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            status = None
        return ChildEnded(f"ended (exit status {status})")
