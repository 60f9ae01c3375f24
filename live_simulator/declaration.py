"""Declares Live's classes member by member; `binding` makes real classes of them for one version of Live.

A declared member says all that strictness needs: argument types, settable, listenable, the versions that have it, the
objects that it applies to. What it does is a plain function on nodes (live_simulator.nodes).
"""

from __future__ import annotations

from typing import Any, Callable, NamedTuple, Optional

from live_simulator.boost import Kind, handle
from live_simulator.versions import ALWAYS, Span

Refusal = Callable[[Any], Optional[str]]
"""Why a member does not apply to a node (the text of Live's RuntimeError); None where it does."""


class Property:
    def __init__(
        self,
        name: str,
        read: Callable[[Any], Any],
        kind: Kind | None = None,
        write: Callable[[Any, Any], None] | None = None,
        listenable: bool = False,
        vector: str = "Base.Vector",
        versions: Span = ALWAYS,
        refuses: Refusal | None = None,
        settable: Span = ALWAYS,
    ) -> None:
        self.name = name
        self.read = read
        self.kind = kind
        self.write = write
        self.listenable = listenable
        self.vector = vector
        self.versions = versions
        self.refuses = refuses
        self.settable = settable


class Method:
    """`defaults` are those of the last arguments. `changes`: refused inside a listener, one undo step.
    `returns`: the versions in which it returns its result; None in others."""

    def __init__(
        self,
        name: str,
        kinds: tuple[Kind, ...],
        defaults: tuple[Any, ...],
        run: Callable[..., Any],
        changes: bool,
        vector: str,
        versions: Span,
        returns: Span,
    ) -> None:
        self.name = name
        self.kinds = kinds
        self.defaults = defaults
        self.run = run
        self.changes = changes
        self.vector = vector
        self.versions = versions
        self.returns = returns

    def signature(self, own_cpp: str) -> str:
        required = len(self.kinds) - len(self.defaults)
        text = ", ".join([own_cpp] + [kind.cpp for kind in self.kinds[:required]])
        for kind, default in zip(self.kinds[required:], self.defaults):
            text += f" [,{kind.cpp}={default}"
        return text + "]" * len(self.defaults)


class Event(NamedTuple):
    """What can be listened to and is no property. `kinds`: what add_X_listener and its like take before a callback."""

    name: str
    versions: Span = ALWAYS
    kinds: tuple[Kind, ...] = ()


class LiveClass:
    """A class of Live's, such as ('Song', 'Song') or ('Song', 'Song.View') in it; `cpp`: its handle in C++.

    `base`: the class it inherits from; its members are to be declared in both, as Live has them in both.
    `is_value`: no object of the set but a value that describes one, such as a routing; it is no LomObject.
    """

    def __init__(
        self,
        module: str,
        name: str,
        cpp: str,
        versions: Span = ALWAYS,
        base: LiveClass | None = None,
        is_value: bool = False,
    ) -> None:
        self.module = module
        self.name = name
        self.cpp = cpp
        self.versions = versions
        self.base = base
        self.is_value = is_value
        self.properties: list[Property] = []
        self.methods: list[Method] = []
        self.events: list[Event] = []
        self.enums: dict[str, dict[str, int]] = {}

    @property
    def live_name(self) -> str:
        return f"{self.module}.{self.name}"

    def kind(self, optional: bool = False) -> Kind:
        """The argument type of an object of this class."""
        return handle(self.live_name, self.cpp, optional)

    def field(
        self,
        name: str,
        kind: Kind | None = None,
        listenable: bool = False,
        undoable: bool = True,
        versions: Span = ALWAYS,
        refuses: Refusal | None = None,
        stored_as: str = "",
        settable: Span = ALWAYS,
    ) -> None:
        """A property that is a field of the node; settable where it has a `kind`, in the versions `settable`."""
        stored = stored_as or name

        def read(node: Any) -> Any:
            return getattr(node, stored)

        def write(node: Any, value: Any) -> None:
            node.put(stored, value, undoable=undoable)

        self.properties.append(
            Property(
                name,
                read,
                kind,
                write if kind else None,
                listenable,
                versions=versions,
                refuses=refuses,
                settable=settable,
            )
        )

    def constant(
        self,
        value: Any,
        *names: str,
        listenable: bool = False,
        versions: Span = ALWAYS,
        refuses: Refusal | None = None,
    ) -> None:
        """Read-only properties that nothing here ever changes."""
        for name in names:
            self.properties.append(
                Property(name, lambda node: value, listenable=listenable, versions=versions, refuses=refuses)
            )

    def readable(
        self,
        listenable: bool = False,
        vector: str = "Base.Vector",
        versions: Span = ALWAYS,
        refuses: Refusal | None = None,
    ) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
        """Decorates the reader of a read-only property."""

        def declare(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
            name = read.__name__
            self.properties.append(
                Property(name, read, listenable=listenable, vector=vector, versions=versions, refuses=refuses)
            )
            return read

        return declare

    def writable(
        self,
        kind: Kind,
        read: Callable[[Any], Any] | None = None,
        listenable: bool = False,
        vector: str = "Base.Vector",
        versions: Span = ALWAYS,
        refuses: Refusal | None = None,
    ) -> Callable[[Callable[[Any, Any], None]], Callable[[Any, Any], None]]:
        """Decorates the writer of a property; it is read from the node's field of that name, or by `read`."""

        def declare(write: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
            name = write.__name__
            self.properties.append(
                Property(
                    name,
                    read or (lambda node: getattr(node, name)),
                    kind,
                    write,
                    listenable,
                    vector,
                    versions=versions,
                    refuses=refuses,
                )
            )
            return write

        return declare

    def method(
        self,
        *kinds: Kind,
        defaults: tuple[Any, ...] = (),
        changes: bool = True,
        vector: str = "Base.Vector",
        versions: Span = ALWAYS,
        returns: Span = ALWAYS,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorates a method: a function of the node and the converted arguments."""

        def declare(run: Callable[..., Any]) -> Callable[..., Any]:
            self.methods.append(Method(run.__name__, kinds, defaults, run, changes, vector, versions, returns))
            return run

        return declare
