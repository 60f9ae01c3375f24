"""The MFCC measure: coefficients as librosa's, divergences as sampled, and a similarity that is always a number."""

from __future__ import annotations

from dataclasses import astuple

import librosa
import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sounds import burst, noise, phrase, placed, pluck, recording, sine

from embedding.analysis import windows_of
from embedding.kernels import FloatArray
from embedding.mfcc import COEFFICIENTS, LEAST_VARIANCE, MfccEars, divergence, mfcc
from embedding.reward import score_recordings, weights_named

EARS = MfccEars()
DEFAULT = weights_named("default")
SECOND = 22050
SOUNDS = {
    "phrase": phrase(3.0),
    "another phrase": phrase(3.0, seed=1),
    "noise": noise(3 * SECOND),
    "pluck": pluck(220.0, 0.9),
    "burst": burst(0.3),
    "sine": sine(440.0, 3.0),
    "click": placed(3.0, (1.2, np.ones(1, np.float32))),
    "constant": np.full(3 * SECOND, 0.25, np.float32),
    "0.1 s": pluck(330.0, 0.1),
    "one sample": np.ones(1, np.float32),
    "silence": np.zeros(3 * SECOND, np.float32),
    "nothing": np.zeros(0, np.float32),
}


def gaussians_of(*sounds: FloatArray) -> FloatArray:
    return EARS.hear(np.concatenate([windows_of(sound)[0][:1] for sound in sounds])).embeddings


def parts(gaussian: FloatArray) -> tuple[np.ndarray, np.ndarray]:
    """Mean [8] and covariance [8, 8]."""
    return gaussian[:COEFFICIENTS], gaussian[COEFFICIENTS : COEFFICIENTS + COEFFICIENTS**2].reshape(-1, COEFFICIENTS)


def test_the_coefficients_are_librosas() -> None:
    """From the sound itself; loud and not at its ends, so that what is added before the logarithm does not count."""
    sound = noise(3 * SECOND, level=1.0)
    windows, maxima = windows_of(sound)
    theirs = librosa.feature.mfcc(
        y=sound / maxima[0], sr=SECOND, n_mfcc=COEFFICIENTS, n_fft=2048, hop_length=512, n_mels=128, power=1.0
    )
    ours = mfcc(windows[0]) * 10.0 / np.log(10.0)
    np.testing.assert_allclose(ours[2:-2], theirs.T[2:-2], atol=0.05)
    assert np.abs(ours).max() > 10.0


