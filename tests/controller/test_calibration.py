"""What calibration says of sets that add something to the sound, and that scores with its response are those of what is
heard."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sounds import burst, noise, phrase, pluck, recording, tiny_ears
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, fftconvolve, sosfilt

from controller.calibration import APART_SECONDS, Calibration, calibrated, merged
from controller.fitted_response import minimum_phase
from embedding.audio import Audio
from embedding.kernels import FloatArray
from embedding.reward import hear_target, score_recordings, weights_named
from search.arrangement import Arrangement, Clip, Track
from search.evaluator import Evaluator
from search.rendering import VoiceBank
from search.response import FLAT, Response

RATE_HZ = 44100
SECONDS = 8.0


def music(seconds: float = SECONDS, seed: int = 0) -> FloatArray:
    """[2, n] a bass, plucks and bursts on two sides that differ, louder and softer by turns, at 44.1 kHz."""
    rng = np.random.default_rng(seed)
    sides = np.zeros((2, round((seconds + 2.0) * RATE_HZ)), np.float32)
    for number, start in enumerate(np.arange(0.0, seconds, 0.25)):
        level = (0.4, 0.05, 0.2, 0.1)[number // 4 % 4]
        sounds = (
            pluck(float(rng.uniform(50, 90)), 0.6, level, RATE_HZ),
            pluck(float(rng.uniform(200, 900)), 0.8, 0.6 * level, RATE_HZ),
            burst(0.2, 0.5 * level, seed + number, RATE_HZ),
        )
        for sound, pan in zip(sounds, (1.0, *rng.uniform(0.3, 1.0, 2)), strict=True):
            first = round(float(start) * RATE_HZ)
            sides[0, first : first + sound.size] += np.float32(pan) * sound
            sides[1, first : first + sound.size] += np.float32(1.3 - pan) * sound
    return sides[:, : round(seconds * RATE_HZ)]


MUSIC = music()


def heard_as(heard: np.ndarray, rendered: np.ndarray = MUSIC, begin_seconds: float = 0.0) -> Calibration:
    both = (Audio(np.asarray(one, np.float32), RATE_HZ) for one in (rendered, heard))
    return calibrated(*both, begin_seconds)


def low_cut(sound: np.ndarray) -> np.ndarray:
    return sosfilt(butter(2, 150.0, "highpass", fs=RATE_HZ, output="sos"), sound)


def equalised(sound: np.ndarray, hz: float = 1000.0, level_db: float = 6.0) -> np.ndarray:
    """A bell of Q 1, after the audio equaliser cookbook's formula."""
    root, angle = 10.0 ** (level_db / 40.0), 2.0 * np.pi * hz / RATE_HZ
    alpha, cosine = np.sin(angle) / 2.0, -2.0 * np.cos(angle)
    above = np.array([1.0 + alpha * root, cosine, 1.0 - alpha * root])
    below = np.array([1.0 + alpha / root, cosine, 1.0 - alpha / root])
    return sosfilt(np.concatenate([above, below])[np.newaxis] / below[0], sound)


def limited(sound: np.ndarray) -> np.ndarray:
    """Loud moments are turned down by three quarters of what is above -26 dBFS."""
    level = np.sqrt(np.maximum(uniform_filter1d(np.square(sound).mean(axis=0), round(0.02 * RATE_HZ)), 1e-12))
    return sound * np.minimum(1.0, (level / 0.05) ** -0.75)


def in_a_room(sound: np.ndarray, level_db: float) -> np.ndarray:
    at = np.arange(round(0.8 * RATE_HZ)) / RATE_HZ
    tails = np.random.default_rng(1).standard_normal((2, at.size)) * 10.0 ** (-3.0 * at / 0.8)
    tails *= 10.0 ** (level_db / 20.0) / np.sqrt(np.square(tails).sum(axis=1, keepdims=True))
    return sound + np.stack([fftconvolve(side, tail)[: side.size] for side, tail in zip(sound, tails, strict=True)])


def differences_db(calibration: Calibration) -> list[float | None]:
    return [window.difference_db for window in calibration.windows]


def test_nothing_is_added() -> None:
    found = heard_as(MUSIC)
    assert found.response == FLAT
    assert found.words == "the same level at all frequencies"
    assert differences_db(found) == [0.0] * 6
    assert all(window.left_db == -120.0 for window in found.windows)


@given(st.floats(-30.0, 6.0))
def test_a_fader_is_one_tap(level_db: float) -> None:
    found = heard_as(MUSIC * 10.0 ** (level_db / 20.0))
    assert found.response is not None
    np.testing.assert_allclose(differences_db(found), level_db, atol=1e-3)
    if abs(level_db) > 0.11:
        assert found.response.kernel.size == 1
        assert 20 * np.log10(found.response.level) == pytest.approx(level_db, abs=0.01)
        assert float(found.words.removesuffix(" dB everywhere")) == pytest.approx(level_db, abs=0.06)
    elif abs(level_db) < 0.09:
        assert found.response == FLAT


