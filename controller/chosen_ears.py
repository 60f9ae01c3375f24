"""The ears that config.yaml chooses, for every command that hears."""

from __future__ import annotations

from controller.config import EmbeddingSettings
from embedding.ears import Ears, device_named
from embedding.weights import load_ears, packaged_weights


def chosen_ears(settings: EmbeddingSettings) -> Ears:
    """BadWeights where the weights are missing, unusable or of another network; BadOption where the device is not
    there."""
    device = device_named(settings.device)
    return load_ears(settings.weights or packaged_weights(settings.network), network=settings.network, device=device)
