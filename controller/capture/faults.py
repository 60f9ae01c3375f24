"""What can go wrong between a player and a capture, by name, and what to do about it on each system."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from embedding.errors import CaptureFailed

FaultName = Literal[
    "no_portaudio",
    "device_missing",
    "device_ambiguous",
    "device_refused",
    "unplugged",
    "server_gone",
    "frozen",
    "not_playing",
    "silent",
    "not_heard",
    "level",
    "clipped",
    "sample_rate",
    "mono",
    "gap",
    "drop_outs",
    "drift",
    "filtered",
    "other_sound",
    "live_stopped",
    "live_no_audio",
    "no_recording",
]
SET_UP_FAULTS: frozenset[FaultName] = frozenset(
    {"no_portaudio", "device_missing", "device_ambiguous", "device_refused"}
)
"""Another attempt meets them again."""
PASSING_FAULTS: frozenset[FaultName] = frozenset({"gap", "drop_outs", "frozen"})
"""A busy computer has them now and then."""
STAGE_FAULTS: frozenset[FaultName] = frozenset({"not_playing", "live_stopped", "live_no_audio"})
"""They are the player's; whatever records is as good as before."""

System = Literal["linux", "mac", "windows"]


@dataclass(frozen=True)
class Fault:
    name: FaultName
    found: str
    """What was found, with its values, in one line."""
    mend: str

    def __str__(self) -> str:
        return f"{self.name.replace('_', ' ')}: {self.found}. {self.mend}"


class FaultFound(Exception):
    """A capture cannot go on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def system() -> System:
    return "mac" if sys.platform == "darwin" else "windows" if sys.platform == "win32" else "linux"


def fault(name: FaultName, found: str, on: System | None = None) -> Fault:
    """With the mend for the system `on`, by default this one."""
    here = on or system()
    return Fault(name, found, MENDS.get((name, here)) or MENDS[name, None])


def failed(faults: Sequence[Fault]) -> CaptureFailed:
    """The error of a take that is refused for these."""
    return CaptureFailed(faults[0].name, " ".join(map(str, faults)))


SET_UP: dict[System, str] = {
    "linux": "PulseAudio and PipeWire have a monitor of each output; `pactl list short sources` names them "
    "(Debian and Ubuntu: apt install libportaudio2 libasound2-plugins pulseaudio-utils).",
    "mac": "Install BlackHole 2ch, choose it as the output device in Live's audio settings, and let the terminal use "
    "the microphone (System Settings, Privacy & Security).",
    "windows": "Install VB-Cable, and choose CABLE Input as the output device in Live's audio settings (driver type "
    "MME/DirectX; an ASIO driver by-passes Windows).",
}
"""How a computer gets a loopback."""

MENDS: dict[tuple[FaultName, System | None], str] = {
    ("no_portaudio", None): "Install JacqueesBot again (pip install -U sounddevice).",
    ("no_portaudio", "linux"): "Install PortAudio (Debian and Ubuntu: apt install libportaudio2).",
    **{("device_missing", here): words for here, words in SET_UP.items()},
    ("device_ambiguous", None): "Name one of them: stage.loopback in config.yaml.",
    ("device_refused", None): "Is another program using it alone? Set its rate and channels to those asked for.",
    ("device_refused", "mac"): "Set the device to that rate and to 2 channels in Audio MIDI Setup.",
    ("device_refused", "windows"): "Set that rate for it in Windows (Sound, Recording, Properties, Advanced), and end "
    "programs that use it alone.",
    ("unplugged", None): "Connect the device again, and leave it connected during a capture.",
    ("server_gone", None): "Start the sound server again.",
    ("server_gone", "linux"): "Start the sound server again (systemctl --user restart pipewire pulseaudio; or jackd).",
    ("frozen", None): "The sound server or the computer is overloaded or stopped: end other programs, or restart it.",
    ("not_playing", None): "Let Live come to rest, and see that its audio engine is on.",
    ("silent", None): "Unmute the device and Live's main output; choose the loopback as Live's output device.",
    (
        "silent",
        "linux",
    ): "Unmute the output and its monitor (pactl set-sink-mute, set-source-mute); play to that output.",
    (
        "silent",
        "mac",
    ): "Let the program that records use the microphone (System Settings, Privacy & Security, Microphone; "
    "without that macOS delivers silence), and choose the loopback as Live's output device.",
    (
        "silent",
        "windows",
    ): "Allow desktop apps to use the microphone (Settings, Privacy), and choose the loopback as Live's output device.",
    ("not_heard", None): "Another program's output was recorded: is Live's output this device?",
    (
        "level",
        None,
    ): "Set the device's volume and Live's main fader to 0 dB, pan to the centre, no limiter on the main track.",
    (
        "level",
        "linux",
    ): "Set the volumes to 100 % (pactl set-sink-volume, set-source-volume) and Live's main fader to 0 dB.",
    ("clipped", None): "Turn down what is louder than full scale in Live, and every volume above 100 % on the way.",
    ("sample_rate", None): "Give Live, the device and JacqueesBot (stage.sample_rate_hz) the same sample rate.",
    (
        "sample_rate",
        "mac",
    ): "Give the device (Audio MIDI Setup), Live and JacqueesBot (stage.sample_rate_hz) the same rate.",
    ("mono", None): "Give the device two channels, and choose a stereo output in Live.",
    ("gap", None): "The computer was too busy: a larger buffer in Live's audio settings, fewer other programs.",
    ("drop_outs", None): "The computer was too busy: a larger buffer in Live's audio settings, fewer other programs.",
    ("drift", None): "Play and record on one device, so that one clock drives both.",
    ("drift", "mac"): "Play and record on one device, or switch Drift Correction on in Audio MIDI Setup.",
    (
        "filtered",
        None,
    ): "Does the device or the sound server run at another sample rate than stage.sample_rate_hz? Else switch off "
    "equalisers and effects of the device or system, and on Live's main track.",
    ("other_sound", None): "End other programs that play on this device; mute tracks in Live that are not part of it.",
    ("live_stopped", None): "Leave Live's transport alone until the take is over; see that no follow action or clip "
    "stops it.",
    (
        "live_no_audio",
        None,
    ): "Choose an output device in Live (Settings, Audio), and see that Live's audio engine is on.",
    (
        "live_no_audio",
        "linux",
    ): "Start the sound server again, and give the simulated Live a device that is there (simulate --audio DEVICE).",
    (
        "live_no_audio",
        "mac",
    ): "Choose BlackHole as the output device in Live's audio settings, and see that Live's audio engine is on.",
    (
        "live_no_audio",
        "windows",
    ): "Choose MME/DirectX and CABLE Input in Live's settings (Audio), and see that Live's audio engine is on.",
    ("no_recording", None): "Save the set where there is room to write, and see that Live's disk is not full and its "
    "recording format is WAV or AIFF (Settings, Record).",
}
