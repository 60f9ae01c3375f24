"""What hearing Live costs: python -m tests.benchmarks.checkpoint [--times N] [--seconds S] [--busy N]

The whole chain, beside N processes that keep the computer busy: controller, OSC, our script, the simulated Live's set,
its audio device (PulseAudio's null sink, JACK's dummy driver), loopback, capture; or a recording by Resampling. A
passage of S seconds of a set of 96 clips is heard again and again with everything kept warm, at 10 and 34 ms ticks: how
many of the takes equal the rendering to 16 (Resampling: 24) bit, and what a take costs beyond the passage's own length.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from controller.audition import Audition
from controller.capture.taking import Capture
from controller.listeners import Listener, LoopbackListener, ResamplingListener
from controller.simulated import HOST, SimulatedLive
from controller.stage import Stage, connect
from embedding.errors import CaptureFailed
from search.arrangement import Arrangement, Clip, Track
from tests.audio_servers import AudioServer, jack_server, pulse_server
from tests.benchmarks.capture import busy, surroundings
from tests.benchmarks.tables import head, row
from tests.conftest import noise, tone, write

RATE_HZ = 48000
BEGIN_SECONDS = 4.0
TEMPO_BPM = 120.0


@dataclass(frozen=True)
class Way:
    """A way to hear: the Live that plays, and its listener."""

    name: str
    bits: int
    audio: str | None
    loopback: str | None


WAYS = (
    Way("PulseAudio", 16, "daw_out", "daw_loopback"),
    Way("JACK", 16, "jack", None),
    Way("Resampling", 24, None, None),
)


def arrangement(folder: Path) -> Arrangement:
    """96 clips on 12 tracks over 16 s."""
    tracks = []
    for number in range(12):
        low = str(write(folder / f"tone {number}.wav", tone(110.0 * 1.2**number, 1.0, 0.05)))
        high = str(write(folder / f"burst {number}.wav", noise(0.5, 0.1, seed=number)))
        clips = tuple(
            Clip(2.0 * k + 0.1 * number, high if k % 2 else low, 0.0, 0.5 if k % 2 else 0.8, -3.0, 0.0)
            for k in range(8)
        )
        tracks.append(Track(f"Track {number}", "#808080", 0.0, 0.0, clips))
    return Arrangement(TEMPO_BPM, tuple(tracks))


@contextmanager
def listening(way: Way, live: Stage) -> Iterator[Listener]:
    if way.audio is None:
        yield ResamplingListener(live)
        return
    with Capture(way.loopback) as capture:
        yield LoopbackListener(live, capture)


def heard(way: Way, tick_ms: int, times: int, seconds: float) -> list[str]:
    """A row of the table, behind the way's name."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = arrangement(folder)
        playing = SimulatedLive(RATE_HZ, audio=way.audio, clock="real", tick_ms=tick_ms)
        lives = [stack.enter_context(one) for one in (playing, SimulatedLive(RATE_HZ))]
        stages = [
            stack.enter_context(connect(HOST, one.script_port, folder / "cut", one.token, [folder])) for one in lives
        ]
        for stage in stages:
            stage.apply(made)
        expected = lives[1].render_main(BEGIN_SECONDS * TEMPO_BPM / 60.0, seconds)
        listener = stack.enter_context(listening(way, stages[0]))
        audition = Audition(stages[0], listener, None, print)
        exact, costs, refused = 0, [], []
        for number in range(times + 1):
            began = time.monotonic()
            try:
                take = audition.heard_part(expected, BEGIN_SECONDS, TEMPO_BPM, lambda: None)
            except CaptureFailed as why:
                refused.append(why.code)
                continue
            took = time.monotonic() - began
            if number == 0:  # which starts the recording process
                continue
            assert take is not None
            costs.append(took - seconds)
            apart = np.abs(take.audio.samples - expected.samples).max()
            exact += bool(apart <= 1.01 * 2.0 ** (1 - way.bits))
    cost = f"{statistics.median(costs):.2f} ({max(costs):.2f})" if costs else "-"
    return [f"{tick_ms} ms", f"{exact} of {times}", ", ".join(refused) or "none", cost]


@contextmanager
def server_of(way: Way) -> Iterator[AudioServer | None]:
    if way.audio is None:
        yield None
        return
    with jack_server() if way.audio == "jack" else pulse_server() as server, surroundings(server):
        yield server


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--times", type=int, default=20)
    options.add_argument("--seconds", type=float, default=3.0)
    options.add_argument("--busy", type=int, default=0)
    given = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ends what was started, too
    print(head(["heard by", "tick", "exact", "refused", "cost: median (most) s"]))
    with busy(given.busy):
        for way in WAYS:
            for tick_ms in (10, 34):
                with server_of(way):
                    print(row([way.name, *heard(way, tick_ms, given.times, given.seconds)]), flush=True)
    print(f"\nload {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
