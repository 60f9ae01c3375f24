"""Component: a part of a control surface, with a layer of controls and tasks of its own."""

from __future__ import annotations

from typing import Any, Callable

from live_simulator.frameworks import tasks
from live_simulator.frameworks.events import EventObject
from live_simulator.frameworks.injection import depends


class BaseComponent(EventObject):
    """What components of ableton.v2 and of _Framework share; they are made inside a component_guard."""

    __events__: tuple[Any, ...] = ("enabled",)
    is_private = True

    @depends(register_component=None, song=None, parent_task_group=None, application=None)
    def __init__(
        self,
        name: str = "",
        parent: Any = None,
        register_component: Any = None,
        song: Any = None,
        layer: Any = None,
        is_enabled: bool = True,
        is_root: bool = False,
        parent_task_group: Any = None,
        application: Any = None,
        **keywords: Any,
    ) -> None:
        super().__init__(**keywords)
        self.name = name
        self.is_root = is_root
        self._song = song
        self._application = application
        self._explicit_is_enabled = is_enabled
        self._recursive_is_enabled = True
        self._children: list[Any] = []
        self._parent: Any = None
        self._layer: Any = None
        self._tasks: Any = parent_task_group.add(tasks.TaskGroup(auto_kill=False))
        register_component(self)
        if parent is not None:
            parent.add_children(self)
        if layer is not None:
            self.layer = layer

    @property
    def layer(self) -> Any:
        return self._layer

    @layer.setter
    def layer(self, layer: Any) -> None:
        if self._layer is not None:
            self._layer.release(self)
        self._layer = layer
        if layer is not None and self.is_enabled():
            layer.grab(self)

    @property
    def parent(self) -> Any:
        return self._parent

    @property
    def is_root_component(self) -> bool:
        return self._parent is None

    def add_children(self, *children: Any) -> Any:
        for child in children:
            child._parent = self
            self._children.append(child)
            child._set_enabled_recursive(self.is_enabled())
        return children[0] if len(children) == 1 else children

    def register_component(self, child: Any) -> Any:
        return self.add_children(child)

    def register_components(self, *children: Any) -> list[Any]:
        return [self.add_children(child) for child in children]

    def is_enabled(self, explicit: bool = False) -> bool:
        return self._explicit_is_enabled and (explicit or self._recursive_is_enabled)

    def set_enabled(self, enable: Any) -> None:
        before = self.is_enabled()
        self._explicit_is_enabled = bool(enable)
        self._enabled_may_have_changed(before)

    def _set_enabled_recursive(self, enable: bool) -> None:
        before = self.is_enabled()
        self._recursive_is_enabled = enable
        self._enabled_may_have_changed(before)

    def _enabled_may_have_changed(self, before: bool) -> None:
        now = self.is_enabled()
        if now == before:
            return
        for child in self._children:
            child._set_enabled_recursive(now)
        if self._layer is not None:
            (self._layer.grab if now else self._layer.release)(self)
        self.on_enabled_changed()
        self.notify_enabled(now)  # type: ignore[attr-defined]

    def control_notifications_enabled(self) -> bool:
        return self.is_enabled()

    def update(self) -> None: ...

    def update_all(self) -> None:
        self.update()
        for child in self._children:
            child.update_all()

    def on_enabled_changed(self) -> None:
        self.update()

    def on_selected_track_changed(self) -> None: ...

    def on_selected_scene_changed(self) -> None: ...

    def on_selected_parameter_changed(self) -> None: ...

    def on_track_list_changed(self) -> None: ...

    def on_scene_list_changed(self) -> None: ...

    def disconnect(self) -> None:
        self._tasks.kill()
        self._tasks.clear()
        self.layer = None
        super().disconnect()


class Component(BaseComponent):
    """ableton.v2: song and application are properties."""

    @property
    def song(self) -> Any:
        return self._song

    @property
    def application(self) -> Any:
        return self._application


class ControlSurfaceComponent(BaseComponent):
    """_Framework: song and application are methods."""

    @depends(register_timer_callback=None)
    def __init__(self, *arguments: Any, register_timer_callback: Any = None, **keywords: Any) -> None:
        self._register_timer = register_timer_callback
        self._timers: dict[Callable[[], Any], Any] = {}
        super().__init__(*arguments, **keywords)

    def song(self) -> Any:
        return self._song

    def application(self) -> Any:
        return self._application

    def _register_timer_callback(self, callback: Callable[[], Any]) -> None:
        self._register_timer(callback, True)

    def _unregister_timer_callback(self, callback: Callable[[], Any]) -> None:
        self._register_timer(callback, False)
