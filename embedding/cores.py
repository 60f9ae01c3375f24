"""How many things may be worked on side by side."""

from __future__ import annotations

import os


def usable_cores() -> int:
    """Those that this process may use: under taskset and in many containers fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
