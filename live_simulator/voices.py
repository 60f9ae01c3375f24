"""What sounds of a clip when: stretches of its file, each played without a break at one speed.

Output samples count from the render's start. A stretch's first sample is round(its start in seconds * rate). A clip
that plays once lasts round(length_seconds * rate) samples; one that repeats goes on with the sample at which the next
repetition starts, so that repetitions neither overlap nor leave a gap. No fades.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from embedding.kernels import semitones_to_ratio

from live_simulator.errors import CannotRender
from live_simulator.mix import REPITCH_WARP_MODE, Clip

SAME_SECONDS = 1e-6
SAME_BPM = 1e-6
ENDLESS = 2**62


class Voice(NamedTuple):
    """Output samples; the file may end before. `from_seconds` is in the file, 0 or more."""

    first: int
    length_samples: int
    from_seconds: float
    semitones: float


def extent(clip: Clip, tempo_bpm: float, rate_hz: int, origin_seconds: float) -> tuple[int, int]:
    """(first sample, the one behind the last) of what the song shows of a clip: it may be silent before."""
    first = round((clip.start_beats * 60.0 / tempo_bpm - origin_seconds) * rate_hz)
    return first, _behind(first, (clip.end_beats - clip.start_beats) * 60.0 / tempo_bpm, rate_hz)


def voices(clip: Clip, tempo_bpm: float, rate_hz: int, origin_seconds: float, span: range) -> Iterator[Voice]:
    """Those that have samples in `span`, the same whatever the span; `origin_seconds` is where in the song sample 0
    lies. CannotRender, also where the clip has none there."""
    if clip.refusal:
        raise _cannot(clip, clip.refusal)
    start_seconds = clip.start_beats * 60.0 / tempo_bpm - origin_seconds
    shown_seconds = (clip.end_beats - clip.start_beats) * 60.0 / tempo_bpm
    semitones = _transposition(clip, tempo_bpm)
    for begin, end, content_seconds in _passes(clip, semitones, rate_hz, start_seconds, shown_seconds, span):
        voice = _within_file(clip, begin, end, content_seconds, semitones, rate_hz)
        if voice.first < span.stop and voice.first + voice.length_samples > span.start:
            yield voice


def _passes(
    clip: Clip, semitones: float, rate_hz: int, start_seconds: float, shown_seconds: float, span: range
) -> Iterator[tuple[int, int, float]]:
    """(first sample, the one behind the last, where in the file in seconds) of each time that its content plays."""
    ratio = semitones_to_ratio(semitones)
    first_pass_seconds = (clip.plays_to - clip.plays_from) / ratio
    first = round(start_seconds * rate_hz)
    end = _behind(first, shown_seconds, rate_hz)
    if clip.repeats_from is None:
        cut = shown_seconds < first_pass_seconds - SAME_SECONDS
        yield first, end if cut else _behind(first, first_pass_seconds, rate_hz), clip.plays_from
        return
    if first_pass_seconds <= 0.0:  # begun behind its loop it never gets into it
        yield first, end, clip.plays_from
        return
    pass_seconds = (clip.plays_to - clip.repeats_from) / ratio
    if pass_seconds * rate_hz < 1.0:
        raise _cannot(clip, "its loop is shorter than a sample")

    def begin_of(number: int) -> int:
        if number == 0:
            return first
        return round((start_seconds + first_pass_seconds + (number - 1) * pass_seconds) * rate_hz)

    number = max(0, math.floor((span.start / rate_hz - start_seconds - first_pass_seconds) / pass_seconds) - 1)
    while begin_of(number) < min(end, span.stop):
        content = clip.plays_from if number == 0 else clip.repeats_from
        yield begin_of(number), min(end, begin_of(number + 1)), content
        number += 1


def _behind(first: int, length_seconds: float, rate_hz: int) -> int:
    """The sample behind the last."""
    return first + round(length_seconds * rate_hz) if math.isfinite(length_seconds) else ENDLESS


def _within_file(clip: Clip, begin: int, end: int, content_seconds: float, semitones: float, rate_hz: int) -> Voice:
    """Before the file's beginning and behind its end there is silence."""
    ratio = semitones_to_ratio(semitones)
    if content_seconds < 0.0:
        begin += round(-content_seconds / ratio * rate_hz)
        content_seconds = 0.0
    most = math.ceil((clip.file_seconds - content_seconds) / ratio * rate_hz) + 1
    return Voice(begin, min(end - begin, most), content_seconds, semitones)


def _transposition(clip: Clip, tempo_bpm: float) -> float:
    """In semitones of repitch. A warped clip is rendered where its file needs no stretching: in Re-Pitch mode, which
    ignores the transposition (Live's manual, "Re-Pitch Mode"), and untransposed at its own tempo."""
    if not clip.warping:
        return clip.semitones
    if clip.warp_tempo_bpm is not None:
        if clip.warp_mode == REPITCH_WARP_MODE:
            return 12.0 * math.log2(tempo_bpm / clip.warp_tempo_bpm)
        if abs(clip.warp_tempo_bpm - tempo_bpm) < SAME_BPM and clip.semitones == 0.0:
            return 0.0
    raise _cannot(
        clip,
        "is warped and would have to be stretched, which is not rendered "
        "(switch its warping off, or choose the warp mode Re-Pitch)",
    )


def _cannot(clip: Clip, why: str) -> CannotRender:
    return CannotRender(f"clip {clip.name!r} at beat {clip.start_beats:g}: {why}")
