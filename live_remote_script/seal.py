"""The keyed check of requests: a last argument that only who knows the token can make.

It is the first 16 bytes of HMAC-SHA256 (RFC 2104), with the token as key, over the session (which the script draws
anew at each start, so that nothing recorded earlier is valid) and every byte of the message before it.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Tuple

from . import osc

SEAL_BYTES = 16
SESSION_BYTES = 8


def sealed(address: str, arguments: Tuple[Any, ...], token: bytes, session: bytes) -> bytes:
    """The message with the seal, a blob, as its last argument."""
    packet = osc.encode(address, (*arguments, bytes(SEAL_BYTES)))
    content = packet[:-SEAL_BYTES]
    return content + _seal(content, token, session)


def is_sealed(packet: bytes, token: bytes, session: bytes) -> bool:
    return hmac.compare_digest(_seal(packet[:-SEAL_BYTES], token, session), packet[-SEAL_BYTES:])


def _seal(content: bytes, token: bytes, session: bytes) -> bytes:
    return hmac.new(token, session + content, hashlib.sha256).digest()[:SEAL_BYTES]
