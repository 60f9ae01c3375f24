"""ableton.v3: surfaces that are described by a specification of elements, components and which plays which."""

from __future__ import annotations

import re
from typing import Any, Callable, Iterable

from live_simulator.frameworks import midi, surface
from live_simulator.frameworks.appearance import Skin
from live_simulator.frameworks.components import V2
from live_simulator.frameworks.compound_elements import ButtonMatrixElement
from live_simulator.frameworks.elements import ButtonElement, EncoderElement, SysexElement
from live_simulator.frameworks.events import EventObject, listenable_property
from live_simulator.frameworks.functions import const, nop
from live_simulator.frameworks.layer import Layer


class MapMode:
    """Names for Live.MidiMap.MapMode: Linear ones count steps, Accel ones are Live's smooth ones."""

    Absolute = 0
    LinearSignedBit, LinearBinaryOffset, LinearTwoCompliment = 1, 2, 3
    AccelSignedBit, AccelBinaryOffset, AccelTwoCompliment = 6, 7, 8


def create_matrix_identifiers(start: int, stop: int, width: int = 1, flip_rows: bool = False) -> list[list[int]]:
    """Rows of `width` numbers from `start` up to `stop`, the lowest row first with `flip_rows`."""
    rows = [list(range(first, min(first + width, stop))) for first in range(start, stop, width)]
    return rows[::-1] if flip_rows else rows


def create_skin(skin: Any = None, colors: Any = None) -> Skin:
    return Skin(skin)


class ElementsBase:
    """Makes the elements, attributes by their names in lower case; a matrix's buttons are besides in `<name>_raw`."""

    def __init__(self, global_channel: int = 0, **_: Any) -> None:
        self._channel = global_channel

    def add_element(self, name: str, factory: Callable[..., Any], *arguments: Any, **keywords: Any) -> None:
        self._keep(name, factory(*arguments, name=name, **keywords))

    def add_button(self, identifier: int, name: str, **keywords: Any) -> None:
        self._keep(name, self._button(identifier, name, **keywords))

    def add_modifier_button(self, identifier: int, name: str, **keywords: Any) -> None:
        self.add_button(identifier, name, **keywords)

    def add_encoder(self, identifier: int, name: str, **keywords: Any) -> None:
        self._keep(name, self._encoder(identifier, name, **keywords))

    def add_sysex_element(self, header: Any, name: str, send_message_generator: Any = None, **_: Any) -> None:
        self._keep(name, SysexElement(send_message_generator, header, name=name))

    def add_button_matrix(self, identifiers: Any, base_name: str, channels: Any = None, **keywords: Any) -> None:
        self._add_matrix(self._button, identifiers, base_name, channels, keywords)

    def add_encoder_matrix(self, identifiers: Any, base_name: str, channels: Any = None, **keywords: Any) -> None:
        self._add_matrix(self._encoder, identifiers, base_name, channels, keywords)

    def add_submatrix(
        self, matrix: Any, name: str, columns: tuple[int, int] | None = None, rows: tuple[int, int] | None = None
    ) -> None:
        self._keep(name, matrix.submatrix[slice(*(columns or (None,))), slice(*(rows or (None,)))])

    def _add_matrix(self, make: Callable[..., Any], identifiers: Any, name: str, channels: Any, keywords: Any) -> None:
        rows = []
        for y, row in enumerate(identifiers):
            channel = channels[y] if isinstance(channels, (list, tuple)) else channels
            rows.append([make(i, f"{name}[{x}][{y}]", channel=channel, **keywords) for x, i in enumerate(row)])
        matrix = ButtonMatrixElement(rows=rows, name=name)
        self._keep(name, matrix)
        setattr(self, f"{name.lower()}_raw", list(matrix))

    def _button(
        self, identifier: int, name: str, channel: Any = None, msg_type: int = midi.MIDI_CC_TYPE, **keywords: Any
    ) -> Any:
        momentary = keywords.get("is_momentary", True)
        return ButtonElement(momentary, msg_type, self._channel_of(channel), identifier, name=name)

    def _encoder(
        self,
        identifier: int,
        name: str,
        channel: Any = None,
        msg_type: int = midi.MIDI_CC_TYPE,
        map_mode: int = MapMode.Absolute,
        **_: Any,
    ) -> Any:
        return EncoderElement(msg_type, self._channel_of(channel), identifier, map_mode, name=name)

    def _channel_of(self, channel: Any) -> int:
        return self._channel if channel is None else int(channel)

    def _keep(self, name: str, element: Any) -> None:
        setattr(self, name.lower(), element)


