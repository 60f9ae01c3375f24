"""The network as it is trained: the ears' structure with batch normalisation and dropout, which hearing has not."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from embedding.network import CLASSES, POOL, SILENCE, SLOPE, Architecture, EarsNetwork

BLOCK_DROPOUT = 0.25
DENSE_DROPOUT = 0.5
"""Han, Kim and Lee's: 0.25 behind each pooling, 0.5 behind the dense layer."""


class TrainingNetwork(nn.Module):
    """Log-mel windows [n, 1, 130, 128] -> logits [n, 11]. `folded` gives the network that hears the same."""

    def __init__(self, architecture: Architecture, block_dropout: float = BLOCK_DROPOUT) -> None:
        super().__init__()
        self.architecture = architecture
        self.block_dropout = block_dropout
        # No bias: the normalisation behind takes it away again.
        convolutions = [nn.Conv2d(a, b, 3, padding=1, bias=False) for a, b in architecture.channels()]
        for convolution in convolutions:
            nn.init.kaiming_normal_(convolution.weight, a=SLOPE)
        self.convolutions = nn.ModuleList(convolutions)
        self.normalisations = nn.ModuleList(nn.BatchNorm2d(b) for _, b in architecture.channels())
        self.dense = nn.Linear(architecture.widths[-1], architecture.dense)
        self.output = nn.Linear(architecture.dense, len(CLASSES))

    def forward(self, windows: Tensor) -> Tensor:
        return self.output(F.dropout(self.embed(windows), DENSE_DROPOUT, self.training))  # type: ignore[no-any-return]

    def embed(self, windows: Tensor) -> Tensor:
        """Embeddings [n, dense], not centred."""
        maps = windows - SILENCE
        last = len(self.convolutions) - 1
        for index, (convolution, normalise) in enumerate(zip(self.convolutions, self.normalisations, strict=True)):
            maps = F.leaky_relu(normalise(convolution(maps)), SLOPE)
            if index % 2 == 1:
                maps = maps.amax((2, 3)) if index == last else F.max_pool2d(maps, POOL)
                maps = F.dropout(maps, self.block_dropout, self.training)
        return F.leaky_relu(self.dense(maps), SLOPE)


@torch.no_grad()
def folded(trained: TrainingNetwork, centre: Tensor | None = None) -> EarsNetwork:
    """The ears' network of `trained` in evaluation mode: each normalisation becomes part of its convolution.

    (w * x - mean) / s * gamma + beta = (w gamma / s) * x + (beta - mean gamma / s), where s = sqrt(variance + epsilon).
    `centre` [dense] is taken from the embeddings (see `EarsNetwork`).
    """
    network = EarsNetwork(trained.architecture)
    for ours, theirs, normalise in zip(network.convolutions, trained.convolutions, trained.normalisations, strict=True):
        assert isinstance(ours, nn.Conv2d)
        assert isinstance(theirs, nn.Conv2d)
        assert isinstance(normalise, nn.BatchNorm2d)
        assert ours.bias is not None
        assert normalise.running_mean is not None
        assert normalise.running_var is not None
        scale = normalise.weight / torch.sqrt(normalise.running_var + normalise.eps)
        ours.weight.copy_(theirs.weight * scale[:, None, None, None])
        ours.bias.copy_(normalise.bias - normalise.running_mean * scale)
    network.dense.load_state_dict(trained.dense.state_dict())
    network.output.load_state_dict(trained.output.state_dict())
    if centre is not None:
        network.centre.copy_(centre)
    return network.eval()
