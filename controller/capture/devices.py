"""Which inputs there are, which of them hear what this computer plays, and the choice of one.

Loopbacks are known by their names: BlackHole, VB-Cable, Voicemeeter, Stereo Mix, ALSA devices and PortAudio inputs that
are called loopback or monitor; clients of JACK that put out sound; and the monitors of PulseAudio or PipeWire, which
are heard through ALSA's `pulse` device. What is not named so is heard when it is asked for by name.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from controller.capture.faults import FaultFound, fault

PULSE_SECONDS = 1.5
JACK = "JACK Audio Connection Kit"
ALSA = "ALSA"
HOST_APIS = ("Core Audio", JACK, ALSA, "Windows WASAPI", "Windows WDM-KS", "Windows DirectSound", "MME", "OSS")
"""The better first: Windows lists one device under several of them."""
MME_NAME_LENGTH = 31
"""MME cuts names off there."""
KINDS = (
    ("BlackHole", r"blackhole"),
    ("VB-Cable", r"\bcable(-[a-d])? output\b|vb-?cable"),
    ("Voicemeeter", r"voicemeeter (out|aux|vaio|output)"),
    ("Stereo Mix", r"stereo ?mix|what u hear|wave out mix"),
    ("loopback", r"loopback|soundflower"),
    ("monitor", r"\bmonitor\b"),
)
"""Kinds of loopback and what is in the names of such inputs."""


@dataclass(frozen=True)
class InputDevice:
    index: int
    name: str
    host_api: str
    channels: int
    rate_hz: int
    source: str = ""
    """The PulseAudio source that ALSA's `pulse` device is to hear, where it is one's monitor."""
    is_default: bool = False
    """The monitor of the output that programs play to by default."""

    @property
    def label(self) -> str:
        return f"{self.source} (PulseAudio)" if self.source else f"{self.name} ({self.host_api})"

    @property
    def kind(self) -> str | None:
        """Which loopback it is; None for a microphone and the like."""
        if self.source:
            return "monitor"
        if self.host_api == JACK:
            return None if self.name == "system" else "JACK client"
        return next((kind for kind, pattern in KINDS if re.search(pattern, self.name.lower())), None)


@dataclass(frozen=True)
class PulseSources:
    monitors: tuple[str, ...]
    default: str
    """The default output's monitor."""


def devices(rows: Iterable[dict[str, Any]], pulse: PulseSources | None) -> list[InputDevice]:
    """What the worker listed, and each monitor of PulseAudio that can be heard through one of these."""
    found = [InputDevice(**row) for row in rows]
    through = next((device for device in found if device.host_api == ALSA and device.name == "pulse"), None)
    if pulse is None or through is None:
        return found
    return found + [replace(through, source=monitor, is_default=monitor == pulse.default) for monitor in pulse.monitors]


def pulse_sources() -> PulseSources | None:
    """None where `pactl` is not installed, or no server answers."""
    if shutil.which("pactl") is None:
        return None
    try:
        listed, sink = (
            subprocess.run(["pactl", *words], capture_output=True, text=True, timeout=PULSE_SECONDS, check=True).stdout
            for words in (["list", "short", "sources"], ["get-default-sink"])
        )
    except (OSError, subprocess.SubprocessError):
        return None
    names = [line.split("\t")[1] for line in listed.splitlines() if line.count("\t") >= 1]
    return PulseSources(tuple(name for name in names if name.endswith(".monitor")), f"{sink.strip()}.monitor")


def loopbacks(found: Sequence[InputDevice]) -> list[InputDevice]:
    """Those that hear what is played, each once; PulseAudio's monitors only where none is set up by name."""
    named = [device for device in found if device.kind is not None and not device.source]
    return _each_once(named) or [device for device in found if device.source]


def choose(found: Sequence[InputDevice], wanted: str | None) -> InputDevice:
    """The input that is called `wanted`, or whose name has that in it; None: the one loopback there is.

    FaultFound 'device_missing' and 'device_ambiguous'.
    """
    if wanted is None:
        matches = loopbacks(found)
        default = [device for device in matches if device.is_default]
        matches = default or matches
    else:
        exact = [device for device in found if wanted.lower() in _names(device)]
        partly = [device for device in found if any(wanted.lower() in name for name in _names(device))]
        matches = _each_once(exact or partly)
    if len(matches) == 1:
        return matches[0]
    asked = "no input is a loopback" if wanted is None else f"{wanted!r}: no input is called so"
    if not matches:
        raise FaultFound(fault("device_missing", f"{asked}; there are: {_listed(found)}"))
    what = "several inputs are loopbacks" if wanted is None else f"{wanted!r}: several inputs are called so"
    raise FaultFound(fault("device_ambiguous", f"{what}: {_listed(matches)}"))


def _names(device: InputDevice) -> tuple[str, ...]:
    own = device.source or device.name
    return own.lower(), f"{own}, {device.host_api}".lower(), device.label.lower()


def _each_once(found: Sequence[InputDevice]) -> list[InputDevice]:
    """Of one device under several host APIs the best."""
    best: dict[str, InputDevice] = {}
    for device in sorted(found, key=_rank):
        key = device.source or device.name[:MME_NAME_LENGTH].lower()
        best.setdefault(key, device)
    return sorted(best.values(), key=lambda device: (device.index, device.source))


def _rank(device: InputDevice) -> int:
    return HOST_APIS.index(device.host_api) if device.host_api in HOST_APIS else len(HOST_APIS)


def _listed(found: Sequence[InputDevice]) -> str:
    return ", ".join(device.label for device in found) or "none"
