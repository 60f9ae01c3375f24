"""How much louder a cover has to be to be as loud as its target."""

from __future__ import annotations

import numpy as np

from embedding.audio import Audio
from embedding.kernels import as_stereo, gain_to_db
from embedding.loudness import loudness_of

HIGHEST_PEAK_DB = -1.0
QUIETEST_VOLUME_DB = -18.0
"""Below it a step of Live's fader is no longer the same number of dB."""
LOUDEST_VOLUME_DB = 6.0


def loudness_offset_db(target: Audio, cover: Audio) -> float:
    """dB by which `cover` has to change: it is then as loud as `target` (LUFS, ITU-R BS.1770), its peak at most
    -1 dBFS.

    Both are compared as heard in Live, a mono file on both sides. Where one is too short or quiet for LUFS, both are
    compared by RMS; where one is silent, the offset is 0.
    """
    heard, built = as_stereo(target.samples), as_stereo(cover.samples)
    peak = float(np.abs(built).max(initial=0.0))
    if peak == 0.0 or not heard.any():
        return min(0.0, HIGHEST_PEAK_DB - gain_to_db(peak)) if peak else 0.0
    wanted = loudness_of(heard, target.sample_rate_hz).above_db(loudness_of(built, cover.sample_rate_hz))
    return min(wanted, HIGHEST_PEAK_DB - gain_to_db(peak))
