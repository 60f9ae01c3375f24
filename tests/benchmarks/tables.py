"""Markdown tables."""

from __future__ import annotations

from collections.abc import Sequence


def row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def head(names: Sequence[str]) -> str:
    return row(names) + "\n" + row(["---"] * len(names))


def table(rows: Sequence[Sequence[str]]) -> str:
    """`rows[0]` is the head."""
    return "\n".join([head(rows[0]), *map(row, rows[1:])])
