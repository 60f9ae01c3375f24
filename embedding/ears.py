"""The ears in use: log-mel windows in, embeddings and class probabilities out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from embedding.kernels import FloatArray
from embedding.network import CLASSES, EarsNetwork

__all__ = ["CLASSES", "Ears", "Heard", "ears_of", "fastest_precision"]

WINDOWS_AT_ONCE = {torch.bfloat16: 8, torch.float32: 4}
"""So many windows' maps stay in a core's cache; larger batches take up to half as long again per window."""


@dataclass(frozen=True, eq=False)
class Heard:
    """embeddings: float32 [n, d], centred (see `EarsNetwork`); probabilities: float32 [n, 11], in CLASSES order."""

    embeddings: FloatArray
    probabilities: FloatArray


@dataclass(frozen=True, eq=False)
class Ears:
    """A trained network and its card. How many threads it uses is torch's setting, thus its caller's."""

    network: EarsNetwork
    card: Mapping[str, Any]
    precision: torch.dtype

    def hear(self, windows: FloatArray) -> Heard:
        """What the network makes of log-mel `windows` [n, 130, 128] (`embedding.analysis.log_mel`); n may be 0."""
        if windows.shape[0] == 0:
            size = self.network.architecture.dense
            return Heard(np.empty((0, size), np.float32), np.empty((0, len(CLASSES)), np.float32))
        with torch.inference_mode():
            parts = [self.network(part) for part in self._batches(windows)]
            embeddings = torch.cat([embedding for embedding, _ in parts])
            probabilities = torch.cat([logits for _, logits in parts]).sigmoid()
        return Heard(embeddings.numpy(), probabilities.numpy())

    def _batches(self, windows: FloatArray) -> Iterator[torch.Tensor]:
        whole = torch.from_numpy(np.ascontiguousarray(windows, dtype=np.float32))[:, None]
        whole = whole.contiguous(memory_format=torch.channels_last)
        return iter(torch.split(whole, WINDOWS_AT_ONCE[self.precision]))


def fastest_precision() -> torch.dtype:
    """bfloat16 where the processor multiplies it in hardware (about 0.6 of float32's time), else float32."""
    return torch.bfloat16 if torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32


def ears_of(network: EarsNetwork, card: Mapping[str, Any], precision: torch.dtype = torch.float32) -> Ears:
    """Ears with `network` itself, changed to `precision` and to the layout that is fastest: channels last."""
    ready = network.eval().to(precision).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return Ears(network=ready, card=card, precision=precision)
