"""What is asked of the script in Live, and what comes back: requests, steps of a plan, replies, unasked reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from embedding.errors import BadOption, StageError
from live_remote_script import fields, osc, protocol, seal

Values = dict[str, Any]
"""A reply's values by the names in protocol.COMMANDS."""
BUNDLE_BYTES = 4000
"""Of the steps of a plan that go in one datagram."""


@dataclass(frozen=True)
class Call:
    """One request: a command of the protocol's table and its arguments."""

    name: str
    arguments: tuple[Any, ...] = ()

    @property
    def command(self) -> fields.Command:
        return protocol.BY_NAME[self.name]

    def packet(self, request_id: int, token: bytes, session: bytes) -> bytes:
        """BadOption where the arguments are not what the table says."""
        values = (request_id, *_checked(self.command, self.arguments))
        if self.command.keyed:
            return seal.sealed(self.command.address, values, token, session)
        return osc.encode(self.command.address, values)


@dataclass(frozen=True)
class Step:
    """A step of a plan, one of the protocol's STEPS."""

    name: str
    arguments: tuple[Any, ...]

    def packet(self) -> bytes:
        command = protocol.STEP_BY_NAME[self.name]
        return osc.encode(command.address, tuple(_checked(command, self.arguments)))


@dataclass(frozen=True)
class Change:
    """What the user changed, as the script reports it to those who watch."""

    revision: int
    what: str
    track_id: int


def bundles(steps: Sequence[Step]) -> Iterator[tuple[int, bytes]]:
    """(place of the first, OSC bundle) of as many steps as go into one datagram."""
    first, packets, size = 0, list[bytes](), 0
    for step in steps:
        packet = step.packet()
        if packets and size + len(packet) > BUNDLE_BYTES:
            yield first, osc.bundle(packets)
            first, packets, size = first + len(packets), [], 0
        packets.append(packet)
        size += len(packet)
    if packets:
        yield first, osc.bundle(packets)


def _checked(command: fields.Command, arguments: Sequence[Any]) -> list[Any]:
    try:
        return fields.checked(command.request, arguments)
    except fields.ProtocolError as why:
        raise BadOption(f"{command.name}: {why}") from why


def named_values(command: fields.Command, values: Sequence[Any]) -> Values:
    """Of a reply. StageError where they are not what the table says."""
    try:
        return dict(zip([field.name for field in command.reply], fields.checked(command.reply, values), strict=True))
    except fields.ProtocolError as why:
        raise _other_version(command, why) from why


def page_of(command: fields.Command, values: Sequence[Any]) -> tuple[int, list[Values]]:
    """(first row of the next page or -1, rows)"""
    try:
        next_row, rows = fields.checked_rows(command, values)
    except fields.ProtocolError as why:
        raise _other_version(command, why) from why
    names = [field.name for field in command.rows]
    return next_row, [dict(zip(names, row, strict=True)) for row in rows]


def _other_version(command: fields.Command, why: fields.ProtocolError) -> StageError:
    return StageError(
        f"{command.name}: {why}; the script in Live is of another version: "
        "run jacqueesbot install-script, then start Live anew"
    )
