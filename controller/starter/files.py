"""From a signal to a wav: ends, level, file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from controller.starter.synthesis import RATE_HZ, Signal, high_pass, timeline
from controller.starter.synthesis import release as fade_out
from controller.starter.synthesis import rise as fade_in

FADE_IN_SECONDS = 0.0002
FADE_OUT_SECONDS = 0.03


def finished(signal: Signal, peak_db: float) -> Signal:
    """`signal` [n] or [2, n] without rumble, starting and ending at 0, its peak at `peak_db` dBFS."""
    t = timeline(signal.shape[-1] / RATE_HZ)
    shaped = high_pass(signal, 18.0) * fade_in(t, FADE_IN_SECONDS) * fade_out(t, FADE_OUT_SECONDS)
    return np.asarray(shaped * (10.0 ** (peak_db / 20.0) / np.abs(shaped).max()))


def write_pcm(path: Path, signal: Signal) -> None:
    """A 24 bit wav of `signal`, [n] or [2, n] within [-1, 1]; equal signals give equal bytes."""
    soundfile.write(path, signal.T, RATE_HZ, format="WAV", subtype="PCM_24")
