"""Live.Device."""

from __future__ import annotations

from live_simulator.api.classes import DEVICE, DEVICE_VIEW
from live_simulator.boost import BOOL, INT, TEXT
from live_simulator.nodes.device_chain import DeviceNode
from live_simulator.versions import since

HAS_LATENCY = since(11, 3, 2)
COMPARES = since(12, 3)

DEVICE.field("canonical_parent", stored_as="parent")
DEVICE.field("name", TEXT, listenable=True)
DEVICE.field("class_name")
DEVICE.field("class_display_name")
DEVICE.field("view")
DEVICE.constant(False, "can_have_drum_pads")
DEVICE.constant(0, "latency_in_samples", listenable=True, versions=HAS_LATENCY)
DEVICE.constant(0.0, "latency_in_ms", listenable=True, versions=HAS_LATENCY)
DEVICE.constant(False, "can_compare_ab", versions=COMPARES)
DEVICE_VIEW.field("canonical_parent", stored_as="parent")
DEVICE_VIEW.field("is_collapsed", BOOL, listenable=True)


def _cannot_compare(device: DeviceNode) -> str | None:
    return "This device cannot compare A and B"


@DEVICE.readable(listenable=True, vector="Device.ATimeableValueVector")
def parameters(device: DeviceNode) -> tuple[object, ...]:
    return device.parameters


@DEVICE.readable(vector="Device.DeviceType")
def type(device: DeviceNode) -> int:
    return device.kind


@DEVICE.readable(listenable=True)
def is_active(device: DeviceNode) -> bool:
    """On, and so is all that it lies in."""
    place = device.parent
    while place is not None and place.LIVE != "Track.Track":
        if isinstance(place, DeviceNode) and not place.is_on:
            return False
        place = place.parent
    return device.is_on


@DEVICE.readable()
def can_have_chains(device: DeviceNode) -> bool:
    return device.LIVE == "RackDevice.RackDevice"


@DEVICE.method(INT, INT)
def store_chosen_bank(device: DeviceNode, script_index: int, bank_index: int) -> None:
    """Live shows the bank on the device, which nobody sees here."""


@DEVICE.writable(BOOL, lambda device: False, listenable=True, versions=COMPARES, refuses=_cannot_compare)
def is_using_compare_preset_b(device: DeviceNode, on: bool) -> None:
    """Never reached: no device here can compare."""


@DEVICE.method(versions=COMPARES)
def save_preset_to_compare_ab_slot(device: DeviceNode) -> None:
    raise RuntimeError(_cannot_compare(device))
