"""What the simulated Live's playing on a device costs: python -m tests.benchmarks.playing [--seconds S] [--busy N]

500 clips on 24 tracks over 60 s (as in tests.benchmarks.mixdown), played by the player's own process on a private
PulseAudio server and on JACK's dummy driver, beside N processes that keep the computer busy: processor time,
underflows, how long a muted track takes from the order until its first sample leaves for the device, and how fast it
plays while JACK freewheels.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from live_simulator.mix import Mix
from live_simulator.plan import Plan
from live_simulator.player_client import PlayerClient
from tests.audio_servers import AudioServer, jack_server, pulse_server
from tests.benchmarks.mixdown import TEMPO_BPM, made_files, made_mix
from tests.benchmarks.tables import head, row

RATE_HZ = 48000
LOOP_BEATS = 120.0
CHANGES = 20


@contextmanager
def busy(count: int) -> Iterator[None]:
    spinning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


@contextmanager
def player_on(server: AudioServer, device: str) -> Iterator[PlayerClient]:
    os.environ.update(server.environment)
    player = PlayerClient(sys.executable, device, RATE_HZ, lambda line: print(line, file=sys.stderr))
    player.open()
    try:
        yield player
    finally:
        player.close()


def plan_of(mix: Mix) -> dict[str, Any]:
    return asdict(Plan(mix, (0.0, LOOP_BEATS), ()))


def await_that(player: PlayerClient, fits: Callable[[], bool]) -> None:
    while not fits():
        player.poll()
        time.sleep(0.001)


def processor_seconds(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def played(player: PlayerClient, seconds: float) -> float:
    """Seconds of processor time per second of sound."""
    begin, begin_seconds = processor_seconds(player.figures["process_id"]), player.heard.played_seconds
    await_that(player, lambda: player.heard.played_seconds > begin_seconds + seconds)
    return (processor_seconds(player.figures["process_id"]) - begin) / seconds


def take_overs(player: PlayerClient, mix: Mix) -> list[tuple[float, float]]:
    """(ms by the wall's clock until it is told that it is taken over, ms of sound until it is heard but for the
    device's latency) of muting tracks in turn."""
    found = []
    for number in range(CHANGES):
        heard = player.heard.played_seconds
        await_that(player, lambda heard=heard: player.heard.played_seconds > heard + 0.37)
        tracks = [replace(track, is_active=place != number) for place, track in enumerate(mix.tracks)]
        plan = plan_of(replace(mix, tracks=tuple(tracks)))
        began = time.monotonic()
        player.tell({"do": "change", "plan": plan})
        await_that(player, lambda: not player.is_busy)
        found.append(((time.monotonic() - began) * 1e3, player.figures["take_over_samples"] / RATE_HZ * 1e3))
    return found


def freewheel_speed(player: PlayerClient, server: AudioServer, seconds: float) -> float:
    """Times real time."""
    server.run("jack_freewheel", "y")
    begin, began = player.heard.played_seconds, time.monotonic()
    await_that(player, lambda: player.heard.played_seconds > begin + seconds)
    speed = (player.heard.played_seconds - begin) / (time.monotonic() - began)
    server.run("jack_freewheel", "n")
    return speed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to play")
    parser.add_argument("--busy", type=int, default=0, help="so many other processes that never rest")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    print(head(["server", "played", "processor per s", "underflows", "ran dry", "take-over, wall ms", "of sound, ms"]))
    with tempfile.TemporaryDirectory() as folder, busy(options.busy):
        mix = made_mix(made_files(Path(folder), 100, rng), rng)
        start = {"do": "start", "run": 1, "beats": 0.0, "played_beats": 0.0, "played_seconds": 0.0}
        speed = 0.0
        for name, server, device in (("PulseAudio", pulse_server, "daw_out"), ("JACK", jack_server, "jack")):
            with server() as runs, player_on(runs, device) as player:
                player.tell({**start, "plan": plan_of(mix)})
                await_that(player, lambda player=player: player.heard.run == 1)
                cost = played(player, options.seconds)
                times = np.array(take_overs(player, mix))
                middle, most = np.median(times, axis=0), times.max(axis=0)
                figures = player.figures
                shown = [f"{a:.0f} (most {b:.0f})" for a, b in zip(middle, most, strict=True)]
                torn = [str(figures["underflows"]), str(figures["ran_dry"])]
                print(row([name, f"{options.seconds:g} s", f"{cost:.3f}", *torn, *shown]), flush=True)
                if name == "JACK":
                    speed = freewheel_speed(player, runs, 10 * LOOP_BEATS * 60.0 / TEMPO_BPM)
    print(f"\nJACK freewheeling: {speed:.0f} times real time, {player.figures['underflows']} underflows in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
