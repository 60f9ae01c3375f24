"""What strings an expression in a source may be, as far as its literals tell."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def parents_of(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


class Scope:
    """Around a place in the source: what strings an expression there may be, which are all those of its literals."""

    def __init__(self, parents: dict[ast.AST, ast.AST], place: ast.AST) -> None:
        self._around = [place]
        while self._around[-1] in parents:
            self._around.append(parents[self._around[-1]])
        functions = [node for node in self._around if isinstance(node, ast.FunctionDef)]
        self._function = functions[-1] if functions else self._around[-1]
        self._module = self._around[-1]

    def names(self, node: ast.AST) -> set[str]:
        found: set[str] = set()
        for inner in _parts(node):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                found.add(inner.value)
            elif isinstance(inner, ast.Name):
                found.update(name for value in self._values(inner.id) for name in self.names(value))
            elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
                found.update(name for value in self._returned(inner.func.id) for name in self.names(value))
        return found

    def is_open(self, node: ast.AST) -> bool:
        """Whether others say which: a helper's caller, or Live itself, by dir()."""
        functions = [one for one in self._around if isinstance(one, ast.FunctionDef)]
        given = {one.arg for function in functions for one in ast.walk(function) if isinstance(one, ast.arg)}
        values = [node, *(value for name in _targets(node) for value in self._values(name))]
        return any(
            _targets(value) & given or "dir(" in ast.unparse(value) or "self._" in ast.unparse(value)
            for value in values
        )

    def _values(self, name: str) -> list[ast.expr]:
        """What it may be: what the loop around the place goes through, else what is assigned in function or module."""
        for node in self._around:
            loops = [node] if isinstance(node, ast.For) else getattr(node, "generators", [])
            found = [loop.iter for loop in loops if name in _targets(loop.target)]
            if found:
                return found
        assigned = [
            node
            for node in [*ast.walk(self._function), *ast.iter_child_nodes(self._module)]
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value
        ]
        return [node.value for node in assigned if name in _assigned(node) and node.value]

    def _returned(self, function: str) -> Iterator[ast.expr]:
        for node in ast.iter_child_nodes(self._module):
            if isinstance(node, ast.FunctionDef) and node.name == function:
                yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value)


def _assigned(node: ast.Assign | ast.AnnAssign) -> set[str]:
    return {ast.unparse(target) for target in (node.targets if isinstance(node, ast.Assign) else [node.target])}


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """The node and what it is made of; without what a comprehension leaves out, a text's fields, other calls' arguments
    than those of tuple(...)."""
    yield node
    if isinstance(node, ast.Call) and ast.unparse(node.func) != "tuple":
        return
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and name != "ifs":
                yield from _parts(child)


def _targets(target: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
