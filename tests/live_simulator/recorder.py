"""Records a device in a process of its own: python recorder.py DEVICE RATE_HZ FILE

Prints a line once samples come; records until its stdin ends, and writes them, float32 [n, 2], as FILE (.npy).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Heard = npt.NDArray[np.float32]
PATIENCE_SECONDS = 30.0


class Recording:
    """`heard` is [2, n], once its context is left."""

    def __init__(self) -> None:
        self.heard: Heard = np.zeros((2, 0), dtype=np.float32)


@contextmanager
def recording(device: str, rate_hz: int, environment: Mapping[str, str], folder: Path) -> Iterator[Recording]:
    """Records what the device hears meanwhile."""
    file = folder / f"{device}.npy"
    found = Recording()
    command = [sys.executable, __file__, device, str(rate_hz), str(file)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=dict(environment)) as process:
        try:
            assert process.stdout is not None
            assert process.stdin is not None
            assert process.stdout.readline(), "it records nothing"
            yield found
            process.stdin.close()
            assert process.wait(PATIENCE_SECONDS) == 0
            found.heard = np.load(file).T
        finally:
            process.kill()


def main(device: str, rate_hz: int, file: str) -> None:
    import sounddevice

    blocks: list[Any] = []
    with sounddevice.InputStream(
        samplerate=rate_hz,
        device=device,
        channels=2,
        dtype="float32",
        latency=0.2,
        callback=lambda block, count, when, status: blocks.append(block.copy()),
    ):
        while not blocks:
            sounddevice.sleep(5)
        sys.stdout.write("it records\n")
        sys.stdout.flush()
        sys.stdin.read()
        sounddevice.sleep(400)  # what is on its way
    np.save(file, np.concatenate(blocks))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
