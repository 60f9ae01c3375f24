"""Private sound servers, ended with the test, and players: PulseAudio with a null sink, JACK with its dummy driver."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import numpy as np

from tests.capture.played import RATE_HZ, Samples
from tests.real_parts import require_program

WAIT_SECONDS = 20.0
DEBIAN = "libportaudio2 pulseaudio pulseaudio-utils libasound2-plugins jackd2"
PLAYER = Path(__file__).parent / "player.py"


class Server:
    """A process in a session of its own; `environment` is what its clients need."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: IO[bytes]) -> None:
        self.environment = dict(environment)
        self._process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=log, stderr=log, start_new_session=True
        )

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def command(self, *words: str) -> str:
        return subprocess.run(
            words,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=True,
            timeout=WAIT_SECONDS,
        ).stdout.strip()

    def wait_for(self, *words: str) -> None:
        """Until the command succeeds."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                self.command(*words)
            except subprocess.CalledProcessError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def end(self) -> None:
        if self._process.poll() is None:
            self.thaw()
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
        self.kill()


@contextlib.contextmanager
def pulse_audio(folder: Path, channels: int = 2, rate_hz: int = RATE_HZ, asound: bool = True) -> Iterator[Server]:
    """With one sink, `daw`. ALSA's daw_out plays to it and daw_loopback hears it, if `asound`."""
    require_program("pulseaudio", DEBIAN)
    require_program("pactl", DEBIAN)
    folder.mkdir(mode=0o700, parents=True)
    (folder / "pulse").mkdir(mode=0o700)
    configuration = folder / "daw.pa"
    configuration.write_text(
        f"load-module module-native-protocol-unix auth-anonymous=1 socket={folder}/pulse/native\n"
        f"load-module module-null-sink {sink(rate_hz, channels)}\n",
        encoding="utf-8",
    )
    alsa = folder / "asound.conf"
    named = 'pcm.daw_out { type pulse device "daw" }\npcm.daw_loopback { type pulse device "daw.monitor" }\n'
    alsa.write_text(named if asound else "", encoding="utf-8")
    environment = {
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_RUNTIME_PATH": f"{folder}/pulse",
        "PULSE_STATE_PATH": f"{folder}/state",
        "PULSE_CONFIG_PATH": f"{folder}/config",
        "PULSE_COOKIE": f"{folder}/cookie",
        "PULSE_SERVER": f"unix:{folder}/pulse/native",
        "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{alsa}",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
        "DISPLAY": "",
    }
    options = "--daemonize=no --system=false --exit-idle-time=-1 --use-pid-file=no --realtime=no --high-priority=no"
    with (folder / "log").open("wb") as log:
        server = Server(["pulseaudio", "-n", "-F", str(configuration), *options.split()], environment, log)
        try:
            server.wait_for("pactl", "info")
            yield server
        finally:
            server.end()


def sink(rate_hz: int = RATE_HZ, channels: int = 2) -> str:
    return f"sink_name=daw norewinds=1 format=float32le rate={rate_hz} channels={channels}"


@contextlib.contextmanager
def jack(folder: Path, period: int = 1024) -> Iterator[Server]:
    """With the dummy driver, which runs in real time."""
    require_program("jackd", DEBIAN)
    folder.mkdir(parents=True)
    name = f"jb{os.getpid()}-{time.monotonic_ns() % 10**6}"
    environment = {"JACK_DEFAULT_SERVER": name, "JACK_NO_START_SERVER": "1", "JACK_NO_AUDIO_RESERVATION": "1"}
    driver = f"-d dummy -r {RATE_HZ} -p {period}"
    command = ["jackd", "-n", name, "--no-realtime", "--no-mlock", "--port-max", "128", *driver.split()]
    with (folder / "log").open("wb") as log:
        server = Server(command, environment, log)
        try:
            server.wait_for("jack_lsp")
            yield server
        finally:
            server.end()
            for left in Path("/dev/shm").glob(f"jack*{name}*"):
                left.unlink(missing_ok=True)


class Player:
    """A process that plays `sound` when it is told to."""

    def __init__(
        self, server: Server, folder: Path, sound: Samples, device: str, latency_seconds: float, rate_hz: int = RATE_HZ
    ) -> None:
        file = folder / f"played-{time.monotonic_ns()}.f32"
        np.ascontiguousarray(sound.T).tofile(file)
        words = [device, latency_seconds, rate_hz, len(sound), file]
        self._process = subprocess.Popen(
            [sys.executable, str(PLAYER), *map(str, words)],
            env={**os.environ, **server.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._expect("ready")

    @contextlib.contextmanager
    def playing(self) -> Iterator[None]:
        self.tell("play")
        try:
            yield
        finally:
            with contextlib.suppress(OSError):  # its server was killed, and it with that
                self.tell("", answered=False)

    def tell(self, word: str, answered: bool = True) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        if answered:
            self._expect("done")

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _expect(self, word: str) -> None:
        assert self._process.stdout is not None
        while (line := self._process.stdout.readline().strip()) != word:
            assert line == "done", "the player ended"
