"""Live.RackDevice, Live.Chain and Live.ChainMixerDevice. There are no drum racks."""

from __future__ import annotations

from live_simulator import devices
from live_simulator.api import checks
from live_simulator.api.classes import CHAIN, CHAIN_MIXER_DEVICE, RACK_DEVICE, RACK_DEVICE_VIEW
from live_simulator.boost import BOOL, INT, NOTHING, STRING, TEXT
from live_simulator.nodes.device_chain import (
    AUDIO_EFFECT,
    INSTRUMENT,
    MACROS,
    MIDI_EFFECT,
    ChainNode,
    DeviceNode,
    RackNode,
    RackViewNode,
)
from live_simulator.nodes.node import Node
from live_simulator.versions import since

INSERTS = since(12, 3)

RACK_DEVICE.field("chains", listenable=True)
RACK_DEVICE.field("chain_selector", versions=since(11, 3, 2))
RACK_DEVICE.field("is_showing_chains", BOOL, listenable=True, undoable=False)
RACK_DEVICE.field("visible_macro_count", listenable=True, versions=since(11, 3, 2))
RACK_DEVICE.constant(True, "can_show_chains")
RACK_DEVICE.constant(False, "has_drum_pads", "has_macro_mappings", listenable=True)
RACK_DEVICE.constant((), "drum_pads", "visible_drum_pads", "return_chains", listenable=True)
RACK_DEVICE_VIEW.field("is_showing_chain_devices", BOOL, listenable=True, undoable=False)


def _no_drum_rack(node: Node) -> str | None:
    return "This function is only available for Drum Racks"


@RACK_DEVICE.readable(listenable=True, vector="tuple")
def macros_mapped(rack: RackNode) -> tuple[bool, ...]:
    return (False,) * MACROS


@RACK_DEVICE.method(INT, defaults=(-1,), versions=INSERTS)
def insert_chain(rack: RackNode, index: int) -> ChainNode:
    return devices.insert_chain(rack, index)


@RACK_DEVICE.method(INT, INT)
def copy_pad(rack: RackNode, source: int, destination: int) -> None:
    raise RuntimeError(_no_drum_rack(rack))


# Macros and variations


@RACK_DEVICE.method()
def add_macro(rack: RackNode) -> None:
    rack.put("visible_macro_count", min(MACROS, rack.visible_macro_count + 1))


@RACK_DEVICE.method()
def remove_macro(rack: RackNode) -> None:
    rack.put("visible_macro_count", max(1, rack.visible_macro_count - 1))


@RACK_DEVICE.method()
def randomize_macros(rack: RackNode) -> None:
    """Nothing: only mapped macros are, and none is mapped."""


@RACK_DEVICE.readable(listenable=True)
def variation_count(rack: RackNode) -> int:
    return len(rack.variations)


@RACK_DEVICE.writable(INT)
def selected_variation_index(rack: RackNode, index: int) -> None:
    if not -1 <= index < len(rack.variations):
        raise RuntimeError("Variation index is out of range")
    rack.put("selected_variation_index", index)


@RACK_DEVICE.method()
def store_variation(rack: RackNode) -> None:
    rack.put("variations", (*rack.variations, tuple(macro.value for macro in rack.macros)))
    rack.put("selected_variation_index", len(rack.variations) - 1)


@RACK_DEVICE.method()
def recall_selected_variation(rack: RackNode) -> None:
    _recall(rack, rack.selected_variation_index)


@RACK_DEVICE.method()
def recall_last_used_variation(rack: RackNode) -> None:
    _recall(rack, rack.last_used_variation_index)


@RACK_DEVICE.method()
def delete_selected_variation(rack: RackNode) -> None:
    index = rack.selected_variation_index
    if index == -1:
        return
    rack.put("variations", rack.variations[:index] + rack.variations[index + 1 :])
    rack.put("selected_variation_index", min(index, len(rack.variations) - 1))
    rack.put("last_used_variation_index", -1)


def _recall(rack: RackNode, index: int) -> None:
    if index != -1:
        for macro, value in zip(rack.macros, rack.variations[index]):
            macro.set_value(value)
        rack.put("last_used_variation_index", index)


# The rack's view


@RACK_DEVICE_VIEW.writable(CHAIN.kind(optional=True), listenable=True)
def selected_chain(view: RackViewNode, chain: ChainNode | None) -> None:
    if chain is not None and chain.parent is not view.parent:
        raise RuntimeError("The chain does not belong to this rack")
    view.put("selected_chain", chain, undoable=False)


@RACK_DEVICE_VIEW.writable(INT, listenable=True, refuses=_no_drum_rack)
def drum_pads_scroll_position(view: RackViewNode, position: int) -> None:
    """Never reached: there are no drum racks."""


@RACK_DEVICE_VIEW.writable(NOTHING, lambda view: None, listenable=True, refuses=_no_drum_rack)
def selected_drum_pad(view: RackViewNode, pad: None) -> None:
    """Never reached: there are no drum racks."""


# Chains

CHAIN.field("canonical_parent", stored_as="parent")
CHAIN.field("name", TEXT, listenable=True)
CHAIN.field("mute", BOOL, listenable=True)
CHAIN.field("solo", BOOL, listenable=True)
CHAIN.field("is_auto_colored", BOOL, listenable=True)
CHAIN.field("devices", listenable=True)
CHAIN.field("mixer_device", stored_as="mixer")
CHAIN.writable(INT, checks.read_color, listenable=True)(checks.named("color", checks.set_color))
CHAIN.writable(INT, listenable=True)(checks.named("color_index", checks.set_color_index))


@CHAIN.readable(listenable=True)
def muted_via_solo(chain: ChainNode) -> bool:
    return not chain.solo and any(other.solo for other in chain.rack.chains)


@CHAIN.readable()
def has_midi_input(chain: ChainNode) -> bool:
    return chain.rack.kind != AUDIO_EFFECT


@CHAIN.readable()
def has_midi_output(chain: ChainNode) -> bool:
    return chain.rack.kind == MIDI_EFFECT


@CHAIN.readable()
def has_audio_input(chain: ChainNode) -> bool:
    return chain.rack.kind == AUDIO_EFFECT


@CHAIN.readable()
def has_audio_output(chain: ChainNode) -> bool:
    return chain.rack.kind in (AUDIO_EFFECT, INSTRUMENT)


@CHAIN.method(STRING, INT, defaults=(-1,), versions=INSERTS)
def insert_device(chain: ChainNode, name: str, index: int) -> DeviceNode:
    return devices.insert(chain, name, index)


@CHAIN.method(INT)
def delete_device(chain: ChainNode, index: int) -> None:
    devices.delete(chain, index)


@CHAIN.method(INT, versions=INSERTS)
def duplicate_device(chain: ChainNode, index: int) -> None:
    devices.duplicate(chain, index)


CHAIN_MIXER_DEVICE.field("canonical_parent", stored_as="parent")
CHAIN_MIXER_DEVICE.field("volume")
CHAIN_MIXER_DEVICE.field("panning")
CHAIN_MIXER_DEVICE.field("chain_activator")
CHAIN_MIXER_DEVICE.constant((), "sends", listenable=True)
