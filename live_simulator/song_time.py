"""Song time as bars and beats, and as hours, minutes, seconds and frames."""

from __future__ import annotations

from typing import NamedTuple

TICKS_PER_SIXTEENTH = 60
FRAME_RATES = {1: 24, 2: 25, 3: 30, 4: 30, 5: 30}
"""Song.TimeFormat from smpte_24 on -> frame numbers per second. smpte_30_drop and smpte_29 run at 30000 / 1001."""
DROP, NON_DROP_29 = 4, 5


class BeatTime(NamedTuple):
    """A position counts its first three from 1, a length from 0."""

    bars: int = 0
    beats: int = 0
    sub_division: int = 0
    ticks: int = 0


class SmpteTime(NamedTuple):
    """`frames` are milliseconds in the format ms_time."""

    hours: int = 0
    minutes: int = 0
    seconds: int = 0
    frames: int = 0


def beat_time(beats: float, numerator: int, denominator: int, first: int) -> BeatTime:
    """`beats` are quarter notes, the beats of the answer those of the signature; `first`: 1 for a position."""
    ticks_per_beat = TICKS_PER_SIXTEENTH * 16 // denominator
    ticks = int(beats * TICKS_PER_SIXTEENTH * 4 + 1e-6)
    all_beats, in_beat = divmod(ticks, ticks_per_beat)
    bars, in_bar = divmod(all_beats, numerator)
    sixteenths, rest = divmod(in_beat, TICKS_PER_SIXTEENTH)
    return BeatTime(bars + first, in_bar + first, sixteenths + first, rest)


def smpte_time(seconds: float, time_format: int) -> SmpteTime:
    """RuntimeError where `time_format` is none of Song.TimeFormat."""
    if time_format == 0:
        whole, ms = divmod(int(seconds * 1000.0 + 1e-6), 1000)
        return SmpteTime(whole // 3600, whole // 60 % 60, whole % 60, ms)
    if time_format not in FRAME_RATES:
        raise RuntimeError("Invalid time format")
    rate = FRAME_RATES[time_format]
    real_rate = 30000.0 / 1001.0 if time_format in (DROP, NON_DROP_29) else float(rate)
    frames = int(seconds * real_rate + 1e-6)
    if time_format == DROP:
        frames += _dropped_numbers(frames)
    whole, frame = divmod(frames, rate)
    return SmpteTime(whole // 3600, whole // 60 % 60, whole % 60, frame)


def _dropped_numbers(frames: int) -> int:
    """How many frame numbers were left out: two at each minute but every tenth (SMPTE 12M)."""
    tens, rest = divmod(frames, 17982)
    return 18 * tens + (2 * ((rest - 2) // 1798) if rest >= 2 else 0)
