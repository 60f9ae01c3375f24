"""Players of the test's own on a sound server, and what a test does to them while a capture runs."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from controller.capture.faults import Fault
from controller.capture.taking import Playing
from embedding.audio import Audio
from tests.audio_servers import AudioServer

PROGRAM = Path(__file__).parent / "player.py"


class Player:
    """A process that plays `sound` when it is told to, and silence else."""

    def __init__(self, server: AudioServer, folder: Path, sound: Audio, device: str, latency_seconds: float) -> None:
        file = folder / f"played-{len(list(folder.iterdir()))}.f32"
        np.ascontiguousarray(sound.samples.T).tofile(file)
        words = [device, latency_seconds, sound.sample_rate_hz, sound.samples.shape[0], file]
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM), *map(str, words)],
            env=server.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    @contextmanager
    def playing(self) -> Iterator[None]:
        self._tell("play")
        assert self._process.stdout is not None
        while self._process.stdout.readline() != "play\n":  # answers to earlier words
            assert self._process.poll() is None
        try:
            yield
        finally:
            with suppress(OSError):  # ended with its server
                self._tell("")

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self.kill()
        self._process.communicate()

    def _tell(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()


Players = Callable[..., Player]


@contextmanager
def players(server: AudioServer, folder: Path, device: str) -> Iterator[Players]:
    """Starts players, and ends them."""
    started: list[Player] = []

    def start(sound: Audio, latency_seconds: float = 0.2) -> Player:
        started.append(Player(server, folder, sound, device, latency_seconds))
        return started[-1]

    try:
        yield start
    finally:
        for one in started:
            one.end()


def and_meanwhile(playing: Playing, *acts: tuple[float, Callable[[], object]]) -> Playing:
    """As `playing`, and each act so many seconds after it has begun."""

    @contextmanager
    def both() -> Iterator[None]:
        timers = [threading.Timer(seconds, act) for seconds, act in acts]
        with playing():
            for timer in timers:
                timer.start()
            try:
                yield
            finally:
                for timer in timers:
                    timer.join()

    return both


class Told:
    """The faults that a capture told of."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def __call__(self, fault: Fault) -> None:
        self.faults.append(fault)

    @property
    def names(self) -> list[str]:
        return [fault.name for fault in self.faults]


def is_exact(heard: Audio, sound: Audio) -> bool:
    return bool(np.array_equal(heard.samples, sound.samples))
