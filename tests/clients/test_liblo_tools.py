"""The examples in docs/osc.md, run by the real oscsend and oscdump."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from tests.clients.responder import HOST, WAIT_SECONDS, Responder, Trigger
from tests.real_parts import require_program

PAGE = (Path(__file__).parents[2] / "docs" / "osc.md").read_text(encoding="utf-8")
TRIGGERS = re.findall(r"^    (oscsend .*)$", PAGE, re.MULTILINE)
ANSWERS = re.findall(r"^    (/jacquees/.*)$", PAGE, re.MULTILINE)
READ_AS = {"s": str, "f": float}


class Dump:
    """The page's oscdump, on a port of its own. Use as a context manager."""

    def __init__(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind((HOST, 0))
            self.port: int = free.getsockname()[1]
        (command,) = re.findall(r"^    (oscdump .*)$", PAGE, re.MULTILINE)
        self._process = subprocess.Popen(
            shlex.split(command.replace("19101", str(self.port))), stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._lines: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read)

    def __enter__(self) -> Dump:
        self._reader.start()
        probe = OscMessageBuilder("/probe").build().dgram
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out, self._news:
            for _ in range(round(WAIT_SECONDS / 0.05)):
                out.sendto(probe, (HOST, self.port))
                if self._news.wait_for(lambda: bool(self._lines), 0.05):
                    return self
        self.__exit__()
        raise TimeoutError("oscdump does not show anything")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def shown(self, count: int) -> list[str]:
        """The first `count` messages, without their times."""
        with self._news:
            if not self._news.wait_for(lambda: len(self._answers()) >= count, WAIT_SECONDS):
                raise TimeoutError(f"{count} messages should have been shown: {self._lines}")
            return self._answers()[:count]

    def _answers(self) -> list[str]:
        return [line for line in self._lines if not line.startswith("/probe")]

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                self._lines.append(line.rstrip("\n").split(" ", 1)[1])
                self._news.notify_all()


@pytest.fixture
def dump() -> Iterator[Dump]:
    require_program("oscsend", "liblo-tools")
    require_program("oscdump", "liblo-tools")
    with Dump() as dumping:
        yield dumping


def send(command: str, port: int) -> Trigger:
    """Runs an oscsend command of the page with another port; what the controller should hear."""
    words = shlex.split(command.replace("19100", str(port)))
    subprocess.run(words, check=True, timeout=WAIT_SECONDS)
    _, _, _, address, *typed = words
    types, values = (typed[0], typed[1:]) if typed else ("", [])
    return address, [READ_AS[kind](value) for kind, value in zip(types, values, strict=True)]


def test_the_page_has_examples() -> None:
    assert len(TRIGGERS) == 6
    assert len(ANSWERS) == 6


def test_each_oscsend_on_the_page_arrives_as_it_is_written(dump: Dump) -> None:
    with Responder(dump.port) as responder:
        sent = [send(command, responder.port) for command in TRIGGERS]
        assert responder.hear(len(sent)) == sent


def test_oscdump_shows_what_the_page_shows(dump: Dump) -> None:
    """The job's progress and score come twice; the page shows each once."""
    with Responder(dump.port) as responder:
        for command in TRIGGERS[:3]:
            send(command, responder.port)
        send("oscsend 127.0.0.1 19100 /jacquees/stop", responder.port)
        shown = dump.shown(8)
    assert [line for line in shown if line in ANSWERS] == ANSWERS
