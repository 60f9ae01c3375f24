"""The client against a peer that speaks the protocol over a real socket and misbehaves on purpose."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest

from controller.calls import Call, Change, Step
from controller.osc_client import IN_FLIGHT, ScriptClient, live_version
from embedding.errors import BadOption, StageError, StageLost, StageRefused
from live_remote_script import osc, protocol, seal

VERSION = ("0.3.0", protocol.PROTOCOL_VERSION, "12.3.6", "Suite", "3.11", True, "", True, "00ff00ff00ff00ff")
Answer = Callable[[osc.Message], Sequence[bytes]]


def ok(message: osc.Message, *values: object) -> bytes:
    return osc.encode(protocol.OK, (message.arguments[0], *values))


class Peer:
    """Answers each datagram with what `answer` gives for its message."""

    def __init__(self, answer: Answer, received: Callable[[bytes], None]) -> None:
        self.answer = answer
        self.received = received
        self.heard: list[osc.Message] = []
        self.failure: Exception | None = None
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = int(self.socket.getsockname()[1])

    def run(self) -> None:
        while True:
            packet, sender = self.socket.recvfrom(65535)
            if packet == b"end":
                return
            try:
                self.received(packet)
                (message,) = osc.decode(packet)
                self.heard.append(message)
                for reply in self.answer(message):
                    self.socket.sendto(reply, sender)
            except Exception as why:
                self.failure = why


@contextmanager
def peer(answer: Answer, received: Callable[[bytes], None] = lambda packet: None) -> Iterator[Peer]:
    found = Peer(answer, received)
    thread = threading.Thread(target=found.run)
    thread.start()
    try:
        yield found
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"end", ("127.0.0.1", found.port))
        thread.join()
        found.socket.close()
    assert found.failure is None, found.failure


def test_a_reply_comes_by_the_names_of_the_table() -> None:
    with peer(lambda message: [ok(message, *VERSION)]) as script, ScriptClient(port=script.port) as client:
        assert client.request("version") == {
            "script_version": "0.3.0", "protocol_version": 5, "live_version": "12.3.6", "live_variant": "Suite",
            "python_version": "3.11", "can_place": True, "mend": "", "simulated": True, "session": "00ff00ff00ff00ff",
        }  # fmt: skip
        assert live_version(port=script.port) == "12.3.6"
        assert script.heard[0].address == protocol.BY_NAME["version"].address


def test_every_request_goes_out_as_the_table_has_it_and_doubles_lose_nothing() -> None:
    with peer(lambda message: [ok(message, 1.0)]) as script, ScriptClient(port=script.port) as client:
        start_beats = 123456.78901234567
        client.request("play", start_beats)
        assert script.heard[0].arguments[1] == start_beats
        assert len(script.heard[0].arguments[2]) == seal.SEAL_BYTES


def test_requests_are_sealed_with_the_token_for_the_session() -> None:
    packets: list[bytes] = []

    def answer(message: osc.Message) -> list[bytes]:
        is_version = message.address == protocol.BY_NAME["version"].address
        return [ok(message, *VERSION) if is_version else ok(message)]

    with peer(answer, packets.append) as script, ScriptClient(port=script.port, token=b"secret") as client:
        assert client.greet(["/samples", "/more samples"])["live_version"] == "12.3.6"
    session = bytes.fromhex(VERSION[-1])
    assert script.heard[1].arguments[1] == "/samples\n/more samples"
    assert seal.is_sealed(packets[1], b"secret", session)
    assert not seal.is_sealed(packets[1], b"another", session)
    assert not seal.is_sealed(packets[1], b"secret", b"another")


def test_another_token_is_told_with_its_mend() -> None:
    def answer(message: osc.Message) -> list[bytes]:
        if message.address == protocol.BY_NAME["version"].address:
            return [ok(message, *VERSION)]
        return [osc.encode(protocol.ERROR, (message.arguments[0], "not_authentic", "the seal is another"))]

    with (
        peer(answer) as script,
        ScriptClient(port=script.port) as client,
        pytest.raises(
            StageRefused, match=rf"{script.port}: .*another token.*the seal is another.*install-script"
        ) as why,
    ):
        client.greet([])
    assert why.value.code == "not_authentic"


def test_another_protocol_is_told_with_its_mend() -> None:
    def answer(message: osc.Message) -> list[bytes]:
        return [ok(message, VERSION[0], 1, *VERSION[2:])]

    with (
        peer(answer) as script,
        ScriptClient(port=script.port) as client,
        pytest.raises(StageError, match=r"protocol 1.*install-script"),
    ):
        client.greet([])


def test_a_plan_is_sent_whole_then_carried_out() -> None:
    received: dict[int, osc.Message] = {}

    def answer(message: osc.Message) -> list[bytes]:
        name = message.address.rsplit("/", 1)[1]
        if name == "begin":
            return [ok(message, 7)]
        if name == "steps":
            found = osc.decode(message.arguments[3])
            received.update({message.arguments[2] + place: step for place, step in enumerate(found)})
            return [ok(message)]
        assert sorted(received) == list(range(100))
        progress = osc.encode(protocol.PROGRESS, (message.arguments[0], 50, 100))
        return [progress, ok(message, 100)]

    told: list[tuple[int, int]] = []
    with peer(answer) as script, ScriptClient(port=script.port) as client:
        steps = [Step("delete_clip", (3, float(number), "/ä 🥁.wav")) for number in range(100)]
        client.carry_out(steps, 4.0, lambda done, count: told.append((done, count)))
        assert [received[number].arguments for number in range(100)] == [step.arguments for step in steps]
        assert script.heard[0].arguments[1:3] == (4.0, 100)
    assert told == [(50, 100), (100, 100)]


def test_a_reply_in_parts_is_joined_whatever_their_order() -> None:
    def answer(message: osc.Message) -> list[bytes]:
        whole = osc.encode(protocol.ERROR, (message.arguments[0], "live_refused", "very long " * 300))
        halves = [whole[:1200], whole[1200:]]
        return [osc.encode(protocol.PART, (message.arguments[0], place, 2, halves[place])) for place in (1, 0)]

    with (
        peer(answer) as script,
        ScriptClient(port=script.port) as client,
        pytest.raises(StageRefused, match=r"(very long ){300}"),
    ):
        client.request("stop")


def test_what_the_user_changed_is_kept_until_it_is_asked_for() -> None:
    def answer(message: osc.Message) -> list[bytes]:
        return [osc.encode(protocol.CHANGED, (5, "clips", 2)), ok(message, 4)]

    with peer(answer) as script, ScriptClient(port=script.port) as client:
        client.request("watch", True)
        assert client.changes() == [Change(5, "clips", 2)]
        assert client.changes() == []


def test_a_lost_request_is_sent_again_with_the_same_id() -> None:
    heard: list[int] = []

    def answer(message: osc.Message) -> list[bytes]:
        heard.append(message.arguments[0])
        return [ok(message, *VERSION)] if len(heard) == 3 else []

    with peer(answer) as script, ScriptClient(port=script.port, first_request_id=40) as client:
        client.request("version")
    assert heard == [41, 41, 41]


def test_late_doubled_and_foreign_answers_are_ignored() -> None:
    def answer(message: osc.Message) -> list[bytes]:
        good = ok(message, *VERSION)
        return [
            osc.encode(protocol.OK, (999, "late")),
            osc.encode(protocol.OK),
            osc.encode(protocol.PENDING, (message.arguments[0],)),
            good,
            good,
        ]

    with peer(answer) as script, ScriptClient(port=script.port) as client:
        assert client.request("version") == client.request("version")


def test_many_are_in_flight_at_once_and_come_back_in_order() -> None:
    held: list[osc.Message] = []
    count = 3 * IN_FLIGHT

    def answer(message: osc.Message) -> list[bytes]:
        """Nothing until a whole window is there, then all of it backwards."""
        if message.arguments[0] not in [one.arguments[0] for one in held]:
            held.append(message)
        if len(held) < IN_FLIGHT:
            return []
        replies = [ok(one, float(one.arguments[1])) for one in reversed(held)]
        held.clear()
        return replies

    told: list[int] = []
    with peer(answer) as script, ScriptClient(port=script.port) as client:
        calls = [Call("set_tempo", (20.0 + number,)) for number in range(count)]
        replies = client.request_all(calls, told.append)
    assert [reply["tempo_bpm"] for reply in replies] == [20.0 + number for number in range(count)]
    assert told == list(range(1, count + 1))


def test_a_refusal_comes_with_its_code_once_all_that_was_sent_is_answered() -> None:
    refused = osc.encode

    def answer(message: osc.Message) -> list[bytes]:
        if message.arguments[1] == 22.0:
            return [refused(protocol.ERROR, (message.arguments[0], "tempo_owned", "Link owns the tempo"))]
        return [ok(message, message.arguments[1])]

    with peer(answer) as script, ScriptClient(port=script.port) as client:
        with pytest.raises(StageRefused, match="Link owns the tempo") as caught:
            client.request_all([Call("set_tempo", (20.0 + number,)) for number in range(200)])
        assert caught.value.code == "tempo_owned"
        assert len(script.heard) < 200
        assert client.request("set_tempo", 99.0) == {"tempo_bpm": 99.0}


def test_rows_are_read_page_by_page() -> None:
    row = [0, 0, "audio", "a", 0, 0.5, 0.0, False, False, False, 0, 0, 0, False]

    def answer(message: osc.Message) -> list[bytes]:
        first = message.arguments[1]
        rows = [[first + place, *row[1:]] for place in range(2)]
        return [ok(message, first + 2 if first < 4 else protocol.LAST_PAGE, *rows[0], *rows[1])]

    with peer(answer) as script, ScriptClient(port=script.port) as client:
        assert [found["index"] for found in client.rows("tracks")] == [0, 1, 2, 3, 4, 5]


def test_an_answer_of_another_version_is_an_error_with_a_mend() -> None:
    with peer(lambda message: [ok(message, "0.1.0")]) as script, ScriptClient(port=script.port) as client:
        with pytest.raises(StageError, match="install-script"):
            client.request("version")
        with pytest.raises(StageError, match="install-script"):
            client.rows("tracks")


def test_another_programs_answer_is_an_error() -> None:
    with (
        peer(lambda message: [b"HTTP/1.1 400 Bad Request"]) as script,
        ScriptClient(port=script.port) as client,
        pytest.raises(StageError, match="not OSC"),
    ):
        client.request("version")


def test_silence_is_told_with_address_and_mend() -> None:
    with (
        peer(lambda message: []) as script,
        ScriptClient(port=script.port, patience_seconds=0.3) as client,
        pytest.raises(StageLost, match=f"127.0.0.1:{script.port}: no answer for 0.3 s; .*Control Surface"),
    ):
        client.request("version")
    assert len(script.heard) > 1


def test_a_script_that_works_on_it_is_waited_for() -> None:
    """Its sign of life comes to each repeat; the answer later than the patience with silence."""
    clock = iter(range(0, 10000, 1))
    heard: list[int] = []

    def answer(message: osc.Message) -> list[bytes]:
        heard.append(message.arguments[0])
        pending = osc.encode(protocol.PENDING, (message.arguments[0],))
        return [ok(message, *VERSION)] if len(heard) == 6 else [pending]

    with (
        peer(answer) as script,
        ScriptClient(port=script.port, patience_seconds=8.0, clock=lambda: float(next(clock))) as client,
    ):
        client.request("version")
    assert len(set(heard)) == 1


def test_while_it_is_waited_for_something_is_called_again_and_again_that_may_end_the_waiting() -> None:
    calls: list[int] = []

    def meanwhile() -> None:
        calls.append(len(calls))
        if len(calls) == 20:
            raise KeyboardInterrupt

    def answer(message: osc.Message) -> list[bytes]:
        works_on_it = message.address == protocol.BY_NAME["record"].address
        return [osc.encode(protocol.PENDING, message.arguments[:1])] if works_on_it else [ok(message, 4.0)]

    with peer(answer) as script, ScriptClient(port=script.port) as client:
        with pytest.raises(KeyboardInterrupt):
            client.request("record", 0.0, 4.0, meanwhile=meanwhile)
        assert client.request("stop", meanwhile=lambda: calls.append(0)) == {"position_beats": 4.0}
    assert len(calls) > 20


def test_a_port_where_nobody_listens_is_told_soon() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with (
        ScriptClient(port=port, patience_seconds=3600.0, closed_port_seconds=0.1) as client,
        pytest.raises(StageLost, match="nobody listens there"),
    ):
        client.request("version")


def test_a_host_that_is_none_is_told() -> None:
    with pytest.raises(StageLost, match=r"no.such.host.invalid:19102: .*that Live runs on"):
        ScriptClient("no.such.host.invalid")


def test_arguments_that_the_table_does_not_have_are_refused_before_anything_is_sent() -> None:
    with peer(lambda message: [ok(message, 1.0)]) as script, ScriptClient(port=script.port) as client:
        with pytest.raises(BadOption, match=r"set_tempo: tempo_bpm = 5.0; allowed are 20.0 to 999.0"):
            client.request_all([Call("set_tempo", (100.0,)), Call("set_tempo", (5.0,))])
        assert script.heard == []