@pytest.mark.parametrize(
    ("filtered", "words"),
    [
        (low_cut, r"an equaliser: -\d\d\.\d dB( or more)? below (7|8|9|10|11)0 Hz"),
        (equalised, r"an equaliser: \+(5\.[5-9]|6\.\d) dB around (9\d0 Hz|1\.[01] kHz)"),
        (
            lambda sound: 0.5 * equalised(sound, 3000.0, -8.0),
            r"-6\.[0-3] dB, and an equaliser: -[78]\.\d dB around (2\.9|3\.[01]) kHz",
        ),
    ],
)
def test_an_equaliser(filtered, words: str) -> None:
    found = heard_as(filtered(MUSIC))
    assert found.response is not None
    assert found.response.kernel.size > 1
    assert re.fullmatch(words, found.words), found.words
    assert all(window.left_db is not None and window.left_db < -25.0 for window in found.windows)
    hz = np.array([100.0, 300.0, 1000.0, 3000.0, 6000.0])
    click = np.zeros((1, 2**15))
    click[0, 0] = 1.0
    spectrum = np.abs(np.fft.rfft(filtered(click)[0]))
    expected = np.interp(hz, np.fft.rfftfreq(2**15, 1.0 / RATE_HZ), spectrum)
    np.testing.assert_allclose(20 * np.log10(found.response.gains(hz)), 20 * np.log10(expected), atol=0.6)


def test_a_limiter_is_not_taken_into_account() -> None:
    found = heard_as(limited(MUSIC))
    assert found.response is None
    assert found.words.startswith("between -")
    assert "louder moments more: a limiter?" in found.words
    assert found.words.endswith("not taken into account")
    assert found.as_dict()["response"] is None


def test_a_strong_reverb_is_not_taken_into_account() -> None:
    found = heard_as(in_a_room(MUSIC, -3.0))
    assert found.response is None
    assert found.words.endswith(
        "dB, more than its level changes: a reverb, a modulation, noise?; not taken into account"
    )


@pytest.mark.parametrize("level_db", [0.0, -6.0])
def test_of_a_weak_reverb_only_the_level_before_it_counts(level_db: float) -> None:
    found = heard_as(in_a_room(MUSIC, -20.0) * 10.0 ** (level_db / 20.0))
    assert found.response is not None
    assert 20 * np.log10(found.response.level) == pytest.approx(level_db, abs=0.3)


@pytest.mark.parametrize("level_db", [0.0, -6.0])
def test_noise_is_no_filter(level_db: float) -> None:
    hiss = np.stack([noise(MUSIC.shape[1], 0.01, seed) for seed in (1, 2)])
    found = heard_as(MUSIC * 10.0 ** (level_db / 20.0) + hiss)
    assert found.response is not None
    assert found.response.kernel.size == 1
    assert 20 * np.log10(found.response.level) == pytest.approx(level_db, abs=0.1)


def test_another_sound_is_no_response() -> None:
    assert heard_as(music(seed=5)).response is None


def test_an_effect_that_sets_in_is_not_the_same_everywhere() -> None:
    half = MUSIC.shape[1] // 2
    found = heard_as(np.concatenate([MUSIC[:, :half], 0.5 * MUSIC[:, half:]], axis=1))
    assert found.response is None
    assert found.words.startswith("between -6.0 and 0.0 dB")


def test_windows_lie_where_the_rewards_do() -> None:
    found = heard_as(MUSIC, begin_seconds=10.0)
    begins = [window.begin_seconds for window in found.windows]
    np.testing.assert_allclose(begins, APART_SECONDS * np.arange(11, 16))
    from_grid = heard_as(MUSIC, begin_seconds=7 * APART_SECONDS)
    np.testing.assert_allclose([one.begin_seconds for one in from_grid.windows], APART_SECONDS * np.arange(7, 13))


@pytest.mark.parametrize("seconds", [0.001, 0.1, 1.0, 2.9])
def test_short_ranges_are_one_window(seconds: float) -> None:
    short = MUSIC[:, : max(1, round(seconds * RATE_HZ))]
    found = heard_as(0.5 * short, short, begin_seconds=4.4)
    (window,) = found.windows
    assert window.difference_db == pytest.approx(-6.02, abs=0.01)
    assert abs(window.begin_seconds + 1.5 - 4.4 - seconds / 2) <= APART_SECONDS / 2 + 1e-9
    if seconds < 1.5:
        assert found.response is None
        assert found.words == "between -6.0 and -6.0 dB, heard too short; not taken into account"
    else:
        assert found.words == "-6.0 dB everywhere"


