"""Live's own units of level, pitch and colour, from and to dB, semitones and '#rrggbb'.

The curves were measured in Live (12.x): clip gain 0.4 is 0 dB, above it 40 dB per unit; from 0.03 to 0.4
dB = 42 x - 200 x^2 with x = gain - 0.4 (within 0.08 dB). Mixer volume from 0.4 up: dB = 40 volume - 34. Below 0.03 and
0.4 nothing is written by us.
"""

from __future__ import annotations

import math

from embedding.errors import BadOption

CLIP_UNITY = 0.4
LOWEST_CLIP_GAIN = 0.03
LOUDEST_CLIP_DB = 24.0
QUIETEST_CLIP_DB = 42.0 * (LOWEST_CLIP_GAIN - CLIP_UNITY) - 200.0 * (LOWEST_CLIP_GAIN - CLIP_UNITY) ** 2
LOUDEST_TRACK_DB = 6.0
QUIETEST_TRACK_DB = -18.0
WIDEST_SEMITONES = 48.0
LEAST_CENTS, MOST_CENTS = -50.0, 49.0


def clip_gain_from_db(level_db: float) -> float:
    """Clip.gain of a level in [-42.9, 24] dB; BadOption outside."""
    _require("clip gain", level_db, QUIETEST_CLIP_DB, LOUDEST_CLIP_DB, "dB")
    if level_db >= 0.0:
        return min(1.0, CLIP_UNITY + level_db / 40.0)
    return max(LOWEST_CLIP_GAIN, CLIP_UNITY + (42.0 - math.sqrt(42.0**2 - 800.0 * level_db)) / 400.0)


def clip_gain_to_db(gain: float) -> float:
    """Level of a Clip.gain in [0, 1]; one below 0.03 (a user's) is told as 0.03's -42.9 dB."""
    above = max(gain, LOWEST_CLIP_GAIN) - CLIP_UNITY
    return 40.0 * above if above >= 0.0 else 42.0 * above - 200.0 * above * above


def volume_from_db(level_db: float) -> float:
    """Mixer volume of a level in [-18, 6] dB; BadOption outside."""
    _require("track volume", level_db, QUIETEST_TRACK_DB, LOUDEST_TRACK_DB, "dB")
    return min(1.0, max(0.4, (level_db + 34.0) / 40.0))


def volume_to_db(volume: float) -> float:
    """Level of a mixer volume in [0, 1]; one below 0.4 (a user's) is told as -18 dB."""
    return 40.0 * max(volume, 0.4) - 34.0


def pitch_from_semitones(semitones: float) -> tuple[int, float]:
    """(pitch_coarse, pitch_fine in cents) of a transposition in [-48, 48]; BadOption outside.

    Live has -50 to 49 cents: between 49 and 50 the nearer of the two is taken, at most half a cent off.
    """
    _require("transposition", semitones, -WIDEST_SEMITONES, WIDEST_SEMITONES, "semitones")
    coarse = math.floor(semitones + 0.5)
    cents = (semitones - coarse) * 100.0
    if cents > (MOST_CENTS + LEAST_CENTS + 100.0) / 2:
        coarse, cents = coarse + 1, LEAST_CENTS
    if coarse > WIDEST_SEMITONES:
        coarse, cents = coarse - 1, MOST_CENTS
    return coarse, min(MOST_CENTS, max(LEAST_CENTS, cents))


def pitch_to_semitones(pitch_coarse: int, pitch_fine: float) -> float:
    return pitch_coarse + pitch_fine / 100.0


def colour_from_hex(colour: str) -> int:
    """0xRRGGBB of '#rrggbb'; BadOption for anything else."""
    digits = colour.removeprefix("#")
    if len(digits) != 6 or len(colour) != 7 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
        raise BadOption(f"track colour {colour!r}: should be '#rrggbb', e.g. '#ff8800'")
    return int(digits, 16)


def colour_to_hex(colour: int) -> str:
    return f"#{colour & 0xFFFFFF:06x}"


def _require(what: str, value: float, low: float, high: float, unit: str) -> None:
    if not low - 1e-9 <= value <= high + 1e-9:
        raise BadOption(
            f"{what} {value:g} {unit}: should be {low:.4g} to {high:.4g}, the range of Live's control that is used"
        )
