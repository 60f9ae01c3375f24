"""Which audio device is meant, and opening it. sounddevice is loaded when the first one is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from live_simulator.errors import SimulatorError
from live_simulator.ring import CHANNELS

LATENCY_SECONDS = 0.1
"""What is asked for: less tears on a busy computer. JACK has its own."""
JACK_HOST_API = "JACK Audio Connection Kit"


class NoDevice(SimulatorError):
    """No such device, or it does not play as asked: one line with the mend."""


class Output(NamedTuple):
    """A device by its number and name."""

    number: int
    name: str
    host_api: str


class OpenDevice(NamedTuple):
    """`stream` is a sounddevice.OutputStream that runs; `latency_seconds` is what it says of itself."""

    output: Output
    stream: Any
    latency_seconds: float


def open_device(name: str, rate_hz: int, fill: Callable[[Any, bool], None]) -> OpenDevice:
    """Plays what `fill` puts into its first argument, float32 [n, 2]; the second one says whether the device ran dry
    since. NoDevice."""
    try:
        import sounddevice
    except ModuleNotFoundError as why:
        raise NoDevice(f"--audio {name}: {why} (pip install sounddevice)") from why
    except OSError as why:
        raise NoDevice(f"--audio {name}: {why} (PortAudio is missing; Debian: apt install libportaudio2)") from why
    outputs = found_outputs(sounddevice.query_devices(), sounddevice.query_hostapis())
    output = chosen(name, outputs, sounddevice.default.device[1])

    def callback(out: Any, count: int, when: Any, status: Any) -> None:
        fill(out, status.output_underflow)

    try:
        stream = sounddevice.OutputStream(
            samplerate=rate_hz,
            device=output.number,
            channels=CHANNELS,
            dtype="float32",
            latency=LATENCY_SECONDS,
            callback=callback,
        )
        stream.start()
    except sounddevice.PortAudioError as why:
        rate = sounddevice.query_devices(output.number)["default_samplerate"]
        runs = "" if rate == rate_hz else f"it runs at {rate:.0f} Hz: set stage.sample_rate_hz to that, or "
        raise NoDevice(
            f"--audio {name}: {output.name!r} does not play {CHANNELS} channels at {rate_hz} Hz: {why} "
            f"({runs}free the device, or start its server)"
        ) from why
    return OpenDevice(output, stream, float(stream.latency))


def found_outputs(devices: Sequence[Mapping[str, Any]], host_apis: Sequence[Mapping[str, Any]]) -> list[Output]:
    """Those of sounddevice's devices that can play in stereo."""
    return [
        Output(number, device["name"], host_apis[device["hostapi"]]["name"])
        for number, device in enumerate(devices)
        if device["max_output_channels"] >= CHANNELS
    ]


def chosen(name: str, outputs: Sequence[Output], default_number: int) -> Output:
    """By its name or a part of it, whatever the case; `default`: the system's; `jack`: the first of a JACK server's.
    NoDevice where that is none or more than one."""
    there = ", ".join(repr(output.name) for output in outputs) or "none (is a sound server running?)"
    if name == "default":
        found = [output for output in outputs if output.number == default_number]
    elif name == "jack":
        found = [output for output in outputs if output.host_api == JACK_HOST_API][:1]
        if not found:
            raise NoDevice("--audio jack: no JACK server runs, or this PortAudio knows no JACK (start jackd first)")
    else:
        same = [output for output in outputs if output.name.lower() == name.lower()]
        found = same or [output for output in outputs if name.lower() in output.name.lower()]
    if not found:
        raise NoDevice(f"--audio {name}: no such device to play on; there are {there}")
    if len(found) > 1:
        which = ", ".join(f"{output.name!r} ({output.host_api})" for output in found)
        raise NoDevice(f"--audio {name}: could be any of {which} (give more of the name)")
    return found[0]
