"""What a check of `jacqueesbot doctor` says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """`mend` says what to do where `ok` is false."""

    name: str
    ok: bool
    found: str
    mend: str
