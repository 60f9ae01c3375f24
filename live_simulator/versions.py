"""Live's version numbers, and which of them have a member."""

from __future__ import annotations

from typing import Tuple

Version = Tuple[int, int, int]

DEFAULT_VERSION = "12.4.6"
"""The newest that is known."""
NEWEST_LINE = (12, 4)
NEWER_PYTHON_SINCE = (12, 1, 0)


def parse_version(text: str) -> Version:
    """'12.1' or '12.1.5' as three numbers. ValueError where it is not a version from 11.0 to 12.4."""
    parts = text.split(".")
    if not 2 <= len(parts) <= 3 or not all(part.isdigit() for part in parts):
        raise ValueError(f"live version {text!r}; expected numbers such as {DEFAULT_VERSION} (a typing error?)")
    numbers = [int(part) for part in parts] + [0]
    version = (numbers[0], numbers[1], numbers[2])
    if version < (11, 0, 0):
        raise ValueError(f"live version {text!r}; expected 11.0 or newer (older ones have another Python)")
    if version[:2] > NEWEST_LINE:
        raise ValueError(f"live version {text!r}; expected 11.0 to {DEFAULT_VERSION} (newer ones are not known here)")
    return version


def python_of(version: Version) -> tuple[int, int]:
    """The Python inside that Live."""
    return (3, 11) if version >= NEWER_PYTHON_SINCE else (3, 7)


class Span:
    """The versions that have a member: from `first`, but not from `missing` until `back` (11 and 12 overlapped)."""

    def __init__(self, first: Version, missing: Version = (0, 0, 0), back: Version = (0, 0, 0)) -> None:
        self.first = first
        self.missing = missing
        self.back = back

    def __contains__(self, version: Version) -> bool:
        return version >= self.first and not self.missing <= version < self.back


ALWAYS = Span((11, 0, 0))
AUDIO_CLIPS = Span((11, 3, 25), (12, 0, 0), (12, 0, 5))
"""create_audio_clip: 11.3.25 and later Live 11, 12.0.5 and later."""


def since(major: int, minor: int = 0, bugfix: int = 0) -> Span:
    return Span((major, minor, bugfix))


def until(major: int, minor: int = 0) -> Span:
    """From the beginning on, but from that version on no more."""
    return Span((11, 0, 0), (major, minor, 0), (99, 0, 0))
