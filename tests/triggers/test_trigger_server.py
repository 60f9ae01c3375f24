"""The trigger server by real UDP sockets and python-osc: what comes in, what is told, and to whom."""

from __future__ import annotations

import gc
import logging
import socket
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from controller.config import load_settings, packaged_file
from controller.triggers.answers import (
    MOST_PORTS,
    MOST_REFUSALS_A_SECOND,
    Answers,
    Done,
    ErrorTold,
    Progress,
    ScoreTold,
    Sender,
    StatusTold,
    encoded,
)
from controller.triggers.messages import Cover, Keep, More, Stop, Trigger, Undo
from controller.triggers.server import TriggerServer, opened_server
from controller.triggers.waiting import MOST_WAITING, Waiting
from embedding.errors import BadConfig, BadOption, JacqueesError
from tests.triggers.osc_clients import HOST, PATIENCE_SECONDS, STATUS, Client, Handled, client_of, message, serving
from tests.triggers.test_trigger_packets import bundle, mutated_datagrams

Served = tuple[TriggerServer, Client, Client, Handled]
STATUS_TOLD = ("/jacquees/status", ["searching", "/music/song.wav", 0.5, 0.25])


@pytest.fixture
def served() -> Iterator[Served]:
    handled = Handled()
    with serving(handled) as (server, client, display):
        yield server, client, display, handled


def test_each_trigger_comes_with_its_sender(served: Served) -> None:
    _, client, _, handled = served
    client.send(message("/jacquees/cover", ("s", "/a b/ü.wav")))
    client.send(message("/jacquees/more", ("i", 20)))
    client.send(
        bundle(message("/jacquees/stop", ("f", 1.0)), message("/jacquees/stop", ("f", 0.0)), message("/jacquees/undo"))
    )
    for trigger in (Cover("/a b/ü.wav"), More(20.0), Stop(), Undo()):
        assert handled.next() == (trigger, client.sender)


def test_a_pattern_is_dispatched_to_all_that_match(served: Served) -> None:
    _, client, _, handled = served
    client.send(message("/jacquees/{stop,keep}"))
    assert [handled.next()[0], handled.next()[0]] == [Stop(), Keep()]
    client.send(message("/jacquees/st*"))
    assert client.hear() == STATUS_TOLD
    assert handled.next()[0] == Stop()


def test_answers_go_to_the_sender_and_to_the_display(served: Served) -> None:
    server, client, display, _ = served
    for answer, told in (
        (Progress(0.25, "searching"), ("/jacquees/progress", [0.25, "searching"])),
        (ScoreTold(0.5), ("/jacquees/score", [0.5])),
        (Done("/covers/ü"), ("/jacquees/done", ["/covers/ü"])),
        (ErrorTold("busy: later"), ("/jacquees/error", ["busy: later"])),
        (STATUS, STATUS_TOLD),
    ):
        server.answers.tell(answer, client.sender)
        assert client.hear() == told
        assert display.hear() == told
    server.answers.tell(ScoreTold(0.75))
    assert display.hear() == ("/jacquees/score", [0.75])
    assert client.heard() == []


def test_answers_come_from_the_port_that_was_asked(served: Served) -> None:
    server, _, _, _ = served
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connected:  # hears this one port only, as Pure Data does
        connected.settimeout(PATIENCE_SECONDS)
        connected.connect((HOST, server.port))
        connected.send(message("/jacquees/status"))
        assert connected.recv(9216) == encoded(STATUS)


def test_a_display_that_asks_is_answered_once(served: Served) -> None:
    server, client, display, _ = served
    server.answers.tell(ScoreTold(0.5), display.sender)
    client.until_status()
    assert [told[0] for told in (display.hear(), display.hear())] == ["/jacquees/score", "/jacquees/status"]
    assert display.heard() == []


def test_types_of_the_answers() -> None:
    kinds = {Progress(1, "x"): b",fs", ScoreTold(1): b",f", Done("x"): b",s", ErrorTold("x"): b",s", STATUS: b",ssff"}
    for answer, tags in kinds.items():
        packet = encoded(answer)
        assert packet[packet.index(b",") :].startswith(tags + b"\x00")


