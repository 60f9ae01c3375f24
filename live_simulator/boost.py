"""How Boost.Python takes arguments: by C++ type, strictly, with the error texts that Live's users know."""

from __future__ import annotations

import functools
import struct
from typing import Any, Callable


class ArgumentError(TypeError):
    """What Boost raises where no C++ signature fits, a deleted object included."""


ArgumentError.__module__ = "Boost.Python"


class Kind:
    """One C++ argument type: which Python values fit, and what they become."""

    def __init__(self, cpp: str, fits: Callable[[Any], bool], convert: Callable[[Any], Any]) -> None:
        self.cpp = cpp
        self.fits = fits
        self.convert = convert


def _is_integer(value: Any) -> bool:
    return isinstance(value, int)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float))


def _to_c_int(value: int) -> int:
    if not -(2**31) <= value < 2**31:
        raise OverflowError("Python int too large to convert to C long")
    return int(value)


def to_float32(value: float) -> float:
    """The value as a C `float` keeps it: 0.85 reads back as 0.8500000238418579. OverflowError where it is too large."""
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


INT = Kind("int", _is_integer, _to_c_int)
FLOAT = Kind("double", _is_number, float)
FLOAT32 = Kind("float", _is_number, to_float32)
BOOL = Kind("bool", _is_integer, bool)
TEXT = Kind("TString", lambda value: isinstance(value, str), str)
STRING = Kind("std::string", lambda value: isinstance(value, str), str)
TUPLE = Kind("boost::python::tuple", lambda value: isinstance(value, tuple), tuple)
NOTHING = Kind("NoneType", lambda value: value is None, lambda value: None)
ANYTHING = Kind("boost::python::api::object", lambda value: True, lambda value: value)


def handle(live_name: str, cpp: str, optional: bool = False) -> Kind:
    """A living wrapper of the class that Live calls `live_name` (such as 'Clip.Clip'); becomes its node."""

    def fits(value: Any) -> bool:
        if value is None:
            return optional
        node = getattr(value, "_node", None)
        return node is not None and live_name in (node.LIVE, *getattr(node, "LIVE_BASES", ())) and is_alive(value)

    return Kind(cpp, fits, lambda value: None if value is None else value._node)


def enum(live_name: str) -> Kind:
    """A value of the enum that Live calls so (such as 'Clip.GridQuantization'); no other integer is one."""
    module, _, name = live_name.rpartition(".")

    def fits(value: Any) -> bool:
        return isinstance(value, int) and (type(value).__module__, type(value).__name__) == (module, name)

    return Kind(live_name.replace(".", "::"), fits, int)


def is_alive(wrapper: Any) -> bool:
    """Whether the object behind `wrapper` exists. One that undo brought back is a new object: it has a new pointer."""
    return bool(wrapper._node.pointer == wrapper._pointer)


def mismatch(owner: str | None, name: str | None, given: str, signature: str) -> ArgumentError:
    """Boost's text. Properties have no name there: Boost calls them None.None."""
    return ArgumentError(
        f"Python argument types in\n    {owner}.{name}({given})\ndid not match C++ signature:\n    {name}({signature})"
    )


def function(name: str, kinds: tuple[Kind, ...], run: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a module."""

    def call(*arguments: Any, **keywords: Any) -> Any:
        fits = not keywords and len(arguments) == len(kinds)
        if not fits or not all(kind.fits(value) for kind, value in zip(kinds, arguments)):
            shown = type_names((*arguments, *keywords.values()))
            raise mismatch(None, name, shown, ", ".join(kind.cpp for kind in kinds))
        return run(*(kind.convert(value) for kind, value in zip(kinds, arguments)))

    call.__name__ = name
    return call


def exactly(*types: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A method written in Python that refuses other numbers of arguments as Boost does; `types`: their C++ names."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(own: Any, *arguments: Any, **keywords: Any) -> Any:
            if keywords or len(arguments) != len(types):
                shown = type_names((own, *arguments, *keywords.values()))
                signature = ", ".join([f"{type(own).__name__} {{lvalue}}", *types])
                raise mismatch(type(own).__name__, method.__name__, shown, signature)
            return method(own, *arguments)

        return call

    return decorate


def type_names(values: Any) -> str:
    return ", ".join(type(value).__name__ for value in values)
