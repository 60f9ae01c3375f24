"""What a capture is: the sound that was heard, and how faithful it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from controller.capture.faults import Fault
from controller.capture.suspicions import Examined
from embedding.audio import Audio
from embedding.kernels import gain_to_db


@dataclass(frozen=True, eq=False)
class Take:
    audio: Audio
    """As long as what was to be played, from its first sample on, drift removed; the level as it was heard."""
    latency_seconds: float
    """From the moment the player said that it plays until the first sample was heard; as exact as a device's block. Of
    a file: by so much later than it should the sound begins."""
    drift_ppm: float
    """Above 0: the recorder's clock is the faster one. It is removed where it is not 0."""
    gain_db: float
    residual_db: tuple[float, ...]
    """For each second the difference from what was to be played, relative to the level of the whole."""
    coloured: bool
    """The set changed the sound: its level, its spectrum or its dynamics. Only where the tolerance allows that."""
    status_flags: tuple[str, ...]
    """What PortAudio said during the take, such as 'input overflow'; on JACK it does so for exact takes, too."""


def take_of(found: Examined, latency_seconds: float, status_flags: Sequence[str] = ()) -> Take | tuple[Fault, ...]:
    """Or what is wrong with it."""
    if found.faults or found.alignment is None or found.comparison is None:
        return found.faults
    return Take(
        audio=found.heard,
        latency_seconds=latency_seconds,
        drift_ppm=found.alignment.drift_ppm,
        gain_db=gain_to_db(abs(sum(found.comparison.gains)) / 2),
        residual_db=found.comparison.residual_db,
        coloured=found.coloured,
        status_flags=tuple(status_flags),
    )
