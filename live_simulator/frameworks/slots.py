"""Slots of methods: listens and listens_group."""

from __future__ import annotations

from functools import update_wrapper
from typing import Any, Callable, Iterable

from live_simulator.frameworks.events import Disconnectable, Slot


class CallableSlot(Slot):
    """What `self.on_x` is of a method decorated with @listens: a slot that can be called."""

    def __init__(self, function: Callable[..., None], **keywords: Any) -> None:
        self.function = function
        super().__init__(**keywords)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self.function(*arguments, **keywords)


class SlotGroup(Disconnectable):
    """One listener to an event of several subjects; it is called with the subject's identifier as last argument."""

    def __init__(self, listener: Callable[..., None] | None = None, event: str | None = None, **keywords: Any) -> None:
        self.listener = listener
        self._event = event
        self._slots: list[Slot] = []

    def replace_subjects(self, subjects: Iterable[Any], identifiers: Iterable[Any] | None = None) -> None:
        self._clear()
        chosen = list(subjects)
        for subject, identifier in zip(chosen, chosen if identifiers is None else identifiers):
            self.add_subject(subject, identifier)

    def add_subject(self, subject: Any, identifier: Any = None) -> None:
        last = subject if identifier is None else identifier

        def tell(*arguments: Any) -> None:
            if self.listener is not None:
                self.listener(*arguments, last)

        self._slots.append(Slot(subject, tell, self._event))

    def has_subject(self, subject: Any) -> bool:
        return any(slot.subject == subject for slot in self._slots)

    def __call__(self, *arguments: Any) -> Any:
        return self.listener(*arguments) if self.listener is not None else None

    def disconnect(self) -> None:
        self._clear()
        super().disconnect()

    def _clear(self) -> None:
        for slot in self._slots:
            slot.disconnect()
        self._slots = []


class _Listens:
    """Descriptor of a decorated method: one slot per instance, disconnected with it."""

    def __init__(self, function: Callable[..., None], make: Callable[[Callable[..., None]], Any]) -> None:
        update_wrapper(self, function)  # type: ignore[arg-type]
        self._function = function
        self._make = make
        self._key = f"_slot_{id(self)}"

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if self._key not in instance.__dict__:
            made = self._make(self._function.__get__(instance, owner))
            instance.__dict__[self._key] = made
            instance.register_disconnectable(made)
        return instance.__dict__[self._key]


def listens(event: str, *arguments: Any, **keywords: Any) -> Callable[[Callable[..., None]], Any]:
    """Decorates a method: `self.method.subject = thing` makes it listen to `event` of thing."""

    def decorate(function: Callable[..., None]) -> Any:
        return _Listens(function, lambda bound: CallableSlot(bound, listener=bound, event=event))

    return decorate


def listens_group(event: str, *arguments: Any, **keywords: Any) -> Callable[[Callable[..., None]], Any]:
    """Decorates a method: `self.method.replace_subjects(things)` makes it listen to `event` of them all."""

    def decorate(function: Callable[..., None]) -> Any:
        return _Listens(function, lambda bound: SlotGroup(bound, event))

    return decorate
