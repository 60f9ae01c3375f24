"""The ears' network: the structure of Han, Kim and Lee (2016, arXiv:1605.09507) on windows of 3 s.

Four blocks of two 3x3 convolutions, each followed by a leaky ReLU of slope 0.33; maxima over 3x3 cells after the first
three blocks and over the whole map after the fourth; a dense layer, whose activation is the embedding; eleven sigmoid
outputs. Convolutions keep the size of the map (padding 1); a window of 130 x 128 shrinks to 43 x 42, 14 x 14, 4 x 4, 1.
Dropout and batch normalisation are training's affair and no part of this network.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from embedding.analysis import LOG_OFFSET

CLASSES = (
    "cello",
    "clarinet",
    "flute",
    "acoustic guitar",
    "electric guitar",
    "organ",
    "piano",
    "saxophone",
    "trumpet",
    "violin",
    "voice",
)
SLOPE = 0.33
POOL = 3
SILENCE = math.log(LOG_OFFSET)
"""Log-mel of silence. It is subtracted, so that the convolutions' padding, which is zero, is silence."""


@dataclass(frozen=True)
class Architecture:
    """`widths`: channels of the four blocks; `dense`: size of the embedding."""

    name: str
    widths: tuple[int, int, int, int]
    dense: int

    def channels(self) -> list[tuple[int, int]]:
        """(inputs, outputs) of the eight convolutions."""
        before = (1, *self.widths[:-1])
        return [pair for a, b in zip(before, self.widths, strict=True) for pair in ((a, b), (b, b))]


HAN2016 = Architecture("han2016", (32, 64, 128, 256), 1024)
SLIM = Architecture("slim", (16, 32, 64, 128), 256)
ARCHITECTURES = {architecture.name: architecture for architecture in (HAN2016, SLIM)}


class EarsNetwork(nn.Module):
    """Log-mel windows [n, 1, 130, 128] -> (embeddings [n, dense], logits [n, 11]), all of them float32.

    For hearing, not for training: it works in place (see `training.network`), and in the precision of its weights.

    The embedding is the dense layer behind its leaky ReLU, less `centre`: the mean embedding of music, 0 until training
    sets it. Embeddings of unlike sounds then point in unlike directions, where they would all lie in one octant.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in architecture.channels())
        self.dense = nn.Linear(architecture.widths[-1], architecture.dense)
        self.output = nn.Linear(architecture.dense, len(CLASSES))
        self.centre: Tensor
        self.register_buffer("centre", torch.zeros(architecture.dense))

    def forward(self, windows: Tensor) -> tuple[Tensor, Tensor]:
        maps = (windows - SILENCE).to(self.output.weight.dtype)
        last = len(self.convolutions) - 1
        for index, convolution in enumerate(self.convolutions):
            maps = convolution(maps)
            # The leaky ReLU rises throughout, so it may follow the maximum: the same result from a ninth of the work.
            if index == last:
                maps = maps.amax((2, 3))
            elif index % 2 == 1:
                maps = F.max_pool2d(maps, POOL)
            maps = F.leaky_relu_(maps, SLOPE)
        activation = F.leaky_relu_(self.dense(maps), SLOPE)
        return activation.float() - self.centre.float(), self.output(activation).float()
