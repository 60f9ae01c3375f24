"""What the positions of Live's gain and volume controls mean in dB, and the texts that Live shows for them."""

from __future__ import annotations

import math

SILENCE_DB = -math.inf


def clip_gain_db(gain: float) -> float:
    """dB of Clip.gain in [0, 1]: 0.4 is 0 dB, 1 is +24 dB. Measured in Live from 0.03 up; below it within 2 dB."""
    if gain >= 0.4:
        return 40.0 * (gain - 0.4)
    if gain >= 0.03:
        return _bend(gain - 0.4)
    if gain < 1e-4:
        return SILENCE_DB
    return _bend(0.03 - 0.4) - 26.8 * math.pow((0.03 - gain) / 0.03, 1.5)


def mixer_volume_db(volume: float) -> float:
    """dB of a mixer's volume in [0, 1]: 0.85 is 0 dB, 1 is +6 dB. Measured from 0.4 (-18 dB) up; below it assumed."""
    if volume >= 0.4:
        return 40.0 * volume - 34.0
    level_db = -18.0 + _bend(volume - 0.4)
    return level_db if level_db > -66.0 else SILENCE_DB


def send_level_db(send: float) -> float:
    """dB of a mixer's send in [0, 1]: 1 is 0 dB, 0 is silence. Assumed: the volume's curve up to its 0 dB."""
    return mixer_volume_db(send * 0.85) if send > 0.0 else SILENCE_DB


def _bend(below: float) -> float:
    return 42.0 * below - 200.0 * below * below


def db_text(level_db: float) -> str:
    """As Live shows it: '1.3 dB', '-12.0 dB', '-inf dB'."""
    if level_db == SILENCE_DB:
        return "-inf dB"
    decimals = 2 if 0.05 <= abs(level_db) < 10.0 else 1
    text = f"{level_db:.{decimals}f}"
    if decimals == 2 and text.endswith("0"):
        text = text[:-1]
    return ("0.0" if float(text) == 0.0 else text) + " dB"


def pan_text(pan: float) -> str:
    """As Live shows it: '50L', 'C', '25R'."""
    steps = round(abs(pan) * 50)
    if steps == 0:
        return "C"
    return f"{steps}{'L' if pan < 0 else 'R'}"
