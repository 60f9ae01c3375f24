"""Which device is meant by a name, among those that other systems have."""

from __future__ import annotations

import pytest

from live_simulator.output_device import NoDevice, Output, chosen, found_outputs

MAC = [Output(1, "MacBook Pro Speakers", "Core Audio"), Output(2, "BlackHole 2ch", "Core Audio")]
WINDOWS = [
    Output(4, "CABLE Input (VB-Audio Virtual C", "MME"),
    Output(9, "CABLE Input (VB-Audio Virtual Cable)", "Windows WASAPI"),
    Output(12, "CABLE", "Windows WASAPI"),
]
JACK = [Output(0, "default", "ALSA"), Output(3, "system", "JACK Audio Connection Kit")]


@pytest.mark.parametrize(
    ("name", "outputs", "number"),
    [
        ("blackhole", MAC, 2),
        ("default", MAC, 1),
        ("cable", WINDOWS, 12),
        ("Virtual Cable)", WINDOWS, 9),
        ("jack", JACK, 3),
        ("SYSTEM", JACK, 3),
    ],
)
def test_a_device_is_meant_by_its_name_or_a_part_of_it(name: str, outputs: list[Output], number: int) -> None:
    assert chosen(name, outputs, default_number=1).number == number


@pytest.mark.parametrize(
    ("name", "outputs", "told"),
    [
        ("vb-audio", WINDOWS, "could be any of 'CABLE Input"),
        ("vb-audio", WINDOWS, "(Windows WASAPI)"),
        ("loopback", MAC, "there are 'MacBook Pro Speakers', 'BlackHole 2ch'"),
        ("default", WINDOWS, "no such device"),
        ("jack", MAC, "start jackd first"),
        ("any", [], "is a sound server running?"),
    ],
)
def test_no_device_or_more_than_one(name: str, outputs: list[Output], told: str) -> None:
    with pytest.raises(NoDevice) as caught:
        chosen(name, outputs, default_number=1)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_only_what_plays_in_stereo_is_there() -> None:
    devices = [
        {"name": "microphone", "hostapi": 0, "max_output_channels": 0},
        {"name": "mono", "hostapi": 0, "max_output_channels": 1},
        {"name": "interface", "hostapi": 1, "max_output_channels": 8},
    ]
    assert found_outputs(devices, [{"name": "MME"}, {"name": "ASIO"}]) == [Output(2, "interface", "ASIO")]
