"""Levels: as loud as the target, and no peak above the ceiling where clips can give way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from planner_case import SIX, clip, one_clip_per_track, rendered

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray, as_stereo, db_to_gain
from embedding.loudness import Loudness, loudness_of
from search.levels import CEILING_DB, levelled
from search.rendering import VoiceBank
from search.rules import Rulebook

SECONDS = 4.0
ARRANGEMENT = one_clip_per_track(clip("/bass", 0.0), clip("/kick", 1.0), clip("/snare", 2.0), clip("/bass", 2.5))


def loudness(mono: FloatArray) -> Loudness:
    return loudness_of(as_stereo(mono[np.newaxis]), SAMPLE_RATE_HZ)


def test_a_quiet_arrangement_becomes_as_loud_as_its_target() -> None:
    target = rendered(ARRANGEMENT, SECONDS) * np.float32(0.5)
    quiet = one_clip_per_track(*(replace(one, gain_db=-18.0) for _, one in ARRANGEMENT.clips()))
    wanted = loudness(target)
    heard = rendered(levelled(quiet, VoiceBank(SIX.sounds), wanted, target.size, Rulebook()), SECONDS)
    assert loudness(heard).above_db(wanted) == pytest.approx(0.0, abs=0.1)


def test_peaks_are_taken_down_at_the_clips_that_make_them() -> None:
    together = one_clip_per_track(clip("/kick", 1.0), clip("/snare", 1.0), clip("/bass", 1.0), clip("/bass", 2.9))
    target = rendered(together, SECONDS) * np.float32(3.0)
    fitted = levelled(together, VoiceBank(SIX.sounds), loudness(target), target.size, Rulebook())
    assert np.abs(rendered(fitted, SECONDS)).max() <= db_to_gain(CEILING_DB) * 1.001
    by_sample = {(c.sample, c.start_seconds): c.gain_db for _, c in fitted.clips()}
    assert by_sample["/bass", 2.9] > min(by_sample.values())


def test_silence_stays_as_it_is() -> None:
    empty = one_clip_per_track()
    assert levelled(empty, VoiceBank(SIX.sounds), loudness(rendered(ARRANGEMENT, SECONDS)), 1000, Rulebook()) is empty
