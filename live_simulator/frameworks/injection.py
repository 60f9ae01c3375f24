"""Dependencies that are given from outside: what a control surface gives to all that is made in its component_guard."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import Any, Callable, Iterator

_given: list[dict[str, Callable[[], Any]]] = []
"""The innermost is the last."""


class DependencyError(Exception):
    """Made outside of what gives it its dependencies, such as `with self.component_guard():`."""


def get_dependency(name: str, default: Callable[[], Any] | None) -> Any:
    for providers in reversed(_given):
        if name in providers:
            return providers[name]()
    if default is None:
        raise DependencyError(f"{name} is not given here (is `with self.component_guard():` missing?)")
    return default()


def depends(**defaults: Callable[[], Any] | None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates a constructor: arguments of these names are given from outside where the caller gives none."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(self: Any, *arguments: Any, **keywords: Any) -> Any:
            for name, default in defaults.items():
                if keywords.get(name) is None:
                    keywords[name] = get_dependency(name, default)
            return function(self, *arguments, **keywords)

        return call

    return decorate


class inject:  # noqa: N801 (called like a function: inject(song=const(song)).everywhere())
    """Gives dependencies within `with inject(name=function).everywhere():`."""

    def __init__(self, **providers: Callable[[], Any]) -> None:
        self._providers = providers

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        _given.append(self._providers)
        try:
            yield
        finally:
            _given.remove(self._providers)


def forget_all() -> None:
    """For a new script in the same process, after one that failed inside its guard."""
    _given.clear()
