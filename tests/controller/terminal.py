"""A program on a terminal of its own (a pseudo-terminal): what it shows there, and Ctrl-C as a key that is pressed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")
TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(2, termios.TIOCSCTTY, 0); os.execv(sys.executable, sys.argv[1:])"
)
COLUMNS = 120
WAIT_SECONDS = 120.0
CTRL_C = b"\x03"


class Terminal:
    """Runs Python with `arguments`: standard input and error are the terminal, standard output is a file."""

    def __init__(self, arguments: Sequence[str], cwd: Path, stdout: Path) -> None:
        import pty

        self._master, slave = pty.openpty()
        self._shown = ""
        self._news = threading.Condition()
        self._stdout = stdout
        environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
        with stdout.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", TAKE_TERMINAL, sys.executable, *arguments],
                stdin=slave,
                stdout=output,
                stderr=slave,
                cwd=cwd,
                env={**environment, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)},
                start_new_session=True,
            )
        os.close(slave)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        os.close(self._master)

    @property
    def shown(self) -> str:
        """All that was shown so far, without colours and cursor movements."""
        return ESCAPES.sub("", self._shown)

    @property
    def last_line(self) -> str:
        return self.shown.strip().splitlines()[-1].strip()

    def await_shown(self, pattern: str) -> None:
        """Waits until `pattern` (a regular expression) has been shown; AssertionError where it never is."""
        deadline = time.monotonic() + WAIT_SECONDS
        with self._news:
            while not re.search(pattern, self.shown):
                assert self._reader.is_alive(), f"ended without showing {pattern!r}; it showed {self.shown[-2000:]}"
                assert time.monotonic() < deadline, f"did not show {pattern!r}; it showed {self.shown[-2000:]}"
                self._news.wait(0.5)

    def press_ctrl_c(self) -> None:
        os.write(self._master, CTRL_C)

    def ended(self) -> tuple[int, str]:
        """(exit status, standard output) once the program has ended."""
        status = self.process.wait(WAIT_SECONDS)
        self._reader.join()
        return status, self._stdout.read_text(encoding="utf-8")

    def _read(self) -> None:
        while True:
            try:
                piece = os.read(self._master, 65536)
            except OSError:  # Linux says so when the last writer is gone
                piece = b""
            with self._news:
                self._shown += piece.decode("utf-8", "replace")
                self._news.notify_all()
            if not piece:
                return