class ControlSurfaceSpecification:
    """What a script's surface is made of; scripts inherit from it and set what is theirs."""

    elements_type: Any = ElementsBase
    control_surface_skin: Any = None
    create_mappings_function: Any = nop
    component_map: dict[str, Any] = {}
    num_tracks = 8
    num_scenes = 1
    include_returns = False
    identity_response_id_bytes: Any = None
    hello_messages: Any = None
    goodbye_messages: Any = None


def song() -> Any:
    return surface.live_application().get_document()


class TargetTrack(EventObject):
    """The track that a surface's controls are for: the selected one."""

    def __init__(self) -> None:
        super().__init__()
        self.register_slot(song().view, self._tell, "selected_track")

    @listenable_property
    def target_track(self) -> Any:
        return song().view.selected_track

    def _tell(self) -> None:
        self.notify_target_track()  # type: ignore[attr-defined]


def _session(specification: Any) -> Any:
    return V2.SessionComponent(session_ring=V2.SessionRingComponent(specification.num_tracks, specification.num_scenes))


BUILT_IN: dict[str, Callable[[Any], Any]] = {
    "Transport": lambda specification: V2.TransportComponent(),
    "Mixer": lambda specification: V2.MixerComponent(specification.num_tracks),
    "Device": lambda specification: V2.DeviceComponent(),
    "Session": _session,
}
"""The components that a surface makes by itself where a mapping names them, of its specification."""


class ControlSurface(surface.ControlSurface):
    """Makes elements, components and layers of the specification, and then calls `setup()`.

    The built-in components are those of `BUILT_IN`; a mapping to another one, or to modes, is refused.
    """

    def __init__(
        self, specification: Any = None, *arguments: Any, c_instance: Any = None, publish_self: bool = True, **_: Any
    ) -> None:
        super().__init__(c_instance)
        self.specification = self._specification = specification or ControlSurfaceSpecification
        self.component_map: dict[str, Any] = {}
        self._target_track = self.register_disconnectable(TargetTrack())
        with self.component_guard():
            self.elements = self.specification.elements_type()
            self._create_components()
            self.setup()

    def setup(self) -> None:
        """For scripts: their own set-up, when all is made."""

    def _dependencies(self) -> dict[str, Callable[[], Any]]:
        return {**super()._dependencies(), "target_track": const(self._target_track)}

    def send_midi(self, message: tuple[int, ...]) -> bool:
        return self._send_midi(message)

    def _create_components(self) -> None:
        for name, kind in self.specification.component_map.items():
            self.component_map[name] = kind(name=name)
        for name, controls in (self.specification.create_mappings_function(self) or {}).items():
            if controls or name in BUILT_IN:  # one that nothing plays need not be known
                self._component(name).layer = Layer(**self._elements_for(name, controls))

    def _component(self, name: str) -> Any:
        if name not in self.component_map:
            if name not in BUILT_IN:
                known = ", ".join(sorted([*BUILT_IN, *self.component_map]))
                raise KeyError(f"mappings[{name!r}]: no such component; the simulated Live knows {known}")
            self.component_map[name] = BUILT_IN[name](self.specification)
        return self.component_map[name]

    def _elements_for(self, component: str, controls: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for control, wanted in controls.items():
            if not isinstance(wanted, str):
                raise TypeError(f"mappings[{component!r}][{control!r}]: modes in mappings are not simulated")
            found[control] = self._element(wanted)
        return found

    def _element(self, text: str) -> Any:
        """'name', 'name_raw[3]' or 'name_raw[0:8]'"""
        parts = re.match(r"^(\w+)(?:\[(\d+)(?::(\d+))?\])?$", text)
        if parts is None or not hasattr(self.elements, parts[1].lower()):
            raise AttributeError(f"there is no element {text!r}")
        element = getattr(self.elements, parts[1].lower())
        if parts[2] is None:
            return element
        return element[int(parts[2])] if parts[3] is None else _raw(element[int(parts[2]) : int(parts[3])])


def _raw(elements: Iterable[Any]) -> Any:
    return ButtonMatrixElement(rows=[list(elements)])
