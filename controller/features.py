"""What is worked out about a sample without the ears: length, loudness, pitch, onsets; and what they are to hear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

import numpy as np

from embedding.analysis import (
    HOP_SAMPLES,
    SAMPLE_RATE_HZ,
    WINDOW_FRAMES,
    WINDOW_SAMPLES,
    analyse,
    divisors_of,
    log_mel,
    window_starts,
)
from embedding.audio import Audio
from embedding.kernels import FloatArray
from embedding.pitch import pitch_midi

LOUDNESS_WINDOW_SECONDS = 0.05
MOST_WINDOWS = 4
"""Of a long sample the ears hear the first 6 s."""
LOOP_SECONDS = 2.0
LOOP_ONSETS = 4
LOOP_NAME = re.compile(r"(?<![a-z])loops?(?![a-z])|\d\s*bpm(?![a-z])", re.IGNORECASE)
RISE = 0.35
"""An onset is a rise of the mean log-mel level from one frame to the next, in nepers (3 dB in all bands at once),"""
ONSET_GAP_FRAMES = 3
"""and 70 ms from the one before."""


@dataclass(frozen=True, eq=False)
class Measured:
    """`windows` [n, 130, 128]: the log-mel windows that the ears are to hear, 1 <= n <= 4."""

    seconds: float
    sample_rate_hz: int
    channels: int
    pitch_midi: float | None
    loudness_db: float
    onset_count: int
    windows: FloatArray


def measure(audio: Audio) -> Measured:
    mono = audio.at_rate(SAMPLE_RATE_HZ).mono()
    mel = analyse(np.pad(mono, (0, max(0, WINDOW_SAMPLES - mono.size)))).mel
    return Measured(
        seconds=audio.seconds,
        sample_rate_hz=audio.sample_rate_hz,
        channels=audio.samples.shape[0],
        pitch_midi=pitch_midi(mono),
        loudness_db=loudest_db(audio),
        onset_count=onset_count(mel),
        windows=_windows(mono, mel),
    )


def loudest_db(audio: Audio) -> float:
    """RMS of the loudest 50 ms over all channels, dBFS; of a shorter sound, as if it were followed by silence."""
    power = np.square(audio.samples, dtype=np.float64).mean(axis=0)
    width = max(1, round(LOUDNESS_WINDOW_SECONDS * audio.sample_rate_hz))
    total = np.concatenate([[0.0], np.cumsum(power)])
    loudest = (total[width:] - total[:-width]).max() if power.size > width else total[-1]
    return float(10.0 * np.log10(max(loudest / width, 1e-20)))


def onset_count(mel: FloatArray) -> int:
    """How many sounds begin in the frames `mel` [frames, 128]; one at the very beginning counts."""
    levels = log_mel(mel, max(float(mel.max()), 1e-9))
    rises = np.maximum(np.diff(levels, axis=0, prepend=log_mel(np.zeros_like(mel[:1]), 1.0)), 0.0).mean(axis=1)
    count, last = 0, -ONSET_GAP_FRAMES
    for frame in np.flatnonzero(rises > RISE):
        if frame - last >= ONSET_GAP_FRAMES:
            count += 1
        last = int(frame)
    return count


def kind_of(path_in_library: PurePath, seconds: float, onsets: int) -> Literal["one-shot", "loop"]:
    """A loop lasts over 2 s with 4 onsets or more, or is called so (its folder counts, and so does `120 bpm`)."""
    if LOOP_NAME.search(str(path_in_library).replace("_", " ")):
        return "loop"
    return "loop" if seconds > LOOP_SECONDS and onsets >= LOOP_ONSETS else "one-shot"


def _windows(mono: FloatArray, mel: FloatArray) -> FloatArray:
    starts = window_starts(mel.shape[0])[:MOST_WINDOWS]
    maxima = [np.abs(mono[s * HOP_SAMPLES : s * HOP_SAMPLES + WINDOW_SAMPLES]).max(initial=0.0) for s in starts]
    divisors = divisors_of(np.array(maxima, dtype=np.float32), float(np.abs(mono).max(initial=0.0)))
    return np.stack([log_mel(mel[s : s + WINDOW_FRAMES], d) for s, d in zip(starts, divisors, strict=True)])
