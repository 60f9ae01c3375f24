"""The reward: what identical, altered, longer, shorter and silent covers get, and the paper's formula by hand."""

from __future__ import annotations

from dataclasses import astuple, replace

import librosa
import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sounds import burst, noise, phrase, placed, pluck, recording, sine, tiny_ears

from embedding.analysis import BLOCK_SAMPLES, analyse
from embedding.audio import Audio
from embedding.blocks import blocks_of
from embedding.ears import Ears
from embedding.errors import BadAudio, BadOption
from embedding.kernels import FloatArray
from embedding.reward import (
    NAMED_WEIGHTS,
    TERMS,
    Candidate,
    Score,
    hear_target,
    rate,
    score_recordings,
    weights_named,
)
from embedding.terms import (
    onset_similarity,
    rises_db,
    spectrum_similarity,
)

PAPER, DEFAULT = weights_named("paper"), weights_named("default")
SECOND = 22050
SOUNDS = {
    "phrase": phrase(4.0),
    "noise": noise(5 * SECOND, seed=4),
    "click": placed(3.5, (1.2, np.ones(1, np.float32))),
    "constant": np.full(4 * SECOND, 0.25, np.float32),
    "short": pluck(220.0, 0.7),
    "one sample": np.ones(1, np.float32),
    "two parts": placed(7.0, (0.0, burst(0.5, seed=1)), (6.0, sine(330.0, 0.8))),
    "quiet": 1e-4 * phrase(3.2, seed=2),
}


def scored(target: FloatArray, cover: FloatArray, weights: tuple[float, ...] = PAPER) -> Score:
    return score_recordings(recording(target), recording(cover), tiny_ears(), weights)


@pytest.mark.parametrize("weights", NAMED_WEIGHTS.values(), ids=NAMED_WEIGHTS.keys())
@pytest.mark.parametrize("sound", SOUNDS.values(), ids=SOUNDS.keys())
def test_an_identical_cover_is_1_in_every_term(sound: FloatArray, weights: tuple[float, ...]) -> None:
    np.testing.assert_allclose(astuple(scored(sound, sound.copy(), weights)), 1.0, atol=2e-5)


def test_an_identical_cover_is_1_for_the_real_ears(ears: Ears) -> None:
    target = recording(phrase(4.0))
    np.testing.assert_allclose(astuple(score_recordings(target, target, ears, DEFAULT)), 1.0, atol=2e-5)


def test_paper_hears_no_polarity() -> None:
    target, cover = phrase(4.0), phrase(4.0, seed=1)
    assert scored(target, -cover) == scored(target, cover)
    assert scored(target, -target).total == pytest.approx(1.0, abs=2e-5)


@pytest.mark.parametrize("factor", [2.0**-6, 0.013, 0.7, 2.0**4])
def test_paper_hears_no_level(factor: float) -> None:
    """Exactly for powers of two, else within float32's rounding."""
    target, cover = phrase(4.0), phrase(4.0, seed=1)
    before, after = scored(target, cover), scored(target, np.float32(factor) * cover)
    near = 0.0 if np.log2(factor).is_integer() else 1e-4
    for term in ("total", "timbre", "pitch"):
        assert getattr(after, term) == pytest.approx(getattr(before, term), abs=near)


def test_paper_hears_no_stereo() -> None:
    target, cover = recording(phrase(4.0)), phrase(4.0, seed=1)
    wide = Audio(np.stack([2 * cover, np.zeros_like(cover)]), SECOND)
    alone = score_recordings(target, recording(cover), tiny_ears(), PAPER)
    assert score_recordings(target, wide, tiny_ears(), PAPER) == alone


def test_default_hears_level() -> None:
    target = phrase(4.0)
    totals = [scored(target, factor * target, DEFAULT).total for factor in (1.0, 0.7, 0.3, 0.1)]
    assert totals == sorted(totals, reverse=True)
    assert totals[1] < 0.99


def test_each_window_is_divided_by_its_own_maximum() -> None:
    """A cover of which one part is quieter, in windows of its own, is the same to paper."""
    loud, other = pluck(220.0, 0.9), pluck(440.0, 0.9)
    target = placed(9.0, (0.5, loud), (8.0, other))
    cover = placed(9.0, (0.5, loud), (8.0, np.float32(0.25) * other))
    assert scored(target, cover).total == pytest.approx(1.0, abs=1e-4)


