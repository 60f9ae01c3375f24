"""Control elements: the buttons, encoders, sliders and matrices of a MIDI controller."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable

from live_simulator.frameworks import midi
from live_simulator.frameworks.events import EventError, EventObject
from live_simulator.frameworks.functions import nop
from live_simulator.frameworks.injection import depends

ON_VALUE, OFF_VALUE = 127, 0


class ControlElementClient:
    def set_control_element(self, control_element: Any, grabbed: bool) -> None: ...


class ControlElement(EventObject):
    """Belongs to the control surface in whose component_guard it is made."""

    @depends(send_midi=None, register_control=None)
    def __init__(
        self,
        name: str = "",
        resource_type: Any = None,
        optimized_send_midi: bool = True,
        send_midi: Any = None,
        register_control: Any = None,
        **keywords: Any,
    ) -> None:
        super().__init__()
        self.name = name
        self.optimized_send_midi = optimized_send_midi
        self._send_midi = send_midi
        register_control(self)

    @property
    def control_element_children(self) -> tuple[Any, ...]:
        return ()

    def send_midi(self, message: tuple[int, ...]) -> Any:
        return self._send_midi(message)

    def clear_send_cache(self) -> None: ...

    def reset(self) -> None: ...

    def install_connections(self, translate: Any, mapping: Any, forwarding: Any) -> None: ...

    def set_control_element(self, control: Any, grabbed: bool) -> None: ...


class NotifyingControlElement(ControlElement):
    """Tells of its values; a listener that is added with `identify_sender` is called with this element besides."""

    __events__ = ("value",)

    def add_value_listener(self, listener: Callable[..., None], identify_sender: bool = False) -> None:
        told = partial(_with_sender, listener, self) if identify_sender else listener
        self.__dict__.setdefault("_told", []).append((listener, told))

    def remove_value_listener(self, listener: Callable[..., None]) -> None:
        kept = self.__dict__.get("_told", [])
        found = next((pair for pair in kept if pair[0] == listener), None)
        if found is None:
            raise EventError(f"{listener!r} does not listen to {self.name or self!r}")
        kept.remove(found)

    def value_has_listener(self, listener: Callable[..., None]) -> bool:
        return any(pair[0] == listener for pair in self.__dict__.get("_told", []))

    def notify_value(self, *values: Any) -> None:
        for _, told in tuple(self.__dict__.get("_told", ())):
            told(*values)

    def disconnect(self) -> None:
        super().disconnect()
        self.__dict__["_told"] = []


def _with_sender(listener: Callable[..., None], sender: Any, *values: Any) -> None:
    listener(*values, sender)


class InputControlElement(NotifyingControlElement):
    """One MIDI message: a note, controller, pitch bend or sysex; `identifier` is the note or controller, 0 to 127."""

    _feedback_rule: Any = None
    input_signal: Any = None

    @depends(request_rebuild_midi_map=lambda: nop)
    def __init__(
        self,
        msg_type: int | None = None,
        channel: int | None = None,
        identifier: Any = None,
        sysex_identifier: Any = None,
        request_rebuild_midi_map: Any = None,
        **keywords: Any,
    ) -> None:
        super().__init__(**keywords)
        self._request_rebuild = request_rebuild_midi_map
        self._original: Any = (msg_type, channel, sysex_identifier if identifier is None else identifier)
        self._msg_type: Any = msg_type
        self._channel: Any = channel
        self._identifier: Any = self._original[2]
        self._parameter: Any = None
        self._last_sent: Any = None
        self.suppress_script_forwarding = False
        self.num_delayed_messages = 1

    def message_type(self) -> Any:
        return self._msg_type

    def message_channel(self) -> Any:
        return self._channel

    def message_identifier(self) -> Any:
        return self._identifier

    def original_channel(self) -> Any:
        return self._original[1]

    def original_identifier(self) -> Any:
        return self._original[2]

    def message_map_mode(self) -> Any:
        raise AssertionError("only encoders and the like have a map mode")

    def message_sysex_identifier(self) -> Any:
        return self._identifier

    def set_channel(self, channel: int) -> None:
        self._channel = channel
        self._request_rebuild()

    def set_identifier(self, identifier: int) -> None:
        self._identifier = identifier
        self._request_rebuild()

    def set_needs_takeover(self, needs_takeover: bool) -> None: ...

    def set_feedback_delay(self, delay: int) -> None: ...

    def use_default_message(self) -> None:
        self._msg_type, self._channel, self._identifier = self._original
        self._request_rebuild()

    def identifier_bytes(self) -> list[tuple[int, ...]]:
        """The beginnings of the MIDI messages that this element receives."""
        if self._msg_type == midi.MIDI_SYSEX_TYPE:
            return [tuple(self._identifier)]
        if self._msg_type not in midi.STATUS_OF_TYPE:
            return []
        status = midi.STATUS_OF_TYPE[self._msg_type] + self._channel
        if self._msg_type == midi.MIDI_PB_TYPE:
            return [(status,)]
        if self._msg_type == midi.MIDI_NOTE_TYPE:
            return [(status, self._identifier), (midi.MIDI_NOTE_OFF_STATUS + self._channel, self._identifier)]
        return [(status, self._identifier)]

    def script_wants_forwarding(self) -> bool:
        return not self.suppress_script_forwarding

    def install_connections(self, translate: Any, mapping: Any, forwarding: Any) -> None:
        """Either Live moves the parameter by itself, or what is received comes to the script."""
        if self._parameter is not None and mapping(self, self._parameter):
            return
        if self.script_wants_forwarding() and self.identifier_bytes():
            forwarding(self)

    def connect_to(self, parameter: Any) -> None:
        if self._parameter != parameter:
            self._parameter = parameter
            self._request_rebuild()

    def release_parameter(self) -> None:
        if self._parameter is not None:
            self._parameter = None
            self._request_rebuild()

    def is_mapped_to_parameter(self) -> bool:
        return self._parameter is not None

    def mapped_parameter(self) -> Any:
        return self._parameter

    @property
    def mapped_object(self) -> Any:
        return self._parameter

    def reset(self) -> None:
        self.send_value(0)

    def clear_send_cache(self) -> None:
        self._last_sent = None

    def send_value(self, value: Any, force: bool = False, channel: int | None = None) -> None:
        """What the controller shows, such as a lamp's colour; the same value is sent once, unless by `force`."""
        on = self._channel if channel is None else channel
        if (force or (value, on) != self._last_sent) and self._msg_type in midi.STATUS_OF_TYPE:
            self._last_sent = (value, on)
            status = midi.STATUS_OF_TYPE[self._msg_type] + on
            is_bend = self._msg_type == midi.MIDI_PB_TYPE
            self.send_midi((status, value & 127, value >> 7) if is_bend else (status, self._identifier, value))

    def receive_value(self, value: Any) -> None:
        self.notify_value(value)


