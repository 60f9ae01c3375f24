"""What the ears learn to tell apart: the eleven instruments, and what else is in music and in sample libraries.

The other kinds are learnt beside the eleven, by outputs that are dropped before the weights are written: they keep
apart in the embedding what the eleven classes would lump together as "none of them", drums above all.
"""

from __future__ import annotations

from embedding.network import CLASSES

DRUMS = ("kick", "snare", "hi-hat", "cymbal", "tom", "hand drum", "clap")
OTHERS = (
    "bass",
    "strings",
    "brass",
    "mallets",
    "electric piano",
    "synth",
    "double reed",
    "accordion",
    "harp",
    *DRUMS,
)
LABELS = (*CLASSES, *OTHERS)
FIRST_DRUM = len(LABELS) - len(DRUMS)


def label_of(folder_name: str) -> int | None:
    """Index into LABELS of a folder's name, underscores for spaces; None where it names none of them."""
    name = folder_name.replace("_", " ").lower()
    return LABELS.index(name) if name in LABELS else None