def test_paper_is_half_of_what_the_windows_have_in_timbre_and_half_in_pitch() -> None:
    target, cover = phrase(5.5), phrase(5.0, seed=1)
    heard = hear_target(recording(target), tiny_ears())
    (rated,) = rate(heard, [Candidate(blocks_of(cover, target.size), cover.size)], tiny_ears(), PAPER)
    assert len(rated.timbre) == len(rated.pitch) == 3
    length = 1.0 - (target.size - cover.size) / target.size
    pitch = np.average(rated.pitch, weights=heard.pitch_weights)
    expected = length * (rated.timbre.mean() + pitch) / 2
    assert rated.score.total == pytest.approx(float(expected), abs=1e-7)
    assert rated.score.timbre == pytest.approx(float(rated.timbre.mean()))
    assert rated.score.length_coefficient == pytest.approx(length)


def by_hand(sound: FloatArray, seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings and chroma of the windows, the mel spectrum from librosa and one window at a time."""
    size = round(seconds * SECOND)
    padded = np.zeros(max(size, 3 * SECOND), np.float32)
    padded[: min(size, sound.size)] = sound[:size]
    mel = librosa.feature.melspectrogram(y=padded, sr=SECOND, n_fft=2048, hop_length=512, n_mels=128, power=1.0).T
    chroma = analyse(padded).chroma
    embeddings, chromagrams = [], []
    for first in range(0, mel.shape[0] - 129, 43):
        peak = np.abs(padded[first * 512 : first * 512 + 3 * SECOND]).max()
        window = np.log(mel[first : first + 130] / max(peak, 0.001 * np.abs(padded).max()) + 0.001)
        embeddings.append(tiny_ears().hear(window[np.newaxis].astype(np.float32)).embeddings[0])
        chromagrams.append(chroma[first : first + 130].astype(np.float64))
    return np.array(embeddings, np.float64), np.array(chromagrams)


def outstanding(chromagram: np.ndarray) -> tuple[np.ndarray, float]:
    """A window's chroma averaged over 9 frames, less the mean of the 12 classes; and the share of it that remains."""
    smooth = scipy.ndimage.uniform_filter1d(chromagram, 9, axis=0, mode="constant")
    rest = smooth - smooth.mean(axis=1, keepdims=True)
    return rest, np.linalg.norm(rest) / np.linalg.norm(smooth)


@pytest.mark.parametrize(("target_seconds", "cover_seconds"), [(4.6, 4.6), (4.6, 3.0), (2.0, 2.5), (3.0, 5.0)])
def test_paper_by_hand(target_seconds: float, cover_seconds: float) -> None:
    target, cover = phrase(target_seconds), phrase(cover_seconds, seed=1)
    (wanted, wanted_chroma), (made, made_chroma) = by_hand(target, target_seconds), by_hand(cover, target_seconds)
    apart = np.linalg.norm(wanted - made, axis=1) / (np.linalg.norm(wanted, axis=1) + np.linalg.norm(made, axis=1))
    timbre = np.square(1 - apart)
    pitch, weights = [], []
    for a, b in zip(wanted_chroma, made_chroma, strict=True):
        (a, tonalness), (b, _) = outstanding(a), outstanding(b)
        pitch.append((1 - np.linalg.norm(a / np.linalg.norm(a) - b / np.linalg.norm(b)) / 2) ** 2)
        weights.append(tonalness)
    length = 1 - abs(target_seconds - cover_seconds) / target_seconds
    score = scored(target, cover)
    assert score.timbre == pytest.approx(timbre.mean(), abs=1e-4)
    assert score.pitch == pytest.approx(np.average(pitch, weights=weights), abs=1e-4)
    assert score.total == pytest.approx(length * (score.timbre + score.pitch) / 2, abs=1e-6)


@pytest.mark.parametrize(
    ("cover_seconds", "coefficient"),
    [(4.0, 1.0), (3.0, 0.75), (1.0, 0.25), (5.0, 0.75), (7.0, 0.25), (8.0, 0.0), (9.5, 0.0)],
)
def test_the_length_coefficient(cover_seconds: float, coefficient: float) -> None:
    sound = phrase(4.0)
    cover = np.resize(sound, round(cover_seconds * SECOND))
    score = scored(sound, cover)
    assert score.length_coefficient == pytest.approx(coefficient)
    assert score.total == pytest.approx(coefficient * (score.timbre + score.pitch) / 2)
    if cover_seconds >= 4.0:
        assert score.timbre == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("seconds", [0.1, 3.0, 5.0])
def test_silence_covers_silence(seconds: float) -> None:
    silence = np.zeros(round(seconds * SECOND), np.float32)
    assert astuple(scored(silence, silence, DEFAULT)) == (1.0,) * 7


@pytest.mark.parametrize("seconds", [0.5, 3.0, 5.0])
def test_silence_covers_no_sound_nor_sound_silence(seconds: float) -> None:
    sound = phrase(seconds)
    silence = np.zeros_like(sound)
    for score in (scored(sound, silence), scored(silence, sound)):
        assert (score.total, score.timbre, score.pitch) == (0.0, 0.0, 0.0)
        assert score.length_coefficient == 1.0


def test_nothing_covers_nothing_of_a_sound_and_is_no_target() -> None:
    nothing = np.zeros(0, np.float32)
    assert scored(phrase(4.0), nothing, DEFAULT).total == 0.0
    with pytest.raises(BadAudio, match="the target: holds no samples"):
        scored(nothing, phrase(4.0))


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 3e38])
def test_what_is_no_sound_is_no_target_and_no_cover(wrong: float) -> None:
    broken = phrase(4.0)
    broken[1000] = wrong
    for target, cover in ((broken, phrase(4.0)), (phrase(4.0), broken)):
        with pytest.raises(BadAudio, match="the recording: holds"):
            scored(target, cover, DEFAULT)


