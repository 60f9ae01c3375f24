"""Makes the `Live` package of one version of Live out of the declarations in live_simulator.api."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Callable

from live_simulator.boost import ANYTHING, is_alive, mismatch, type_names
from live_simulator.containers import VECTORS, enum_class, vector_class
from live_simulator.declaration import Event, LiveClass, Method, Property
from live_simulator.keywords import NAMES, in_order
from live_simulator.narration import call_in_words, write_in_words
from live_simulator.nodes.node import Node, Value
from live_simulator.runtime import Runtime
from live_simulator.versions import Version

LOM_OBJECT = LiveClass("LomObject", "LomObject", "TPyHandleBase")
POINTER = Property("_live_ptr", lambda node: node.pointer)


class LomObject:
    """What a script holds: one of many wrappers of a node. Equal by node; equal to None once that is deleted."""

    __slots__ = ("_node", "_pointer")

    def __init__(self, *arguments: Any) -> None:
        raise RuntimeError("This class cannot be instantiated from Python")

    def __eq__(self, other: object) -> bool:
        if other is None:
            return not is_alive(self)
        if not isinstance(other, LomObject):
            return False
        return bool(self._node is other._node and self._pointer == other._pointer)  # type: ignore[attr-defined]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._pointer)  # type: ignore[attr-defined]


LomObject.__module__ = "LomObject"


class ValueObject:
    """What a script holds of a value that is no object of the set; equal where the values are."""

    __slots__ = ("_node", "_pointer")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ValueObject) and bool(self._node == other._node)  # type: ignore[attr-defined]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._node)  # type: ignore[attr-defined]


class Binding:
    """The package `module` with its submodules, and `wrap`, which gives scripts their view of a node."""

    def __init__(self, runtime: Runtime, version: Version, declared: tuple[LiveClass, ...]) -> None:
        self.runtime = runtime
        self.version = version
        self.module = ModuleType("Live")
        self.module.__path__ = []
        self._classes: dict[str, type] = {LOM_OBJECT.live_name: LomObject}
        self._enums: dict[str, type] = {}
        self.submodule("LomObject").LomObject = LomObject  # type: ignore[attr-defined]
        self._add_property(LomObject, LOM_OBJECT, POINTER)
        self._vectors = {name: vector_class(name) for name in VECTORS}
        for name, span in VECTORS.items():
            module, own = name.split(".")
            if module in ("Base", "Application") and version in span:
                setattr(self.submodule(module), own, self._vectors[name])
        for declaration in declared:
            if version in declaration.versions:
                self._add_class(declaration)

    def add_enum(self, module: str, name: str, values: dict[str, int]) -> None:
        """An enum beside the classes, such as Live.Song.Quantization."""
        self._enums[f"{module}.{name}"] = made = enum_class(module, name, values)
        setattr(self.submodule(module), name, made)

    def submodule(self, name: str) -> ModuleType:
        if not hasattr(self.module, name):
            setattr(self.module, name, ModuleType(f"Live.{name}"))
        found = getattr(self.module, name)
        assert isinstance(found, ModuleType)
        return found

    def modules(self) -> dict[str, ModuleType]:
        """What sys.modules gets: 'Live' and 'Live.Song' and so on."""
        found = {f"Live.{name}": value for name, value in vars(self.module).items() if isinstance(value, ModuleType)}
        return {"Live": self.module, **found}

    def wrap(self, node: Node | Value | None) -> Any:
        """A new wrapper; None for None and for a node that is dead."""
        if node is None or not node.pointer:
            return None
        wrapper: Any = object.__new__(self._classes[node.LIVE])
        wrapper._node = node
        wrapper._pointer = node.pointer
        return wrapper

    def expose(self, value: Any, shown_as: str = "Base.Vector") -> Any:
        """What a script sees of a value of the model: wrappers for nodes and values, for tuples the vector `shown_as`
        (or a "tuple"), for integers the enum of that name if it is one.
        """
        if isinstance(value, (Node, Value)):
            return self.wrap(value)
        if isinstance(value, tuple) and shown_as == "tuple":
            return tuple(self.expose(item, shown_as) for item in value)
        if isinstance(value, tuple):
            return self._vectors[shown_as]([self.expose(item) for item in value])
        if shown_as in self._enums:
            return self._enums[shown_as].values[value]  # type: ignore[attr-defined]
        return value

    def _add_class(self, declaration: LiveClass) -> None:
        *outer, name = declaration.name.split(".")
        parent = ValueObject if declaration.is_value else self._classes[(declaration.base or LOM_OBJECT).live_name]
        made = type(name, (parent,), {"__slots__": (), "__module__": declaration.module})
        self._classes[declaration.live_name] = made
        place: Any = self.submodule(declaration.module)
        for part in outer:
            place = getattr(place, part)
        setattr(place, name, made)
        for enum_name, values in declaration.enums.items():
            setattr(made, enum_name, enum_class(declaration.module, enum_name, values))
        for member in declaration.properties:
            if self.version in member.versions:
                self._add_property(made, declaration, member)
        for method in declaration.methods:
            if self.version in method.versions:
                _set_function(made, method.name, self._method(made, declaration, method))
        for event in declaration.events:
            if self.version in event.versions:
                self._add_listeners(made, declaration, event)

    def _add_property(self, made: type, declaration: LiveClass, member: Property) -> None:
        def read(wrapper: Any) -> Any:
            node = _node_of(wrapper, declaration)
            _require(member, node)
            return self.expose(member.read(node), member.vector)

        def write(wrapper: Any, value: Any) -> None:
            assert member.kind is not None
            assert member.write is not None
            if not is_alive(wrapper) or not member.kind.fits(value):
                given = type_names((wrapper, value))
                raise mismatch(None, None, given, f"{declaration.cpp}, {member.kind.cpp}")
            _require(member, wrapper._node)
            converted = member.kind.convert(value)
            label = f"{made.__name__}.{member.name} = {value!r}"
            with self.runtime.change(label, lambda: write_in_words(wrapper, member.name, value)):
                member.write(wrapper._node, converted)

        is_settable = member.write is not None and self.version in member.settable
        setattr(made, member.name, property(read, write if is_settable else None))
        if member.listenable:
            self._add_listeners(made, declaration, Event(member.name))

    def _method(self, made: type, declaration: LiveClass, method: Method) -> Callable[..., Any]:
        kinds = method.kinds
        required = len(kinds) - len(method.defaults)
        names = NAMES.get(declaration.name, {}).get(method.name, ())

        def call(*arguments: Any, **keywords: Any) -> Any:
            given = in_order(names, arguments[1:], keywords) if keywords else arguments[1:]
            fits = given is not None and required <= len(given) <= len(kinds) and is_alive(arguments[0])
            if given is None or not fits or not all(kinds[place].fits(value) for place, value in enumerate(given)):
                shown = type_names((*arguments, *keywords.values()))
                owner = type(arguments[0]).__name__
                raise mismatch(owner, method.name, shown, method.signature(declaration.cpp))
            converted = [kinds[place].convert(value) for place, value in enumerate(given)]
            converted += method.defaults[len(given) - required :]
            if not method.changes:
                return self.expose(method.run(arguments[0]._node, *converted), method.vector)
            label = f"{made.__name__}.{method.name}"
            changing = self.runtime.change(label, lambda: call_in_words(arguments[0], method.name, given))
            with changing, self.runtime.costs.of(declaration.name, method.name):
                result = method.run(arguments[0]._node, *converted)
            return self.expose(result, method.vector) if self.version in method.returns else None

        return call

    def _add_listeners(self, made: type, declaration: LiveClass, event: Event) -> None:
        """add_X_listener, remove_X_listener and X_has_listener."""
        kinds = (*event.kinds, ANYTHING)
        signature = ", ".join([declaration.cpp, *(kind.cpp for kind in kinds)])

        def listeners_for(name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> list[Callable[[], None]]:
            given = arguments[1:]
            fits = not keywords and len(given) == len(kinds) and is_alive(arguments[0])
            if not fits or not all(kind.fits(value) for kind, value in zip(kinds, given)):
                shown = type_names((*arguments, *keywords.values()))
                raise mismatch(type(arguments[0]).__name__, name, shown, signature)
            listeners: dict[str, list[Callable[[], None]]] = arguments[0]._node.listeners
            return listeners.setdefault(":".join([event.name, *given[:-1]]), [])

        def add(*arguments: Any, **keywords: Any) -> None:
            listeners = listeners_for(f"add_{event.name}_listener", arguments, keywords)
            if not callable(arguments[-1]):
                raise TypeError(f"{type(arguments[-1]).__name__!r} object is not callable")
            if arguments[-1] in listeners:
                raise RuntimeError("Observer already connected")
            listeners.append(arguments[-1])

        def remove(*arguments: Any, **keywords: Any) -> None:
            listeners = listeners_for(f"remove_{event.name}_listener", arguments, keywords)
            if arguments[-1] not in listeners:
                raise RuntimeError("Observer not connected")
            listeners.remove(arguments[-1])

        def has(*arguments: Any, **keywords: Any) -> bool:
            listeners = listeners_for(f"{event.name}_has_listener", arguments, keywords)
            return arguments[-1] in listeners

        _set_function(made, f"add_{event.name}_listener", add)
        _set_function(made, f"remove_{event.name}_listener", remove)
        _set_function(made, f"{event.name}_has_listener", has)


def _set_function(made: type, name: str, function: Callable[..., Any]) -> None:
    function.__name__ = name
    function.__qualname__ = f"{made.__name__}.{name}"
    setattr(made, name, function)


def _node_of(wrapper: Any, declaration: LiveClass) -> Any:
    if not is_alive(wrapper):
        raise mismatch(None, None, type_names((wrapper,)), declaration.cpp)
    return wrapper._node


def _require(member: Property, node: Any) -> None:
    refusal = member.refuses(node) if member.refuses else None
    if refusal:
        raise RuntimeError(refusal)
