"""Live's members, as runtime dumps of 15 versions have them: tests/live_simulator/live_members.csv.

Kinds: 'class', 'property', 'method', 'listen_only', 'enum', 'function' (of a module). `arity` counts those but self,
'1-3' where some are optional; `takes` are their C++ types ('?' where not known). `arity` and `returns` may change:
'x|12.2.0:y' is x, and y from 12.2.0 on; a version in `settable` is the first that can set it.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

VERSIONS = (
    "11.0.0",
    "11.1.0",
    "11.2.0",
    "11.3.2",
    "11.3.10",
    "11.3.20",
    "11.3.25",
    "11.3.43",
    "12.0.0",
    "12.0.5",
    "12.1.0",
    "12.2.0",
    "12.3.0",
    "12.3.6",
    "12.4.6",
)
"""The releases of Live that were dumped."""
ROOT = Path(__file__).parent.parent.parent.parent
PAGE = ROOT / "docs" / "simulated-live.md"
HEADING = "## Members that are not simulated"


class Member(NamedTuple):
    owner: str
    name: str
    kind: str
    type: str
    settable: str
    listenable: str
    arity: str
    takes: str
    returns: str
    first: str
    missing: str

    def is_in(self, version: str) -> bool:
        place = VERSIONS.index(version)
        return place >= VERSIONS.index(self.first) and version not in self.missing.split()

    def is_settable(self, version: str) -> bool:
        if self.settable in ("", "yes"):
            return bool(self.settable)
        return VERSIONS.index(version) >= VERSIONS.index(self.settable)

    def arguments(self, version: str) -> tuple[int, int]:
        """The least and the most arguments."""
        least, _, most = _as_of(version, self.arity).partition("-")
        return int(least), int(most or least)

    def returned(self, version: str) -> str:
        """The type that a method returns; '' for others."""
        return _as_of(version, self.returns)


def _as_of(version: str, steps: str) -> str:
    """'x|12.2.0:y' is x, and y from 12.2.0 on."""
    found = steps.split("|")[0]
    for step in steps.split("|")[1:]:
        since, value = step.split(":")
        if VERSIONS.index(version) >= VERSIONS.index(since):
            found = value
    return found


def live_members() -> dict[str, dict[str, Member]]:
    """Class or module -> name -> member; a class itself is the member ''."""
    found: dict[str, dict[str, Member]] = {}
    with (Path(__file__).parent.parent / "live_members.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            if row[0] != "class":
                found.setdefault(row[0], {})[row[1]] = Member(*row)
    return found


def not_simulated() -> dict[str, tuple[str, ...]]:
    """The page's table: class or module -> its members that the simulated Live lacks; ('all',) where it lacks it."""
    text = PAGE.read_text(encoding="utf-8").split(HEADING)[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in text.split("\n") if line.startswith("| `")]
    return {row[0].strip("`"): tuple(name.strip("`") for name in row[1].split(", ")) for row in rows}
