"""Roles: on which kind of track a producer would expect a sample, and in which colour."""

from __future__ import annotations

import re
from pathlib import PurePath

import numpy as np

from embedding.kernels import FloatArray
from search.arrangement import Sample

COLORS = {
    "Kick": "#ff3636",
    "Drums": "#f66c03",
    "Hats": "#ffcc4c",
    "Loops": "#a6783f",
    "Bass": "#5480e4",
    "Keys": "#25ffa8",
    "Plucks": "#5cffe8",
    "Pads": "#8bc5ff",
    "Strings": "#92a7ff",
    "Brass": "#bffb00",
    "Texture": "#a9a9a9",
    "Tonal": "#7ac634",
}
INSTRUMENT_COLORS = ("#d86ce4", "#e553a0", "#1aff2f", "#10a4ee", "#c6928b", "#9bc48d", "#99724b", "#bfba69", "#a34bad")
ROLE_WORDS = {
    "Kick": {"kick", "kicks", "bd", "bassdrum"},
    "Drums": {
        "snare",
        "sn",
        "clap",
        "tom",
        "toms",
        "rim",
        "perc",
        "tabla",
        "conga",
        "bongo",
        "cowbell",
        "clave",
        "drum",
    },
    "Hats": {"hat", "hats", "hihat", "hh", "cymbal", "ride", "crash", "shaker", "tambourine"},
    "Loops": {"loop", "loops", "break", "breaks"},
    "Bass": {"bass", "basses", "sub"},
    "Keys": {"piano", "keys", "rhodes", "organ", "epiano", "bell", "clav", "marimba", "glockenspiel"},
    "Plucks": {"pluck", "plucks", "harp"},
    "Pads": {"pad", "pads"},
    "Strings": {"strings", "violin", "cello", "viola"},
    "Brass": {"brass", "trumpet", "trombone", "horn", "sax", "saxophone"},
    "Texture": {"texture", "textures", "ambi", "ambient", "noise", "fx", "atmo"},
}
"""Words in a file's name, else in its folder's, that say what it is; numbers and signs separate words."""
BASS_BELOW_MIDI = 48
SHORT_SECONDS = 1.5


def role_of(sample: Sample, centroid_band: float) -> str:
    """The role of a sample whose magnitudes have their centre at `centroid_band` of the 48 bands: by its name where
    that tells, else by what was heard in it."""
    path = PurePath(sample.path)
    return _named_role(path.stem) or _heard_role(sample, centroid_band) or _named_role(path.parent.name) or "Tonal"


def color_of(role: str) -> str:
    """#rrggbb, always the same for a role."""
    return COLORS.get(role) or INSTRUMENT_COLORS[sum(role.encode()) % len(INSTRUMENT_COLORS)]


def centroid_band(magnitudes: FloatArray) -> float:
    """Centre of gravity of mel band magnitudes [..., 48]."""
    totals = magnitudes.reshape(-1, magnitudes.shape[-1]).sum(axis=0)
    return float((totals * np.arange(totals.size)).sum() / max(float(totals.sum()), 1e-12))


def _named_role(name: str) -> str | None:
    words = set(re.findall(r"[a-z]+", name.lower()))
    return next((role for role, known in ROLE_WORDS.items() if words & known), None)


def _heard_role(sample: Sample, centroid_band: float) -> str | None:
    if sample.kind == "loop":
        return "Loops"
    if sample.pitch_midi is not None and sample.pitch_midi < BASS_BELOW_MIDI:
        return "Bass"
    if sample.instrument != "unpitched":
        return sample.instrument.capitalize()
    if sample.pitch_midi is not None:
        return None
    if sample.seconds > SHORT_SECONDS:
        return "Texture"
    return "Kick" if centroid_band < 12 else "Drums" if centroid_band < 30 else "Hats"
