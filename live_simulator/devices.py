"""Makes, places, copies, moves and removes devices.

In a row of devices MIDI effects come before the instrument, of which there is one, and audio effects behind it. Tracks
without MIDI hold audio effects alone.
"""

from __future__ import annotations

from typing import Iterable, Tuple, Union

from live_simulator import native_devices
from live_simulator.boost import to_float32
from live_simulator.clips import open_file
from live_simulator.curves import db_text, mixer_volume_db, pan_text
from live_simulator.native_devices import NativeDevice
from live_simulator.nodes.device_chain import (
    AUDIO_EFFECT,
    INSTRUMENT,
    MIDI_EFFECT,
    ChainMixerNode,
    ChainNode,
    DeviceNode,
    RackNode,
    track_of,
)
from live_simulator.nodes.devices import ParameterNode
from live_simulator.nodes.node import IDENTITY, Node, set_alive
from live_simulator.nodes.simpler import SampleNode, SimplerNode
from live_simulator.nodes.tracks import TrackNode

Holder = Union[TrackNode, ChainNode]
Row = Tuple[DeviceNode, ...]

FORMS = {"device": DeviceNode, "rack": RackNode, "simpler": SimplerNode}
ORDER = {MIDI_EFFECT: 0, INSTRUMENT: 1, AUDIO_EFFECT: 2}
SIMPLER_SETTINGS = (
    "playback_mode",
    "slicing_playback_mode",
    "pad_slicing",
    "retrigger",
    "voices",
    "pitch_bend_range",
    "note_pitch_bend_range",
)
ALL_KINDS = frozenset(ORDER)


def new_device(holder: Holder, native: NativeDevice) -> DeviceNode:
    """Not alive, and not in its row yet."""
    device: DeviceNode = FORMS[native.form](holder, native.name, native.class_name, native.kind)
    for specification in native.parameters:
        span = to_float32(specification.least), to_float32(specification.most)
        default = to_float32(specification.default)
        parameter = ParameterNode(device, specification.name, span, default, specification.text)
        parameter.items = specification.items
        device.parameters = (*device.parameters, parameter)
    return device


def insert(holder: Holder, name: str, index: int) -> DeviceNode:
    """RuntimeError where Live has no such device here, or where it cannot stand there. -1: at the end."""
    native = native_devices.BY_NAME.get(name)
    if native is None:
        known = ", ".join(native_devices.BY_NAME)
        raise RuntimeError(f"There is no native device named {name!r} here; there are {known}")
    device = new_device(holder, native)
    place = len(holder.devices) if index == -1 else index
    if not 0 <= place <= len(holder.devices):
        raise RuntimeError("Device index is out of range")
    _change(holder, (*holder.devices[:place], device, *holder.devices[place:]))
    return device


def delete(holder: Holder, index: int) -> None:
    device = at(holder, index)
    _store(holder, tuple(other for other in holder.devices if other is not device))
    set_alive(device, False)
    track = track_of(holder)
    if track.view.selected_device is device:
        left = holder.devices
        track.view.put("selected_device", left[min(index, len(left) - 1)] if left else None, undoable=False)


def duplicate(holder: Holder, index: int) -> None:
    """The copy stands right behind."""
    copied = copy(at(holder, index), holder)
    _change(holder, (*holder.devices[: index + 1], copied, *holder.devices[index + 1 :]))


def move(device: DeviceNode, target: Holder, index: int) -> int:
    """To that place of the target's row, as it is before the move; the place that it got."""
    holder = holder_of(device)
    left = tuple(other for other in target.devices if other is not device)
    place = nearest_place(device, target, index)
    if holder is not target:
        _store(holder, tuple(other for other in holder.devices if other is not device))
        device.put("parent", target)
    _store(target, (*left[:place], device, *left[place:]))
    return place


def nearest_place(device: DeviceNode, target: Holder, index: int) -> int:
    """The place, nearest to that one, where the device can stand. RuntimeError where there is none."""
    left = tuple(other for other in target.devices if other is not device)
    if not 0 <= index <= len(left):
        raise RuntimeError("Device index is out of range")
    places = [place for place in range(len(left) + 1) if _fits(target, (*left[:place], device, *left[place:]))]
    if not places:
        raise RuntimeError(f"{device.class_display_name} cannot stand there")
    return min(places, key=lambda place: abs(place - index))


def at(holder: Holder, index: int) -> DeviceNode:
    if not 0 <= index < len(holder.devices):
        raise RuntimeError("Device index is out of range")
    return holder.devices[index]


