"""Which input is a loopback, by the names that systems give; and the choice of one."""

from __future__ import annotations

import pytest

from controller.capture.devices import InputDevice, PulseSources, choose, devices, loopbacks
from controller.capture.faults import FaultFound

MONITORS = PulseSources(("alsa_output.pci.monitor", "hdmi.monitor"), "alsa_output.pci.monitor")


def inputs(*names: tuple[str, str]) -> list[InputDevice]:
    return [InputDevice(index, name, api, 2, 48000) for index, (name, api) in enumerate(names)]


def on(api: str, *names: str) -> list[InputDevice]:
    return inputs(*((name, api) for name in names))


@pytest.mark.parametrize(
    ("name", "api", "kind"),
    [
        ("BlackHole 2ch", "Core Audio", "BlackHole"),
        ("CABLE Output (VB-Audio Virtual Cable)", "Windows WASAPI", "VB-Cable"),
        ("CABLE-A Output (VB-Audio Virtual Cable A)", "MME", "VB-Cable"),
        ("VB-Cable", "Core Audio", "VB-Cable"),
        ("Voicemeeter Out B1 (VB-Audio Voicemeeter VAIO)", "Windows WASAPI", "Voicemeeter"),
        ("VoiceMeeter Output (VB-Audio VoiceMeeter VAIO)", "Windows DirectSound", "Voicemeeter"),
        ("Stereo Mix (Realtek High Definition Audio)", "Windows WASAPI", "Stereo Mix"),
        ("Speakers (Realtek) [Loopback]", "Windows WASAPI", "loopback"),
        ("Loopback: PCM (hw:1,1)", "ALSA", "loopback"),
        ("Monitor of Null Output", "PulseAudio", "monitor"),
        ("Live", "JACK Audio Connection Kit", "JACK client"),
        ("system", "JACK Audio Connection Kit", None),
        ("MacBook Pro Microphone", "Core Audio", None),
        ("CABLE Input (VB-Audio Virtual Cable)", "Windows WASAPI", None),
        ("pulse", "ALSA", None),
        ("HDA Intel PCH: ALC257 Analog (hw:0,0)", "ALSA", None),
    ],
)
def test_loopbacks_are_known_by_their_names(name: str, api: str, kind: str | None) -> None:
    (device,) = on(api, name)
    assert device.kind == kind


def test_one_device_under_several_host_apis_is_one() -> None:
    cable = "CABLE Output (VB-Audio Virtual Cable)"
    found = inputs(
        ("Microphone", "MME"), (cable[:31], "MME"), (cable, "Windows DirectSound"), (cable, "Windows WASAPI")
    )
    assert choose(found, None).host_api == "Windows WASAPI"
    assert choose(found, "cable output").host_api == "Windows WASAPI"


def test_monitors_are_heard_through_alsas_pulse() -> None:
    rows = [
        {"index": 4, "name": "pulse", "host_api": "ALSA", "channels": 32, "rate_hz": 44100},
        {"index": 5, "name": "HDA Intel: Analog (hw:0,0)", "host_api": "ALSA", "channels": 2, "rate_hz": 44100},
    ]
    found = devices(rows, MONITORS)
    assert [(one.source, one.index) for one in loopbacks(found)] == [(name, 4) for name in MONITORS.monitors]
    assert choose(found, None).source == "alsa_output.pci.monitor"  # that of the default output
    assert choose(found, "hdmi").source == "hdmi.monitor"
    assert loopbacks(devices(rows[1:], MONITORS)) == []
    assert loopbacks(devices(rows, None)) == []


def test_what_is_named_a_loopback_goes_before_monitors() -> None:
    rows = [
        {"index": 0, "name": "daw_loopback", "host_api": "ALSA", "channels": 32, "rate_hz": 44100},
        {"index": 1, "name": "pulse", "host_api": "ALSA", "channels": 32, "rate_hz": 44100},
    ]
    assert choose(devices(rows, MONITORS), None).name == "daw_loopback"


def test_a_whole_name_goes_before_a_part_of_another() -> None:
    found = on("Core Audio", "BlackHole 2ch", "BlackHole 2ch (Aggregate)")
    assert choose(found, "blackhole 2ch").index == 0


@pytest.mark.parametrize(
    ("found", "wanted", "name", "words"),
    [
        ([], None, "device_missing", "no input is a loopback; there are: none"),
        (on("Core Audio", "Microphone"), None, "device_missing", "there are: Microphone (Core Audio)"),
        (on("Core Audio", "Microphone"), "Black", "device_missing", "'Black': no input is called so"),
        (on("Core Audio", "BlackHole 2ch", "BlackHole 16ch"), None, "device_ambiguous", "BlackHole 2ch (Core Audio), "),
        (on("Core Audio", "BlackHole 2ch", "BlackHole 16ch"), "hole", "device_ambiguous", "'hole': several inputs"),
    ],
)
def test_what_cannot_be_chosen(found: list[InputDevice], wanted: str | None, name: str, words: str) -> None:
    with pytest.raises(FaultFound) as why:
        choose(found, wanted)
    assert why.value.fault.name == name
    assert words in why.value.fault.found
    assert why.value.fault.mend
