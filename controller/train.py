"""`jacqueesbot train`: checks what may be asked for, then trains."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from controller.files import expanded
from controller.progress import watched
from embedding.errors import BadOption

if TYPE_CHECKING:
    from embedding.training.on_irmas import Evaluation


def train_weights(data: Path | None, irmas: Path | None, out: Path, seconds: float) -> tuple[str, ...]:
    """What to tell the user: the path of the weights, written with their card after `seconds` of training; then how
    good they are, where that was measured. BadOption or BadInput where that cannot be."""
    if data is not None and irmas is not None:
        raise BadOption(f"--data {data} and --irmas {irmas}: choose one (for both, train twice, each with its --out)")
    if not seconds > 0:
        raise BadOption(f"--seconds {seconds:g}: should be more than 0")
    if data is not None:
        return _train_on_notes(data, out, seconds)
    if irmas is not None:
        return _train_on_irmas(irmas, out, seconds)
    raise BadOption("--data: is missing; give a folder with one folder of recordings per class, e.g. piano; or --irmas")


def _train_on_notes(folder: Path, out: Path, seconds: float) -> tuple[str, ...]:
    if not folder.is_dir():
        raise BadOption(f"--data {folder}: is no folder; give one with one folder of recordings per class, e.g. piano")
    out = _writable(out)
    from embedding.training.run import train_ears

    with watched() as progress:
        train_ears(folder, out, seconds=seconds, progress=lambda share, text: progress.show(text, share))
    return (str(out),)


def _train_on_irmas(folder: Path, out: Path, seconds: float) -> tuple[str, ...]:
    from embedding.training.irmas import list_irmas
    from embedding.training.on_irmas import train_on_irmas

    listed = list_irmas(folder)
    out = _writable(out)
    with watched() as progress:
        done = train_on_irmas(listed, out, seconds=seconds, progress=lambda share, text: progress.show(text, share))
        if done.left_out:
            progress.warn(_left_out(done.left_out))
    return (
        str(out),
        _measured("recordings kept out of training", done.validation, "none could be kept out"),
        _measured("IRMAS testing part", done.test, "is not there"),
    )


def _writable(out: Path) -> Path:
    """`out`, absolute, in a folder that is there."""
    out = expanded(out).absolute()
    if out.suffix != ".pt":
        raise BadOption(f"--out {out}: should end in .pt (its card is written beside it, ending in .json)")
    from embedding.weights import packaged_weights

    if out.resolve().parent == packaged_weights().resolve().parent:
        raise BadOption(f"--out {out}: is where the package's own weights lie; give a file elsewhere")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise BadOption(
            f"--out {out}: cannot be written ({why.strerror}); give a file below a folder of yours"
        ) from why
    return out


def _left_out(files: Sequence[Path]) -> str:
    which = "1 recording" if len(files) == 1 else f"{len(files)} recordings"
    return f"{which} left out, silent, damaged or without a known label: {files[0]}{', ...' if len(files) > 1 else ''}"


def _measured(name: str, evaluation: Evaluation | None, otherwise: str) -> str:
    if evaluation is None:
        return f"{name}: {otherwise}"
    f1 = evaluation.f1
    return f"{name}: F1 micro {f1.micro:.4f}, macro {f1.macro:.4f} ({evaluation.excerpts} excerpts)"
