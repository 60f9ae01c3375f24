"""The simulated Live has Live's members in each version and no others; docs/simulated-live.md lists what it lacks."""

from __future__ import annotations

import inspect
import re
import unittest
from types import ModuleType
from typing import Any, Iterator

from live_simulator.binding import ValueObject
from live_simulator.containers import VectorBase
from live_simulator.simulator import Simulator
from live_simulator.versions import parse_version

from golden import HEADING, PAGE, VERSIONS, Member, live_members, not_simulated

OWN = {"_node", "_pointer", "_items"}
"""What wrappers and vectors need for themselves."""
MOST_ARGUMENTS = 20
LISTENERS = ("add_{}_listener", "remove_{}_listener", "{}_has_listener")

OWN_BASES = (VectorBase, ValueObject, BaseException)

LIVE = live_members()
MODULES = {owner.split(".")[0] for owner in LIVE}
"""The dumps are of these; what the simulated Live has in others is not compared."""


def built(version: str) -> dict[str, Any]:
    """Every class and module of the simulated `Live`, by its name in Live: 'Song', 'Song.Song', 'Song.Song.View'."""
    modules = Simulator(parse_version(version), lambda path: None, lambda line: None).modules()
    found: dict[str, Any] = {}
    for name, module in modules.items():
        if name != "Live" and name.split(".")[1] in MODULES:
            found[name[len("Live.") :]] = module
            found.update(_classes(name[len("Live.") :], module))
    return found


def _classes(path: str, place: Any) -> Iterator[tuple[str, type]]:
    for name, value in list(vars(place).items()):
        if isinstance(value, type) and not name.startswith("__") and not _is_enum(value):
            yield f"{path}.{name}", value
            yield from _classes(f"{path}.{name}", value)


def _is_enum(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, int)


def names_of(place: Any) -> set[str]:
    """The public names of a class, inherited ones too, or of a module; without classes that are no enums."""
    names = set(vars(place) if isinstance(place, ModuleType) else dir(place)) - set(dir(Exception))
    inner = {name for name in names if isinstance(getattr(place, name), type) and not _is_enum(getattr(place, name))}
    return {name for name in names if not name.startswith("__")} - inner - OWN


def expected_names(owner: str, version: str) -> set[str]:
    names: set[str] = set()
    for member in LIVE.get(owner, {}).values():
        if member.is_in(version) and member.name not in ("", "__init__"):
            names.update(names_of_member(member))
    return names


def names_of_member(member: Member) -> set[str]:
    return listener_names(member) if member.kind == "listen_only" else {member.name} | listener_names(member)


def listener_names(member: Member) -> set[str]:
    return {text.format(member.name) for text in LISTENERS} if member.listenable else set()


def refused_signature(function: Any) -> str:
    """What a call with far too many arguments is answered with."""
    try:
        function(*[None] * MOST_ARGUMENTS)
    except TypeError as why:
        if type(why).__name__ != "ArgumentError":
            raise AssertionError(f"{function.__name__}: {type(why).__name__}, not ArgumentError") from why
        return str(why).split("did not match C++ signature:")[1]
    raise AssertionError(f"{function.__name__}: takes {MOST_ARGUMENTS} arguments")


def arguments_of(signature: str, is_method: bool) -> tuple[int, int, str]:
    """The least and the most arguments, and their types, of a text such as 'f(TPyHandle<ASong>, int [,bool=True])'."""
    inner = signature[signature.index("(") + 1 : signature.rindex(")")]
    required, _, optional = inner.partition("[")
    needed = [text.strip() for text in required.split(",") if text.strip()][1 if is_method else 0 :]
    others = [text.strip("[] ").split("=")[0] for text in optional.split(",") if text.strip("[] ")]
    types = ";".join(needed + others).replace("boost::python::api::", "").replace("boost::python::", "")
    return len(needed), len(needed) + len(others), types


