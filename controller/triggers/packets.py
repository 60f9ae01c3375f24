"""Datagrams of any OSC client, as messages: forgiving where clients differ, not where bytes lie about their sizes."""

from __future__ import annotations

from dataclasses import dataclass

from live_remote_script import osc

MOST_DATAGRAM_BYTES = 9216
"""The largest that macOS sends by itself; what triggers need is far below."""

_READ_AS = bytes.maketrans(b"IScrmt", b"Tsiiih")
"""OSC types that the codec does not know, as one of the same size that means much the same: an impulse is True, a
symbol a string; a character, colour, MIDI message or time tag is an integer."""


@dataclass(frozen=True)
class Unreadable:
    """A message whose address could be read and whose arguments could not."""

    address: str
    why: str


def messages_of(datagram: bytes) -> list[osc.Message | Unreadable]:
    """Its messages in order, those of bundles too, all of which are meant now: time tags are ignored. OscError where it
    is no OSC, or one of the bundles is damaged.
    """
    if len(datagram) > MOST_DATAGRAM_BYTES:
        raise osc.OscError(f"{len(datagram)} bytes; at most {MOST_DATAGRAM_BYTES} are taken")
    return [_message(packet) for packet in osc.messages_in(datagram)]


def _message(packet: bytes) -> osc.Message | Unreadable:
    end = packet.find(b"\x00")
    if not packet.startswith(b"/") or end < 0:
        raise osc.OscError(f"{packet[:40]!r}; a message begins with an address, which begins with '/'")
    tags_begin = end + 4 - end % 4
    tags_end = packet.find(b"\x00", tags_begin)
    if tags_begin >= len(packet):  # as OSC was before it had types
        packet = packet[:end].ljust(tags_begin, b"\x00") + b",\x00\x00\x00"
    elif tags_end >= 0:
        packet = packet[:tags_begin] + packet[tags_begin:tags_end].translate(_READ_AS) + packet[tags_end:]
    try:
        return osc.decode_message(packet)
    except osc.OscError as why:
        return Unreadable(packet[:end].decode("utf-8", errors="replace"), str(why))
