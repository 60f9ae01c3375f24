"""What a recording was made of is found again, each clip to the sample; nothing where it was made of other sounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from made_sounds import burst
from planner_case import GRID_HZ, RATE_HZ, Library

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray, db_to_gain, resample
from search.arrangement import Clip
from search.finding import Found, found_in

TRANSPOSITIONS = (-2, -1, 0, 1, 2)


def struck(seed: int, seconds: float) -> FloatArray:
    """[n] at 44.1 kHz: a knock of noise that turns into a tone."""
    rng = np.random.default_rng(seed)
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tone = np.sin(2 * np.pi * rng.uniform(80.0, 1500.0) * at + rng.uniform(0, 6)) * np.exp(-4.0 * at / seconds)
    knock = rng.standard_normal(at.size) * np.exp(-60.0 * at)
    return np.asarray(0.3 * tone + 0.2 * knock, dtype=np.float32)


SOUNDS = {f"/{number}": struck(number, 0.3 + 0.25 * number) for number in range(8)} | {
    "/rain": burst(2.0, 0.4, 9, RATE_HZ)
}
LIBRARY = Library(SOUNDS)


def whole(path: str, start_seconds: float, gain_db: float = 0.0, transpose_semitones: float = 0.0) -> Clip:
    start = round(start_seconds * GRID_HZ) / GRID_HZ
    seconds = SOUNDS[path].size / RATE_HZ / 2.0 ** (transpose_semitones / 12.0)
    return Clip(start, path, 0.0, seconds, gain_db, transpose_semitones)


def mixed(clips: Sequence[Clip], seconds: float) -> FloatArray:
    """[n] at 22.05 kHz, summed at 44.1 kHz: independent of the planner's own mix."""
    mix = np.zeros(round(seconds * RATE_HZ), dtype=np.float32)
    for clip in clips:
        first = round(clip.offset_seconds * RATE_HZ)
        sound = resample(SOUNDS[clip.sample][np.newaxis, first:], RATE_HZ, RATE_HZ, clip.transpose_semitones)[0]
        start = round(clip.start_seconds * RATE_HZ)
        part = mix[start : start + min(sound.size, round(clip.length_seconds * RATE_HZ))]
        part += np.float32(db_to_gain(clip.gain_db)) * sound[: part.size]
    return resample(mix[np.newaxis], RATE_HZ, SAMPLE_RATE_HZ)[0]


def found(mono: FloatArray, library: Library = LIBRARY, may_scan: bool = True) -> Found:
    return found_in(mono, library.samples, library.sounds, TRANSPOSITIONS, GRID_HZ, lambda: may_scan, lambda: True)


def assert_same(clips: Sequence[Clip], true: Sequence[Clip]) -> None:
    ours = sorted(clips)
    assert [(c.sample, c.transpose_semitones) for c in ours] == [
        (c.sample, c.transpose_semitones) for c in sorted(true)
    ]
    for one, other in zip(ours, sorted(true), strict=True):
        assert one.start_seconds == pytest.approx(other.start_seconds, abs=1.1 / GRID_HZ)
        assert one.gain_db == pytest.approx(other.gain_db, abs=0.2)
        assert one.length_seconds == pytest.approx(other.length_seconds, abs=0.06)


PLAIN = (
    whole("/0", 0.0),
    whole("/5", 0.31, -6.0),
    whole("/2", 0.7001, -9.0),
    whole("/7", 0.9, -3.0),
    whole("/0", 1.15, -12.0),
    whole("/3", 1.8),
    whole("/5", 2.4, -2.0),
)


def test_each_clip_is_found_to_the_sample() -> None:
    seen = found(mixed(PLAIN, 5.0))
    assert_same(seen.clips, PLAIN)
    assert seen.unexplained < 0.01


def test_other_pitches_are_found_where_samples_as_they_are_do_not_tell_all() -> None:
    true = (whole("/1", 0.2, 0.0, 2.0), whole("/4", 0.9, -4.0, -1.0), whole("/6", 1.3), whole("/2", 2.2, -3.0, 1.0))
    assert_same(found(mixed(true, 5.0)).clips, true)


def test_a_clip_that_was_cut_at_either_end_is_found_as_long_as_it_is() -> None:
    cut = Clip(1.0, "/rain", 0.5, 0.8, 0.0, 0.0)
    clip, *others = found(mixed([cut], 4.0)).clips
    assert not others
    assert clip.sample == "/rain"
    assert clip.start_seconds - clip.offset_seconds == pytest.approx(0.5, abs=1e-4)
    assert clip.offset_seconds == pytest.approx(0.5, abs=0.06)
    assert clip.end_seconds == pytest.approx(1.8, abs=0.06)


def test_what_the_end_of_the_recording_cuts_is_found() -> None:
    true = (whole("/6", 0.1), whole("/7", 1.5, -3.0))
    seen = found(mixed(true, 2.0))
    assert sorted((clip.sample, round(clip.start_seconds, 3)) for clip in seen.clips) == [("/6", 0.1), ("/7", 1.5)]
    assert max(clip.end_seconds for clip in seen.clips) <= 2.0 + 1 / GRID_HZ


def test_long_recordings_are_looked_through_in_parts() -> None:
    true = [whole(f"/{number % 8}", 1.7 * number + 0.05) for number in range(32)]
    assert_same(found(mixed(true, 56.0)).clips, true)


def test_nothing_is_found_in_other_sounds() -> None:
    rng = np.random.default_rng(5)
    others = sum(np.roll(np.pad(struck(900 + n, 0.8), (0, 4 * RATE_HZ)), n * 20000) for n in range(7))
    noise = rng.standard_normal(3 * SAMPLE_RATE_HZ).astype(np.float32)
    for mono in (resample(np.asarray(others, np.float32)[np.newaxis], RATE_HZ, SAMPLE_RATE_HZ)[0], noise):
        assert found(mono) == Found()


def test_silence_and_a_library_of_silence_are_no_harm() -> None:
    assert found(np.zeros(2 * SAMPLE_RATE_HZ, np.float32)) == Found()
    silent = Library({"/silent": np.zeros(RATE_HZ, np.float32)})
    assert found(mixed(PLAIN, 3.0), silent) == Found()


def test_it_does_not_begin_when_there_is_no_time() -> None:
    assert found(mixed(PLAIN, 3.0), may_scan=False) == Found()
