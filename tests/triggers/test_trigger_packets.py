"""Datagrams of clients that differ, and of none: read, or refused without harm."""

from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message import OscMessage

from controller.triggers.packets import MOST_DATAGRAM_BYTES, Unreadable, messages_of
from live_remote_script.osc import Message, OscError
from tests.triggers.osc_clients import message

HEAD = b"#bundle\x00"
AT_ONCE = struct.pack(">Q", 1)


def bundle(*elements: bytes, time_tag: bytes = AT_ONCE) -> bytes:
    return HEAD + time_tag + b"".join(struct.pack(">i", len(one)) + one for one in elements)


def test_a_bundles_messages_in_order_whatever_their_time_tags() -> None:
    late, soon = struct.pack(">Q", 2**63), struct.pack(">Q", 2**62)
    inner = bundle(message("/b"), message("/c", ("i", 3)), time_tag=late)
    assert messages_of(bundle(message("/a"), inner, bundle(message("/d"), time_tag=soon), time_tag=late)) == [
        Message("/a", ()),
        Message("/b", ()),
        Message("/c", (3,)),
        Message("/d", ()),
    ]


def test_a_bundle_of_python_osc() -> None:
    builder = OscBundleBuilder(0)
    for name in ("stop", "keep"):
        builder.add_content(OscMessage(message(f"/jacquees/{name}")))
    assert [found.address for found in messages_of(builder.build().dgram)] == ["/jacquees/stop", "/jacquees/keep"]


def test_a_message_from_before_there_were_types() -> None:
    for address in ("/abc", "/abcd", "/abcde", "/abcdef"):
        packet = address.encode() + b"\x00" * (4 - len(address) % 4)
        assert messages_of(packet) == [Message(address, ())]
        assert messages_of(bundle(packet, message("/x"))) == [Message(address, ()), Message("/x", ())]


def test_types_that_only_some_clients_send() -> None:
    assert messages_of(b"/a\x00\x00,I\x00\x00") == [Message("/a", (True,))]
    assert messages_of(b"/a\x00\x00,S\x00\x00hat\x00") == [Message("/a", ("hat",))]
    assert messages_of(b"/a\x00\x00,cI\x00\x00\x00\x00A") == [Message("/a", (65, True))]
    assert messages_of(b"/a\x00\x00,t\x00\x00" + AT_ONCE) == [Message("/a", (1,))]
    assert messages_of(message("/a", ("r", 0x01020304), ("s", "IScrmt"))) == [Message("/a", (0x01020304, "IScrmt"))]


@pytest.mark.parametrize(
    "packet",
    [
        b"/a\x00\x00,[i]\x00\x00\x00\x00\x00\x00\x00\x01",
        b"/a\x00\x00,s\x00\x00\xff\xfe\x00\x00",
        b"/a\x00\x00,i\x00\x00",
    ],
)
def test_of_unreadable_arguments_the_address_is_known(packet: bytes) -> None:
    (found,) = messages_of(packet)
    assert isinstance(found, Unreadable)
    assert found.address == "/a"
    assert found.why


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"abc",
        b"/a",
        b"jacquees/stop\x00\x00\x00",
        HEAD + AT_ONCE + struct.pack(">i", -4),  # python-osc reads this one for ever
        HEAD + AT_ONCE + struct.pack(">i", 2**31 - 1),
        HEAD + AT_ONCE + struct.pack(">i", 3) + b"/a\x00",
        HEAD[:4],
        bundle(message("/a"))[:-2],
        b"/" + b"a" * (MOST_DATAGRAM_BYTES + 3),
    ],
)
def test_what_is_no_osc_is_refused(packet: bytes) -> None:
    with pytest.raises(OscError):
        messages_of(packet)


def test_bundles_within_bundles_end_somewhere() -> None:
    packet = message("/a")
    for _ in range(400):
        packet = bundle(packet)
    with pytest.raises(OscError, match="nested"):
        messages_of(packet)


@given(st.binary(max_size=200))
def test_any_bytes(packet: bytes) -> None:
    try:
        found = messages_of(packet)
    except OscError:
        return
    assert all(isinstance(one, Message | Unreadable) for one in found)


def mutated(packet: bytes, chance: random.Random) -> bytes:
    """One to four bytes changed, left out, doubled or put in; or cut; numbers are likely to be of the odd kind."""
    data = bytearray(packet)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del data[at : at + chance.randint(1, 4)]
        elif kind == 2:
            data[at:at] = data[at : at + chance.randint(1, 8)]
        elif kind == 3:
            data[at - at % 4 : at - at % 4 + 4] = struct.pack(">i", chance.choice([-(2**31), -4, -1, 0, 1, 2**31 - 1]))
        else:
            del data[at:]
    return bytes(data)


SEEDS = (
    message("/jacquees/cover", ("s", "/home/me/song.wav")),
    message("/jacquees/{stop,keep}", ("f", 1.0)),
    message("/jacquees/more", ("i", 30)),
    message("/jacquees/st*", ("d", 1.0), ("h", 5), ("b", b"abc"), ("T", True), ("N", None)),
    bundle(message("/jacquees/stop"), bundle(message("/jacquees/undo", ("f", 1.0)), message("/x"))),
)


def mutated_datagrams(count: int) -> list[bytes]:
    chance = random.Random(8)
    return [mutated(chance.choice(SEEDS), chance) for _ in range(count)]


def test_damaged_datagrams_are_read_or_refused() -> None:
    read = 0
    for packet in mutated_datagrams(10_000):
        try:
            read += len(messages_of(packet))
        except OscError:
            continue
    assert read > 1000  # many are harmed little
