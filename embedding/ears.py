"""The ears in use: log-mel windows in, embeddings and class probabilities out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from embedding.errors import BadOption
from embedding.kernels import FloatArray
from embedding.network import CLASSES, SILENCE, EarsNetwork
from embedding.timbre import timbre_similarity

__all__ = ["CLASSES", "DEVICES", "Ears", "Heard", "device_named", "ears_of", "fastest_precision"]

DEVICES = ("cuda", "mps", "cpu")
"""In the order of preference."""
WINDOWS_AT_ONCE = 12
"""At most: the maps of more windows stay neither in a cache nor, in float32, within `KEPT_BYTES`."""
ACCELERATED_WINDOWS_AT_ONCE = 32
"""Elsewhere than on the processor, batches are all of this size, filled up with silence: the arithmetic, and so the
rounding, may depend on a batch's size there."""
KEPT_BYTES = 31 * 2**20
"""The largest allocation from which glibc learns."""


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
    device: str

    def hear(self, windows: FloatArray) -> Heard:
        """What the network makes of log-mel `windows` [n, 130, 128] (`embedding.analysis.log_mel`); n may be 0."""
        count = windows.shape[0]
        if count == 0:
            size = self.network.architecture.dense
            return Heard(np.empty((0, size), np.float32), np.empty((0, len(CLASSES)), np.float32))
        with torch.inference_mode():
            parts = [self.network(part.to(self.device)) for part in self._batches(windows)]
            embeddings = torch.cat([embedding for embedding, _ in parts])[:count].cpu()
            probabilities = torch.cat([logits for _, logits in parts])[:count].sigmoid().cpu()
        return Heard(embeddings.numpy(), probabilities.numpy())

    def similarity(self, a: FloatArray, b: FloatArray) -> FloatArray:
        """[n] in [0, 1] of embeddings [n, d] and [n, d]."""
        return timbre_similarity(a, b)

    def _batches(self, windows: FloatArray) -> Iterator[torch.Tensor]:
        whole = torch.from_numpy(np.ascontiguousarray(windows, dtype=np.float32))[:, None]
        whole = whole.contiguous(memory_format=torch.channels_last)
        if self.device == "cpu":
            return iter(torch.chunk(whole, -(-len(whole) // WINDOWS_AT_ONCE)))
        missing = -len(whole) % ACCELERATED_WINDOWS_AT_ONCE
        filled = torch.nn.functional.pad(whole, (0, 0, 0, 0, 0, 0, 0, missing), value=SILENCE)
        return iter(torch.split(filled, ACCELERATED_WINDOWS_AT_ONCE))


def fastest_precision(device: str = "cpu") -> torch.dtype:
    """bfloat16 on a processor that multiplies it in hardware (about 0.6 of float32's time), else float32."""
    fast = device == "cpu" and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.bfloat16 if fast else torch.float32


def device_named(name: str) -> str:
    """The device of that name as torch calls it; `auto` is the best there is. BadOption where it is not there."""
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return next(device for device in DEVICES if here[device])
    if not here.get(name, False):
        found = ", ".join(device for device in DEVICES if here[device])
        raise BadOption(
            f"embedding.device {name}: torch finds no such device here; give {found} or auto "
            "(no driver, or torch installed without it?)"
        )
    return name


def ears_of(
    network: EarsNetwork, card: Mapping[str, Any], precision: torch.dtype = torch.float32, device: str = "cpu"
) -> Ears:
    """Ears with `network` itself, moved to `device`, changed to `precision` and to the layout that is fastest: channels
    last."""
    _keep_freed_memory()
    ready = network.eval().to(device, precision).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return Ears(network=ready, card=card, precision=precision, device=device)


def _keep_freed_memory() -> None:
    """From a large allocation that was freed glibc learns to keep up to twice as much for the next. Else the memory of
    the maps goes back to the system after each batch, and fetching it anew takes up to half as long as hearing."""
    torch.empty(KEPT_BYTES, dtype=torch.uint8)
