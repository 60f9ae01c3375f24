"""What a check of `jacqueesbot doctor` says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """`ok` is false where something that was asked for does not work. `mend` says what to do about that; where `ok` is
    true, what to do if one wants more than is set up; empty where there is nothing to be done."""

    name: str
    ok: bool
    found: str
    mend: str

    @property
    def mark(self) -> str:
        return "BAD" if not self.ok else "note" if self.mend else "ok"


def fine(name: str, found: str) -> Check:
    return Check(name, True, found, "")


def note(name: str, found: str, mend: str) -> Check:
    """Something that is not set up, and need not be."""
    return Check(name, True, found, mend)


def bad(name: str, found: str, mend: str) -> Check:
    return Check(name, False, found, mend)
