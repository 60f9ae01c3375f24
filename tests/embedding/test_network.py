"""The network's structure, against a plain construction and counts made by hand."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from embedding.network import ARCHITECTURES, CLASSES, HAN2016, SILENCE, SLIM, Architecture, EarsNetwork
from embedding.training.labels import LABELS
from embedding.training.network import TrainingNetwork, folded, widened

TINY = Architecture("tiny", (2, 3, 4, 5), 6)


def windows(count: int, seed: int = 0) -> torch.Tensor:
    made = np.random.default_rng(seed).normal(-4.0, 2.0, (count, 1, 130, 128))
    return torch.from_numpy(made.astype(np.float32))


def plain(network: EarsNetwork) -> nn.Sequential:
    """The same weights in the order in which the paper lists the layers: each activation before its pooling."""
    layers: list[nn.Module] = []
    for index, convolution in enumerate(network.convolutions):
        layers += [convolution, nn.LeakyReLU(0.33)]
        if index in (1, 3, 5):
            layers.append(nn.MaxPool2d(3))
    return nn.Sequential(*layers, nn.AdaptiveMaxPool2d(1), nn.Flatten(), network.dense, nn.LeakyReLU(0.33))


def parameters_by_hand(widths: tuple[int, ...], dense: int) -> int:
    total, before = 0, 1
    for width in widths:
        total += before * width * 9 + width + width * width * 9 + width
        before = width
    return total + before * dense + dense + dense * 11 + 11


@pytest.mark.parametrize("architecture", [SLIM, HAN2016, TINY], ids=lambda a: a.name)
def test_parameters_are_as_counted_by_hand(architecture: Architecture) -> None:
    network = EarsNetwork(architecture)
    counted = sum(parameter.numel() for parameter in network.parameters())
    assert counted == parameters_by_hand(architecture.widths, architecture.dense)


def test_han2016_has_the_size_the_widths_give() -> None:
    # 32: 320 + 9,248; 64: 18,496 + 36,928; 128: 73,856 + 147,584; 256: 295,168 + 590,080; dense 263,168; output 11,275
    assert sum(parameter.numel() for parameter in EarsNetwork(HAN2016).parameters()) == 1_446_123


def test_shapes() -> None:
    embeddings, logits = EarsNetwork(SLIM).eval()(windows(3))
    assert embeddings.shape == (3, 256)
    assert logits.shape == (3, 11)


def test_maps_shrink_as_stated() -> None:
    network, seen = EarsNetwork(TINY), []
    for convolution in network.convolutions:
        convolution.register_forward_hook(lambda _module, _inputs, output: seen.append(tuple(output.shape[2:])))
    network(windows(1))
    assert seen == [(130, 128)] * 2 + [(43, 42)] * 2 + [(14, 14)] * 2 + [(4, 4)] * 2


@torch.no_grad()
def test_pooling_before_the_activation_hears_the_same() -> None:
    network = EarsNetwork(TINY).eval()
    embeddings, logits = network(windows(4))
    expected = plain(network)(windows(4) - SILENCE)
    torch.testing.assert_close(embeddings, expected)
    torch.testing.assert_close(logits, network.output(expected))


@torch.no_grad()
def test_the_centre_is_taken_from_embeddings_only() -> None:
    network = EarsNetwork(TINY).eval()
    before = network(windows(2))
    network.centre.copy_(torch.arange(6.0))
    after = network(windows(2))
    torch.testing.assert_close(after[0], before[0] - torch.arange(6.0))
    torch.testing.assert_close(after[1], before[1])


def unlike_a_fresh_one(network: TrainingNetwork) -> TrainingNetwork:
    """Normalisations with statistics and scales (also negative ones) that a fresh network has not."""
    generator = torch.Generator().manual_seed(3)
    for normalise in network.normalisations:
        assert isinstance(normalise, nn.BatchNorm2d)
        nn.init.normal_(normalise.weight, generator=generator)
        nn.init.normal_(normalise.bias, generator=generator)
        nn.init.normal_(normalise.running_mean, generator=generator)
        nn.init.uniform_(normalise.running_var, 0.5, 2.0, generator=generator)
    return network.eval()


@torch.no_grad()
def test_folded_equals_unfolded() -> None:
    trained = unlike_a_fresh_one(TrainingNetwork(TINY))
    embeddings, logits = folded(trained)(windows(5))
    torch.testing.assert_close(embeddings, trained.embed(windows(5)), rtol=1e-4, atol=1e-4)
    # Training's further outputs, for kinds of sound beside the eleven classes, are dropped.
    torch.testing.assert_close(logits, trained(windows(5))[:, : len(CLASSES)], rtol=1e-4, atol=1e-4)


@torch.no_grad()
def test_a_widened_network_hears_the_same() -> None:
    small = unlike_a_fresh_one(TrainingNetwork(TINY))
    wide = Architecture("wide", tuple(3 * width for width in TINY.widths), 2 * TINY.dense)  # type: ignore[arg-type]
    grown = widened(small, wide, noise=0.0).eval()
    torch.testing.assert_close(grown(windows(3)), small(windows(3)), rtol=1e-4, atol=1e-4)
    noisy = widened(small, wide).eval()
    assert not torch.equal(noisy(windows(3)), small(windows(3)))


@torch.no_grad()
def test_dropout_is_only_training_s() -> None:
    network = TrainingNetwork(TINY)
    network.train()
    assert not torch.equal(network(windows(2)), network(windows(2)))
    network.eval()
    assert torch.equal(network(windows(2)), network(windows(2)))


def test_training_reaches_every_weight() -> None:
    network = TrainingNetwork(TINY, block_dropout=0.0)
    F.binary_cross_entropy_with_logits(network(windows(3)), torch.ones(3, len(LABELS))).backward()
    assert all(bool(parameter.grad.abs().sum() > 0) for parameter in network.parameters())


def test_names() -> None:
    assert set(ARCHITECTURES) == {"han2016", "slim"}
    assert len(CLASSES) == len(set(CLASSES)) == 11
