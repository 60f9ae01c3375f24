"""How long a tick of 10 ms takes."""

from __future__ import annotations

import time
from typing import Callable

VIRTUAL_PAUSE_SECONDS = 0.0005
TICK_SECONDS = 0.01


def virtual_clock() -> Callable[[], None]:
    """Ticks follow each other with a short pause: nothing waits for music, and an idle Live costs little."""
    return lambda: time.sleep(VIRTUAL_PAUSE_SECONDS)


def real_clock(
    now: Callable[[], float] = time.perf_counter, sleep: Callable[[float], None] = time.sleep
) -> Callable[[], None]:
    """Waits until the next tick is due; missed ones (a suspended computer, a long call) are not made up for."""
    due = [now()]

    def wait() -> None:
        due[0] += TICK_SECONDS
        left = due[0] - now()
        if left > 0:
            sleep(left)
        elif left < -TICK_SECONDS:
            due[0] = now()

    return wait


CLOCKS: dict[str, Callable[[], Callable[[], None]]] = {"virtual": virtual_clock, "real": real_clock}
