"""What a capture is: the sound that was heard, and how faithful it is."""

from __future__ import annotations

from dataclasses import dataclass

from embedding.audio import Audio


@dataclass(frozen=True, eq=False)
class Take:
    audio: Audio
    """As long as what was to be played, from its first sample on, drift removed; the level as it was heard."""
    latency_seconds: float
    """From the moment the player said that it plays until the first sample was heard; as exact as a device's block."""
    drift_ppm: float
    """Above 0: the recorder's clock is the faster one. It is removed where it is not 0."""
    gain_db: float
    residual_db: tuple[float, ...]
    """For each second the difference from what was to be played, relative to the level of the whole."""
    status_flags: tuple[str, ...]
    """What PortAudio said during the take, such as 'input overflow'; on JACK it does so for exact takes, too."""
