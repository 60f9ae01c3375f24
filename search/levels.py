"""Levels as they have to be in the end: a mix as loud as its target whose peaks stay below the ceiling.

Loudness is matched on all gains alike. A peak above the ceiling is taken down at the clip that adds most to it, as a
producer would, so that not the whole mix has to give way.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray, as_stereo, db_to_gain
from embedding.loudness import Loudness, loudness_of
from search.arrangement import Arrangement, Clip, Track
from search.editing import with_track, without_quiet
from search.matching import HIGHEST_GAIN_DB, LOWEST_GAIN_DB
from search.rendering import VoiceBank, mono_gain, render_mono
from search.rules import Rulebook

CEILING_DB = -1.5
"""A little below the -1 dBFS that are allowed, as sides and rates differ a little from this mono mix."""
PEAK_STEP_DB = 1.5
MOST_STEPS = 24
STRETCH_SAMPLES = 512
EDGE_SECONDS = 1e-3
ROUNDS = 2


def levelled(arrangement: Arrangement, bank: VoiceBank, wanted: Loudness, samples: int, book: Rulebook) -> Arrangement:
    """The arrangement, of so many samples at 22.05 kHz, at the `wanted` loudness, peaks below -1.5 dBFS; unchanged
    where it is silent. Clips that are held stay as they are, those that get too quiet go."""
    for _ in range(ROUNDS):
        mix = render_mono(arrangement, bank, samples)
        if not mix.any():
            return arrangement
        apart_db = wanted.above_db(loudness_of(as_stereo(mix[np.newaxis]), SAMPLE_RATE_HZ))
        arrangement = _louder(arrangement, apart_db, book.held)
        mix = render_mono(arrangement, bank, samples) if book.held else mix * np.float32(db_to_gain(apart_db))
        arrangement = _without_peaks(arrangement, bank, mix, book.held)
    return without_quiet(arrangement, book)


def _louder(arrangement: Arrangement, change_db: float, held: frozenset[Clip]) -> Arrangement:
    return replace(arrangement, tracks=tuple(_track_louder(track, change_db, held) for track in arrangement.tracks))


def _track_louder(track: Track, change_db: float, held: frozenset[Clip]) -> Track:
    clips = tuple(clip if clip in held else _clip_louder(clip, change_db) for clip in track.clips)
    return replace(track, clips=clips)


def _clip_louder(clip: Clip, change_db: float) -> Clip:
    level_db = min(HIGHEST_GAIN_DB, max(LOWEST_GAIN_DB, clip.gain_db + change_db))
    return replace(clip, gain_db=round(level_db, 2))


def _without_peaks(arrangement: Arrangement, bank: VoiceBank, mix: FloatArray, held: frozenset[Clip]) -> Arrangement:
    """From the first loud stretch of the mix to the last: its peak's loudest clip is taken down until it fits."""
    ceiling = db_to_gain(CEILING_DB)
    padded = np.pad(mix, (0, -mix.size % STRETCH_SAMPLES))
    stretches = padded.reshape(-1, STRETCH_SAMPLES)
    for stretch in np.flatnonzero(np.abs(stretches).max(axis=1) > ceiling):
        for _ in range(MOST_STEPS):
            at = int(stretch) * STRETCH_SAMPLES + int(np.argmax(np.abs(stretches[stretch])))
            if abs(padded[at]) <= ceiling:
                break
            found = _loudest_at(arrangement, bank, at, float(np.sign(padded[at])), held)
            if found is None:
                break
            number, clip = found
            quieter = _clip_louder(clip, -PEAK_STEP_DB)
            if quieter.gain_db == clip.gain_db:
                break
            start = round(clip.start_seconds * SAMPLE_RATE_HZ)
            sound, start = bank.sound_of(clip)[max(0, -start) :], max(0, start)
            part = padded[start : start + sound.size]
            track = arrangement.tracks[number]
            part += np.float32(mono_gain(track, quieter) - mono_gain(track, clip)) * sound[: part.size]
            clips = tuple(quieter if one == clip else one for one in track.clips)
            arrangement = with_track(arrangement, number, replace(track, clips=clips))
    return arrangement


def _loudest_at(
    arrangement: Arrangement, bank: VoiceBank, at: int, sign: float, held: frozenset[Clip]
) -> tuple[int, Clip] | None:
    """(track number, clip) of the clip that adds most to the mix's sample number `at`; None where all that do are
    held."""
    seconds = at / SAMPLE_RATE_HZ
    shares = []
    for number, track in enumerate(arrangement.tracks):
        behind = bisect_right(track.clips, seconds + EDGE_SECONDS, key=lambda clip: clip.start_seconds)
        for clip in track.clips[max(0, behind - 2) : behind]:
            place = at - round(clip.start_seconds * SAMPLE_RATE_HZ)
            if clip not in held and 0 <= place < (sound := bank.sound_of(clip)).size:
                shares.append((sign * float(sound[place]) * mono_gain(track, clip), number, clip))
    if not shares or max(shares)[0] <= 0.0:
        return None
    _, number, clip = max(shares)
    return number, clip
