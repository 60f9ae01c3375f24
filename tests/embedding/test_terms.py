"""What the terms hear: pitch that knows a semitone from an octave and noise from chords, balance that knows low from
high."""

from __future__ import annotations

import numpy as np
import pytest
from made_sounds import HEARD_RATE_HZ, noise, pluck, recording, sine, tiny_ears

from embedding.analysis import WINDOW_FRAMES, WINDOW_SAMPLES, analyse
from embedding.kernels import FloatArray
from embedding.reward import hear_target, score_recordings, weights_named
from embedding.similarity import direction_similarity
from embedding.terms import balance_db, balance_similarity, pitch_vector

SECONDS = WINDOW_SAMPLES / HEARD_RATE_HZ


def chord(semitones: float) -> FloatArray:
    """A C major chord of plucks, transposed."""
    return np.sum([pluck(261.63 * 2 ** ((step + semitones) / 12), SECONDS) for step in (0, 4, 7)], axis=0)


def heard(sound: FloatArray) -> tuple[FloatArray, float]:
    return pitch_vector(analyse(sound).chroma[:WINDOW_FRAMES])


def alike(a: FloatArray, b: FloatArray) -> float:
    return float(direction_similarity(heard(a)[0][np.newaxis], heard(b)[0][np.newaxis])[0])


def test_an_octave_costs_little_a_semitone_nearly_all() -> None:
    assert alike(chord(0), chord(0)) == 1.0
    assert alike(chord(0), chord(12)) > 0.7
    assert alike(chord(0), chord(0.2)) > 0.7
    assert alike(chord(0), chord(1)) < 0.2
    assert alike(chord(0), chord(6)) < 0.2


def test_noise_is_no_chord_and_takes_little_from_one() -> None:
    hiss = noise(WINDOW_SAMPLES, 0.3)
    assert alike(chord(0), hiss) < 0.2
    assert alike(chord(0), chord(0) + np.float32(0.2) * hiss) > 0.7


def test_tonalness() -> None:
    tone, chords, hiss = (heard(sound)[1] for sound in (sine(440.0, SECONDS), chord(0), noise(WINDOW_SAMPLES)))
    assert 0.0 < hiss < 0.25 < 0.5 < chords < tone < 1.0
    assert heard(np.zeros(WINDOW_SAMPLES, np.float32))[1] == 0.0


def test_windows_without_a_pitch_count_less() -> None:
    """Six seconds of a tone, six of noise: to miss the tone costs more than to miss the noise's accidental pitches."""
    tone, other, hiss, hush = (
        sine(440.0, 6.0),
        sine(466.2, 6.0),
        noise(6 * HEARD_RATE_HZ),
        noise(6 * HEARD_RATE_HZ, seed=1),
    )
    target = recording(np.concatenate([tone, hiss]))
    weights = hear_target(target, tiny_ears()).pitch_weights
    assert weights[0] > 4 * weights[-1]
    covers = {"tone missed": (other, hiss), "noise missed": (tone, hush)}
    scores = {
        name: score_recordings(target, recording(np.concatenate(parts)), tiny_ears(), weights_named("paper")).pitch
        for name, parts in covers.items()
    }
    assert scores["tone missed"] < 0.4
    assert scores["noise missed"] > 0.75


def test_balance_by_hand() -> None:
    mel = np.zeros((WINDOW_FRAMES, 128), np.float32)
    mel[:, 0:8] = 1.0
    mel[:65, 8:16] = np.sqrt(2.0) * 0.1
    mel[:, 16] = 0.001
    np.testing.assert_allclose(balance_db(mel), [40.0, 20.0, *[0.0] * 14], atol=1e-4)
    np.testing.assert_allclose(balance_db(np.float32(0.01) * mel), balance_db(mel), atol=1e-4)
    assert not balance_db(np.zeros_like(mel)).any()
    a, b = np.zeros((2, 16), np.float32), np.zeros((2, 16), np.float32)
    b[1, :4] = 14.0
    assert balance_similarity(a, b).tolist() == pytest.approx([1.0, np.exp(-1.0)])


def test_balance_tells_low_from_high_and_does_not_hear_when() -> None:
    low, high = pluck(60.0, 1.0), noise(HEARD_RATE_HZ)
    rest = np.zeros(HEARD_RATE_HZ, np.float32)

    def balance(*sounds: FloatArray) -> FloatArray:
        return balance_db(analyse(np.concatenate(sounds)).mel[:WINDOW_FRAMES])[np.newaxis]

    assert balance_similarity(balance(low, rest, rest), balance(high, rest, rest))[0] < 0.05
    assert balance_similarity(balance(low, rest, high), balance(rest, high, low))[0] > 0.8
