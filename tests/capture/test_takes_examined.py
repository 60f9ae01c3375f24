"""A take is aligned to the sample, and what happened to the sound on its way has a name. The takes are made here."""

from __future__ import annotations

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from controller.capture.faults import FaultName
from controller.capture.suspicions import Examined, Tolerance, examine
from tests.capture.played import RATE_HZ, STEP, Samples, audio, noise, recorded, tune

SECONDS = 3.0
SEEDS = st.integers(0, 2**32 - 1)
SOUNDS = st.builds(lambda make, seed: make(seed, SECONDS), st.sampled_from([noise, tune]), SEEDS)
BEFORE = st.integers(0, 60000)
few = settings(max_examples=8)


def examined(expected: Samples, take: Samples) -> Examined:
    return examine(audio(expected), audio(take))


def names(found: Examined) -> list[FaultName]:
    return [fault.name for fault in found.faults]


def offset(found: Examined) -> float:
    assert found.alignment is not None
    return found.alignment.offset_samples


@few
@given(sound=SOUNDS, before=BEFORE, after=st.integers(0, 60000))
def test_an_exact_take_is_the_sound_itself_wherever_it_lies(sound: Samples, before: int, after: int) -> None:
    found = examined(sound, recorded(sound, before, after))
    assert found.faults == ()
    assert offset(found) == before
    assert np.array_equal(found.heard.samples, sound)


@few
@given(sound=SOUNDS, before=BEFORE, quiet=st.integers(0, 30000), late=st.integers(0, 30000))
def test_silence_at_its_ends_belongs_to_the_sound(sound: Samples, before: int, quiet: int, late: int) -> None:
    whole = recorded(sound, quiet, late)
    found = examined(whole, recorded(whole, before, 1000))
    assert found.faults == ()
    assert offset(found) == before


@few
@given(sound=SOUNDS, before=BEFORE)
def test_rounding_to_16_bit_is_no_fault(sound: Samples, before: int) -> None:
    between = sound * np.float32(0.7)
    found = examined(between, np.round(recorded(between, before, 9000) / STEP) * STEP)
    assert found.faults == ()
    assert offset(found) == before


@few
@given(sound=SOUNDS, before=BEFORE, level_db=st.floats(-40, 12).filter(lambda level: abs(level) > 0.2))
def test_a_level_is_measured(sound: Samples, before: int, level_db: float) -> None:
    found = examined(sound, recorded(sound, before, 9000) * np.float32(10 ** (level_db / 20)))
    assert names(found) == ["level"]
    assert offset(found) == before
    assert found.comparison is not None
    assert 20 * np.log10(found.comparison.gains) == pytest.approx([level_db] * 2, abs=0.01)


@few
@given(sound=SOUNDS, before=BEFORE, seed=SEEDS, level_db=st.floats(-40, 0))
def test_another_sound_is_heard_and_hides_nothing(sound: Samples, before: int, seed: int, level_db: float) -> None:
    take = recorded(sound, before, 9000)
    other = noise(seed ^ 1, take.shape[1] / RATE_HZ)[:, : take.shape[1]]
    found = examined(sound, take + other * np.float32(10 ** (level_db / 20) * sound.std() / other.std()))
    assert "other_sound" in names(found)
    assert offset(found) == pytest.approx(before, abs=0.5)


@few
@given(sound=SOUNDS, before=BEFORE, ppm=st.one_of(st.floats(50, 500), st.floats(-500, -50)))
def test_drift_is_measured_and_removed(sound: Samples, before: int, ppm: float) -> None:
    drifted = soxr.resample(sound.T, 1.0, 1 + ppm * 1e-6, quality="VHQ").T
    found = examined(sound, recorded(drifted, before, 9000))
    assert names(found) == ["drift"]
    assert found.alignment is not None
    assert found.alignment.drift_ppm == pytest.approx(ppm, abs=0.5)
    assert offset(found) == pytest.approx(before, abs=0.01)


@few
@given(sound=SOUNDS, before=BEFORE, ppm=st.one_of(st.floats(3, 49), st.floats(-49, -3)))
def test_a_little_drift_is_only_removed(sound: Samples, before: int, ppm: float) -> None:
    drifted = soxr.resample(sound.T, 1.0, 1 + ppm * 1e-6, quality="VHQ").T
    found = examined(sound, recorded(drifted, before, 9000))
    assert found.faults == ()
    assert found.heard.samples.shape == sound.shape


@few
@given(seed=SEEDS, before=BEFORE, at=st.floats(0.2, 0.8), samples=st.integers(64, 48000), lost=st.booleans())
def test_where_time_is_lost_or_put_in(seed: int, before: int, at: float, samples: int, lost: bool) -> None:
    sound = noise(seed, SECONDS)
    cut = round(at * sound.shape[1])
    length = min(samples, 9000) if lost else samples
    parts = (
        (sound[:, :cut], sound[:, cut + length :]) if lost else (sound[:, :cut], np.zeros((2, length)), sound[:, cut:])
    )
    found = examined(sound, recorded(np.concatenate(parts, axis=1), before, 9000))
    assert names(found) == ["gap"]
    assert found.alignment is not None
    (jump,) = found.alignment.jumps
    assert jump.by_samples == pytest.approx(-length if lost else length, abs=0.02)
    assert jump.at_sample == pytest.approx(cut, abs=2)
    assert offset(found) == before


