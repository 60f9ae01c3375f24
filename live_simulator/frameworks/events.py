"""Objects with events: `__events__`, listenable properties, and what is disconnected with an object.

An event `x` of a class is four methods: add_x_listener, remove_x_listener, x_has_listener, notify_x. Live's own objects
have the first three.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Callable

from live_simulator.frameworks.functions import liveobj_valid


class EventError(Exception):
    """An event that its subject does not have, or a listener that it does not know."""


class SubjectEvent:
    """An entry of `__events__` or `__subject_events__`; a text does the same."""

    def __init__(self, name: str, doc: str = "", signal: Any = None, override: bool = False) -> None:
        self.name = name
        self.doc = doc


class Disconnectable:
    """Has children that are disconnected with it."""

    canonical_parent: Any = None

    def register_disconnectable(self, child: Any) -> Any:
        children = self.__dict__.setdefault("_disconnectables", [])
        if child not in children:
            children.append(child)
        return child

    def unregister_disconnectable(self, child: Any) -> None:
        children = self.__dict__.get("_disconnectables", [])
        if child in children:
            children.remove(child)

    def disconnect_disconnectable(self, child: Any) -> None:
        self.unregister_disconnectable(child)
        child.disconnect()

    def find_disconnectable(self, wanted: Any) -> Any:
        return wanted if wanted in self.__dict__.get("_disconnectables", []) else None

    def disconnect(self) -> None:
        children, self.__dict__["_disconnectables"] = self.__dict__.get("_disconnectables", []), []
        for child in children:
            child.disconnect()


class EventObject(Disconnectable):
    """A class's events are what it lists in `__events__` (`__subject_events__` in _Framework) and its
    listenable properties.
    """

    __events__: tuple[Any, ...] = ()
    __subject_events__: tuple[Any, ...] = ()

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        for part in cls.__mro__:
            if part is not cls and issubclass(part, EventObject):
                continue  # has its events already
            own = vars(part)
            names = [*own.get("__events__", ()), *own.get("__subject_events__", ())]
            names += [name for name, value in own.items() if isinstance(value, listenable_property)]
            for event in names:
                _add_event(cls, event if isinstance(event, str) else event.name)

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)

    def register_slot(self, subject: Any, listener: Callable[..., None] | None = None, event: str | None = None) -> Any:
        """Of a slot, or of a subject, listener and event: the slot, which is disconnected with this object."""
        return self.register_disconnectable(subject if event is None else Slot(subject, listener, event))

    def has_listeners(self) -> bool:
        return any(self.__dict__.get("_listeners", {}).values())

    def disconnect(self) -> None:
        super().disconnect()
        self.__dict__["_listeners"] = {}


def _add_event(cls: type, event: str) -> None:
    def listeners(subject: Any) -> list[Callable[..., None]]:
        table: dict[str, list[Callable[..., None]]] = subject.__dict__.setdefault("_listeners", {})
        return table.setdefault(event, [])

    def add(subject: Any, listener: Callable[..., None], *arguments: Any, **keywords: Any) -> None:
        listeners(subject).append(listener)

    def remove(subject: Any, listener: Callable[..., None]) -> None:
        if listener not in listeners(subject):
            raise EventError(f"{listener!r} does not listen to {event} of {subject!r}")
        listeners(subject).remove(listener)

    def has(subject: Any, listener: Callable[..., None]) -> bool:
        return listener in listeners(subject)

    def notify(subject: Any, *arguments: Any, **keywords: Any) -> None:
        for listener in tuple(listeners(subject)):
            listener(*arguments, **keywords)

    made = {f"add_{event}_listener": add, f"remove_{event}_listener": remove, f"{event}_has_listener": has}
    for name, function in {**made, f"notify_{event}": notify}.items():
        if name not in vars(cls):
            setattr(cls, name, function)


class listenable_property(property):  # noqa: N801 (a decorator)
    """A property with an event of its name; the object says itself when it changed, by notify_<name>()."""

    @staticmethod
    def managed(default: Any) -> ManagedProperty:
        return ManagedProperty(default)


class ManagedProperty(listenable_property):
    """A listenable property that keeps its value and notifies of each change."""

    def __init__(self, default: Any) -> None:
        super().__init__(self._read, self._write)
        self._default = default
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def _read(self, instance: Any) -> Any:
        return instance.__dict__.get(f"_managed_{self._name}", self._default)

    def _write(self, instance: Any, value: Any) -> None:
        if value != self._read(instance):
            instance.__dict__[f"_managed_{self._name}"] = value
            getattr(instance, f"notify_{self._name}")(value)


class Slot(Disconnectable):
    """Keeps `listener` connected to an event of `subject`, which may be replaced, None or deleted in Live.

    `event` may be a path such as 'song.view.selected_track': what lies between is followed when it changes.
    """

    def __init__(
        self,
        subject: Any = None,
        listener: Callable[..., None] | None = None,
        event: str | None = None,
        extra_kws: dict[str, Any] | None = None,
        extra_args: tuple[Any, ...] | None = None,
    ) -> None:
        if not event:
            raise EventError("a slot needs the name of an event")
        self.listener = listener
        self._head, _, self._rest = event.partition(".")
        self._inner: Slot | None = None
        self._attached: tuple[Any, Callable[..., None]] | None = None
        self._subject: Any = None
        self.subject = subject

    @property
    def subject(self) -> Any:
        return self._subject

    @subject.setter
    def subject(self, subject: Any) -> None:
        self._detach()
        self._subject = subject
        if self.listener is not None:
            self._attach()

    @property
    def is_connected(self) -> bool:
        return self._attached is not None

    def connect(self) -> None:
        if not self.is_connected:
            self._attach()

    def soft_disconnect(self) -> None:
        self._detach()

    def disconnect(self) -> None:
        self._detach()
        self._subject = None
        super().disconnect()

    def _attach(self) -> None:
        if not liveobj_valid(self._subject):
            return
        if self._rest:
            self._inner = Slot(getattr(self._subject, self._head), self.listener, self._rest)
            if not hasattr(self._subject, f"add_{self._head}_listener"):
                return
        callback = self._follow if self._rest else self.listener
        add = getattr(self._subject, f"add_{self._head}_listener", None)
        if add is None or callback is None:
            raise EventError(f"{self._subject!r} has no event {self._head}")
        add(callback)
        self._attached = (self._subject, callback)

    def _follow(self, *arguments: Any) -> None:
        assert self._inner is not None
        self._inner.subject = getattr(self._subject, self._head)
        if self.listener is not None:
            self.listener(*arguments)

    def _detach(self) -> None:
        if self._inner is not None:
            self._inner.disconnect()
            self._inner = None
        attached, self._attached = self._attached, None
        if attached is not None and liveobj_valid(attached[0]):
            with suppress(RuntimeError, EventError):  # it is gone already
                getattr(attached[0], f"remove_{self._head}_listener")(attached[1])
