"""Roles: on which kind of track a producer would expect a sample, and in which colour."""

from __future__ import annotations

import numpy as np

from embedding.kernels import FloatArray
from search.arrangement import Sample

COLORS = {
    "Kick": "#ff3636",
    "Drums": "#f66c03",
    "Hats": "#ffcc4c",
    "Loops": "#a6783f",
    "Bass": "#5480e4",
    "Texture": "#a9a9a9",
    "Tonal": "#7ac634",
}
INSTRUMENT_COLORS = ("#25ffa8", "#5cffe8", "#8bc5ff", "#92a7ff", "#d86ce4", "#e553a0", "#bffb00", "#1aff2f", "#10a4ee")
BASS_BELOW_MIDI = 48
SHORT_SECONDS = 1.5


def role_of(sample: Sample, centroid_band: float) -> str:
    """The role of a sample whose magnitudes have their centre at `centroid_band` of the 48 bands."""
    if sample.kind == "loop":
        return "Loops"
    if sample.pitch_midi is not None and sample.pitch_midi < BASS_BELOW_MIDI:
        return "Bass"
    if sample.instrument != "unpitched":
        return sample.instrument.capitalize()
    if sample.pitch_midi is not None:
        return "Tonal"
    if sample.seconds > SHORT_SECONDS:
        return "Texture"
    return "Kick" if centroid_band < 12 else "Drums" if centroid_band < 30 else "Hats"


def color_of(role: str) -> str:
    """#rrggbb, always the same for a role."""
    return COLORS.get(role) or INSTRUMENT_COLORS[sum(role.encode()) % len(INSTRUMENT_COLORS)]


def centroid_band(magnitudes: FloatArray) -> float:
    """Centre of gravity of band mel band magnitudes [..., 48]."""
    totals = magnitudes.reshape(-1, magnitudes.shape[-1]).sum(axis=0)
    return float((totals * np.arange(totals.size)).sum() / max(float(totals.sum()), 1e-12))
