"""Which members of Live's a script names, and how it uses them: read from its source.

What an expression holds is known by the script's own names: a variable `clip` is a clip of Live's wherever it occurs,
and from there Live's types lead on (`clip.canonical_parent` is a slot). An attribute of anything else has to be one
that our own classes or the standard library have, and where Live's members have that name too, the expression has to
be listed in `OURS`. So a member of Live's that this finds nothing about is told, not passed over.
"""

from __future__ import annotations

import ast
import builtins
import importlib
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from types import FunctionType, GeneratorType
from typing import Any

from live_simulator.c_instance import CInstance
from tests.live_remote_script.source_strings import Scope, parents_of
from tests.live_simulator.suite.golden import Member, live_members

LIVE = live_members()
SONG, TRACK, CLIP, SLOT = "Song.Song", "Track.Track", "Clip.Clip", "ClipSlot.ClipSlot"
VARIABLES: dict[str, tuple[str, ...]] = {
    "song": (SONG,),
    "song()": (SONG,),
    "self._song": (SONG,),
    "self._opened": (SONG,),
    "context.song()": (SONG,),
    "self.context.song()": (SONG,),
    "site.song": (SONG,),
    "track": (TRACK,),
    "other": (TRACK,),
    "where": (TRACK,),
    "group": (TRACK,),
    "main": (TRACK,),
    "track_class": (TRACK,),
    "Live.Track.Track": (TRACK,),
    "thing": (SONG, TRACK),
    "clip": (CLIP,),
    "slot_clip": (CLIP,),
    "whole": (CLIP,),
    "copy": (CLIP,),
    "trimmed": (CLIP,),
    "slot": (SLOT,),
    "mixer": ("MixerDevice.MixerDevice",),
    "parameter": ("DeviceParameter.DeviceParameter",),
    "fader": ("DeviceParameter.DeviceParameter",),
    "device": ("Device.Device",),
    "cue": ("Song.CuePoint",),
    "marker": ("Clip.WarpMarker",),
    "kind": ("Track.RoutingType",),
    "application": ("Application.Application",),
    "Live.Application": ("Application",),
    "Live.Base": ("Base",),
    "self._timer": ("Base.Timer",),
}
TRACK_FIELDS = ("ours.track", "one.track", "entry.track", "site.track", "our_track(context.song(), track_id).track")
C_INSTANCE = ("c_instance", "self._c_instance")
OURS = ("self", "super()", "before", "command", "end", "field", "site", "step", "wanted", "self.plans", "self.watcher")
"""Expressions that hold objects of our own although some of their members are called like Live's."""
STANDARD = (str, bytes, dict, list, set, deque, OrderedDict, socket, type, StopIteration, FunctionType, GeneratorType)
OF_OTHER_OBJECTS = {"read", "digest", "resolution"}
"""Of files, hashes, clocks."""


@dataclass(frozen=True, order=True)
class Use:
    owner: str
    name: str
    how: str
    """'read', 'write', 'listen', 'call', 'pass' (a method, to be called elsewhere) or 'get' (by a string)"""
    arguments: int = 0
    keywords: tuple[str, ...] = ()
    tried: bool = False
    """Within `attempt`, which writes down what is raised: it may be refused."""
    place: str = ""
    """Module and line."""

    @property
    def module(self) -> str:
        return self.place.split(":")[0]


def find_member(owner: str, name: str) -> Member | None:
    """Also of the classes that it inherits from."""
    members = LIVE.get(owner, {})
    if name in members:
        return members[name]
    if f"{owner}.{name}" in LIVE:
        return LIVE[f"{owner}.{name}"][""]
    bases = members[""].type.split() if "" in members else []
    return next(filter(None, (find_member(base, name) for base in bases)), None)


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name and node.args:
            yield node