class ButtonElement(InputControlElement):
    def __init__(self, is_momentary: Any, msg_type: Any, channel: Any, identifier: Any, **keywords: Any) -> None:
        keywords.pop("skin", None)
        super().__init__(msg_type, channel, identifier, **keywords)
        self._is_momentary = bool(is_momentary)
        self._is_pressed = False

    def is_momentary(self) -> bool:
        return self._is_momentary

    def is_pressed(self) -> bool:
        return self._is_momentary and self._is_pressed

    def message_map_mode(self) -> Any:
        raise AssertionError("a button has no map mode")

    def turn_on(self) -> None:
        self.send_value(ON_VALUE)

    def turn_off(self) -> None:
        self.send_value(OFF_VALUE)

    def set_light(self, value: Any) -> None:
        self.send_value(ON_VALUE if value else OFF_VALUE)

    def receive_value(self, value: Any) -> None:
        self._is_pressed = value > 0
        super().receive_value(value)


class EncoderElement(InputControlElement):
    """`map_mode` is one of Live.MidiMap.MapMode."""

    __events__ = ("normalized_value",)

    def __init__(
        self,
        msg_type: Any,
        channel: Any,
        identifier: Any,
        map_mode: Any,
        encoder_sensitivity: float | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__(msg_type, channel, identifier, **keywords)
        self._map_mode = map_mode
        self.encoder_sensitivity = encoder_sensitivity
        self.mapping_sensitivity = 1.0

    def message_map_mode(self) -> Any:
        return self._map_mode

    def normalize_value(self, value: int) -> float:
        """How far it was turned, -1 to 1; of an absolute one where it stands, 0 to 1."""
        return midi.turned_by(int(self._map_mode), value)

    def receive_value(self, value: Any) -> None:
        super().receive_value(value)
        self.notify_normalized_value(self.normalize_value(value))  # type: ignore[attr-defined]


class SliderElement(InputControlElement):
    def __init__(self, msg_type: Any, channel: Any, identifier: Any, **keywords: Any) -> None:
        super().__init__(msg_type, channel, identifier, **keywords)

    def message_map_mode(self) -> Any:
        return 0


class SysexElement(InputControlElement):
    def __init__(
        self,
        send_message_generator: Callable[..., tuple[int, ...]] | None = None,
        sysex_identifier: Any = None,
        **keywords: Any,
    ) -> None:
        super().__init__(msg_type=midi.MIDI_SYSEX_TYPE, sysex_identifier=sysex_identifier, **keywords)
        self._generate = send_message_generator

    def reset(self) -> None: ...

    def send_value(self, *arguments: Any, **keywords: Any) -> None:
        if self._generate is not None:
            self.send_midi(self._generate(*arguments))