def test_silent_windows_count_as_the_others() -> None:
    """The last windows of both are silent, the first of the cover alone: the mean counts each."""
    target = placed(8.0, (0.0, pluck(220.0, 0.9)))
    heard = hear_target(recording(target), tiny_ears())
    cover = placed(8.0, (0.0, pluck(440.0, 0.5)))
    same, other = rate(heard, [Candidate(blocks_of(c, c.size), c.size) for c in (target, cover)], tiny_ears(), PAPER)
    assert heard.silent.tolist() == same.silent.tolist() == other.silent.tolist() == [False] + [True] * 5
    assert other.timbre[1:].tolist() == other.pitch[1:].tolist() == [1.0] * 5
    late = placed(8.0, (7.2, pluck(220.0, 0.7)))
    (moved,) = rate(heard, [Candidate(blocks_of(late, late.size), late.size)], tiny_ears(), PAPER)
    assert moved.timbre.tolist() == moved.pitch.tolist() == [0.0, 1.0, 1.0, 1.0, 1.0, 0.0]


def made_sound() -> st.SearchStrategy[FloatArray]:
    def mixed(size: int, kinds: list[str], level_db: float, seed: int) -> FloatArray:
        rng = np.random.default_rng(seed)
        sound = np.zeros(size, np.float32)
        for kind in kinds:
            first = int(rng.integers(size))
            length = int(rng.integers(1, size - first + 1))
            part = sound[first : first + length]
            if kind == "click":
                part[0] += rng.uniform(-1, 1)
            elif kind == "noise":
                part += noise(length, seed=seed)
            elif kind == "sine":
                part += sine(float(rng.uniform(30, 10000)), 7.0)[:length]
            elif kind == "constant":
                part += np.float32(rng.uniform(-1, 1))
        return np.float32(10 ** (level_db / 20)) * sound

    kinds = st.lists(st.sampled_from(["click", "noise", "sine", "constant"]), max_size=4)
    sizes = st.sampled_from([1, 2, 100]) | st.integers(1, 6 * SECOND)
    return st.builds(mixed, sizes, kinds, st.floats(-120, 12), st.integers(0, 999))


@settings(max_examples=60, deadline=None)
@given(made_sound(), made_sound(), st.sampled_from(list(NAMED_WEIGHTS)))
def test_every_term_is_from_0_to_1(target: FloatArray, cover: FloatArray, reward: str) -> None:
    values = astuple(scored(target, cover, weights_named(reward)))
    assert all(0.0 <= value <= 1.0 for value in values), values


@settings(max_examples=10, deadline=None)
@given(made_sound())
def test_whatever_it_is_it_covers_itself(sound: FloatArray) -> None:
    np.testing.assert_allclose(astuple(scored(sound, sound, DEFAULT)), 1.0, atol=1e-4)


def test_other_rates_and_channels_are_heard_the_same() -> None:
    target = sine(440.0, 3.5)
    other = Audio(np.stack([sine(440.0, 3.5, rate_hz=48000)] * 2), 48000)
    score = score_recordings(recording(target), other, tiny_ears(), PAPER)
    assert score.length_coefficient == 1.0
    assert score.total > 0.97


