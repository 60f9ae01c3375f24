"""Whether a file was cut off: decoders return what is there of it without a word."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LENGTH = re.compile(r"^\s*(?:data|SSND)\s*:\s*(\d+) \(should be (\d+)\)", re.MULTILINE)
UNKNOWN_BYTES = 0x7FFF0000
"""Lengths from here on are what programs write that cannot know them yet (0xFFFFFFFF, 0x7FFFFFFF): no promise."""
NEGLIGIBLE_BYTES = 64
"""Some writers count their own header,"""
NEGLIGIBLE_FRAMES = 2304
"""and mp3 encoders their delay."""
OGG_TAIL_BYTES = 65536
OGG_HEADER_BYTES = 27
"""Of a page (RFC 3533): flags at 5, the number of segments at 26, then one byte for the length of each."""
OGG_LAST_PAGE = 4

_stderr_lock = threading.Lock()
_stderr_users = 0
_stderr_copy = -1


def is_cut_off(file: Path, decoder_log: str, promised_frames: int, read_frames: int) -> bool:
    """True where `file` holds less than it promises: by the length of a wav's or aiff's data chunk (libsndfile's log
    tells), by an mp3's count of frames, by an ogg's last page."""
    lengths = _LENGTH.search(decoder_log)
    if lengths and int(lengths[1]) - int(lengths[2]) > NEGLIGIBLE_BYTES and int(lengths[1]) < UNKNOWN_BYTES:
        return True
    if file.suffix.lower() in {".ogg", ".oga"}:
        return _ends_without_last_page(file)
    return read_frames < promised_frames - NEGLIGIBLE_FRAMES


def _ends_without_last_page(file: Path) -> bool:
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - OGG_TAIL_BYTES))
        tail = stream.read()
    page = tail[tail.rfind(b"OggS") :]
    if len(page) < OGG_HEADER_BYTES or not page[5] & OGG_LAST_PAGE:
        return True
    segments = page[OGG_HEADER_BYTES : OGG_HEADER_BYTES + page[26]]
    return len(page) < OGG_HEADER_BYTES + len(segments) + sum(segments)


@contextmanager
def decoder_kept_quiet() -> Iterator[None]:
    """Within, what libraries write to standard error by themselves goes nowhere.

    mpg123 does so for a damaged mp3, which is reported by our own error. Threads may overlap; the last one out ends it.
    """
    global _stderr_users, _stderr_copy
    with _stderr_lock:
        _stderr_users += 1
        if _stderr_users == 1:
            sys.stderr.flush()
            _stderr_copy = os.dup(2)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 2)
            os.close(nowhere)
    try:
        yield
    finally:
        with _stderr_lock:
            _stderr_users -= 1
            if _stderr_users == 0:
                os.dup2(_stderr_copy, 2)
                os.close(_stderr_copy)
