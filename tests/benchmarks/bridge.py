"""How long Live is kept busy by building: python -m tests.benchmarks.bridge [--clips N] [--tracks N ...] [--real]

Seconds of Live's time / ticks for building, for applying the same again, for deleting every second clip and for undoing
all, by Live's tick and the number of tracks; Live's calls are charged with what they were measured to cost
(live_simulator/costs.py). `late`: costly calls that began more than 10 ms into a tick and were not its first.
Live goes on only while the controller waits. With --real it is a process of its own with a clock that does not wait:
there what this computer takes for the script and the controller counts, too, and a row lasts as long as it says.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from controller.simulated import HOST, SimulatedLive
from controller.stage import Stage, connect
from search.arrangement import Arrangement
from tests.benchmarks.tables import head, row
from tests.controller.arrangements import made_sounds, song
from tests.controller.stepped_live import state, stepped_live

TICKS_MS = (10, 34, 100)
TRACKS = (20, 4, 1)
State = Callable[[], dict[str, Any]]


@contextmanager
def stepped(folder: Path, tick_ms: int) -> Iterator[tuple[State, Stage]]:
    with stepped_live(folder, tick_ms=tick_ms) as (live, stage):
        yield lambda: state(live), stage


@contextmanager
def real(folder: Path, tick_ms: int) -> Iterator[tuple[State, Stage]]:
    with (
        SimulatedLive(clock="real", tick_ms=tick_ms) as live,
        connect(HOST, live.script_port, folder / "placed", live.token, [folder]) as stage,
    ):
        yield live.state, stage


def halved(arrangement: Arrangement) -> Arrangement:
    return replace(arrangement, tracks=tuple(replace(track, clips=track.clips[::2]) for track in arrangement.tracks))


def report(clips: int, tracks: int, tick_ms: int, is_real: bool) -> None:
    """One row."""
    with tempfile.TemporaryDirectory() as name:
        wanted = song(made_sounds(Path(name)), clips, tracks)
        with (real if is_real else stepped)(Path(name), tick_ms) as (state_of, stage):
            works: list[Callable[[], object]] = [
                lambda: stage.apply(wanted),
                lambda: stage.apply(wanted),
                lambda: stage.apply(halved(wanted)),
                lambda: stage.undo(),
            ]
            cells = [f"{tracks} / {tick_ms} ms"]
            for work in works:
                before = state_of()
                work()
                after = state_of()
                seconds = (after["time_ms"] - before["time_ms"]) / 1000.0
                cells.append(f"{seconds:.1f} / {after['ticks'] - before['ticks']}")
            print(row([*cells, str(state_of()["late_calls"])]), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=500)
    parser.add_argument("--tracks", type=int, nargs="+", default=TRACKS)
    parser.add_argument("--real", action="store_true", help="Live as a process, by a clock that does not wait")
    options = parser.parse_args()
    print(head(["tracks / tick", f"{options.clips} built", "again", f"{options.clips // 2} deleted", "undone", "late"]))
    for tracks in options.tracks:
        for tick_ms in TICKS_MS:
            report(options.clips, tracks, tick_ms, options.real)
    return 0


if __name__ == "__main__":
    sys.exit(main())
