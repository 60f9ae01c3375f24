"""The benchmark of recovery judges rightly, and its cases are what they are said to be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedding.kernels import FloatArray, db_to_gain
from search.arrangement import Clip
from tests.benchmarks.case_sounds import (
    RATE_HZ,
    centroid_hz,
    cut,
    files_in,
    in_a_room,
    limited,
    prepared,
    write_samples,
    write_twins,
)
from tests.benchmarks.cases import TIERS, Placed, delay_samples, made_case, mixed, sources_of
from tests.benchmarks.recovered import NearIdentical, aligned_correlation, recovered
from tests.conftest import noise, tone, write

KICK, HAT = Path("/kick.wav"), Path("/hat.wav")


def same(one: Path, other: Path) -> bool:
    return one == other


def true(start_seconds: float, path: Path = KICK, semitones: int = 0) -> Placed:
    return Placed(start_seconds, path, 0.0, semitones)


def clip(start_seconds: float, path: Path = KICK, offset_seconds: float = 0.0, semitones: float = 0.0) -> Clip:
    return Clip(start_seconds, str(path), offset_seconds, 0.5, 0.0, semitones)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen samples, one in stereo, one longer than 4 s, two of one name in two folders, and a silent one."""
    sources = tmp_path_factory.mktemp("sources")
    for number in range(5):
        write(sources / f"note {number}.wav", tone(110.0 * 2 ** (number / 5), 0.6, 0.1 + 0.1 * number))
        write(sources / f"hit {number}.flac", noise(0.2, seed=number))
    write(sources / "wide.wav", np.stack([tone(300.0, 0.5), noise(0.5, seed=9)], axis=1))
    write(sources / "long.wav", tone(70.0, 5.0))
    write(sources / "one" / "rim.wav", noise(0.1, seed=7))
    write(sources / "two" / "rim.wav", noise(0.1, seed=8), 22050)
    write(sources / "silence.wav", np.zeros(1000, np.float32))
    folder = tmp_path_factory.mktemp("library")
    write_samples(files_in(sources), folder)
    return folder


def test_a_clip_that_is_found_exactly_is_a_hit_and_others_cost_precision_and_recall() -> None:
    found = recovered([true(1.0), true(2.0)], [clip(1.0), clip(2.5), clip(3.0, HAT)], same)
    assert (found.hits, found.placed, found.true) == (1, 3, 2)
    assert (found.precision, found.recall) == pytest.approx((1 / 3, 1 / 2))
    assert found.f1 == pytest.approx(2 / 5)


@pytest.mark.parametrize(("late_seconds", "hits"), [(0.019, 1), (-0.019, 1), (0.021, 0), (-0.021, 0)])
def test_a_hit_is_within_20_ms(late_seconds: float, hits: int) -> None:
    assert recovered([true(1.0)], [clip(1.0 + late_seconds)], same).hits == hits


def test_what_counts_is_when_the_sample_would_have_begun() -> None:
    """Half a second into the sample, an octave up, is a quarter of a second as heard."""
    assert recovered([true(1.0)], [clip(1.25, offset_seconds=0.5, semitones=12.0)], same).hits == 1
    assert recovered([true(1.0)], [clip(1.5, offset_seconds=0.5, semitones=12.0)], same).hits == 0


def test_another_transposition_is_a_hit_but_not_repitched_right() -> None:
    found = recovered(
        [true(1.0, semitones=3), true(2.0, semitones=3)], [clip(1.0, semitones=2), clip(2.0, semitones=3.4)], same
    )
    assert (found.hits, found.repitched_right) == (2, 0.5)


def test_no_clip_is_two_hits_and_no_truth_is_found_twice() -> None:
    assert recovered([true(1.0), true(1.01)], [clip(1.005)], same).hits == 1
    assert recovered([true(1.0)], [clip(1.0), clip(1.001)], same).hits == 1


def test_hits_are_matched_so_that_as_many_as_possible_are_found() -> None:
    """The clip at 1.01 is nearest to the truth that the other clip needs."""
    assert recovered([true(1.0), true(1.012)], [clip(1.01), clip(1.03)], same).hits == 2


def test_no_clips_are_nothing_found() -> None:
    found = recovered([true(1.0)], [], same)
    assert (found.f1, found.precision, found.recall, found.repitched_right) == (0.0, 0.0, 0.0, 0.0)


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from([KICK, HAT])), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_the_truth_itself_is_found_whole_in_any_order(moments: list[tuple[int, Path]], random: object) -> None:
    truth = [true(number / 100, path) for number, path in moments]
    clips = [clip(t.start_seconds, t.path) for t in truth]
    random.shuffle(clips)  # type: ignore[attr-defined]
    assert recovered(truth, clips, same).f1 == 1.0


def test_near_identical_samples_count_as_one_another(tmp_path: Path) -> None:
    sound = tone(220.0, 0.5) + noise(0.5, 0.2)
    one = write(tmp_path / "one.wav", sound)
    louder_and_later = write(tmp_path / "later.wav", np.concatenate([np.zeros(200, np.float32), 1.5 * sound]))
    other = write(tmp_path / "other.wav", tone(233.0, 0.5) + noise(0.5, 0.2, seed=1))
    alike = NearIdentical()
    assert alike(one, one)
    assert alike(one, louder_and_later)
    assert not alike(one, other)
    assert recovered([true(1.0, one)], [clip(1.0, louder_and_later)], alike).hits == 1


