"""Private sound servers for tests that hear: PulseAudio with a null sink, JACK with its dummy driver. Each ends with
its context, by its own process id, and shares nothing with a user's server.

Within them sounddevice knows a PulseAudio as `daw_out` (to play on) and `daw_loopback` (to record what is played), a
JACK as the host API "JACK Audio Connection Kit".
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.real_parts import missing, require_program

START_SECONDS = 20.0
END_SECONDS = 5.0
LOCAL_ONLY = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "PULSE_SINK", "PULSE_SOURCE", "PIPEWIRE_REMOTE")


@dataclass
class AudioServer:
    """`environment` is what its clients need; `process` is the server's."""

    name: str
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    log: Path
    _again: Callable[[], subprocess.Popen[bytes]] = field(repr=False)

    def run(self, *command: str) -> str:
        """What one of the server's own tools prints, such as `pactl` or `jack_connect`."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"
        return done.stdout

    def kill(self) -> None:
        """As a crash ends it."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def start_again(self) -> None:
        self.process = self._again()


@contextmanager
def pulse_server(rate_hz: int = 48000) -> Iterator[AudioServer]:
    """A stereo null sink `daw` whose monitor is what it plays, in float32."""
    _require_sounddevice()
    require_program("pulseaudio", "pulseaudio")
    require_program("pactl", "pulseaudio-utils")
    with tempfile.TemporaryDirectory(prefix="jb-pulse-") as folder:
        environment = _pulse_environment(Path(folder))
        script = Path(folder, "daw.pa")
        script.write_text(
            f"load-module module-native-protocol-unix auth-anonymous=1 socket={folder}/native\n"
            f"load-module module-null-sink sink_name=daw norewinds=1 format=float32le rate={rate_hz} channels=2\n",
            encoding="utf-8",
        )
        options = "--daemonize=no --system=false --exit-idle-time=-1 --use-pid-file=no --realtime=no --high-priority=no"
        command = ["pulseaudio", "-n", "-F", str(script), *options.split()]

        def answers() -> bool:
            return _succeeds(["pactl", "info"], environment)

        with _server("PulseAudio", command, environment, Path(folder, "log"), answers) as server:
            yield server


@contextmanager
def jack_server(rate_hz: int = 48000, period_samples: int = 1024) -> Iterator[AudioServer]:
    """JACK with its dummy driver: ports that nobody hears, in real time until it freewheels."""
    _require_sounddevice()
    require_program("jackd", "jackd2")
    require_program("jack_connect", "jackd2")
    with _jack_name() as name, tempfile.TemporaryDirectory(prefix="jb-jack-") as folder:
        own = {"JACK_DEFAULT_SERVER": name, "JACK_NO_START_SERVER": "1", "JACK_NO_AUDIO_RESERVATION": "1"}
        environment = {**_without_local(), **own}
        driver = ["-d", "dummy", "-r", str(rate_hz), "-p", str(period_samples)]
        command = ["jackd", "-n", name, "--no-realtime", "--no-mlock", "--port-max", "128", *driver]

        def answers() -> bool:
            return _succeeds(["jack_wait", "-w", "-t", "2", "-s", name], environment)

        try:
            with _server("JACK", command, environment, Path(folder, "log"), answers) as server:
                yield server
        finally:
            _clean_after_jack(name)


@contextmanager
def _jack_name() -> Iterator[str]:
    """One of four names, nobody else's meanwhile: JACK has room for eight servers in shared memory, and gives the place
    of one that was killed to a server of the same name alone."""
    import fcntl  # there is none on Windows

    for number in range(4):
        with Path(tempfile.gettempdir(), f"jb-jack-{number}.lock").open("w", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            yield f"jbtests{number}"
            return
    missing("four JACK servers of tests run already")


@contextmanager
def _server(
    name: str, command: list[str], environment: dict[str, str], log: Path, answers: Callable[[], bool]
) -> Iterator[AudioServer]:
    def started() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                _end(process)
                raise AssertionError(f"{name} does not run:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)
        return process

    server = AudioServer(name, started(), environment, log, started)
    try:
        yield server
    finally:
        _end(server.process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """A JACK whose client went while it freewheeled heeds SIGKILL alone; a frozen one has to be thawed."""
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _pulse_environment(folder: Path) -> dict[str, str]:
    """Its clients find it through ALSA, whose devices `daw_out` and `daw_loopback` are those of this server."""
    alsa = "/usr/share/alsa/alsa.conf"
    if not Path(alsa).is_file():
        missing(f"{alsa} is not there (Debian: apt install libasound2-data libasound2-plugins)")
    devices = folder / "asound.conf"
    devices.write_text(
        'pcm.daw_out { type pulse device "daw" hint { show on description "the sink" } }\n'
        'pcm.daw_loopback { type pulse device "daw.monitor" hint { show on description "what it plays" } }\n',
        encoding="utf-8",
    )
    names = ("XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH", "PULSE_CONFIG_PATH")
    places = {"PULSE_COOKIE": str(folder / "cookie"), "PULSE_SERVER": f"unix:{folder}/native"}
    own = {**dict.fromkeys(names, str(folder)), **places, "ALSA_CONFIG_PATH": f"{alsa}:{devices}"}
    return {**_without_local(), **own, "JACK_NO_START_SERVER": "1", "JACK_DEFAULT_SERVER": f"none{os.getpid()}"}


def _without_local() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in LOCAL_ONLY}


def _succeeds(command: list[str], environment: dict[str, str]) -> bool:
    try:
        return subprocess.run(command, env=environment, capture_output=True, timeout=10, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _require_sounddevice() -> None:
    """Asked in a process of its own: what it finds depends on the environment at its first import."""
    if not sys.platform.startswith("linux"):
        missing("private PulseAudio and JACK servers are started on Linux alone")
    tried = subprocess.run([sys.executable, "-c", "import sounddevice"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        missing(f"sounddevice does not load: {tried.stderr.strip()[-200:]} (Debian: apt install libportaudio2)")


def _clean_after_jack(name: str) -> None:
    """What a killed server leaves in shared memory."""
    for left in Path("/dev/shm").glob(f"jack*{name}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            with suppress(OSError):  # its registry goes with the last server
                left.unlink()
