"""The clip that is selected in Live as a recording to be covered: what is heard of it in the set.

Its file, region, loop, repitch, warp markers and gain; not what its track does to it (fader, devices, mute), nor Live's
own fades at its ends.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from controller.live_units import clip_gain_to_db, pitch_to_semitones
from controller.stage import Stage
from controller.stage_building import TEMPO_OWNERS
from controller.stage_values import SelectedClip, WarpMarker
from controller.warped import Part, WarpMap, repitched, stretched
from embedding.audio import Audio, read_audio, require_sound
from embedding.errors import BadAudio, StageError, StageRefused
from embedding.kernels import FloatArray, db_to_gain, semitones_to_ratio

LONGEST_SECONDS = 600.0
SHORTEST_LOOP_SECONDS = 0.001
SILENT_GAIN = 1e-4
"""Of Clip.gain, as the simulated Live has it."""
SAME_SECONDS = 1e-6
REPITCH_WARP_MODE = 3
"""Clip.warp_mode"""
ATTEMPTS = 5


@dataclass(frozen=True)
class ClipTarget:
    """`audio` is at the rate of `file`; its beginning lies at `origin_beats` of the arrangement."""

    audio: Audio
    name: str
    origin_beats: float
    file: Path


def heard_clip(stage: Stage) -> ClipTarget:
    """Of an arrangement clip what it plays from its left edge to its right one, of a Session clip its region once, from
    its start marker on: its loop once, with what comes before it. A muted clip counts as if it were not.

    StageRefused 'nothing_selected', 'midi_clip', 'ours', 'tempo_owned' (of a warped clip), 'no_length', 'too_long',
    'silent'; BadAudio where its file is missing, cannot be read, or is silent there.
    """
    clip, markers = _selected(stage)
    called = f"clip {_name(clip)!r}"
    if clip.gain < SILENT_GAIN:
        raise StageRefused("silent", f"{called} is silent: its gain is turned down to -inf dB (turn it up)")
    if clip.warping and clip.tempo_owner != "free":
        raise StageRefused(
            "tempo_owned",
            f"{called} is warped, so nobody knows how long it lasts: {TEMPO_OWNERS[clip.tempo_owner]} "
            "(or switch the clip's Warp off)",
        )
    seconds = _heard_seconds(clip)
    if not seconds > 0.0:
        raise StageRefused("no_length", f"{called} lasts {seconds:g} s; select one with something in it")
    if seconds > LONGEST_SECONDS:
        raise StageRefused(
            "too_long",
            f"{called} lasts {seconds / 60.0:.1f} minutes; at most {LONGEST_SECONDS / 60.0:g} can be covered "
            "(split it, and select a part)",
        )
    file = Path(clip.file_path)
    if not clip.file_path or not file.is_file():
        raise BadAudio(
            f"{called}: its file {clip.file_path or '(none)'} is not there (moved, or its drive not connected? Live "
            "finds it again by File > Manage Files)"
        )
    audio = read_audio(file)
    samples = _warped(clip, audio, WarpMap(markers)) if clip.warping else _unwarped(clip, audio, seconds)
    heard = samples * np.float32(db_to_gain(clip_gain_to_db(clip.gain)))
    origin_beats = clip.start_beats if clip.in_arrangement else 0.0
    return ClipTarget(require_sound(Audio(heard, audio.sample_rate_hz), called), _name(clip), origin_beats, file)


def _selected(stage: Stage) -> tuple[SelectedClip, tuple[WarpMarker, ...]]:
    """The clip and its warp markers; they are asked for one after the other, so that it may be another one by then."""
    for _ in range(ATTEMPTS):
        clip = stage.selected_clip()
        if clip is None:
            raise StageRefused(
                "nothing_selected", "no clip is selected in Live; click on an audio clip, or give a file"
            )
        if clip.kind != "audio":
            raise StageRefused(
                "midi_clip",
                f"clip {_name(clip)!r} is a MIDI clip, which has no sound of its own; select an audio clip (Live's "
                "Freeze and Flatten makes one of it)",
            )
        if clip.ours:
            raise StageRefused(
                "ours",
                f"clip {_name(clip)!r} is one of the cover's own; select the clip that is to be covered "
                "(or /jacquees/keep first, which makes it yours)",
            )
        if not clip.warping:
            return clip, ()
        markers = stage.warp_markers()
        if stage.selected_clip() == clip:
            return clip, markers
    raise StageError("the selection in Live keeps changing while it is read; leave it for a moment")


def _heard_seconds(clip: SelectedClip) -> float:
    if clip.warping:
        return _heard_beats(clip) * 60.0 / clip.tempo_bpm
    region_seconds = (clip.loop_end - clip.loop_start) / _speed(clip)
    if not clip.in_arrangement or clip.tempo_owner != "free":
        return region_seconds
    shown_seconds = (clip.end_beats - clip.start_beats) * 60.0 / clip.tempo_bpm
    return shown_seconds if shown_seconds < region_seconds - SAME_SECONDS else region_seconds


def _heard_beats(clip: SelectedClip) -> float:
    """Of a warped clip."""
    if clip.in_arrangement:
        return clip.end_beats - clip.start_beats
    loop_beats = clip.loop_end - clip.loop_start
    return max(loop_beats, clip.loop_end - clip.start_marker) if clip.looping else loop_beats


def _speed(clip: SelectedClip) -> float:
    """Seconds of the file per second heard, of an unwarped clip: its transposition is a repitch."""
    return semitones_to_ratio(_semitones(clip))


def _unwarped(clip: SelectedClip, audio: Audio, seconds: float) -> FloatArray:
    part = Part(clip.loop_start, clip.loop_start + seconds * _speed(clip), seconds)
    return repitched(audio, [part])[:, : round(seconds * audio.sample_rate_hz)]


def _warped(clip: SelectedClip, audio: Audio, warp: WarpMap) -> FloatArray:
    """Each pass of a loop begins on the sample nearest to its beat, and lasts up to the next."""

    def sound(parts: tuple[Part, ...]) -> FloatArray:
        if clip.warp_mode == REPITCH_WARP_MODE:
            return repitched(audio, parts)
        return stretched(audio, parts, _semitones(clip))

    return _in_passes(clip, audio, lambda begin, end: sound(warp.parts(begin, end, clip.tempo_bpm)))


def _in_passes(clip: SelectedClip, audio: Audio, sound: Callable[[float, float], FloatArray]) -> FloatArray:
    samples_per_beat = audio.sample_rate_hz * 60.0 / clip.tempo_bpm
    length_beats = _heard_beats(clip)
    heard = np.zeros((audio.samples.shape[0], round(length_beats * samples_per_beat)), np.float32)
    made: dict[tuple[float, float], FloatArray] = {}
    for at_beats, begin, end in _passes(clip, length_beats):
        if (begin, end) not in made:
            made[begin, end] = sound(begin, end)
        first = round(at_beats * samples_per_beat)
        part = made[begin, end][:, : heard.shape[1] - first]
        heard[:, first : first + part.shape[1]] = part
    return heard


def _passes(clip: SelectedClip, length_beats: float) -> Iterator[tuple[float, float, float]]:
    """(beats after the clip's beginning, content from there to there) of each time that its content plays."""
    if not clip.looping:
        yield 0.0, clip.loop_start, clip.loop_start + length_beats
        return
    if clip.start_marker >= clip.loop_end:  # begun behind its loop it never gets into it
        yield 0.0, clip.start_marker, clip.start_marker + length_beats
        return
    loop_beats = clip.loop_end - clip.loop_start
    if not loop_beats * 60.0 / clip.tempo_bpm >= SHORTEST_LOOP_SECONDS:
        raise StageRefused(
            "no_length",
            f"clip {_name(clip)!r} loops over {loop_beats:g} beats; at least {1000 * SHORTEST_LOOP_SECONDS:g} ms are "
            "needed (are its loop braces too close?)",
        )
    intro_beats = clip.loop_end - clip.start_marker
    yield 0.0, clip.start_marker, clip.start_marker + min(intro_beats, length_beats)
    for number in range(math.ceil((length_beats - intro_beats) / loop_beats)):
        yield intro_beats + number * loop_beats, clip.loop_start, clip.loop_end


def _semitones(clip: SelectedClip) -> float:
    return pitch_to_semitones(clip.pitch_coarse, clip.pitch_fine)


def _name(clip: SelectedClip) -> str:
    return clip.name or Path(clip.file_path).stem or "without a name"
