"""Weights on disk: `<name>.pt`, a state dict in half precision, beside its card `<name>.json`.

The card says what the network is (architecture, features, classes), what it learned from, how well, and the checksum of
the weights. Nothing is unpickled but tensors, and nothing is unpickled at all before the checksum agrees.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from embedding.analysis import FFT_SAMPLES, HOP_SAMPLES, LOG_OFFSET, MEL_BINS, SAMPLE_RATE_HZ, WINDOW_FRAMES
from embedding.ears import Ears, ears_of, fastest_precision
from embedding.errors import BadWeights
from embedding.network import ARCHITECTURES, CLASSES, Architecture, EarsNetwork

FORMAT = "jacqueesbot-ears"
VERSION = 1
DEFAULT_NAME = "slim"
FEATURES = {
    "sample_rate_hz": SAMPLE_RATE_HZ,
    "fft_samples": FFT_SAMPLES,
    "hop_samples": HOP_SAMPLES,
    "mel_bins": MEL_BINS,
    "window_frames": WINDOW_FRAMES,
    "log_offset": LOG_OFFSET,
}
REMEDY = "install JacqueesBot again, or name a file that `jacqueesbot train` wrote"


def packaged_weights(name: str = DEFAULT_NAME) -> Path:
    """The package's weights of that architecture, e.g. 'slim'."""
    return Path(__file__).parent / "weights" / f"{name}.pt"


def card_path(weights: Path) -> Path:
    return weights.with_suffix(".json")


def load_ears(
    path: str | os.PathLike[str] | None = None,
    precision: torch.dtype | None = None,
    *,
    network: str | None = None,
    device: str = "cpu",
) -> Ears:
    """Ears with the weights at `path` (the package's own by default), in the device's fastest precision by default.

    Raises BadWeights where the file or its card is missing, damaged, not of this program and version, or not of the
    architecture called `network` where that is given.
    """
    file = packaged_weights() if path is None else Path(path)
    card = _read_card(file)
    architecture = _architecture(file, card)
    if network not in (None, architecture.name):
        raise BadWeights(
            f"{file}: is for {architecture.name!r}, not for {network!r} as asked; "
            f"set embedding.network to {architecture.name} in config.yaml, or name other weights"
        )
    made = EarsNetwork(architecture)
    _fill(file, made, _read_weights(file, card))
    return ears_of(made, card, fastest_precision(device) if precision is None else precision, device)


def save_ears(path: str | os.PathLike[str], network: EarsNetwork, about: Mapping[str, Any]) -> None:
    """Write `network` to `path` and its card beside it; `about` (data, licences, date, accuracy) goes into the card."""
    file = Path(path)
    buffer = io.BytesIO()
    torch.save({key: tensor.detach().half().cpu().contiguous() for key, tensor in network.state_dict().items()}, buffer)
    architecture = network.architecture
    card = {
        "format": FORMAT,
        "version": VERSION,
        "architecture": architecture.name,
        "widths": list(architecture.widths),
        "dense": architecture.dense,
        "features": FEATURES,
        "classes": list(CLASSES),
        **about,
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(file, buffer.getvalue())
    _write_whole(card_path(file), (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode())


def _write_whole(file: Path, content: bytes) -> None:
    """A reader finds the old file or the new one, never a part."""
    beside = file.with_name(file.name + ".part")
    beside.write_bytes(content)
    beside.replace(file)


def _read_card(file: Path) -> dict[str, Any]:
    beside = card_path(file)
    for needed in (file, beside):
        if not needed.is_file():
            raise BadWeights(f"{needed}: no such file; weights are a .pt file with its .json card beside it; {REMEDY}")
    try:
        card = json.loads(beside.read_text(encoding="utf-8"))
    except (ValueError, OSError) as why:
        raise BadWeights(f"{beside}: cannot be read as JSON ({why}); {REMEDY}") from why
    if not isinstance(card, dict) or card.get("format") != FORMAT or card.get("version") != VERSION:
        wanted = f"a card of format {FORMAT!r}, version {VERSION}"
        raise BadWeights(f"{beside}: is not {wanted} (another program's?); {REMEDY}")
    for key, ours in {"features": FEATURES, "classes": list(CLASSES)}.items():
        if card.get(key) != ours:
            raise BadWeights(f"{beside}: has {key} {card.get(key)!r}, this version hears with {ours!r}; {REMEDY}")
    return card


def _architecture(file: Path, card: Mapping[str, Any]) -> Architecture:
    known = ARCHITECTURES.get(str(card.get("architecture")))
    if known is None or card.get("widths") != list(known.widths) or card.get("dense") != known.dense:
        found = f"{card.get('architecture')!r} with widths {card.get('widths')!r} and dense {card.get('dense')!r}"
        raise BadWeights(f"{card_path(file)}: is for {found}; known are {', '.join(ARCHITECTURES)}; {REMEDY}")
    return known


def _read_weights(file: Path, card: Mapping[str, Any]) -> Mapping[str, torch.Tensor]:
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != card.get("sha256"):
        raise BadWeights(f"{file}: is damaged, its checksum is not that in {card_path(file).name} (cut off?); {REMEDY}")
    try:
        with warnings.catch_warnings(action="ignore"):  # torch's, about files that are refused anyway
            state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as why:  # torch raises what it likes on a file that is none of its own
        raise BadWeights(f"{file}: holds no weights ({type(why).__name__}); {REMEDY}") from why
    if not isinstance(state, Mapping):
        raise BadWeights(f"{file}: holds a {type(state).__name__}, not weights by name; {REMEDY}")
    return state


def _fill(file: Path, network: EarsNetwork, state: Mapping[str, torch.Tensor]) -> None:
    try:
        if not all(tensor.is_floating_point() for tensor in state.values()):
            raise TypeError("whole or complex numbers")
        network.load_state_dict(dict(state))
    except (RuntimeError, TypeError, AttributeError) as why:
        name = network.architecture.name
        raise BadWeights(f"{file}: its tensors are not those of {name!r}, which its card names; {REMEDY}") from why
    if not all(bool(torch.isfinite(tensor).all()) for tensor in network.state_dict().values()):
        raise BadWeights(f"{file}: holds NaN or infinite weights (training that diverged?); {REMEDY}")
