"""Renders the arrangement from the values of the object model: file, gain, pitch, beats, tempo and mixer.

A clip's first output sample is round(start_seconds * rate), counted from the render's start. Its output is the file
from its content's start on, resampled as a whole, cut to round(length_seconds * rate) samples. No fades.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from embedding.kernels import FloatArray, as_stereo, db_to_gain, pan_gains, semitones_to_ratio

from live_simulator.curves import clip_gain_db, mixer_volume_db
from live_simulator.errors import CannotRender

Mix = npt.NDArray[np.float64]
SAME_SECONDS = 1e-6


@dataclass(frozen=True)
class Clip:
    """As live_simulator.snapshot gives it. Content times are seconds of the file, of a warped clip beats."""

    name: str
    file_path: str
    start_beats: float
    end_beats: float
    content_start: float
    content_end: float
    start_marker: float
    gain: float
    pitch_coarse: int
    pitch_fine: float
    warping: bool
    looping: bool
    warp_tempo_bpm: float

    @property
    def semitones(self) -> float:
        return self.pitch_coarse + self.pitch_fine / 100.0


@dataclass(frozen=True)
class Track:
    index: int
    name: str
    volume: float
    pan: float
    is_heard: bool
    highest_send: float
    clips: tuple[Clip, ...]


@dataclass(frozen=True)
class Set:
    tempo_bpm: float
    master_volume: float
    master_pan: float
    tracks: tuple[Track, ...]


Played = Callable[[str, float, float], FloatArray]
"""(path, from seconds of the file on, semitones) -> [channels, n] at the stage's rate"""


def track_samples(
    track: Track, tempo_bpm: float, rate_hz: int, start_seconds: float, span: range, played: Played
) -> Mix:
    """[2, n] float64 of a track after its fader: output samples `span` of a render that begins at `start_seconds`."""
    mix = np.zeros((2, len(span)))
    if not track.is_heard:
        return mix
    if track.highest_send > 0.0:
        raise CannotRender(f"track {track.name!r}: has a send turned up; return tracks are not rendered (set it to 0)")
    for clip in track.clips:
        _add_clip(mix, clip, tempo_bpm, rate_hz, start_seconds, span, played)
    return mix * _fader(track.volume, track.pan)


def main_samples(tracks: Sequence[Mix], volume: float, pan: float, count: int) -> Mix:
    """[2, count]: the tracks' sum after the master's fader."""
    mix = np.zeros((2, count))
    for samples in tracks:
        mix += samples
    return mix * _fader(volume, pan)


def _fader(volume: float, pan: float) -> Mix:
    return np.array(pan_gains(pan))[:, np.newaxis] * db_to_gain(mixer_volume_db(volume))


def _add_clip(
    mix: Mix, clip: Clip, tempo_bpm: float, rate_hz: int, start_seconds: float, span: range, played: Played
) -> None:
    first = round((clip.start_beats * 60.0 / tempo_bpm - start_seconds) * rate_hz)
    content_seconds, length_seconds = _content(clip, tempo_bpm)
    count = round(length_seconds * rate_hz)
    begin, end = max(first, span.start), min(first + count, span.stop)
    if begin >= end:
        return
    sound = played(clip.file_path, content_seconds, clip.semitones)
    part = as_stereo(sound[:, begin - first : min(end - first, count)])
    at = begin - span.start
    mix[:, at : at + part.shape[1]] += part * db_to_gain(clip_gain_db(clip.gain))


def _content(clip: Clip, tempo_bpm: float) -> tuple[float, float]:
    """(where in the file it begins, how long it sounds), in seconds."""
    shown_seconds = (clip.end_beats - clip.start_beats) * 60.0 / tempo_bpm
    if clip.warping:
        _refuse_stretched(clip, tempo_bpm)
        to_seconds, ratio = 60.0 / clip.warp_tempo_bpm, 1.0
    else:
        to_seconds, ratio = 1.0, semitones_to_ratio(clip.semitones)
    natural_seconds = (clip.content_end - clip.content_start) * to_seconds / ratio
    limited = shown_seconds < natural_seconds - SAME_SECONDS
    return clip.content_start * to_seconds, shown_seconds if limited else natural_seconds


def _refuse_stretched(clip: Clip, tempo_bpm: float) -> None:
    """A warped clip is rendered only where warping changes nothing: at its own tempo, untransposed, not repeating."""
    repeats = clip.looping and (
        clip.end_beats - clip.start_beats > clip.content_end - clip.content_start + 1e-9
        or clip.start_marker != clip.content_start
    )
    if clip.warp_tempo_bpm != tempo_bpm or clip.semitones != 0.0 or repeats or clip.content_start < 0.0:
        raise CannotRender(
            f"clip {clip.name!r} at beat {clip.start_beats:g}: is warped and would have to be stretched, "
            "which is not rendered (switch its warping off)"
        )