def test_text_that_osc_cannot_carry_is_told_as_far_as_it_can() -> None:
    assert b"/a?b" in encoded(Done("/a\udcffb"))
    assert b"ab" in encoded(ErrorTold("a\x00b"))
    assert len(encoded(ErrorTold("é" * 5000))) < 2100


@pytest.mark.parametrize(
    ("datagram", "says"),
    [
        (message("/jacquees/covr"), "did you mean /jacquees/cover?"),
        (message("/jacquees/stop", ("s", "now")), "takes no arguments"),
        (b"/jacquees/more\x00\x00,[i]\x00\x00\x00\x00\x00\x00\x00\x01", "its arguments cannot be read: type '['"),
    ],
)
def test_refusals_are_told_to_the_sender_and_the_display(served: Served, datagram: bytes, says: str) -> None:
    _, client, display, _ = served
    client.send(datagram)
    address, arguments = client.hear()
    assert address == "/jacquees/error"
    assert says in str(arguments[0])
    assert display.hear() == (address, arguments)


def test_others_messages_and_no_osc_are_passed_over(served: Served) -> None:
    _, client, display, _ = served
    for datagram in (message("/accxyz", ("f", 0.1)), message("/*"), b"", b"hello", b"\x00" * 5000, b"/a" * 30000):
        client.send(datagram)
    client.send(encoded(STATUS))  # as of a controller that has this one for its display
    client.send(encoded(ErrorTold("x")))
    assert client.until_status() == []
    assert display.hear() == STATUS_TOLD
    assert display.heard() == []


def test_the_controller_does_not_answer_itself() -> None:
    handled = Handled()
    with serving(handled) as (server, client, _):
        server.answers.tell(ErrorTold("x"), Sender(HOST, server.port))
        server._socket.sendto(message("/jacquees/cover"), (HOST, server.port))
        server._socket.sendto(message("/jacquees/covr"), (HOST, server.port))
        assert client.until_status() == []
        client.send(message("/jacquees/keep"))
        assert handled.next() == (Keep(), client.sender)


def test_whoever_has_gone_is_no_trouble(served: Served) -> None:
    server, client, _, handled = served
    with client_of(server.port) as gone:
        sender = gone.sender
        gone.send(message("/jacquees/keep"))
        assert handled.next() == (Keep(), sender)
    for _ in range(20):
        server.answers.tell(Done("/a"), sender)
    server.answers.tell(Done("/a"), Sender("203.0.113.1", 0))  # no port that anything could be sent to
    assert client.until_status() == []


class ResettingSocket(socket.socket):
    """As sockets are on Windows: that an answer met a closed port is told by the next recvfrom."""

    resets = 3

    def recvfrom(self, *arguments: int) -> tuple[bytes, tuple[str, int]]:
        if self.resets:
            self.resets -= 1
            raise ConnectionResetError(10054, "An existing connection was forcibly closed by the remote host")
        return super().recvfrom(*arguments)


def test_windows_reports_of_closed_ports_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("controller.triggers.server.socket.socket", ResettingSocket)
        server = TriggerServer(HOST, 0, 1)
    with server, client_of(server.port) as client:
        server.start(Handled(), lambda: STATUS)
        assert client.until_status() == []