def holder_of(device: DeviceNode) -> Holder:
    assert isinstance(device.parent, (TrackNode, ChainNode))
    return device.parent


def copies(devices: Row, holder: Holder) -> Row:
    return tuple(copy(device, holder) for device in devices)


def copy(device: DeviceNode, holder: Holder) -> DeviceNode:
    """With its values and, of a rack, its chains; not alive."""
    copied = new_device(holder, native_devices.BY_NAME[device.class_display_name])
    copied.name = device.name
    if isinstance(device, RackNode):
        assert isinstance(copied, RackNode)
        copied.chains = tuple(_copy_chain(chain, copied) for chain in device.chains)
        copied.visible_macro_count, copied.variations = device.visible_macro_count, device.variations
    elif isinstance(device, SimplerNode):
        assert isinstance(copied, SimplerNode)
        _copy_simpler(device, copied)
    _copy_values(device.parameters, copied.parameters)
    return copied


def new_chain(rack: RackNode) -> ChainNode:
    chain = ChainNode(rack, track_of(rack).color_index)
    mixer = ChainMixerNode(chain)
    mixer.volume = ParameterNode(
        mixer, "Volume", (0.0, 1.0), to_float32(0.85), lambda value: db_text(mixer_volume_db(value)), mixer_volume_db
    )
    mixer.panning = ParameterNode(mixer, "Pan", (-1.0, 1.0), 0.0, pan_text, lambda pan: pan * 50.0)
    mixer.chain_activator = ParameterNode(mixer, "Chain On", (0.0, 1.0), 1.0, lambda value: ("Off", "On")[value >= 0.5])
    mixer.chain_activator.items = ("Off", "On")
    chain.mixer = mixer
    return chain


def insert_chain(rack: RackNode, index: int) -> ChainNode:
    place = len(rack.chains) if index == -1 else index
    if not 0 <= place <= len(rack.chains):
        raise RuntimeError("Chain index is out of range")
    chain = new_chain(rack)
    set_alive(chain, True)
    rack.put("chains", (*rack.chains[:place], chain, *rack.chains[place:]))
    return chain


def load_sample(simpler: SimplerNode, path: str) -> None:
    """ValueError as for a clip of that file."""
    sample = SampleNode(simpler, open_file(track_of(simpler).song, path))
    if simpler.sample is not None:
        set_alive(simpler.sample, False)
    set_alive(sample, True)
    simpler.put("sample", sample)


def kinds_on(holder: Holder) -> frozenset[int]:
    """What can stand there."""
    if isinstance(holder, ChainNode):
        kind = holder.rack.kind
        return ALL_KINDS if kind == INSTRUMENT else frozenset((kind,))
    return ALL_KINDS if holder.role == "midi" else frozenset((AUDIO_EFFECT,))


def _change(holder: Holder, row: Row) -> None:
    """Stores a row with a new device in it."""
    new = [device for device in row if not device.alive]
    if not _fits(holder, row):
        raise RuntimeError(f"{new[0].class_display_name} cannot stand there")
    for device in new:
        set_alive(device, True)
    _store(holder, row)


def _store(holder: Holder, row: Row) -> None:
    holder.put("devices", row)


def _fits(holder: Holder, row: Row) -> bool:
    kinds = [device.kind for device in row]
    order = [ORDER[kind] for kind in kinds]
    return set(kinds) <= kinds_on(holder) and order == sorted(order) and kinds.count(INSTRUMENT) <= 1


def _copy_chain(chain: ChainNode, rack: RackNode) -> ChainNode:
    copied = new_chain(rack)
    copied.name, copied.color_index, copied.is_auto_colored = chain.name, chain.color_index, chain.is_auto_colored
    copied.mute, copied.solo = chain.mute, chain.solo
    copied.devices = copies(chain.devices, copied)
    _copy_values(_parameters(chain.mixer), _parameters(copied.mixer))
    return copied


def _copy_simpler(simpler: SimplerNode, copied: SimplerNode) -> None:
    for field in SIMPLER_SETTINGS:
        setattr(copied, field, getattr(simpler, field))
    if simpler.sample is not None:
        copied.sample = SampleNode(copied, simpler.sample.file)
        for field, value in vars(simpler.sample).items():
            if field not in IDENTITY:
                setattr(copied.sample, field, value)


def _parameters(node: Node) -> list[ParameterNode]:
    return [child for child in node.children() if isinstance(child, ParameterNode)]


def _copy_values(of: Iterable[ParameterNode], to: Iterable[ParameterNode]) -> None:
    for source, target in zip(of, to):
        target.value = source.value