@few
@given(sound=SOUNDS, before=BEFORE, at=st.floats(0.1, 0.8), samples=st.integers(4800, 20000))
def test_a_hole_is_a_gap(sound: Samples, before: int, at: float, samples: int) -> None:
    take = recorded(sound, before, 9000)
    begin = before + round(at * sound.shape[1])
    take[:, begin : begin + samples] = 0
    found = examined(sound, take)
    assert names(found)[-1:] == ["gap"]
    assert offset(found) == before


@few
@given(
    seed=SEEDS, before=BEFORE, places=st.lists(st.integers(5000, 130000), min_size=1, max_size=8), zero=st.booleans()
)
def test_drop_outs_are_found(seed: int, before: int, places: list[int], zero: bool) -> None:
    sound = noise(seed, SECONDS)
    take = recorded(sound, before, 9000)
    for place in places:
        at = before + place
        take[:, at : at + 512] = 0 if zero else take[:, at - 4096 : at - 3584]
    found = examined(sound, take)
    assert names(found) == ["drop_outs"]
    assert offset(found) == before


@few
@given(sound=SOUNDS, before=BEFORE)
def test_a_mono_down_mix_is_none_of_the_other_faults(sound: Samples, before: int) -> None:
    take = recorded(sound, before, 9000)
    assert names(examined(sound, np.repeat(take.mean(axis=0, keepdims=True), 2, axis=0))) == ["mono"]
    found = examined(np.repeat(sound[:1], 2, axis=0), np.repeat(take[:1], 2, axis=0))
    assert found.faults == ()  # what is mono may be heard so


@few
@given(sound=SOUNDS, before=BEFORE, part=st.floats(0.2, 0.7))
def test_clipping_is_found(sound: Samples, before: int, part: float) -> None:
    limit = np.float32(part * np.abs(sound).max())
    assert "clipped" in names(examined(sound, np.clip(recorded(sound, before, 9000), -limit, limit)))


@few
@given(sound=SOUNDS, before=BEFORE, rates=st.sampled_from([(44100, 48000), (48000, 44100), (48000, 96000)]))
def test_another_speed_is_another_sample_rate(sound: Samples, before: int, rates: tuple[int, int]) -> None:
    found = examined(sound, recorded(soxr.resample(sound.T, *rates).T, before, 20000))
    assert names(found) == ["sample_rate"]
    assert f"{rates[0] / rates[1]:.4f} times" in found.faults[0].found


@few
@given(seed=SEEDS, before=BEFORE, quality=st.sampled_from(["LQ", "MQ"]))
def test_a_detour_by_another_rate_is_found(seed: int, before: int, quality: str) -> None:
    sound = noise(seed, SECONDS)
    there = soxr.resample(recorded(sound, before, 9000).T, 48000, 44100, quality=quality)
    found = examined(sound, soxr.resample(there, 44100, 48000, quality=quality).T)
    assert set(names(found)) & {"sample_rate", "filtered"}


@few
@given(seed=SEEDS, before=BEFORE)
def test_an_equaliser_is_no_other_sound(seed: int, before: int) -> None:
    sound = noise(seed, SECONDS)
    found = examined(sound, lfilter([1, 0.3], [1.3], recorded(sound, before, 9000), axis=1))
    assert "filtered" in names(found)
    assert "other_sound" not in names(found)


@few
@given(seed=SEEDS, before=BEFORE)
def test_a_level_that_moves_is_found(seed: int, before: int) -> None:
    sound = noise(seed, SECONDS)
    take = recorded(sound, before, 9000)
    assert set(names(examined(sound, take * np.linspace(0.5, 1, take.shape[1])))) == {"level"}


@few
@given(sound=SOUNDS, seed=SEEDS)
def test_what_is_not_there_is_not_found(sound: Samples, seed: int) -> None:
    assert names(examined(sound, np.zeros((2, 200000)))) == ["silent"]
    assert names(examined(sound, noise(seed ^ 1, SECONDS + 1))) == ["not_heard"]


def test_channels_are_told_apart() -> None:
    sound = noise(0, SECONDS)
    found = examined(sound, recorded(sound, 500, 9000) * np.array([[1.0], [0.0]]))
    assert "right at -inf dB" in found.faults[0].found
    found = examined(sound, -recorded(sound, 500, 9000))
    assert "polarity turned" in found.faults[0].found


def test_a_loop_is_found_at_its_first_turn() -> None:
    loop = np.tile(tune(1, 0.5), 12)
    found = examined(loop, recorded(loop, 12345, 40000))
    assert found.faults == ()
    assert offset(found) == 12345
    drifted = soxr.resample(loop.T, 1.0, 1 + 30e-6, quality="VHQ").T
    assert offset(examined(loop, recorded(drifted, 12345, 40000))) == pytest.approx(12345, abs=0.05)


def test_who_wants_to_hear_effects_allows_for_more() -> None:
    sound = noise(0, SECONDS)
    take = audio(lfilter([1, 0.3], [1.3], recorded(sound, 500, 9000), axis=1))
    assert examine(audio(sound), take, Tolerance(residual_db=0.0, level_db=6.0)).faults == ()


def test_samples_that_are_no_numbers_are_no_take() -> None:
    sound = noise(0, SECONDS)
    take = recorded(sound, 500, 9000)
    take[0, 70000] = np.nan
    assert names(examined(sound, take)) == ["silent"]
