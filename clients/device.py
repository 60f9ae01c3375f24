"""The Max for Live device: the panel, Live's audio passed through, and the container that Live reads (.amxd)."""

from __future__ import annotations

import struct

from clients.max_patch import Box, Cord, Json, Patch, to_text

AUDIO_EFFECT = b"aaaa"
_CREATED = 3590052493
"""Seconds since 1904: what devices that were made in Max from its template have. Never the day they are written."""

AUDIO_THROUGH = Patch(
    (
        Box("from-live", "newobj", (1000.0, 150.0), 2, ("signal", "signal"), "plugin~"),
        Box("to-live", "newobj", (1000.0, 180.0), 2, ("signal", "signal"), "plugout~"),
    ),
    (Cord("from-live", 0, "to-live", 0), Cord("from-live", 1, "to-live", 1)),
)
"""Left to left, right to right: an effect that does not say so is silent."""

PROJECT: Json = {
    "version": 1,
    "creationdate": _CREATED,
    "modificationdate": _CREATED,
    "viewrect": [0.0, 0.0, 300.0, 500.0],
    "autoorganize": 1,
    "hideprojectwindow": 1,
    "showdependencies": 1,
    "autolocalize": 0,
    "contents": {"patchers": {}},
    "layout": {},
    "searchpath": {},
    "detailsvisible": 0,
    "amxdtype": int.from_bytes(AUDIO_EFFECT, "big"),
    "readonly": 0,
    "devpathtype": 0,
    "devpath": ".",
    "sortmode": 0,
    "viewmode": 0,
}
"""Without it Max refuses the device ("a project without a name ...")."""


def to_amxd(document: Json) -> bytes:
    """`document` as an audio effect that is not frozen: chunks ampf, meta and ptch, each with its length in bytes as a
    little-endian 32-bit number; ptch holds the patch as UTF-8 with a zero at its end."""
    return (
        _chunk(b"ampf", AUDIO_EFFECT)
        + _chunk(b"meta", struct.pack("<I", 0))
        + _chunk(b"ptch", to_text(document).encode("utf-8") + b"\0")
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content
