"""Which processes a process has started, and whether they still run: from ps, as every Unix has it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable

GONE_SECONDS = 20.0
LOOK_SECONDS = 0.05


def descendants(process_id: int) -> dict[int, str]:
    """{process id: command line} of the children of that process, and of theirs."""
    running = _running()
    found = {process_id}
    while more := {child for child, (parent, _) in running.items() if parent in found} - found:
        found |= more
    return {child: running[child][1] for child in found - {process_id}}


def named(processes: dict[int, str], part: str) -> int:
    """The id of the one process whose command line has `part`."""
    (found,) = (process_id for process_id, command in processes.items() if part in command)
    return found


def still_running(process_ids: Iterable[int]) -> set[int]:
    """Those of them that have not ended within GONE_SECONDS."""
    wanted = set(process_ids)
    deadline = time.monotonic() + GONE_SECONDS
    while (left := wanted & set(_running())) and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    return left


def _running() -> dict[int, tuple[int, str]]:
    """{process id: (its parent's, its command line)}; what has ended and is only not yet collected does not run."""
    table = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="],
        capture_output=True,
        text=True,
        errors="replace",
        check=True,
    )
    rows = (line.split(None, 3) for line in table.stdout.splitlines())
    return {int(row[0]): (int(row[1]), row[3]) for row in rows if len(row) == 4 and not row[2].startswith("Z")}