def test_aligned_correlation_is_that_of_numpy_where_nothing_is_to_be_aligned() -> None:
    one = noise(0.3)
    other = np.asarray(one + noise(0.3, 0.1, seed=1), np.float32)
    expected = float(np.dot(one, other) / np.linalg.norm(one) / np.linalg.norm(other))
    assert aligned_correlation(one, other) == pytest.approx(expected, abs=1e-5)


def test_samples_are_mono_of_at_most_4_s_with_their_peak_at_a_half(library: Path) -> None:
    files = files_in(library)
    assert len(files) == 14
    assert {"rim.wav", "rim (2).wav"} < {file.name for file in files}
    for file in files:
        sound = prepared(file)
        assert sound.ndim == 1
        assert sound.size <= 4 * RATE_HZ
        assert float(np.abs(sound).max()) == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize("tier", list(TIERS))
def test_a_case_is_the_same_for_the_same_seed_and_another_for_another(tier: str, library: Path) -> None:
    files = files_in(library)
    case, again, other = (made_case(tier, seed, files) for seed in (1, 1, 2))
    assert case.encoded == again.encoded
    assert case.truth == again.truth
    assert case.truth != other.truth
    assert len(case.truth) == TIERS[tier].clips
    assert case.audio.seconds == pytest.approx(TIERS[tier].seconds)
    assert len({(one.path, one.start_seconds) for one in case.truth}) == len(case.truth)


@pytest.mark.parametrize("tier", ["A", "B", "doubled", "masked"])
def test_the_target_is_the_sum_of_its_truth(tier: str, library: Path) -> None:
    case = made_case(tier, 3, files_in(library))
    assert np.abs(mixed(case.truth, TIERS[tier].seconds) - case.audio.mono()).max() < 1e-5


def test_tier_a_stands_on_the_grid_at_equal_gains(library: Path) -> None:
    case = made_case("A", 0, files_in(library))
    assert len({round(one.gain_db, 6) for one in case.truth}) == 1
    beats = np.array([8 * one.start_seconds for one in case.truth])
    assert beats == pytest.approx(np.round(beats), abs=8 / RATE_HZ)


def test_an_mp3_is_heard_when_its_truth_says(library: Path) -> None:
    case = made_case("C", 0, files_in(library))
    assert {one.semitones for one in case.truth} <= set(range(-5, 6))
    heard, truth = case.audio.mono(), mixed(case.truth, TIERS["C"].seconds)
    assert delay_samples(truth, heard) == 0
    assert np.corrcoef(truth, heard)[0, 1] > 0.98


def test_delay_is_found_either_way() -> None:
    sound = noise(0.5)
    assert delay_samples(sound, np.concatenate([np.zeros(1105, np.float32), sound])) == 1105
    assert delay_samples(np.concatenate([np.zeros(7, np.float32), sound]), sound) == -7


def test_masked_clips_are_softer_than_what_sounds_with_them(library: Path) -> None:
    truth = made_case("masked", 0, files_in(library)).truth
    loudest = max(one.gain_db for one in truth)
    assert sum(one.gain_db < loudest - 5.5 for one in truth) == len(truth) // 2


def test_twins_are_like_their_samples_but_not_the_same(library: Path, tmp_path: Path) -> None:
    write_samples(files_in(library)[:4], tmp_path)
    alone = files_in(tmp_path)
    write_twins(tmp_path)
    write_twins(tmp_path)
    assert len(files_in(tmp_path)) == 2 * len(alone)
    for file in alone:
        sound, twin = prepared(file), prepared(file.with_name(f"{file.stem} twin.wav"))
        assert aligned_correlation(sound, twin) < 0.999
        assert twin.size == pytest.approx(sound.size, rel=0.02)
        assert centroid_hz(twin) == pytest.approx(centroid_hz(sound), rel=0.5)


def test_libraries_are_chosen_by_tier(tmp_path: Path) -> None:
    library = [tmp_path / f"{number}.wav" for number in range(300)]
    more = [tmp_path / f"more {number}.wav" for number in range(6000)]
    assert len(sources_of("A", 0, library, more)) == 128
    assert sources_of("A", 0, library, more) != sources_of("A", 1, library, more)
    assert sources_of("B", 0, library, more) == library
    many = sources_of("D", 0, library, more)
    assert (len(many), many[:300]) == (5000, library)
    assert many == sources_of("D", 1, library, more)


def test_a_limiter_keeps_below_its_ceiling_and_a_room_rings_on() -> None:
    rng = np.random.default_rng(0)
    sound: FloatArray = np.concatenate([cut(noise(0.5)), np.zeros(RATE_HZ, np.float32)])
    assert float(np.abs(limited(sound, rng)).max()) < 0.55
    assert np.linalg.norm(limited(sound, rng)) > 1.5 * np.linalg.norm(sound)
    wet = in_a_room(sound, rng)
    late = slice(RATE_HZ // 2, RATE_HZ)
    assert np.linalg.norm(wet[late]) > db_to_gain(20.0) * np.linalg.norm(sound[late])
    assert aligned_correlation(sound, wet) > 0.8


def test_clips_are_compared_by_their_own_gains_not_at_all() -> None:
    """How loud a clip is does not make it a hit or none."""
    assert recovered([true(1.0)], [replace(clip(1.0), gain_db=-20.0)], same).hits == 1