def test_silence_says_nothing() -> None:
    silence = np.zeros_like(MUSIC)
    found = heard_as(silence, silence)
    assert set(differences_db(found)) == {None}
    assert (found.response, found.words) == (None, "nothing was to be heard")
    assert heard_as(silence).words == "nothing was heard"
    assert set(differences_db(heard_as(silence))) == {-120.0}
    half = np.concatenate([MUSIC[:, : 4 * RATE_HZ], silence[:, : 4 * RATE_HZ]], axis=1)
    assert differences_db(heard_as(half, half)) == [0.0, 0.0, 0.0, 0.0, 0.0, None]


def test_what_is_not_aligned_is_refused() -> None:
    with pytest.raises(ValueError, match="must be the same"):
        heard_as(MUSIC[:, 1:])
    with pytest.raises(ValueError, match="0 samples"):
        heard_as(MUSIC[:, :0], MUSIC[:, :0])


def test_it_can_be_written_down() -> None:
    found = heard_as(0.5 * MUSIC, begin_seconds=2.0)
    written = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert written["response"] == written["words"] == "-6.0 dB everywhere"
    assert written["windows"][0] == {"begin_seconds": 2.9954, "difference_db": -6.02, "left_db": -120.0}


def test_ranges_that_were_heard_one_after_the_other_are_put_together() -> None:
    cut = 4 * RATE_HZ
    first = heard_as(equalised(MUSIC)[:, :cut], MUSIC[:, :cut])
    second = heard_as(equalised(MUSIC)[:, cut:], MUSIC[:, cut:], begin_seconds=4.0)
    both, whole = merged(first, second), heard_as(equalised(MUSIC))
    begins = [window.begin_seconds for window in both.windows]
    assert begins == sorted({window.begin_seconds for one in (first, second) for window in one.windows})
    assert both.response is not None
    assert whole.response is not None
    hz = np.array([200.0, 1000.0, 4000.0])
    np.testing.assert_allclose(both.response.gains(hz), whole.response.gains(hz), rtol=0.02)
    assert both.words.startswith("an equaliser: +")


def test_what_was_heard_again_counts_as_it_was_heard_last() -> None:
    twice = merged(heard_as(MUSIC), heard_as(0.5 * MUSIC))
    assert twice.words == "-6.0 dB everywhere"
    assert len(twice.windows) == 6
    assert len(twice.evidence.seconds) == len(heard_as(MUSIC).evidence.seconds)


def test_a_fader_that_is_moved_meanwhile_counts_where_it_is() -> None:
    cut = 4 * RATE_HZ
    second = heard_as(0.5 * MUSIC[:, cut:], MUSIC[:, cut:], begin_seconds=4.0)
    both = merged(heard_as(MUSIC[:, :cut], MUSIC[:, :cut]), second)
    assert both.response == second.response
    assert both.words == "-6.0 dB everywhere, where it was heard last; between -6.0 and 0.0 dB in all"
    assert set(both.windows) >= set(second.windows)


def test_a_filter_of_minimum_phase_has_the_gains_asked_for() -> None:
    hz, gains_db = np.array([60.0, 200.0, 900.0, 4000.0, 9000.0]), np.array([-12.0, 0.0, 3.0, 0.0, -6.0])
    found = minimum_phase(hz, gains_db)
    np.testing.assert_allclose(20 * np.log10(found.gains(hz[1:])), gains_db[1:], atol=0.3)
    energies = np.cumsum(np.square(found.kernel))
    assert energies[20] > 0.9 * energies[-1]


COVER = Arrangement(120.0, (Track("all", "#000000", clips=(Clip(0.0, "/cover", 0.0, SECONDS, 0.0, 0.0),)),))


@pytest.mark.parametrize(
    "made", [lambda sound: 0.5 * sound, low_cut, equalised, lambda s: 0.5 * equalised(s, 3000.0, -8.0)]
)
@pytest.mark.parametrize("seed", [0, 3])
def test_scores_with_the_response_are_those_of_what_is_heard(made, seed: int) -> None:
    """The response is found on one half of the cover, and heard at the stage's rate."""
    target, sound = recording(phrase(SECONDS, seed)), music(seed=seed)
    ears, weights = tiny_ears(), weights_named("default")
    cut = sound.shape[1] // 2
    response = heard_as(made(sound)[:, :cut], sound[:, :cut]).response
    assert isinstance(response, Response)
    bank = VoiceBank(lambda path: (sound.mean(axis=0), RATE_HZ))
    evaluator = Evaluator(hear_target(target, ears), bank, ears, weights)
    believed = replace(evaluator, response=response).from_scratch(COVER).total
    heard = score_recordings(target, Audio(made(sound).astype(np.float32), RATE_HZ), ears, weights).total
    assert believed == pytest.approx(heard, abs=0.005)
    assert abs(evaluator.from_scratch(COVER).total - heard) > abs(believed - heard)
