"""What is asked of the script in Live: requests, the steps of a plan, and what comes back unasked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from embedding.errors import BadOption
from live_remote_script import fields, osc, protocol, seal

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