class Members(unittest.TestCase):
    def setUp(self) -> None:
        self.built = {version: built(version) for version in VERSIONS}
        self.left_out = not_simulated()
        self.wrong: list[str] = []

    def tearDown(self) -> None:
        self.assertEqual(self.wrong, [])

    def check(self, fits: bool, *what: object) -> None:
        if not fits:
            self.wrong.append(" ".join(str(part) for part in what))

    def each(self) -> Iterator[tuple[str, str, Any]]:
        for version, places in self.built.items():
            for owner, place in places.items():
                yield version, owner, place

    def each_member(self) -> Iterator[tuple[str, str, Any, Member]]:
        """All that Live has and the simulated Live too."""
        for version, owner, place in self.each():
            names = {*names_of(place), "__init__"}
            for member in LIVE.get(owner, {}).values():
                if member.name in names and member.is_in(version):
                    yield version, owner, place, member

    def test_there_is_nothing_that_live_has_not(self) -> None:
        for version, owner, place in self.each():
            is_module = isinstance(place, ModuleType)
            self.check(is_module or (owner in LIVE and LIVE[owner][""].is_in(version)), version, "has no", owner)
            for name in sorted(names_of(place) - expected_names(owner, version)):
                self.check(False, version, "has no", owner, name)

    def test_what_is_missing_is_listed_and_nothing_else(self) -> None:
        """The list can only shrink: who simulates a member takes its name out of the table."""
        lacks: dict[str, set[str]] = {}
        for version, places in self.built.items():
            for owner, members in LIVE.items():
                lacking = expected_names(owner, version) - names_of(places.get(owner, ModuleType("")))
                names = {name for name, member in members.items() if name and names_of_member(member) & lacking}
                lacks.setdefault(owner, set()).update(names)
        present = {owner for places in self.built.values() for owner in places}
        for owner in LIVE:
            names = lacks[owner] if owner in present else {"all"}
            row = f"| `{owner}` | " + ", ".join(f"`{name}`" for name in sorted(names)) + " |"
            listed = self.left_out.get(owner, ())
            self.check(
                sorted(names) == list(listed), f"{PAGE.name}, {HEADING[3:]}:", row if names else f"no row {owner}"
            )
        self.assertEqual(sorted(self.left_out.keys() - LIVE.keys()), [])

    def test_classes_inherit_as_in_live(self) -> None:
        for version, owner, place in self.each():
            if isinstance(place, type):
                bases = [made.__name__ for made in place.__mro__[1:-1] if made not in OWN_BASES]
                wanted = [name.split(".")[-1] for name in LIVE[owner][""].type.split()]
                self.check(bases == wanted, version, owner, "inherits", bases, "not", wanted)

    def test_kinds_and_settability(self) -> None:
        for version, owner, place, member in self.each_member():
            found = inspect.getattr_static(place, member.name)
            is_property = isinstance(found, property)
            self.check(is_property == (member.kind == "property"), version, owner, member.name, "is", type(found))
            if isinstance(found, property):
                settable = found.fset is not None
                self.check(settable == member.is_settable(version), version, owner, member.name, "settable:", settable)

    def test_arguments_are_those_of_live(self) -> None:
        for version, owner, place, member in self.each_member():
            if member.kind in ("method", "function"):
                signature = refused_signature(getattr(place, member.name))
                least, most, types = arguments_of(signature, member.kind == "method")
                wanted = member.arguments(version)
                self.check((least, most) == wanted, version, owner, member.name, (least, most), "not", wanted)
                takes = member.takes.split(";")[: wanted[1]]
                fits = member.takes == "?" or types.split(";") == (takes or [""])
                self.check(fits, version, owner, member.name, f"takes {types}, not", member.takes)

    def test_listeners_take_one_callback(self) -> None:
        for version, owner, place in self.each():
            for member in LIVE.get(owner, {}).values():
                for name in listener_names(member) & names_of(place):
                    least, most, types = arguments_of(refused_signature(getattr(place, name)), True)
                    wanted = member.arguments(version)[0] if member.kind == "method" else 0
                    fits = least == most == wanted + 1 and types.split(";")[-1] == "object"
                    self.check(fits, version, owner, name, f"takes {types}")

    def test_enums_have_lives_values(self) -> None:
        for version, owner, place, member in self.each_member():
            if member.kind == "enum":
                wanted = {label: int(number) for label, number in re.findall(r"(\w+)=(-?\d+)", member.type)}
                found = {label: int(value) for label, value in getattr(place, member.name).names.items()}
                self.check(found == wanted, version, owner, member.name, found)


if __name__ == "__main__":
    unittest.main()
