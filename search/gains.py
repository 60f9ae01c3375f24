"""Gains that fit together: all clips' levels at once, by the multiplicative updates of non-negative factorisation.

Minimises the Kullback-Leibler divergence of the target's band magnitudes from the sum of the clips' (Lee and Seung
2001): g_i <- g_i * sum(P_i V / sum_j g_j P_j) / sum(P_i). Magnitudes add only roughly, so the exact score has the last
word.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from embedding.analysis import HOP_SAMPLES, SAMPLE_RATE_HZ
from embedding.kernels import FloatArray, db_to_gain, gain_to_db
from search.arrangement import Arrangement
from search.editing import without_quiet
from search.matching import HIGHEST_GAIN_DB, LOWEST_GAIN_DB, Matcher

ITERATIONS = 12


def refitted(
    arrangement: Arrangement,
    matcher: Matcher,
    from_seconds: float = 0.0,
    to_seconds: float = float("inf"),
) -> Arrangement:
    """The arrangement with the gains of the clips that start within the range refitted; those that are held stay, those
    that would be too quiet go."""
    frames = matcher.target_mono.size // HOP_SAMPLES + 1
    target = matcher.target_fine[::4][:frames]
    model = np.full_like(target, matcher.noise)
    fitted: list[tuple[int, int, FloatArray, float]] = []
    for number, (track, clip) in enumerate(arrangement.clips()):
        first = round(clip.start_seconds * SAMPLE_RATE_HZ / HOP_SAMPLES)
        # a clip of the user's may begin before 0 s
        patch = matcher.clip_bands(clip)[max(0, -first) : max(0, frames - first)]
        patch, first = patch * np.float32(db_to_gain(track.volume_db)), max(0, first)
        gain = db_to_gain(clip.gain_db)
        model[first : first + len(patch)] += np.float32(gain) * patch
        if len(patch) and from_seconds <= clip.start_seconds < to_seconds and clip not in matcher.book.held:
            fitted.append((number, first, patch, gain))
    gains = np.array([gain for *_, gain in fitted], dtype=np.float32)
    totals = np.array([max(float(patch.sum()), 1e-9) for _, _, patch, _ in fitted], dtype=np.float32)
    low, high = db_to_gain(LOWEST_GAIN_DB), db_to_gain(HIGHEST_GAIN_DB)
    for _ in range(ITERATIONS):
        ratio = (target + np.float32(matcher.noise)) / model
        raised = [float((patch * ratio[first : first + len(patch)]).sum()) for _, first, patch, _ in fitted]
        new = np.clip(gains * np.array(raised, dtype=np.float32) / totals, low, high)
        for (_, first, patch, _), change in zip(fitted, new - gains, strict=True):
            model[first : first + len(patch)] += change * patch
        gains = new
    new_db = {number: round(gain_to_db(float(gain)), 2) for (number, *_), gain in zip(fitted, gains, strict=True)}
    return without_quiet(_with_gains(arrangement, new_db), matcher.book)


def _with_gains(arrangement: Arrangement, new_db: dict[int, float]) -> Arrangement:
    number = 0
    tracks = []
    for track in arrangement.tracks:
        clips = []
        for clip in track.clips:
            level = new_db.get(number, clip.gain_db)
            clips.append(clip if level == clip.gain_db else replace(clip, gain_db=level))
            number += 1
        tracks.append(replace(track, clips=tuple(clips)) if tuple(clips) != track.clips else track)
    return replace(arrangement, tracks=tuple(tracks))
