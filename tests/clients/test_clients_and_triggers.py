"""Pure Data and oscsend with the controller's own trigger server; and the errors that docs/osc.md shows."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.triggers.answers import Done, ErrorTold, Progress, ScoreTold, Sender, StatusTold
from controller.triggers.messages import (
    NAMES,
    Again,
    Cover,
    Keep,
    More,
    Refusal,
    Stop,
    Trigger,
    Undo,
    Variation,
    read_message,
)
from controller.triggers.server import TriggerServer
from tests.clients.pure_data import OpenPatch
from tests.clients.responder import HOST, WAIT_SECONDS
from tests.real_parts import require_program

PAGE = (Path(__file__).parents[2] / "docs" / "osc.md").read_text(encoding="utf-8")
IDLE = StatusTold("idle", "", 0.0, 0.0)


class Served:
    """The trigger server; it keeps what it is asked for, and who asked last."""

    def __init__(self, server: TriggerServer) -> None:
        self.server = server
        self.asked: list[Trigger] = []
        self._news = threading.Condition()
        self._sender: Sender | None = None
        server.start(self._handle, lambda: IDLE)

    def wait_for(self, count: int) -> list[Trigger]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.asked) >= count, WAIT_SECONDS), self.asked
            return list(self.asked)

    def tell(self, *answers: Done | ErrorTold | Progress | ScoreTold | StatusTold) -> None:
        for answer in answers:
            self.server.answers.tell(answer, self._sender)

    def _handle(self, trigger: Trigger, sender: Sender) -> None:
        with self._news:
            self.asked.append(trigger)
            self._sender = sender
            self._news.notify_all()


@pytest.fixture
def served() -> Iterator[Served]:
    with TriggerServer(HOST, 0, 1) as server:
        yield Served(server)


@pytest.fixture
def patch(tmp_path: Path, served: Served) -> Iterator[OpenPatch]:
    require_program("pd", "puredata-core")
    with OpenPatch(tmp_path, served.server.port) as opened:
        opened.wait_until("state", "idle")
        yield opened
        assert opened.complaints == []


def test_each_button_is_the_trigger_that_is_written_on_it(patch: OpenPatch, served: Served) -> None:
    path = "/my music/grüße, v2; $1.wav"
    patch.tell("file", "symbol", path)
    for button in ("cover", "cover-file", "stop", "keep", "undo", "more", "variation", "again"):
        patch.press(button)
    expected = [Cover(), Cover(path), Stop(), Keep(), Undo(), More(30.0), Variation(), Again()]
    assert served.wait_for(len(expected)) == expected


def test_each_answer_is_shown(patch: OpenPatch, served: Served) -> None:
    patch.press("cover")
    served.wait_for(1)
    served.tell(StatusTold("capturing", "a, b; c.wav", 0.25, 0.5), Progress(0.75, "building"), ScoreTold(0.875))
    served.tell(Done("/tmp/a folder"), ErrorTold("no clip is selected: select one, or choose a file"))
    patch.wait_until("error", "no clip is selected: select one, or choose a file")
    last = {name: patch.shown(name)[-1] for name in ("state", "target", "progress", "stage", "score", "done")}
    assert last == {
        "state": "capturing",
        "target": "a, b; c.wav",
        "progress": "0.75",
        "stage": "building",
        "score": "0.875",
        "done": "/tmp/a folder",
    }


def test_a_refusal_is_shown(patch: OpenPatch) -> None:
    patch.tell("seconds", "5000")
    patch.press("more")
    patch.wait_until(
        "error",
        "/jacquees/more 5000: give one number of seconds, more than 0 and at most 3600 (milliseconds?)",
    )


def test_oscsend_is_understood(served: Served) -> None:
    require_program("oscsend", "liblo-tools")
    for words in (["cover", "s", "/a b.wav"], ["more", "i", "30"], ["more", "d", "1.5"], ["stop", "T"], ["undo", "F"]):
        command = ["oscsend", HOST, str(served.server.port), f"/jacquees/{words[0]}", *words[1:]]
        subprocess.run(command, check=True, timeout=WAIT_SECONDS)
    subprocess.run(["oscsend", HOST, str(served.server.port), "/jacquees/keep"], check=True, timeout=WAIT_SECONDS)
    assert served.wait_for(5) == [Cover("/a b.wav"), More(30.0), More(1.5), Stop(), Keep()]


def test_the_page_lists_each_trigger() -> None:
    triggers = PAGE[PAGE.index("## Triggers") : PAGE.index("## Answers")]
    assert set(re.findall(r"^\| `/jacquees/(\w+)` \|", triggers, re.MULTILINE)) == set(NAMES)


def test_the_errors_on_the_page_are_those_that_are_told() -> None:
    rows = re.findall(r"^\| `(/jacquees/[^`]*)` \| ((?:'|/jacquees/).*) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 3
    for sent, told in rows:
        address, *words = sent.split()
        arguments = [float(word) if word.isdigit() else word for word in words]
        assert read_message(address, arguments) == [Refusal(told)]
