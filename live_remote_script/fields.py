"""What the tables of the protocol are made of: fields with types and ranges, commands, and their check."""

from __future__ import annotations

import math
from typing import Any, List, NamedTuple, Optional, Sequence, Tuple

PREFIX = "/jacquees_script/"
MOST_TEXT = 8192
"""Characters of a text; the longest path of any system has fewer."""


class ProtocolError(ValueError):
    """Arguments or values that the table does not allow."""


class Field(NamedTuple):
    name: str
    kind: str
    """int, float, str, bool or bytes"""
    doc: str
    low: Optional[float] = None
    high: Optional[float] = None

    def checked(self, value: Any) -> Any:
        """`value` as this field's type. An int is taken where a float is expected; nothing else is converted."""
        if self.kind == "float" and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value).__name__ != self.kind:
            raise ProtocolError("%s = %r; %s is expected" % (self.name, value, self.kind))
        if self.kind == "str" and len(value) > MOST_TEXT:
            raise ProtocolError("%s has %d characters; at most %d are allowed" % (self.name, len(value), MOST_TEXT))
        if self.kind == "float" and not math.isfinite(value):
            raise ProtocolError("%s = %r; it must be finite" % (self.name, value))
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            raise ProtocolError("%s = %r; allowed are %s to %s" % (self.name, value, self.low, self.high))
        return value


class Command(NamedTuple):
    name: str
    doc: str
    request: Tuple[Field, ...] = ()
    reply: Tuple[Field, ...] = ()
    rows: Tuple[Field, ...] = ()
    """Paged replies: the request's last argument is the first row wanted, the reply's values are the next page's first
    row (-1: there is none) and then these fields, row after row."""
    keyed: bool = False
    """It needs a seal (live_remote_script.seal) as its last argument."""
    writes: bool = False
    """It changes the set: refused with `unsupported_live` where Live cannot do what placing needs."""

    @property
    def address(self) -> str:
        return PREFIX + self.name


def checked(fields: Sequence[Field], values: Sequence[Any]) -> List[Any]:
    """`values` as the fields' types; ProtocolError where their number, a type or a range is wrong."""
    if len(values) != len(fields):
        wanted = ", ".join(field.name for field in fields) or "none"
        raise ProtocolError("%d values; %d are expected: %s" % (len(values), len(fields), wanted))
    return [field.checked(value) for field, value in zip(fields, values)]


def checked_rows(command: Command, values: Sequence[Any]) -> Tuple[int, List[List[Any]]]:
    """(first row of the next page or -1, rows) of a paged reply."""
    width = len(command.rows)
    if not values or (len(values) - 1) % width:
        raise ProtocolError("%s: %d values; one and %d a row are expected" % (command.name, len(values), width))
    rows = [checked(command.rows, values[at : at + width]) for at in range(1, len(values), width)]
    return command.reply[0].checked(values[0]), rows
