"""How faithful and how quick captures are: python -m tests.benchmarks.capture [--takes N] [--seconds S] [--busy N]
                                            python -m tests.benchmarks.capture --colours

On private servers, PulseAudio and JACK's dummy driver, beside N processes that keep the computer busy. First table:
takes of a sound of S seconds on the 16 bit grid, by a recording process that is kept: how many are the very samples,
which faults made how many of them be taken again, what a take costs beyond the sound's own length. Second: each fault,
injected for real, by which name it is called and how long after it happened; faults of a take: after the sound's end.
--colours: what a set does to its sound, alone and with what a path does to it, made here; no server, no playing.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr

from controller.capture.faults import Fault
from controller.capture.suspicions import Examined, Tolerance, examine
from controller.capture.taking import Capture, Playing
from embedding.audio import Audio
from embedding.errors import CaptureFailed
from tests.audio_servers import AudioServer, jack_server, pulse_server
from tests.benchmarks.tables import head, row
from tests.capture.colours import LEVELS, PATHS, SPECTRA
from tests.capture.played import Samples, audio, noise, on_grid, recorded, tune
from tests.capture.playing import Player, Players, is_exact, players

JACK_OUTPUT = "system, JACK Audio Connection Kit"
FAULT_SECONDS = 3.0
AT_SECONDS = 1.0
COLOUR_AT = 9000
TUNE = audio(tune(1, FAULT_SECONDS))
LOAD_SINK = ("pactl", "load-module", "module-null-sink", "sink_name=daw", "norewinds=1")


@dataclass(frozen=True)
class Case:
    """`prepare` is done before the players start, `act` AT_SECONDS after the sound began; `other` plays meanwhile."""

    what: str
    prepare: Callable[[AudioServer], object] = lambda server: None
    act: Callable[[AudioServer, Player], object] | None = None
    sound: Audio = TUNE
    played: Audio | None = None
    other: Audio | None = None


def replaced(*options: str) -> Callable[[AudioServer], object]:
    def replace(server: AudioServer) -> None:
        server.run("pactl", "unload-module", "module-null-sink")
        server.run(*LOAD_SINK, *options)

    return replace


def frozen_for_a_moment(server: AudioServer, _: Player) -> None:
    server.freeze()
    time.sleep(1.5)
    server.thaw()


def stalled(_: AudioServer, player: Player) -> None:
    player.freeze()
    time.sleep(0.6)
    player.thaw()


COMMON = (
    Case("server killed", act=lambda server, _: server.kill()),
    Case("server frozen", act=lambda server, _: server.freeze()),
    Case("player killed", act=lambda _, player: player.kill()),
    Case("another sound plays", played=audio(noise(5, FAULT_SECONDS))),
    Case("half the level", played=audio(TUNE.samples * 0.5)),
    Case("clocks 80 ppm apart", played=audio(soxr.resample(TUNE.samples.T, 1.0, 1 + 80e-6, quality="VHQ").T)),
)
ON_PULSE = (
    Case("server frozen for 1.5 s", act=frozen_for_a_moment),
    Case("sink unloaded", act=lambda server, _: server.run("pactl", "unload-module", "module-null-sink")),
    Case("sink muted", act=lambda server, _: server.run("pactl", "set-sink-mute", "daw", "1")),
    Case("sink muted from the beginning", prepare=lambda server: server.run("pactl", "set-sink-mute", "daw", "1")),
    Case("sink at 50 %", prepare=lambda server: server.run("pactl", "set-sink-volume", "daw", "50%")),
    Case("sink of 1 channel", prepare=replaced("format=float32le", "rate=48000", "channels=1")),
    Case(
        "sink of 16 bit, 18 dB too loud", prepare=replaced("format=s16le", "rate=48000"), sound=audio(TUNE.samples * 8)
    ),
    Case(
        "sink at 44.1 kHz",
        prepare=replaced("format=float32le", "rate=44100"),
        sound=audio(noise(1, FAULT_SECONDS)),
        other=audio(np.zeros((2, 44100)), 44100),
    ),
    Case("player at 44.1 kHz", played=audio(TUNE.samples, 44100)),
    Case("second player, -20 dB", other=audio(noise(5, 10.0) * 0.1)),
    Case("player stalls for 0.6 s", act=stalled),
)


@contextmanager
def surroundings(server: AudioServer) -> Iterator[None]:
    """The environment that its clients need."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(server.environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def on_server(server: AudioServer, output: str) -> Iterator[Players]:
    """Within its surroundings, and players on it."""
    with (
        surroundings(server),
        tempfile.TemporaryDirectory() as folder,
        players(server, Path(folder), output) as start,
    ):
        yield start


@contextmanager
def busy(count: int) -> Iterator[None]:
    command = [sys.executable, "-c", "while True: pass"]
    burners = [subprocess.Popen(command, start_new_session=True) for _ in range(count)]
    try:
        yield
    finally:
        for one in burners:
            one.kill()
            one.wait()


