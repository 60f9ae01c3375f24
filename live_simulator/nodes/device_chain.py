"""Devices, racks and their chains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, Tuple

from live_simulator.nodes.devices import ParameterNode
from live_simulator.nodes.node import Node

if TYPE_CHECKING:
    from live_simulator.nodes.tracks import TrackNode

MACROS = 16
INSTRUMENT, AUDIO_EFFECT, MIDI_EFFECT = 1, 2, 4
"""Device.DeviceType"""

Variation = Tuple[float, ...]
"""The values of a rack's macros."""


class DeviceOnNode(ParameterNode):
    """Each device's first parameter."""

    def __init__(self, device: DeviceNode) -> None:
        super().__init__(device, "Device On", (0.0, 1.0), 1.0, lambda value: ("Off", "On")[value >= 0.5])
        self.items = ("Off", "On")

    def changes_with(self, field: str) -> Iterable[tuple[Node, str]]:
        if field == "value":
            assert isinstance(self.parent, DeviceNode)
            yield from ((device, "is_active") for device in self.parent.with_all_inside())


class DeviceNode(Node):
    """`kind`: a Device.DeviceType. Its parent is the track or the chain that it lies in."""

    LIVE = "Device.Device"

    def __init__(self, holder: Node, name: str, class_name: str, kind: int) -> None:
        super().__init__(holder.runtime, holder)
        self.name = name
        self.class_display_name = name
        self.class_name = class_name
        self.kind = kind
        self.parameters: tuple[ParameterNode, ...] = (DeviceOnNode(self),)
        self.is_using_compare_preset_b = False
        self.view = DeviceViewNode(self)

    @property
    def is_on(self) -> bool:
        return self.parameters[0].value >= 0.5

    def with_all_inside(self) -> Iterator[DeviceNode]:
        yield self

    def children(self) -> tuple[Node, ...]:
        return (self.view, *self.parameters)


class DeviceViewNode(Node):
    LIVE = "Device.Device.View"

    def __init__(self, device: DeviceNode) -> None:
        super().__init__(device.runtime, device)
        self.is_collapsed = False


class RackNode(DeviceNode):
    """Macros follow its first parameter; the chain selector is the last."""

    LIVE = "RackDevice.RackDevice"
    LIVE_BASES = ("Device.Device", "LomObject.LomObject")

    def __init__(self, holder: Node, name: str, class_name: str, kind: int) -> None:
        super().__init__(holder, name, class_name, kind)
        self.chain_selector = _midi_range(self, "Chain Selector")
        macros = tuple(_midi_range(self, f"Macro {number + 1}") for number in range(MACROS))
        self.parameters = (*self.parameters, *macros, self.chain_selector)
        self.chains: tuple[ChainNode, ...] = ()
        self.visible_macro_count = 8
        self.variations: tuple[Variation, ...] = ()
        self.selected_variation_index = -1
        self.last_used_variation_index = -1
        self.is_showing_chains = False
        self.view: RackViewNode = RackViewNode(self)

    EVENTS = {"variations": ("variation_count",)}

    @property
    def macros(self) -> tuple[ParameterNode, ...]:
        return self.parameters[1 : 1 + MACROS]

    def with_all_inside(self) -> Iterator[DeviceNode]:
        yield self
        for chain in self.chains:
            for device in chain.devices:
                yield from device.with_all_inside()

    def children(self) -> tuple[Node, ...]:
        return (*super().children(), *self.chains)


class RackViewNode(DeviceViewNode):
    LIVE = "RackDevice.RackDevice.View"
    LIVE_BASES = ("Device.Device.View", "LomObject.LomObject")

    def __init__(self, rack: RackNode) -> None:
        super().__init__(rack)
        self.drum_pads_scroll_position = 0
        self.is_showing_chain_devices = False
        self.selected_chain: ChainNode | None = None


class ChainNode(Node):
    LIVE = "Chain.Chain"
    LIVE_BASES = ("Track.DeviceContainer", "LomObject.LomObject")
    EVENTS = {"color_index": ("color", "color_index")}

    def changes_with(self, field: str) -> Iterable[tuple[Node, str]]:
        if field == "solo":
            yield from ((chain, "muted_via_solo") for chain in self.rack.chains)

    def __init__(self, rack: RackNode, color_index: int) -> None:
        super().__init__(rack.runtime, rack)
        self.name = "Chain"
        self.color_index = color_index
        self.is_auto_colored = True
        self.mute = False
        self.solo = False
        self.devices: tuple[DeviceNode, ...] = ()
        self.mixer: Any = None

    @property
    def rack(self) -> RackNode:
        assert isinstance(self.parent, RackNode)
        return self.parent

    def children(self) -> tuple[Node, ...]:
        return (*self.devices, self.mixer)


class ChainMixerNode(Node):
    LIVE = "ChainMixerDevice.ChainMixerDevice"

    def __init__(self, chain: ChainNode) -> None:
        super().__init__(chain.runtime, chain)
        self.volume: Any = None
        self.panning: Any = None
        self.chain_activator: Any = None

    def children(self) -> tuple[Node, ...]:
        return (self.volume, self.panning, self.chain_activator)


def track_of(node: Node) -> TrackNode:
    """The track that a device, a chain or a parameter lies on."""
    place: Any = node
    while place.LIVE != "Track.Track":
        place = place.parent
    found: TrackNode = place
    return found


def _midi_range(rack: RackNode, name: str) -> ParameterNode:
    text: Callable[[float], str] = lambda value: str(int(value))  # noqa: E731
    return ParameterNode(rack, name, (0.0, 127.0), 0.0, text)
