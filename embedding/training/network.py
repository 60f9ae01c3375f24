"""The network as it is trained: the ears' structure with batch normalisation, dropout and outputs for other kinds of
sound, which hearing has not."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from embedding.network import CLASSES, POOL, SILENCE, SLOPE, Architecture, EarsNetwork
from embedding.training.labels import LABELS

BLOCK_DROPOUT = 0.15
DENSE_DROPOUT = 0.5
"""0.5 behind the dense layer as Han, Kim and Lee have it; behind each pooling they have 0.25."""


class TrainingNetwork(nn.Module):
    """Log-mel windows [n, 1, 130, 128] -> logits [n, labels]. `folded` gives the network that hears the same."""

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
        self.output = nn.Linear(architecture.dense, len(LABELS))

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
    """The ears' network of `trained` in evaluation mode: each normalisation becomes part of its convolution, and the
    outputs are the eleven classes'.

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
    network.output.weight.copy_(trained.output.weight[: len(CLASSES)])
    network.output.bias.copy_(trained.output.bias[: len(CLASSES)])
    if centre is not None:
        network.centre.copy_(centre)
    return network.eval()


@torch.no_grad()
def widened(trained: TrainingNetwork, architecture: Architecture, noise: float = 0.02) -> TrainingNetwork:
    """A network of `architecture`, each width a multiple of `trained`'s, that hears what `trained` hears: every
    channel is there several times (Chen, Goodfellow and Shlens 2016), told apart by `noise`, a share of each weight."""
    wide = TrainingNetwork(architecture, trained.block_dropout)

    def copied(ours: nn.Module, theirs: nn.Module) -> None:
        own, other = ours.state_dict(), theirs.state_dict()
        for name, value in other.items():
            grown = value
            for axis in range(value.dim()):
                times = own[name].shape[axis] // value.shape[axis]
                grown = torch.cat([grown] * times, dim=axis)
            if name == "weight" and value.dim() > 1:
                grown = grown * (value.shape[1] / own[name].shape[1])
                grown = grown * (1.0 + noise * torch.randn_like(grown))
            own[name].copy_(grown)

    for ours, theirs in zip(wide.children(), trained.children(), strict=True):
        if isinstance(ours, nn.ModuleList) and isinstance(theirs, nn.ModuleList):
            for one, other in zip(ours, theirs, strict=True):
                copied(one, other)
        else:
            copied(ours, theirs)
    return wide
