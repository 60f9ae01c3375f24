"""Of every object of a full set: properties have the types that Live's have, and take no others."""

from __future__ import annotations

import re
import unittest
from typing import Any

from full_set import FullSetCase, class_of, parts, readable
from golden import live_members

LIVE = live_members()
PLAIN = {"bool": bool, "int": int, "float": float, "str": str, "None": type(None), "NoneType": type(None)}
REFUSED = {"bool": ("x", None), "int": (1.5, "x", None), "float": ("x", None, [1.0]), "str": (1, 1.5, None, b"x")}
"""Type of a property -> values that Boost refuses for it"""
MORE_THAN_ONE_CLASS = {"Clip.Clip", "ClipSlot.ClipSlot", "Device.Device", "DeviceParameter.DeviceParameter"}
"""Their canonical_parent is a track or something else; the dumps name the one that was met."""
NOT_COMPARED = {
    "Track.Track.View.device_insert_mode": "an int by Live's documentation, a bool by the dumps",
    "ClipSlot.ClipSlot.color": "not known for a slot that has none",
    "ClipSlot.ClipSlot.color_index": "not known for a slot that has none",
}
NOT_IN_THE_SET = {"LomObject.LomObject", "Track.DeviceContainer"}
"""Nothing is of these classes themselves."""


def fits(value: Any, wanted: str) -> bool:
    """Whether a value is of a type as the dumps name it: 'int', 'Clip | None', 'Vector[Clip]', an enum's name."""
    names = wanted.split(" | ")
    if type(value) in (PLAIN.get(name) for name in names):
        return True
    if wanted.startswith("tuple"):
        return isinstance(value, tuple)
    inner = re.match(r"(\w+)\[(\w+)\]$", wanted)
    if inner:
        items = list(value)
        return type(value).__name__ == inner[1] and all(fits(item, inner[2]) or inner[2] == "object" for item in items)
    return any(made.__name__ in names for made in type(value).__mro__) or (value is None and wanted[0].isupper())


class Types(FullSetCase):
    def test_every_property_has_lives_type(self) -> None:
        wrong = set()
        for owner, things in self.objects().items():
            for thing in things:
                for name, value in readable(thing):
                    wanted = LIVE[owner][name].type
                    is_some_parent = name == "canonical_parent" and owner in MORE_THAN_ONE_CLASS
                    if is_some_parent or f"{owner}.{name}" in NOT_COMPARED:
                        continue
                    if not fits(value, wanted):
                        wrong.add(f"{owner}.{name}: {type(value).__name__}, not {wanted}")
        self.assertEqual(sorted(wrong), [])

    def test_the_set_has_all_that_is_simulated(self) -> None:
        """Or else the other tests would say nothing of it."""
        self.assertEqual(sorted(set(self.live.binding._classes) - set(self.objects())), sorted(NOT_IN_THE_SET))

    def test_no_property_takes_a_value_of_another_type(self) -> None:
        wrong = set()
        for owner, things in self.objects().items():
            for thing in things:
                for name, _ in readable(thing):
                    if getattr(type(thing), name).fset is None:
                        continue
                    for value in REFUSED.get(LIVE[owner][name].type, ("x", 1.5)):
                        try:
                            setattr(thing, name, value)
                        except TypeError as why:
                            if type(why).__name__ == "ArgumentError":
                                continue
                        wrong.add(f"{owner}.{name} = {value!r}")
        self.assertEqual(sorted(wrong), [])

    def test_what_cannot_be_set_says_so(self) -> None:
        wrong = set()
        for owner, things in self.objects().items():
            for name, value in readable(things[0]):
                if getattr(type(things[0]), name).fset is not None:
                    continue
                try:
                    setattr(things[0], name, value)
                except AttributeError:
                    continue
                wrong.add(f"{owner}.{name}")
        self.assertEqual(sorted(wrong), [])

    def test_a_parent_is_where_its_child_is_found(self) -> None:
        for owner, things in self.objects().items():
            for thing in things:
                if "canonical_parent" not in LIVE[owner] or thing.canonical_parent is None:
                    continue
                parent = thing.canonical_parent
                children = [part for _, value in readable(parent) for part in parts(value)]
                self.assertIn(thing, children, f"{owner} in {class_of(parent)}")


if __name__ == "__main__":
    unittest.main()