def classes_of(node: ast.AST) -> tuple[str, ...]:
    """Those of Live's that the expression may have; none where it is not one of Live's."""
    text = ast.unparse(node)
    if text in VARIABLES:
        return VARIABLES[text]
    if text in TRACK_FIELDS:
        return (TRACK,)
    if isinstance(node, ast.Attribute):
        members = [(owner, find_member(owner, node.attr)) for owner in classes_of(node.value)]
        return tuple(filter(None, (_class_named(member.type, owner) for owner, member in members if member)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        members = [(owner, find_member(owner, node.func.attr)) for owner in classes_of(node.func.value)]
        return tuple(filter(None, (_class_named(member.returns, owner) for owner, member in members if member)))
    if isinstance(node, ast.Subscript):
        return classes_of(node.value)  # vectors go by what they hold
    return ()


def _class_named(text: str, owner: str) -> str:
    """'Vector[Clip]', 'Clip | None' and 'Clip' are 'Clip.Clip'; '' where it is no class of Live's."""
    name = text.split("|")[0].split("[")[-1].strip(" ]")
    known = [f"{owner}.{name}", f"{name}.{name}", *(one for one in LIVE if one.endswith(f".{name}"))]
    return next((one for one in known if one in LIVE), "") if name else ""


def uses(sources: dict[str, str]) -> set[Use]:
    found: set[Use] = set()
    for module, source in sources.items():
        tree = ast.parse(source)
        found.update(_attribute_uses(tree, module))
        found.update(_named_uses(tree, module))
    return found


def _attribute_uses(tree: ast.AST, module: str) -> Iterator[Use]:
    parents = parents_of(tree)
    tried = {inner for call in calls(tree, "attempt") for inner in ast.walk(call)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        parent = parents[node]
        for owner in classes_of(node.value):
            if f"{owner}.{node.attr}" in LIVE and not isinstance(parent, ast.Call):
                continue  # a class that is named
            how, count, keywords = "write" if isinstance(node.ctx, ast.Store) else "read", 0, ()
            if isinstance(parent, ast.Call) and parent.func is node:
                how, count = "call", len(parent.args)
                keywords = tuple(str(keyword.arg) for keyword in parent.keywords)
            elif isinstance(parent, ast.Call) and is_method(owner, node.attr) and not _is_builtin(parent.func):
                how, count = "pass", len(parent.args) - parent.args.index(node) - 1
            yield Use(owner, node.attr, how, count, keywords, node in tried, f"{module}:{node.lineno}")


def _is_builtin(function: ast.expr) -> bool:
    """bool(), float() and the like call nothing that they are given."""
    return isinstance(function, ast.Name) and hasattr(builtins, function.id)


def is_method(owner: str, name: str) -> bool:
    member = find_member(owner, name)
    return member is not None and member.kind == "method"


def _named_uses(tree: ast.Module, module: str) -> Iterator[Use]:
    """Where a member is named by a string: getattr and its like, `Borrowed.set`, `Listening`."""
    parents = parents_of(tree)
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
        for how, thing, name in _named(call):
            scope = Scope(parents, call)
            names = scope.names(name)
            if not names and not scope.is_open(name):
                raise AssertionError(f"{module}:{call.lineno}: which members does {ast.unparse(call)} name?")
            for owner in classes_of(thing):
                for one in names:
                    yield Use(owner, one, how, tried=how == "try", place=f"{module}:{call.lineno}")


def _named(call: ast.Call) -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """(how, of what, the expression with the names)"""
    words = [ast.unparse(call.func).split(".")[-1], *(ast.unparse(one) for one in call.args)]
    places = [call.func, *call.args]
    if words[0] in ("attempt", "over_ticks"):
        words, places = words[1:], places[1:]
    elif words[0] == "timed":
        words, places = words[2:], places[2:]
    if words[0] in ("read", "read_or", "getattr", "hasattr") and len(words) > 2:
        yield "get", places[1], places[2]
    elif words[0] in ("write", "setattr") and len(words) > 3:
        yield "write", places[1], places[2]
    elif words[0] in ("_ask", "_signature") and len(words) > 2:
        yield "try", places[1], places[2]
    elif words[0] == "Listening":
        yield "listen", places[1], places[2]
    elif words[0] == "set" and len(words) == 6:
        yield "write", places[3], places[4]


def unknown(sources: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(place, what is wrong) of attributes that nobody is known to have, or that may be Live's."""
    trees = {module: ast.parse(source) for module, source in sources.items()}
    own = {name for tree in trees.values() for name in _own_names(tree)}
    standard = {name for one in STANDARD for name in dir(one)} | OF_OTHER_OBJECTS
    lives = {name for members in LIVE.values() for name in members} - set(dir(list))
    for module, tree in trees.items():
        modules = _imported(tree, set(trees))
        for node in [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]:
            text, place = ast.unparse(node.value), f"{module}:{node.lineno}"
            if classes_of(node.value) or text == "Live" or ast.unparse(node)[len("Live.") :] in LIVE:
                continue
            if text in C_INSTANCE:
                fits = hasattr(CInstance, node.attr)
            elif text.split(".")[0] in modules and text.replace(".", "").isidentifier():
                fits = modules[text.split(".")[0]] is None or hasattr(_named_object(text, modules), node.attr)
            else:
                fits = node.attr in own | standard
                if fits and node.attr in lives and text not in OURS:
                    yield place, f"{text}.{node.attr}: is {text} one of Live's? (VARIABLES or OURS)"
            if not fits:
                yield place, f"{text}.{node.attr}: neither Live, nor the standard library, nor we have that"


def _own_names(tree: ast.AST) -> Iterator[str]:
    """Of methods, fields and attributes of our own classes."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.AnnAssign):
            yield ast.unparse(node.target).split(".")[-1]
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self":
            yield node.attr


def _imported(tree: ast.AST, own: set[str]) -> dict[str, Any]:
    """Name -> module; None for our own, whose names the type checker looks after."""
    found: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name != "Live"]
            found.update({name.split(".")[0]: importlib.import_module(name.split(".")[0]) for name in names})
        elif isinstance(node, ast.ImportFrom) and node.level and node.module is None:
            found.update({alias.name: None for alias in node.names})
    return found


def _named_object(text: str, modules: dict[str, Any]) -> Any:
    first, *rest = text.split(".")
    found = modules[first]
    for name in rest:
        found = getattr(found, name)
    return found


def script_sources(folder: Path) -> dict[str, str]:
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.py"))}
