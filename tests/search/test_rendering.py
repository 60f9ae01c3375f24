"""The planner's mix against a plain one, and that an edit changes no block but those it is said to touch."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planner_case import SIX, at_most, clip, clips_within

from embedding.blocks import block_count
from search.arrangement import Arrangement, Clip, Track
from search.editing import exchange, insert, remove, with_track
from search.rendering import VoiceBank, cut_for, mono_gain, render_blocks, render_mono, touched_blocks

SECONDS = 3.7
SAMPLES = round(SECONDS * 22050)
BANK = VoiceBank(SIX.sounds)

BUMPS = ((0.0, 0.4, 523.0, 0.5), (0.5, 0.3, 1760.0, -0.3))
"""Of each bump of a sine: its begin and length in seconds, Hz, level. Around them is 0: no cut clicks."""


def bumps(at_seconds: np.ndarray) -> np.ndarray:
    total = np.zeros_like(at_seconds)
    for begin, length, hz, level in BUMPS:
        inside = (at_seconds > begin) & (at_seconds < begin + length)
        shape = np.sin(np.pi * (at_seconds - begin) / length) ** 2
        total += np.where(inside, level * shape * np.sin(2 * np.pi * hz * (at_seconds - begin)), 0.0)
    return total


def bumps_bank(rate_hz: int) -> VoiceBank:
    sound = bumps(np.arange(rate_hz) / rate_hz).astype(np.float32)
    return VoiceBank(lambda path: (sound, rate_hz))


def plainly_mixed(arrangement: Arrangement, samples: int) -> np.ndarray:
    """Sample by sample from the formula of the sound; no resampling, float64."""
    mix = np.zeros(samples)
    for track in arrangement.tracks:
        angle = (track.pan + 1) * math.pi / 4
        sides = (math.sqrt(2) * math.cos(angle), math.sqrt(2) * math.sin(angle))
        for one in track.clips:
            level = 10 ** ((one.gain_db + track.volume_db) / 20) * sum(sides) / 2
            number = np.arange(samples) - round(one.start_seconds * 22050)
            heard = (number >= 0) & (number < round(one.length_seconds * 22050))
            at = number / 22050 * 2 ** (one.transpose_semitones / 12) + one.offset_seconds
            mix += np.where(heard, level * bumps(at), 0.0)
    return mix


MIXED = Arrangement(
    120.0,
    (
        Track("a", "#000000", -3.0, 0.0, (Clip(0.0, "/b", 0.0, 1.0, 0.0, 0.0), Clip(1.25, "/b", 0.0, 0.5, 4.0, 12.0))),
        Track("b", "#000000", 2.0, -0.7, (Clip(0.3, "/b", 0.46, 0.55, -6.0, 0.0), Clip(1.0, "/b", 0, 2, 0.0, -12.0))),
        Track("c", "#000000", 0.0, 1.0, (Clip(0.2, "/b", 0.46, 0.4, -2.0, 5.0), Clip(3.5, "/b", 0.0, 1.0, 0.0, 0.0))),
    ),
)


@pytest.mark.parametrize("rate_hz", [22050, 44100, 48000])
def test_the_mix_is_that_of_a_plain_mixer(rate_hz: int) -> None:
    found, expected = render_mono(MIXED, bumps_bank(rate_hz), SAMPLES), plainly_mixed(MIXED, SAMPLES)
    assert np.abs(expected).max() > 0.5
    assert 20 * np.log10(np.abs(found - expected).max()) < -66


@pytest.mark.parametrize(
    "wrong",
    [
        lambda one: replace(one, gain_db=one.gain_db + 0.1),
        lambda one: replace(one, start_seconds=one.start_seconds + 1e-4),
        lambda one: replace(one, transpose_semitones=one.transpose_semitones + 0.05),
        lambda one: replace(one, offset_seconds=one.offset_seconds + 1e-3),
        lambda one: replace(one, length_seconds=one.length_seconds / 2),
    ],
)
def test_the_plain_mixer_would_notice(wrong) -> None:
    (first, *rest) = MIXED.tracks
    changed = replace(MIXED, tracks=(replace(first, clips=(wrong(first.clips[0]), *first.clips[1:])), *rest))
    found, expected = render_mono(changed, bumps_bank(44100), SAMPLES), plainly_mixed(MIXED, SAMPLES)
    assert 20 * np.log10(np.abs(found - expected).max()) > -60


@settings(max_examples=40, deadline=None)
@given(st.integers(-4000, SAMPLES), st.integers(1, 30000))
def test_a_part_of_the_mix_is_that_part_of_it(first: int, samples: int) -> None:
    whole = np.pad(render_mono(MIXED, bumps_bank(44100), SAMPLES + 40000), (4000, 0))
    part = render_mono(MIXED, bumps_bank(44100), samples, first)
    np.testing.assert_array_equal(part, whole[first + 4000 : first + 4000 + samples])


def test_a_clip_is_heard_for_its_length_and_no_longer_than_its_sample() -> None:
    bank = bumps_bank(44100)
    for semitones in (-12.0, 0.0, 3.0):
        ratio = 2 ** (semitones / 12)
        assert bank.sound_of(Clip(0, "/b", 0.0, 0.25, 0.0, semitones)).size == round(0.25 * 22050)
        assert abs(bank.sound_of(Clip(0, "/b", 0.0, 9.0, 0.0, semitones)).size - 22050 / ratio) <= 1
        assert abs(bank.sound_of(Clip(0, "/b", 0.5, 9.0, 0.0, semitones)).size - 11025 / ratio) <= 1


def test_a_cut_begins_at_the_offset_and_lasts_for_the_clip() -> None:
    samples = np.arange(2000, dtype=np.float32).reshape(2, 1000)
    one = Clip(5.0, "/b", 0.1, 0.2, 0.0, 12.0)
    np.testing.assert_array_equal(cut_for(one, samples, 1000), samples[:, 100:500])
    np.testing.assert_array_equal(cut_for(replace(one, length_seconds=9.0), samples, 1000), samples[:, 100:])


@pytest.mark.parametrize(("pan", "expected"), [(0.0, 1.0), (1.0, math.sqrt(0.5)), (-1.0, math.sqrt(0.5))])
def test_the_mono_gain_is_the_mean_of_both_sides(pan: float, expected: float) -> None:
    track, one = Track("a", "#000000", 20.0, pan), Clip(0, "/b", 0.0, 1.0, -20.0, 0.0)
    assert mono_gain(track, one) == pytest.approx(expected)


def test_sound_behind_the_targets_end_is_cut() -> None:
    late = Arrangement(120.0, (Track("a", "#000000", clips=(clip("/snare", SECONDS - 0.1),)),))
    blocks = render_blocks(late, BANK, SAMPLES, range(block_count(SAMPLES)))
    short = SAMPLES - 1500
    cut = render_blocks(late, BANK, short, range(block_count(SAMPLES)))
    assert any(block.peak > 0 for block in blocks)
    assert all(not block.mel.any() for block in render_blocks(late, BANK, SAMPLES - 2206, range(block_count(SAMPLES))))
    assert max(block.peak for block in cut) <= max(block.peak for block in blocks)


@st.composite
def arrangements(draw: st.DrawFn) -> Arrangement:
    arrangement = Arrangement()
    for one in draw(st.lists(clips_within(SECONDS + 0.5), max_size=6)):
        arrangement = insert(arrangement, one, draw(st.sampled_from("ab")), at_most(4)) or arrangement
    return arrangement


@st.composite
def edited(draw: st.DrawFn, before: Arrangement) -> Arrangement:
    """`before` after one to three random edits of any kind."""
    arrangement = before
    for _ in range(draw(st.integers(1, 3))):
        new = draw(clips_within(SECONDS + 0.5))
        placed = [(n, one) for n, track in enumerate(arrangement.tracks) for one in track.clips]
        kind = draw(st.sampled_from(["insert", "remove", "exchange", "gain", "volume", "pan", "drop", "new"]))
        if kind == "insert" or not placed:
            arrangement = insert(arrangement, new, "a", at_most(4)) or arrangement
            continue
        number, old = draw(st.sampled_from(placed))
        track = arrangement.tracks[number]
        if kind == "remove":
            arrangement = remove(arrangement, number, old)
        elif kind == "exchange":
            arrangement = exchange(arrangement, number, old, new, at_most(4)) or arrangement
        elif kind == "gain":
            louder = replace(old, gain_db=old.gain_db + draw(st.sampled_from([-60.0, -3.0, 12.0])))
            arrangement = exchange(arrangement, number, old, louder, at_most(4)) or arrangement
        elif kind == "volume":
            volume_db = draw(st.sampled_from([-40.0, 0.0, 6.0]))
            arrangement = with_track(arrangement, number, replace(track, volume_db=volume_db))
        elif kind == "pan":
            arrangement = with_track(arrangement, number, replace(track, pan=draw(st.sampled_from([-1.0, 0.0, 0.4]))))
        elif kind == "drop":
            arrangement = replace(arrangement, tracks=arrangement.tracks[:-1])
        else:
            arrangement = replace(arrangement, tracks=(Track("n", "#000000", clips=(new,)), *arrangement.tracks))
    return arrangement


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_blocks_that_are_not_touched_stay_exactly_the_same(data: st.DataObject) -> None:
    before = data.draw(arrangements())
    after = data.draw(edited(before))
    count = block_count(SAMPLES)
    touched = touched_blocks(before, after, count)
    assert touched == sorted(set(touched))
    assert set(touched) <= set(range(count))
    for number in set(range(count)) - set(touched):
        (old,), (new,) = (render_blocks(one, BANK, SAMPLES, [number]) for one in (before, after))
        np.testing.assert_array_equal(new.mel, old.mel)
        np.testing.assert_array_equal(new.chroma, old.chroma)
        assert (new.peak, new.head_peak) == (old.peak, old.head_peak)


def test_a_short_insert_touches_few_blocks() -> None:
    before = insert(Arrangement(), clip("/bass", 0.0), "a", at_most(4))
    assert before is not None
    after = insert(before, clip("/hat", 30.2), "a", at_most(4))
    assert after is not None
    assert 1 <= len(touched_blocks(before, after, 60)) <= 2
    assert touched_blocks(before, before, 60) == []
