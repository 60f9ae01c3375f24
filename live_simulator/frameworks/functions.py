"""The small functions that scripts import from ableton.v2.base and _Framework.Util."""

from __future__ import annotations

import itertools
from functools import reduce, wraps
from typing import Any, Callable, Iterable, Iterator, Sequence

infinity = float("inf")


def nop(*arguments: Any, **keywords: Any) -> None:
    """Takes anything, does nothing."""


def const(value: Any) -> Callable[..., Any]:
    """A function that takes anything and returns `value`."""
    return lambda *arguments, **keywords: value


def identity(value: Any) -> Any:
    return value


def find_if(predicate: Callable[[Any], Any], items: Iterable[Any]) -> Any:
    """The first item that fits; None if none does."""
    return next((item for item in items if predicate(item)), None)


def index_if(predicate: Callable[[Any], Any], items: Sequence[Any]) -> int:
    """The place of the first item that fits; the number of items if none does."""
    return next((place for place, item in enumerate(items) if predicate(item)), len(items))


def remove_if(predicate: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    return [item for item in items if not predicate(item)]


def first(items: Sequence[Any]) -> Any:
    return items[0]


def second(items: Sequence[Any]) -> Any:
    return items[1]


def third(items: Sequence[Any]) -> Any:
    return items[2]


def flatten(lists: Iterable[Iterable[Any]]) -> list[Any]:
    return list(itertools.chain.from_iterable(lists))


def group(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """Runs of `size` items; what is left at the end is dropped."""
    return [items[start : start + size] for start in range(0, len(items) - size + 1, size)]


def product(one: Iterable[Any], other: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    return itertools.product(one, other)


def recursive_map(function: Callable[[Any], Any], items: Any) -> Any:
    """Like map, within lists and tuples of any depth."""
    if isinstance(items, (list, tuple)):
        return type(items)(recursive_map(function, item) for item in items)
    return function(items)


def union(one: dict[Any, Any], other: dict[Any, Any]) -> dict[Any, Any]:
    return {**one, **other}


def in_range(value: float, lower: float, upper: float) -> bool:
    """Whether lower <= value < upper."""
    return lower <= value < upper


def clamp(value: Any, lower: Any, upper: Any) -> Any:
    return max(lower, min(value, upper))


def sign(value: float) -> int:
    return 1 if value >= 0 else -1


def linear(lowest: float, highest: float, fraction: float) -> float:
    return lowest + (highest - lowest) * fraction


def negate(predicate: Callable[..., Any]) -> Callable[..., bool]:
    return lambda *arguments, **keywords: not predicate(*arguments, **keywords)


def maybe(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`function` that passes None on."""
    return lambda value: None if value is None else function(value)


def compose(*functions: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """compose(f, g)(x) == f(g(x))"""
    return lambda value: reduce(lambda result, function: function(result), reversed(functions), value)


def memoize(function: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[Any, Any] = {}

    @wraps(function)
    def remembering(*arguments: Any) -> Any:
        if arguments not in known:
            known[arguments] = function(*arguments)
        return known[arguments]

    return remembering


def is_iterable(value: Any) -> bool:
    return hasattr(value, "__iter__")


def is_contextmanager(value: Any) -> bool:
    return hasattr(value, "__enter__") and hasattr(value, "__exit__")


def mixin(*classes: type) -> type:
    """A class that inherits from all of them."""
    return classes[0] if len(classes) == 1 else type("_".join(one.__name__ for one in classes), classes, {})


def get_slice(*indices: Any) -> Callable[[Any], Any]:
    return lambda items: items[slice(*indices)]


class lazy_attribute:  # noqa: N801 (a decorator)
    """A property whose value is made at its first reading and kept."""

    def __init__(self, make: Callable[[Any], Any], name: str | None = None) -> None:
        self._make = make
        self._name = name or make.__name__
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._make(instance)
        return value


class forward_property:  # noqa: N801 (a decorator)
    """forward_property('other')('name') reads and writes self.other.name."""

    def __init__(self, place: str) -> None:
        self._place = place

    def __call__(self, name: Any) -> property:
        member = name if isinstance(name, str) else name.__name__

        def write(instance: Any, value: Any) -> None:
            setattr(getattr(instance, self._place), member, value)

        return property(lambda instance: getattr(getattr(instance, self._place), member), write)


class BooleanContext:
    """Truth that turns over within `with context():`."""

    default_value = False

    def __init__(self, default_value: bool | None = None) -> None:
        if default_value is not None:
            self.default_value = default_value
        self._value = self.default_value

    def __bool__(self) -> bool:
        return self._value

    @property
    def value(self) -> bool:
        return self._value

    def __call__(self, update_value: bool | None = None) -> BooleanContextManager:
        return BooleanContextManager(self, not self.default_value if update_value is None else update_value)


class BooleanContextManager:
    def __init__(self, context: BooleanContext, value: bool) -> None:
        self._context = context
        self._value = value
        self._before = value

    def __enter__(self) -> BooleanContextManager:
        self._before = self._context._value
        self._context._value = self._value
        return self

    def __exit__(self, *error: object) -> None:
        self._context._value = self._before


def liveobj_valid(thing: Any) -> bool:
    """Whether it is there and not deleted in Live."""
    return bool(thing != None)  # noqa: E711 (a deleted object of Live equals None)


def liveobj_changed(one: Any, other: Any) -> bool:
    return bool(one != other) or type(one) is not type(other)
