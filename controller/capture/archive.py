"""Captures kept as files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from controller.files import replacing
from embedding.audio import Audio, write_wav

FULL_SCALE = 1.0


def archive(audio: Audio, file: Path) -> Path:
    """Writes `audio` as FLAC of 24 bit, at the level at which it was heard. FLAC cannot hold samples above full scale:
    with these it becomes a WAV of float32 instead. The file that was written: `file`, with the suffix of its kind."""
    is_flac = float(np.abs(audio.samples).max(initial=0.0)) <= FULL_SCALE
    written = file.with_suffix(".flac" if is_flac else ".wav")
    with replacing(written) as beside:
        if is_flac:
            soundfile.write(beside, audio.samples.T, audio.sample_rate_hz, format="FLAC", subtype="PCM_24")
        else:
            write_wav(beside, audio)
    return written