def takes(start: Players, device: str | None, latency_seconds: float, count: int, seconds: float) -> list[str]:
    told: list[str] = []
    sound = audio(noise(1, seconds) / 2 + tune(1, seconds) / 2)
    sound = audio(on_grid(sound.samples.astype(np.float64)))
    player = start(sound, latency_seconds)
    exact, costs, heard = 0, [], []
    with Capture(device, latency_seconds, told=lambda fault: told.append(fault.name)) as capture:
        for number in range(count + 1):
            began, before = time.monotonic(), len(told)
            try:
                take = capture.take(sound, player.playing)
            except CaptureFailed as why:
                told.append(f"refused ({why.code})")
                continue
            took = time.monotonic() - began
            if number == 0:  # which starts the recording process
                continue
            exact += is_exact(take.audio, sound)
            heard.append(take.latency_seconds)
            costs += [took - seconds] if len(told) == before else []
    spread = f"{min(heard):.3f} to {max(heard):.3f}"
    cost = f"{statistics.median(costs):.2f} ({max(costs):.2f})"
    again = ", ".join(f"{told.count(name)} {name}" for name in sorted(set(told)))
    return [f"{exact} of {count}", again or "none", cost, spread]


def named(case: Case, server: AudioServer, start: Players, device: str | None) -> list[str]:
    told: list[tuple[Fault, float]] = []
    case.prepare(server)
    if case.other is not None:
        other = start(case.other)
    player = start(case.played or case.sound)
    happened = [0.0]
    playing = _with_act(case, server, player, happened)
    with Capture(device, told=lambda fault: told.append((fault, time.monotonic()))) as capture:
        try:
            if case.other is not None:
                with other.playing():
                    capture.take(case.sound, playing, attempts=1)
            else:
                capture.take(case.sound, playing, attempts=1)
        except CaptureFailed:
            pass
    names = ", ".join(fault.name for fault, _ in told) or "NOT FOUND"
    return [case.what, names, f"{told[0][1] - happened[0]:.2f}" if told else "-"]


def _with_act(case: Case, server: AudioServer, player: Player, happened: list[float]) -> Playing:
    def act() -> None:
        happened[0] = time.monotonic()
        assert case.act is not None
        case.act(server, player)

    @contextmanager
    def playing() -> Iterator[None]:
        timer = threading.Timer(AT_SECONDS, act)
        with player.playing():
            happened[0] = time.monotonic() + (0.0 if case.what.endswith("beginning") else case.sound.seconds)
            if case.act is not None:
                timer.start()
            yield

    return playing


def colours() -> None:
    sound = noise(1, FAULT_SECONDS) + tune(1, FAULT_SECONDS)
    sound = (sound * (0.5 / np.abs(sound).max())).astype(np.float32)
    print(
        head(
            ["colour", "faults", "found off by samples", "left dB", "examined in s", "faults of the path not named so"]
        )
    )
    for name, colour in {**LEVELS, **SPECTRA}.items():
        coloured = colour(sound.astype(np.float64))
        began = time.monotonic()
        found = _examined(sound, coloured)
        took = time.monotonic() - began
        faults = ", ".join(fault.name for fault in found.faults) or "none"
        off = "-" if found.alignment is None else f"{found.alignment.offset_samples - COLOUR_AT:.2f}"
        left = "-" if found.comparison is None else f"{found.comparison.left_db:.1f}"
        missed = []
        for path, change in PATHS.items():
            names = [fault.name for fault in _examined(sound, change(coloured)).faults]
            if path.split(",")[0] not in names:
                missed.append(f"{path}: {', '.join(names) or 'NOTHING'}")
        print(row([name, faults, off, left, f"{took:.1f}", "; ".join(missed) or "none"]), flush=True)


def _examined(sound: Samples, heard: npt.NDArray[np.float64]) -> Examined:
    return examine(audio(sound), audio(recorded(heard.astype(np.float32), COLOUR_AT, COLOUR_AT)), Tolerance.coloured())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--takes", type=int, default=20)
    options.add_argument("--seconds", type=float, default=5.0)
    options.add_argument("--busy", type=int, default=2)
    options.add_argument("--colours", action="store_true")
    given = options.parse_args()
    if given.colours:
        colours()
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ends what was started, too
    with busy(given.busy):
        print(head(["server", "exact", "taken again", "cost: median (most) s", "latency s"]))
        for latency_seconds in (0.1, 0.2):
            with pulse_server() as server, on_server(server, "daw_out") as start:
                found = takes(start, "daw_loopback", latency_seconds, given.takes, given.seconds)
            print(row([f"PulseAudio, {latency_seconds}", *found]), flush=True)
        with jack_server() as server, on_server(server, JACK_OUTPUT) as start:
            print(row(["JACK", *takes(start, None, 0.1, given.takes, given.seconds)]), flush=True)
        print(f"\nload {os.getloadavg()[0]:.1f}\n\n" + head(["fault", "named", "after s"]))
        for case in (*COMMON, *ON_PULSE):
            with pulse_server() as server, on_server(server, "daw_out") as start:
                print(row(["PulseAudio: " + case.what, *named(case, server, start, "daw_loopback")[1:]]), flush=True)
        for case in COMMON:
            with jack_server() as server, on_server(server, JACK_OUTPUT) as start:
                print(row(["JACK: " + case.what, *named(case, server, start, None)[1:]]), flush=True)


if __name__ == "__main__":
    main()
