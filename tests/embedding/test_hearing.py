"""The Hearing of a recording: rhythm, key, loudness and instruments, and that every recording has one."""

from __future__ import annotations

import librosa
import mir_eval
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_sounds import burst, noise, phrase, placed, pluck, recording, sine, tiny_ears

from embedding.analysis import LOG_OFFSET, windows_of
from embedding.audio import Audio
from embedding.classify import classify
from embedding.ears import CLASSES, Ears
from embedding.hearing import Hearing, hear_recording
from embedding.kernels import FloatArray
from embedding.loudness import QUIETEST_LUFS
from embedding.tempo import DEFAULT_BPM

SECOND = 22050
BEAT_STARTS = np.arange(0.25, 11.9, 0.5)
BEAT = placed(12.0, *((float(start), burst(0.06, seed=n)) for n, start in enumerate(BEAT_STARTS)))


def hearing_of(sound: FloatArray, rate_hz: int = SECOND) -> Hearing:
    return hear_recording(recording(sound, rate_hz), tiny_ears())


def assert_is_defined(hearing: Hearing) -> None:
    """Numbers throughout, in their ranges, and frames and windows as many as there are."""
    frames, windows = len(hearing.log_mel), len(hearing.window_lufs)
    assert hearing.log_mel.shape == (frames, 128)
    assert hearing.onset_strength.shape == (frames,)
    assert hearing.instrument_probabilities.shape == (windows, len(CLASSES))
    assert windows == max(1, 1 + (frames - 130) // 43)
    for values in (hearing.log_mel, hearing.onset_strength, hearing.onsets_seconds, hearing.window_lufs):
        assert np.isfinite(values).all()
    assert (hearing.log_mel >= np.log(LOG_OFFSET) - 1e-5).all()
    assert (hearing.onset_strength >= 0.0).all()
    assert (np.diff(hearing.onsets_seconds) >= 0.0).all()
    assert np.isfinite(hearing.beats_seconds).all()
    assert (np.diff(hearing.beats_seconds) > 0.0).all()
    assert (hearing.window_lufs >= QUIETEST_LUFS).all()
    assert ((hearing.instrument_probabilities >= 0.0) & (hearing.instrument_probabilities <= 1.0)).all()
    assert 20.0 <= hearing.tempo_bpm <= 999.0
    assert hearing.key is None or 0.0 <= hearing.key.confidence <= 1.0
    assert not np.isnan([hearing.loudness.lufs, hearing.loudness.rms_db]).any()


def test_a_beat() -> None:
    hearing = hearing_of(BEAT)
    assert_is_defined(hearing)
    assert hearing.tempo_bpm == pytest.approx(120.0, rel=0.01)
    assert mir_eval.onset.f_measure(BEAT_STARTS, hearing.onsets_seconds, window=0.01)[0] > 0.95
    assert mir_eval.beat.f_measure(BEAT_STARTS, hearing.beats_seconds) > 0.95


def test_its_frames_are_librosas() -> None:
    sound = phrase(4.0)
    hearing = hearing_of(sound)
    np.testing.assert_array_equal(hearing.onset_strength, librosa.onset.onset_strength(y=sound, sr=SECOND))
    mel = librosa.feature.melspectrogram(y=sound, sr=SECOND, n_fft=2048, hop_length=512, n_mels=128, power=1.0)
    np.testing.assert_allclose(hearing.log_mel, np.log(mel.T / np.abs(sound).max() + LOG_OFFSET), atol=1e-3)


@pytest.mark.parametrize("rate_hz", [44100, 48000])
def test_the_loudness_of_the_standards_sine(rate_hz: int) -> None:
    """A stereo sine of 1 kHz is as many LUFS as its peak is dBFS, at any moment (EBU Tech 3341, cases 1 and 2)."""
    tone = np.concatenate([sine(1000.0, 6.0, 10 ** (level / 20), rate_hz) for level in (-33.0, -23.0)])
    hearing = hear_recording(Audio(np.stack([tone, tone]), rate_hz), tiny_ears())
    assert hearing.window_lufs[:3] == pytest.approx(-33.0, abs=0.1)
    assert hearing.window_lufs[-3:] == pytest.approx(-23.0, abs=0.1)
    assert (np.diff(hearing.window_lufs) > -0.05).all()
    assert -26.1 < hearing.loudness.lufs < -22.9


def test_the_key_of_a_chord() -> None:
    key = hearing_of(sum(pluck(hz, 3.0, 0.1) for hz in (220.0, 261.63, 329.63))).key
    assert key is not None
    assert key.name == "A minor"


def test_the_instruments_are_those_of_classify(ears: Ears) -> None:
    audio = recording(placed(7.0, (0.0, phrase(3.0))))
    hearing = hear_recording(audio, ears)
    windows = classify(audio, ears)["windows"]
    expected = [[window["probabilities"][name] for name in CLASSES] for window in windows]
    np.testing.assert_allclose(hearing.instrument_probabilities, expected, atol=1e-6)
    for instrument, probabilities in zip(hearing.instruments, expected, strict=True):
        best = int(np.argmax(probabilities))
        assert instrument == (CLASSES[best] if probabilities[best] >= 0.5 else None)
    assert hearing.instruments[-1] is None
    assert len(hearing.instruments) == len(windows_of(audio.mono())[0])


@pytest.mark.parametrize("seconds", [0.0001, 0.1, 2.9, 5.0])
def test_silence(seconds: float) -> None:
    hearing = hearing_of(np.zeros(round(seconds * SECOND), np.float32))
    assert_is_defined(hearing)
    assert (hearing.tempo_bpm, hearing.key, hearing.loudness.lufs) == (DEFAULT_BPM, None, -np.inf)
    assert (hearing.window_lufs == QUIETEST_LUFS).all()
    assert not hearing.onset_strength.any()
    assert len(hearing.onsets_seconds) == len(hearing.beats_seconds) == 0
    assert set(hearing.instruments) == {None}


@pytest.mark.parametrize(
    "sound",
    [
        np.ones(1, np.float32),
        placed(4.0, (1.2, np.ones(1, np.float32))),
        np.full(4 * SECOND, 0.25, np.float32),
        pluck(220.0, 0.1),
        noise(3000),
        np.float32(1e-7) * phrase(3.5),
        np.float32(30.0) * phrase(3.5),
    ],
    ids=["one sample", "click", "constant", "0.1 s", "short noise", "faint", "far too loud"],
)
@pytest.mark.parametrize("rate_hz", [2000, 22050, 96000])
def test_odd_sounds_are_heard_too(sound: FloatArray, rate_hz: int) -> None:
    assert_is_defined(hearing_of(sound, rate_hz))


@settings(max_examples=25)
@given(
    st.integers(1, 5 * SECOND),
    st.lists(st.sampled_from(["click", "noise", "sine", "constant"]), max_size=3),
    st.floats(-120, 12),
    st.integers(0, 99),
)
def test_whatever_it_is_it_is_heard(size: int, kinds: list[str], level_db: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sound = np.zeros(size, np.float32)
    for kind in kinds:
        first = int(rng.integers(size))
        part = sound[first : first + int(rng.integers(1, size - first + 1))]
        if kind == "click":
            part[0] += 1.0
        elif kind == "noise":
            part += noise(part.size, seed=seed)
        elif kind == "sine":
            part += sine(float(rng.uniform(30, 10000)), 6.0)[: part.size]
        else:
            part += np.float32(rng.uniform(-1, 1))
    assert_is_defined(hearing_of(np.float32(10 ** (level_db / 20)) * sound))
