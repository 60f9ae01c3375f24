"""`jacqueesbot train`: checks what may be asked for, then trains."""

from __future__ import annotations

from pathlib import Path

from controller.files import expanded
from controller.progress import watched
from embedding.errors import BadOption


def train_weights(data: Path | None, irmas: Path | None, out: Path, seconds: float) -> Path:
    """The weights' file, written with its card after `seconds` of training. BadOption where that cannot be."""
    if irmas is not None:
        raise BadOption(f"--irmas {irmas}: is not there yet; use --data DIR with one folder of recordings per class")
    if data is None:
        raise BadOption("--data: is missing; give a folder with one folder of recordings per class, e.g. piano")
    if not data.is_dir():
        raise BadOption(f"--data {data}: is no folder; give one with one folder of recordings per class, e.g. piano")
    if not seconds > 0:
        raise BadOption(f"--seconds {seconds:g}: should be more than 0")
    out = expanded(out).absolute()
    if out.suffix != ".pt":
        raise BadOption(f"--out {out}: should end in .pt (its card is written beside it, ending in .json)")
    from embedding.training.run import train_ears
    from embedding.weights import packaged_weights

    if out.resolve().parent == packaged_weights().resolve().parent:
        raise BadOption(f"--out {out}: is where the package's own weights lie; give a file elsewhere")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise BadOption(
            f"--out {out}: cannot be written ({why.strerror}); give a file below a folder of yours"
        ) from why
    with watched() as progress:
        train_ears(data, out, seconds=seconds, progress=lambda share, text: progress.show(text, share))
    return out
