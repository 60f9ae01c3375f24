"""OSC 1.0 as bytes: messages with the types i f s b d h T F N, and bundles.

Strict: anything else is an OscError. Source: "The Open Sound Control 1.0 Specification".
"""

from __future__ import annotations

import struct
from typing import Any, List, NamedTuple, Optional, Sequence, Tuple

BUNDLE_HEAD = b"#bundle\x00"
MOST_NESTED_BUNDLES = 8


class OscError(ValueError):
    """Bytes that are no OSC, or a value that OSC cannot carry."""


class Message(NamedTuple):
    address: str
    arguments: Tuple[Any, ...]


def encode(address: str, arguments: Tuple[Any, ...] = (), types: Optional[str] = None) -> bytes:
    """One message. Without `types` a float becomes 'd', so that beats and seconds lose nothing; an int 'i', or 'h'
    where it needs more than 32 bits.

    `types` is one OSC type letter per argument, e.g. 'if'. OscError where a value does not fit its type.
    """
    if not address.startswith("/"):
        raise OscError("address %r; an OSC address begins with '/'" % (address,))
    letters = "".join(_type_of(value) for value in arguments) if types is None else types
    if len(letters) != len(arguments):
        raise OscError("%d types for %d arguments; one each is needed" % (len(letters), len(arguments)))
    parts = [_string(address), _string("," + letters)]
    parts += [_argument(letter, value) for letter, value in zip(letters, arguments)]
    return b"".join(parts)


def decode(packet: bytes) -> List[Message]:
    """The messages of a packet in order, those of nested bundles too; time tags are ignored. OscError if malformed."""
    return [decode_message(message) for message in messages_in(packet)]


def messages_in(packet: bytes) -> List[bytes]:
    """The bytes of each message of a packet, as `decode`. OscError if the bundle is malformed."""
    found: List[bytes] = []
    _unpack_into(found, packet, 0)
    return found


def bundle(messages: Sequence[bytes]) -> bytes:
    """A bundle of messages, to be taken at once."""
    at_once = struct.pack(">q", 1)
    return BUNDLE_HEAD + at_once + b"".join(struct.pack(">i", len(message)) + message for message in messages)


def decode_message(packet: bytes) -> Message:
    reader = _Reader(packet)
    address = reader.string()
    if not address.startswith("/"):
        raise OscError("address %r; an OSC address begins with '/'" % (address,))
    letters = reader.string()
    if not letters.startswith(","):
        raise OscError("type tags %r; they begin with ','" % (letters,))
    arguments = tuple(reader.argument(letter) for letter in letters[1:])
    if reader.left:
        raise OscError("%d bytes behind the last argument of %s" % (reader.left, address))
    return Message(address, arguments)


def _type_of(value: Any) -> str:
    if value is True:
        return "T"
    if value is False:
        return "F"
    if value is None:
        return "N"
    if isinstance(value, int):
        return "i" if -(2**31) <= value < 2**31 else "h"
    if isinstance(value, float):
        return "d"
    if isinstance(value, str):
        return "s"
    if isinstance(value, (bytes, bytearray)):
        return "b"
    raise OscError("a %s; OSC carries int, float, str, bytes, bool and None" % type(value).__name__)


def _argument(letter: str, value: Any) -> bytes:
    try:
        if letter == "s":
            return _string(value)
        if letter == "b":
            return struct.pack(">i", len(value)) + _padded(bytes(value))
        if letter in "ifdh":
            return struct.pack(">" + {"i": "i", "f": "f", "d": "d", "h": "q"}[letter], value)
        if letter in "TFN" and value is {"T": True, "F": False, "N": None}[letter]:
            return b""
    except (struct.error, OverflowError, AttributeError, TypeError):
        pass  # told below, with the value
    raise OscError("%r cannot be written as OSC type %r" % (value, letter))


def _string(text: str) -> bytes:
    if "\x00" in text:
        raise OscError("%r; an OSC string holds no zero character" % (text,))
    try:
        return _padded(text.encode("utf-8") + b"\x00")
    except UnicodeEncodeError:
        raise OscError("%r is not Unicode text" % (text,)) from None


def _padded(data: bytes) -> bytes:
    return data + b"\x00" * (-len(data) % 4)


def _unpack_into(found: List[bytes], packet: bytes, depth: int) -> None:
    if not packet or len(packet) % 4:
        raise OscError("%d bytes; an OSC packet has a multiple of 4, at least 4" % len(packet))
    if packet[:8] != BUNDLE_HEAD:
        found.append(packet)
        return
    if depth == MOST_NESTED_BUNDLES:
        raise OscError("bundles nested deeper than %d" % MOST_NESTED_BUNDLES)
    reader = _Reader(packet)
    reader.take(len(BUNDLE_HEAD) + 8)
    while reader.left:
        _unpack_into(found, reader.take(reader.number(">i")), depth + 1)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        if not 0 <= count <= self.left:
            raise OscError("%d bytes are announced, %d are left" % (count, self.left))
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self, layout: str) -> Any:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def string(self) -> str:
        end = self._data.find(b"\x00", self._at)
        if end < 0:
            raise OscError("a string without its closing zero")
        text = self.take(end - self._at)
        self._zeros(4 - len(text) % 4)
        try:
            return text.decode("utf-8")
        except UnicodeDecodeError:
            raise OscError("a string that is not UTF-8: %r" % (text,)) from None

    def argument(self, letter: str) -> Any:
        if letter == "i":
            return self.number(">i")
        if letter == "f":
            return self.number(">f")
        if letter == "s":
            return self.string()
        if letter == "b":
            data = self.take(self.number(">i"))
            self._zeros(-len(data) % 4)
            return data
        if letter == "d":
            return self.number(">d")
        if letter == "h":
            return self.number(">q")
        if letter in "TFN":
            return {"T": True, "F": False, "N": None}[letter]
        raise OscError("type %r; known are i f s b d h T F N" % (letter,))

    def _zeros(self, count: int) -> None:
        if self.take(count).strip(b"\x00"):
            raise OscError("padding that is not zero")