def test_errors_of_the_handler_are_told_and_do_not_end_it(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    failures: list[Exception] = [BadOption("/a.wav: no"), ZeroDivisionError("by 0")]
    noted = Handled()

    def handle(trigger: Trigger, sender: Sender) -> None:
        if failures:
            raise failures.pop(0)
        noted(trigger, sender)

    with client_of(0) as display, TriggerServer(HOST, 0, display.sender.port) as server:
        server.start(handle, lambda: STATUS)
        with client_of(server.port) as client, caplog.at_level(logging.ERROR):
            for _ in range(3):
                client.send(message("/jacquees/cover"))
            assert client.hear() == ("/jacquees/error", ["/a.wav: no"])
            assert "a defect of JacqueesBot" in str(client.hear()[1])
            assert noted.next()[0] == Cover()
    assert "ZeroDivisionError" in caplog.text
    assert "/a.wav" not in caplog.text


def test_a_storm_that_the_handler_refuses_is_told_in_few_words() -> None:
    left = list(range(1000))

    def handle(_trigger: Trigger, _sender: Sender) -> None:
        left.pop()
        raise BadOption("busy: at work")

    with serving(handle) as (_, client, display):
        begun = time.monotonic()
        told = []
        for number in range(1000):
            client.send(message("/jacquees/cover", ("s", f"/{number}.wav")))
            if number % 10 == 0:
                told += client.until_status()
        told += client.until_status()
        seconds = time.monotonic() - begun
        assert {str(values[0])[:5] for _, values in told} == {"busy:"}
        assert MOST_REFUSALS_A_SECOND < len(told) <= (MOST_REFUSALS_A_SECOND + 1) * (seconds + 1.0)
        assert len([one for one in display.heard() if one[0] == "/jacquees/error"]) <= len(told) + 1
        assert len(left) < 900


class Slow(Handled):
    """Comes back only when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def __call__(self, trigger: Trigger, sender: Sender) -> None:
        super().__call__(trigger, sender)
        assert self.let_go.wait(PATIENCE_SECONDS)


def test_status_does_not_wait_for_a_slow_handler() -> None:
    slow = Slow()
    with serving(slow) as (_, client, _display):
        client.send(message("/jacquees/cover"))
        assert slow.next()[0] == Cover()
        for _ in range(50):
            assert client.until_status() == []
        slow.let_go.set()


def test_a_storm_is_refused_in_few_words_and_a_stop_gets_through() -> None:
    slow = Slow()
    with serving(slow) as (_, client, display):
        client.send(message("/jacquees/cover"))
        assert slow.next()[0] == Cover()
        told = []
        for number in range(1000):
            client.send(message("/jacquees/cover", ("s", f"/{number}.wav")))
            if number % 50 == 0:
                told += client.until_status()
        client.send(message("/jacquees/stop"))
        told += client.until_status()
        assert {address for address, _ in told} == {"/jacquees/error"}
        assert all(str(arguments[0]).startswith("busy") for _, arguments in told)
        assert MOST_REFUSALS_A_SECOND < len(told) <= 1000 - MOST_WAITING
        assert len([one for one in display.heard() if one[0] == "/jacquees/error"]) == len(told)
        slow.let_go.set()
        waiting = [slow.next()[0] for _ in range(MOST_WAITING)]
        assert waiting == [Cover(f"/{number}.wav") for number in range(MOST_WAITING)]
        assert slow.next()[0] == Stop()


def test_ten_thousand_damaged_datagrams_neither_end_it_nor_fill_memory(caplog: pytest.LogCaptureFixture) -> None:
    datagrams = mutated_datagrams(10_000)
    held = []
    with serving(lambda trigger, sender: None) as (_, client, display), caplog.at_level(logging.ERROR):
        for number, datagram in enumerate(datagrams, 1):
            client.send(datagram)
            if number % 20 == 0:  # no more than the system keeps for the receiver
                client.until_status()
                display.heard()
            if number % 5000 == 0:
                gc.collect()
                held.append(sys.getallocatedblocks())
    assert held[1] - held[0] < 2000  # of memory; not even one of each other datagram
    assert caplog.text == ""


def test_refusals_to_one_port_are_counted_for_a_second() -> None:
    now = [0.0]
    with client_of(0) as client, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        answers = Answers(out, None, clock=lambda: now[0])

        def told() -> list[str]:
            out.sendto(encoded(ScoreTold(0.0)), client.sender)
            found = []
            while (one := client.hear())[0] == "/jacquees/error":
                found.append(str(one[1][0]))
            return found

        for number in range(100):
            answers.refuse(f"no {number}", client.sender)
        heard = told()
        assert heard[:-1] == [f"no {number}" for number in range(MOST_REFUSALS_A_SECOND)]
        assert heard[-1].startswith(f"busy: more than {MOST_REFUSALS_A_SECOND} messages in a second")
        answers.tell(ErrorTold("what became of a job"), client.sender)
        assert told() == ["what became of a job"]
        now[0] = 1.0
        answers.refuse("again", client.sender)
        assert told() == ["again"]
        for port in range(1, 2000):
            answers.refuse("x", Sender(HOST, port))
        assert len(answers._refused) == MOST_PORTS


def test_stops_that_follow_each_other_are_one() -> None:
    sender = Sender(HOST, 1)
    waiting = Waiting()
    for _ in range(1000):
        assert waiting.offer(Stop(), sender)
        waiting.offer(Cover(), sender)
    assert len(waiting) <= 2 * MOST_WAITING + 1
    assert waiting.take() == (Stop(), sender)
    waiting.close()
    assert waiting.take() is None


def test_a_port_that_is_taken_is_said(served: Served) -> None:
    server, _, _, _ = served
    with pytest.raises(
        JacqueesError, match=rf"{HOST}:{server.port}: another program has that port \(a second jacqueesbot"
    ):
        TriggerServer(HOST, server.port, 1)


def test_ports_and_hosts_that_cannot_be_are_said() -> None:
    with pytest.raises(BadConfig, match=r"osc\.display_port 19100: is osc\.controller_port, too"):
        TriggerServer(HOST, 19100, 19100)
    with pytest.raises(BadConfig, match=r"osc\.host 203\.0\.113\.7, .*should be an address of this computer"):
        TriggerServer("203.0.113.7", 0, 1)
    with pytest.raises(BadConfig, match=r"osc\.host no\.such\.host\.invalid"):
        TriggerServer("no.such.host.invalid", 0, 1)


def test_as_configured_only_this_computer_is_listened_to() -> None:
    settings = load_settings(packaged_file()).osc
    with client_of(0) as free:
        port = free.sender.port
    with opened_server(settings.model_copy(update={"controller_port": port})) as server:
        assert server._socket.getsockname() == ("127.0.0.1", port)


def test_a_display_of_a_server_that_listens_everywhere_is_here() -> None:
    with client_of(0) as display, TriggerServer("0.0.0.0", 0, display.sender.port) as server:
        server.answers.tell(ScoreTold(0.5))
        assert display.hear() == ("/jacquees/score", [0.5])


def test_a_host_may_be_named() -> None:
    with client_of(0) as display, TriggerServer("localhost", 0, display.sender.port) as server:
        server.answers.tell(ScoreTold(0.5), display.sender)
        server.answers.tell(ScoreTold(0.75))
        assert [display.hear()[1], display.hear()[1]] == [[0.5], [0.75]]


def test_a_closed_server_is_gone_and_may_still_be_told_to_answer() -> None:
    with serving(Handled()) as (server, client, _):
        client.until_status()
        port = server.port
    assert [thread for thread in threading.enumerate() if thread.name == "triggers"] == []
    server.answers.tell(Done("/a"), Sender(HOST, 1))
    with TriggerServer(HOST, port, 1):
        pass


def test_a_status_that_fails_is_a_defect_that_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    failures = [ZeroDivisionError("by 0")]

    def status() -> StatusTold:
        if failures:
            raise failures.pop()
        return STATUS

    with TriggerServer(HOST, 0, 1) as server, client_of(server.port) as client, caplog.at_level(logging.ERROR):
        server.start(Handled(), status)
        client.send(message("/jacquees/status", ("i", 1)))
        assert client.until_status() == []
    assert "ZeroDivisionError" in caplog.text


def test_a_status_is_never_handed_on(served: Served) -> None:
    _, client, _, handled = served
    client.send(message("/jacquees/{status,keep}"))
    assert client.hear() == STATUS_TOLD
    assert handled.next()[0] == Keep()
    assert handled.triggers.empty()
