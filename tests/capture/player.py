"""A process that plays float32 samples, frame by frame, of a file.

    python player.py DEVICE LATENCY_SECONDS RATE_HZ CHANNELS FILE

Like Live it keeps its stream open and plays silence; a line on stdin plays the file from its beginning, an empty line
stops; it answers each with a line on stdout.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import sounddevice


def main(device: str, latency_seconds: str, rate_hz: str, channels: str, file: str) -> None:
    sound = np.fromfile(Path(file), dtype=np.float32).reshape(-1, int(channels))
    at = len(sound)

    def callback(block: Any, frames: int, _time: object, _status: object) -> None:
        nonlocal at
        part = sound[at : at + frames]
        block[: len(part)] = part
        block[len(part) :] = 0
        at += len(part)

    stream = sounddevice.OutputStream(
        samplerate=int(rate_hz),
        device=int(device) if device.isdigit() else device,
        channels=int(channels),
        dtype="float32",
        latency=float(latency_seconds),
        callback=callback,
    )
    with stream:
        print("ready", flush=True)  # noqa: T201
        for line in sys.stdin:
            at = 0 if line.strip() else len(sound)
            print(line.strip(), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