def test_rating_in_a_batch_and_after_a_relative_is_rating_alone() -> None:
    target, first, second = phrase(6.0), phrase(6.0, seed=1), phrase(6.0, seed=1)
    second[-SECOND:] *= np.float32(0.5)
    heard, size = hear_target(recording(target), tiny_ears()), target.size
    candidates = [Candidate(blocks_of(sound, size), size) for sound in (first, second)]
    together = rate(heard, candidates, tiny_ears(), DEFAULT)
    alone = [rate(heard, [candidate], tiny_ears(), DEFAULT)[0] for candidate in candidates]
    shared = tuple(
        old if np.array_equal(old.mel, new.mel) else new
        for old, new in zip(candidates[0].blocks, candidates[1].blocks, strict=True)
    )
    assert sum(a is b for a, b in zip(shared, candidates[0].blocks, strict=True)) >= 3
    (relative,) = rate(heard, [Candidate(shared, size, alone[0])], tiny_ears(), DEFAULT)
    for found, expected in ((together[0], alone[0]), (together[1], alone[1]), (relative, alone[1])):
        np.testing.assert_allclose(astuple(found.score), astuple(expected.score), atol=1e-6)
        for term in TERMS:
            np.testing.assert_allclose(getattr(found, term), getattr(expected, term), atol=1e-5)


@pytest.mark.parametrize(("first", "samples"), [(3 * BLOCK_SAMPLES + 600, 300), (2 * BLOCK_SAMPLES - 1500, 400)])
def test_a_change_of_one_block_changes_all_that_hear_it(first: int, samples: int) -> None:
    """The first frame of a window's fourth block, and the last frame before a block, from which its first one rises."""
    target, cover = phrase(6.0), phrase(6.0, seed=1)
    changed = cover.copy()
    changed[first : first + samples] += noise(samples, 0.9)
    heard, size = hear_target(recording(target), tiny_ears()), target.size
    (before,) = rate(heard, [Candidate(blocks_of(cover, size), size)], tiny_ears(), DEFAULT)
    blocks = tuple(
        old if np.array_equal(old.mel, new.mel) and old.peak == new.peak else new
        for old, new in zip(before.blocks, blocks_of(changed, size), strict=True)
    )
    assert sum(new is not old for old, new in zip(before.blocks, blocks, strict=True)) == 1
    (scratch,) = rate(heard, [Candidate(blocks, size)], tiny_ears(), DEFAULT)
    (after,) = rate(heard, [Candidate(blocks, size, before)], tiny_ears(), DEFAULT)
    for term in TERMS:
        np.testing.assert_allclose(getattr(after, term), getattr(scratch, term), atol=1e-5)


def test_spectrum_and_onsets_by_hand() -> None:
    loud, quiet = np.full((4, 128), 30.0, np.float32), np.full((4, 128), 21.0, np.float32)
    assert spectrum_similarity(loud, loud) == 1.0
    assert spectrum_similarity(loud, quiet) == pytest.approx(np.exp(-1.0))
    levels = np.array([[0.0], [8.0], [4.0], [10.0], [17.0]], np.float32)
    assert rises_db(None, levels).tolist() == [0.0, 1.0, 0.0, 3.0, 2.0]
    assert rises_db(levels, levels + 10).tolist() == [0.0, 1.0, 0.0, 3.0, 2.0]
    one, other = np.array([4.0, 0.0, 1.0], np.float32), np.array([2.0, 2.0, 1.0], np.float32)
    assert onset_similarity(one, other) == pytest.approx(1 - 4 / 10)
    assert onset_similarity(one, np.zeros(3, np.float32)) == 0.0
    assert onset_similarity(np.zeros(3, np.float32), np.zeros(3, np.float32)) == 1.0


def test_an_onset_that_is_late_costs_onsets() -> None:
    target, late = (placed(4.0, (start, burst(0.4)), (2.5, burst(0.4))) for start in (1.0, 1.3))
    assert scored(target, late, DEFAULT).onsets < scored(target, target, DEFAULT).onsets - 0.1


@pytest.mark.parametrize("name", NAMED_WEIGHTS)
def test_weights_are_one_for_each_term(name: str) -> None:
    weights = weights_named(name)
    assert len(weights) == len(TERMS)
    assert all(weight >= 0.0 for weight in weights)
    assert sum(weights) == pytest.approx(1.0)


def test_paper_weighs_timbre_and_pitch_alike_and_nothing_else() -> None:
    assert dict(zip(TERMS, weights_named("paper"), strict=True)) == {
        "timbre": 0.5, "pitch": 0.5, "balance": 0.0, "spectrum": 0.0, "onsets": 0.0,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["", "Paper", "best"])
def test_an_unknown_reward_is_refused(name: str) -> None:
    with pytest.raises(BadOption, match=rf"reward '{name}': must be one of paper, default"):
        weights_named(name)


def test_a_score_as_a_dict_has_every_term_rounded() -> None:
    score = scored(phrase(3.0), phrase(3.0, seed=1), DEFAULT)
    found = score.as_dict()
    assert list(found) == ["total", *TERMS, "length_coefficient"]
    np.testing.assert_allclose(list(found.values()), astuple(score), atol=5.1e-7)
    assert replace(score, total=0.12345678).as_dict()["total"] == 0.123457
