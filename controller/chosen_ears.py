"""The ears that config.yaml chooses, for every command that hears."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from controller.config import EmbeddingSettings, RewardSettings

if TYPE_CHECKING:
    from embedding.ears import Ears
    from embedding.reward import Hears


def chosen_ears(settings: EmbeddingSettings) -> Ears:
    """BadWeights where the weights are missing, unusable or of another network; BadOption where the device is not
    there."""
    from embedding.ears import device_named
    from embedding.weights import load_ears, packaged_weights

    device = device_named(settings.device)
    return load_ears(settings.weights or packaged_weights(settings.network), network=settings.network, device=device)


def judging_ears(settings: RewardSettings, network_ears: Callable[[], Hears]) -> Hears:
    """What the reward compares timbre with; the network's ears are only asked for where it is they."""
    if settings.timbre == "cnn":
        return network_ears()
    from embedding.mfcc import MfccEars

    return MfccEars()