def test_a_window_is_the_gaussian_of_its_coefficients() -> None:
    window = windows_of(SOUNDS["phrase"])[0][:1]
    levels = window[0].astype(np.float64) * 10.0 / np.log(10.0)
    coefficients = librosa.feature.mfcc(S=levels.T, n_mfcc=COEFFICIENTS) / (10.0 / np.log(10.0))
    mean, covariance = parts(EARS.hear(window).embeddings[0])
    np.testing.assert_allclose(mean, coefficients.mean(axis=1), rtol=1e-4)
    expected = np.cov(coefficients, bias=True) + LEAST_VARIANCE * np.eye(COEFFICIENTS)
    np.testing.assert_allclose(covariance, expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(("one", "other"), [("phrase", "another phrase"), ("noise", "phrase"), ("pluck", "0.1 s")])
def test_the_divergence_is_the_mean_log_ratio_of_samples_both_ways(one: str, other: str) -> None:
    a, b = gaussians_of(SOUNDS[one], SOUNDS[other])
    p, q = (scipy.stats.multivariate_normal(*parts(each.astype(np.float64))) for each in (a, b))
    rng = np.random.default_rng(0)
    from_p, from_q = (each.rvs(200_000, rng) for each in (p, q))
    sampled = (p.logpdf(from_p) - q.logpdf(from_p)).mean() + (q.logpdf(from_q) - p.logpdf(from_q)).mean()
    assert divergence(a[np.newaxis], b[np.newaxis])[0] == pytest.approx(sampled, rel=0.02)


def test_a_divergence_by_hand() -> None:
    """Means 2 apart in one coefficient, of variances 1 and 4 there: (4 + 1/4 - 2 + 4 * (1 + 1/4)) / 2."""
    mean, covariance = np.zeros(COEFFICIENTS), np.eye(COEFFICIENTS)
    there, wide = mean.copy(), covariance.copy()
    there[3], wide[3, 3] = 2.0, 4.0
    flat = [np.concatenate([m, c.ravel(), np.linalg.inv(c).ravel()]) for m, c in ((mean, covariance), (there, wide))]
    a, b = (each[np.newaxis].astype(np.float32) for each in flat)
    assert divergence(a, b)[0] == pytest.approx(3.625)
    assert divergence(b, a)[0] == pytest.approx(3.625)


def test_every_pair_has_a_similarity_and_only_the_same_sound_has_1() -> None:
    found = gaussians_of(*SOUNDS.values())
    count = len(SOUNDS)
    first, second = (index.ravel() for index in np.indices((count, count)))
    similarity = EARS.similarity(found[first], found[second]).reshape(count, count)
    assert np.isfinite(found).all()
    assert ((similarity >= 0.0) & (similarity <= 1.0)).all()
    np.testing.assert_array_equal(similarity, similarity.T)
    np.testing.assert_array_equal(similarity.diagonal(), 1.0)
    silence = [list(SOUNDS).index(name) for name in ("silence", "nothing")]
    assert (similarity[silence][:, silence] == 1.0).all()
    similarity[np.ix_(silence, silence)] = 0.0
    np.fill_diagonal(similarity, 0.0)
    assert similarity.max() < 0.999


def test_a_sound_is_nearer_to_one_of_its_kind() -> None:
    low, high, drum = gaussians_of(pluck(220.0, 0.9), pluck(262.0, 0.9), burst(0.9))[:, np.newaxis]
    assert EARS.similarity(low, high) > 2 * EARS.similarity(low, drum)


@settings(max_examples=50)
@given(st.integers(1, 4), st.floats(-7.0, 10.0), st.floats(0.0, 10.0), st.integers(0, 99))
def test_whatever_the_window_it_is_a_number_and_like_itself(count: int, level: float, spread: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    windows = (level + spread * rng.standard_normal((count, 130, 128))).astype(np.float32)
    found = EARS.hear(windows).embeddings
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(EARS.similarity(found, found), 1.0)
    similarity = EARS.similarity(found, np.roll(found, 1, axis=0))
    assert ((similarity >= 0.0) & (similarity <= 1.0)).all()


def test_no_windows_are_no_gaussians_and_a_batch_is_its_windows() -> None:
    windows = windows_of(phrase(6.0))[0]
    assert EARS.hear(windows[:0]).embeddings.shape == (0, COEFFICIENTS + 2 * COEFFICIENTS**2)
    alone = np.concatenate([EARS.hear(window[np.newaxis]).embeddings for window in windows])
    np.testing.assert_array_equal(EARS.hear(windows).embeddings, alone)


@pytest.mark.parametrize("sound", SOUNDS.values(), ids=SOUNDS.keys())
def test_an_identical_cover_is_1_in_every_term(sound: FloatArray) -> None:
    target = recording(np.concatenate([sound, sound]) if sound.size else np.zeros(1, np.float32))
    np.testing.assert_allclose(astuple(score_recordings(target, target, EARS, DEFAULT)), 1.0, atol=2e-5)


def test_it_changes_the_timbre_term_and_no_other(ears: object) -> None:
    target, cover = recording(phrase(4.0)), recording(phrase(4.0, seed=1))
    by_mfcc = score_recordings(target, cover, EARS, DEFAULT)
    by_network = score_recordings(target, cover, ears, DEFAULT)  # type: ignore[arg-type]
    assert by_mfcc.timbre != pytest.approx(by_network.timbre, abs=1e-3)
    assert (by_mfcc.pitch, by_mfcc.spectrum, by_mfcc.onsets) == (
        by_network.pitch,
        by_network.spectrum,
        by_network.onsets,
    )
