"""ControlSurface: what most scripts inherit from. Live calls its methods; it tells components and controls."""

from __future__ import annotations

import pickle
import sys
from contextlib import contextmanager
from typing import Any, Callable, Iterator

from live_simulator.frameworks import midi, tasks
from live_simulator.frameworks.elements import InputControlElement
from live_simulator.frameworks.events import EventObject
from live_simulator.frameworks.functions import const
from live_simulator.frameworks.injection import inject
from live_simulator.frameworks.midi_mapping import forward, map_to_parameter
from live_simulator.frameworks.usual_answers import UsualAnswers


def live_application() -> Any:
    return sys.modules["Live"].Application.get_application()


class BaseControlSurface(UsualAnswers, EventObject):
    """What the surfaces of ableton.v2 and of _Framework share."""

    __events__ = ("received_midi", "disconnect")
    preferences_key: str | None = None

    def __init__(self, c_instance: Any = None, publish_self: bool = True, *arguments: Any, **keywords: Any) -> None:
        super().__init__()
        self.canonical_parent = None
        self._c_instance = c_instance
        self._task_group: Any = tasks.TaskGroup(auto_kill=False)
        self._components: list[Any] = []
        self._controls: list[Any] = []
        self._timer_callbacks: list[Callable[[], Any]] = []
        self._forwarded: dict[tuple[int, ...], Any] = {}
        self._rebuilds_suppressed = 0
        self._rebuild_is_due = False
        self._device_component: Any = None
        self._highlighting_session: Any = None
        self._enabled = True
        song = c_instance.song()
        self._listen(song.view, "selected_track", "on_selected_track_changed")
        self._listen(song.view, "selected_scene", "on_selected_scene_changed")
        self._listen(song, "visible_tracks", "on_track_list_changed")
        self._listen(song, "scenes", "on_scene_list_changed")

    def _listen(self, subject: Any, event: str, method: str) -> None:
        """Calls a component's `method`, and this surface's `_method`, when something changes in Live."""

        def tell() -> None:
            getattr(self, f"_{method}")()

        self.register_slot(subject, tell, event)

    # What a script asks of it

    @property
    def components(self) -> tuple[Any, ...]:
        return tuple(self._components)

    @property
    def root_components(self) -> tuple[Any, ...]:
        return tuple(component for component in self._components if component.is_root_component)

    @property
    def controls(self) -> list[Any]:
        return list(self._controls)

    @property
    def _tasks(self) -> Any:
        return self._task_group

    @property
    def preferences(self) -> dict[str, Any]:
        """A dict that Live keeps; `preferences_key` names it."""
        if self.preferences_key is None:
            raise RuntimeError("Trying to access preferences without providing a preferences_key")
        if "_preferences" not in self.__dict__:
            kept = self._c_instance.preferences(self.preferences_key)
            stored = bytes(kept)
            self._preferences: dict[str, Any] = pickle.loads(stored) if stored else {}
            kept.set_serializer(lambda: pickle.dumps(self._preferences))
        return self._preferences

    def get_control_by_name(self, name: str) -> Any:
        return next((control for control in self._controls if getattr(control, "name", "") == name), None)

    def show_message(self, message: str) -> None:
        self._c_instance.show_message(message)

    def schedule_message(self, delay_in_ticks: int, callback: Callable[..., Any], parameter: Any = None) -> None:
        """Calls back in the `delay_in_ticks`-th tick of 100 ms from now; 0 is the next, as 1 is.

        One that raises stays, and is called again in the next tick.
        """

        def message(_: float) -> None:
            if parameter:
                callback(parameter)
            else:
                callback()

        self._task_group.add(tasks.sequence(tasks.delay(max(delay_in_ticks, 1)), message))

    @contextmanager
    def component_guard(self) -> Iterator[None]:
        """Inside it, elements and components get what they need of this surface."""
        with inject(**self._dependencies()).everywhere(), self.suppressing_rebuild_requests():
            yield

    def _dependencies(self) -> dict[str, Callable[[], Any]]:
        return {
            "song": self._c_instance.song,
            "application": live_application,
            "parent_task_group": const(self._task_group),
            "register_component": const(self._register_component),
            "register_control": const(self._register_control),
            "register_timer_callback": const(self._register_timer),
            "request_rebuild_midi_map": const(self.request_rebuild_midi_map),
            "send_midi": const(self._send_midi),
            "show_message": const(self.show_message),
            "set_session_highlight": const(self._set_session_highlight),
            "control_surface": const(self),
        }

    def _register_component(self, component: Any) -> None:
        self._components.append(component)
        component.canonical_parent = self

    def _register_control(self, control: Any) -> None:
        self._controls.append(control)
        control.canonical_parent = self

    def _register_timer(self, callback: Callable[[], Any], wanted: bool) -> None:
        if wanted:
            self._timer_callbacks.append(callback)
        else:
            self._timer_callbacks.remove(callback)

    def set_enabled(self, enable: Any) -> None:
        self._enabled = bool(enable)
        for component in self.root_components:
            component._set_enabled_recursive(self._enabled)

    @property
    def highlighting_session_component(self) -> Any:
        return self._highlighting_session

    def set_highlighting_session_component(self, session: Any) -> None:
        self._highlighting_session = session
        if session is not None:
            session.set_highlighting_callback(self._set_session_highlight)

    def _set_session_highlight(self, *highlight: Any) -> None:
        self._c_instance.set_session_highlight(*highlight)

    def set_pad_translations(self, pad_translations: Any) -> None:
        self._c_instance.set_pad_translation(pad_translations)

    def set_feedback_channels(self, channels: Any) -> None:
        self._c_instance.set_feedback_channels(channels)

    def set_controlled_track(self, track: Any) -> None:
        self._c_instance.set_controlled_track(track)

    def release_controlled_track(self) -> None:
        self._c_instance.release_controlled_track()

    # MIDI

    def request_rebuild_midi_map(self) -> None:
        if self._rebuilds_suppressed:
            self._rebuild_is_due = True
        else:
            self._c_instance.request_rebuild_midi_map()

    def set_suppress_rebuild_requests(self, suppress: bool) -> None:
        self._rebuilds_suppressed += 1 if suppress else -1
        if not self._rebuilds_suppressed and self._rebuild_is_due:
            self._rebuild_is_due = False
            self.request_rebuild_midi_map()

    @contextmanager
    def suppressing_rebuild_requests(self) -> Iterator[None]:
        self.set_suppress_rebuild_requests(True)
        try:
            yield
        finally:
            self.set_suppress_rebuild_requests(False)

    def build_midi_map(self, midi_map_handle: int) -> None:
        self._forwarded = {}

        def mapping(control: Any, parameter: Any) -> bool:
            return map_to_parameter(midi_map_handle, control, parameter)

        def forwarding(control: Any) -> None:
            for beginning in control.identifier_bytes():
                self._forwarded[beginning] = control
            forward(self._c_instance.handle(), midi_map_handle, control)

        for control in self._controls:
            if isinstance(control, InputControlElement):
                control.install_connections(None, mapping, forwarding)

    def _send_midi(self, midi_event_bytes: tuple[int, ...], optimized: bool = True) -> bool:
        return bool(self._c_instance.send_midi(midi_event_bytes))

    def receive_midi(self, midi_bytes: tuple[int, ...]) -> None:
        with self.component_guard():
            self.notify_received_midi(*midi_bytes)  # type: ignore[attr-defined]
            if midi.is_sysex(midi_bytes):
                self._receive_sysex(midi_bytes)
                return
            control = self._forwarded.get(midi_bytes[:1] if midi.is_bend(midi_bytes) else midi_bytes[:2])
            if control is not None:
                control.receive_value(midi.value_of(midi_bytes))

    def receive_midi_chunk(self, midi_chunk: Any) -> None:
        for midi_bytes in midi_chunk:
            self.receive_midi(midi_bytes)

    def _receive_sysex(self, midi_bytes: tuple[int, ...]) -> None:
        for beginning, control in self._forwarded.items():
            if midi.is_sysex(beginning) and midi_bytes[: len(beginning)] == beginning:
                control.receive_value(midi_bytes[len(beginning) : -1])
                return
        self.handle_sysex(midi_bytes)

    # What Live calls besides

    def update_display(self) -> None:
        with self.component_guard():
            self._task_group.update(tasks.TICK_SECONDS)
            for callback in tuple(self._timer_callbacks):
                callback()

    def update(self) -> None:
        with self.component_guard():
            for control in self._controls:
                control.clear_send_cache()
            for component in self.root_components:
                component.update_all()

    def refresh_state(self) -> None:
        self.update()

    def port_settings_changed(self) -> None:
        self.refresh_state()

    def set_device_component(self, device_component: Any) -> None:
        self._device_component = device_component

    def can_lock_to_devices(self) -> bool:
        return self._device_component is not None

    def lock_to_device(self, device: Any) -> None:
        with self.component_guard():
            self._device_component.set_lock_to_device(True, device)

    def unlock_from_device(self, device: Any) -> None:
        with self.component_guard():
            self._device_component.set_lock_to_device(False, device)

    def suggest_map_mode(self, cc_no: int, channel: int) -> int:
        control = self._forwarded.get((midi.MIDI_CC_STATUS + channel, cc_no))
        mode = getattr(control, "_map_mode", None)
        return -1 if mode is None else int(mode)

    def instance_identifier(self) -> int:
        return int(self._c_instance.instance_identifier())

    def toggle_lock(self) -> None:
        self._c_instance.toggle_lock()

    def _on_selected_track_changed(self) -> None:
        self._tell_components("on_selected_track_changed")

    def _on_selected_scene_changed(self) -> None:
        self._tell_components("on_selected_scene_changed")

    def _on_track_list_changed(self) -> None:
        self._tell_components("on_track_list_changed")

    def _on_scene_list_changed(self) -> None:
        self._tell_components("on_scene_list_changed")

    def _tell_components(self, method: str) -> None:
        with self.component_guard():
            for component in self.components:
                getattr(component, method)()

    def disconnect(self) -> None:
        self.notify_disconnect(self)  # type: ignore[attr-defined]
        with self.component_guard():
            for thing in [*self._components, *self._controls]:
                thing.disconnect()
        self._components, self._controls, self._timer_callbacks = [], [], []
        self._task_group.kill()
        self._task_group.clear()
        super().disconnect()


class SimpleControlSurface(BaseControlSurface):
    """ableton.v2: song and application are properties."""

    @property
    def song(self) -> Any:
        return self._c_instance.song()

    @property
    def application(self) -> Any:
        return live_application()


class ControlSurface(SimpleControlSurface):
    pass


class FrameworkControlSurface(BaseControlSurface):
    """_Framework.ControlSurface: song and application are methods."""

    def song(self) -> Any:
        return self._c_instance.song()

    def application(self) -> Any:
        return live_application()

    def log_message(self, *message: Any) -> None:
        self._c_instance.log_message(f"({type(self).__name__}) {' '.join(map(str, message))}")

    def handle(self) -> int:
        return int(self._c_instance.handle())


FrameworkControlSurface.__name__ = "ControlSurface"
