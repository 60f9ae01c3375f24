"""The spectral analysis against librosa's, frame counts, windows and what they are divided by."""

from __future__ import annotations

import librosa
import numpy as np
import pytest
import scipy.signal
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made_sounds import burst, noise, phrase, placed, pluck, sine

from embedding.analysis import (
    BLOCK_FRAMES,
    FFT_SAMPLES,
    HIGHEST_PEAK_HZ,
    HOP_SAMPLES,
    LOG_OFFSET,
    LOWEST_PEAK_HZ,
    MEL_BINS,
    QUIETEST_DIVISOR,
    SAMPLE_RATE_HZ,
    WINDOW_FRAMES,
    WINDOW_SAMPLES,
    analyse,
    divisors_of,
    frame_count,
    log_mel,
    mel_filters,
    spectra,
    window_starts,
    windows_of,
)
from embedding.kernels import FloatArray

SOUNDS = {
    "noise": noise(50000),
    "phrase": phrase(3.3),
    "sine": sine(440.0, 2.0),
    "quiet": 1e-4 * burst(1.0, seed=3),
    "click": placed(1.5, (0.7, np.ones(1, np.float32))),
    "constant": np.full(30000, 0.5, np.float32),
}


def assert_near(found: FloatArray, expected: FloatArray) -> None:
    """Equal within float32's rounding, relative to the largest value."""
    assert found.dtype == np.float32
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=2e-6 * float(np.abs(expected).max()))


def test_mel_filters_are_librosas() -> None:
    expected = librosa.filters.mel(sr=SAMPLE_RATE_HZ, n_fft=FFT_SAMPLES, n_mels=MEL_BINS)
    assert mel_filters().dtype == np.float32
    np.testing.assert_array_equal(mel_filters(), expected.T)


@pytest.mark.parametrize("sound", SOUNDS.values(), ids=SOUNDS.keys())
def test_mel_magnitudes_are_librosas(sound: FloatArray) -> None:
    expected = librosa.feature.melspectrogram(
        y=sound, sr=SAMPLE_RATE_HZ, n_fft=FFT_SAMPLES, hop_length=HOP_SAMPLES, n_mels=128, power=1.0
    )
    assert_near(analyse(sound).mel, expected.T)


@pytest.mark.parametrize("sound", SOUNDS.values(), ids=SOUNDS.keys())
def test_chroma_sums_the_sharp_peaks_that_librosa_tracks(sound: FloatArray) -> None:
    magnitude = np.abs(librosa.stft(sound, n_fft=FFT_SAMPLES, hop_length=HOP_SAMPLES, pad_mode="constant"))
    with np.errstate(divide="ignore", invalid="ignore"):
        hz, _ = librosa.piptrack(S=magnitude, sr=SAMPLE_RATE_HZ, fmin=LOWEST_PEAK_HZ, fmax=HIGHEST_PEAK_HZ, threshold=0)
    expected = np.zeros((magnitude.shape[1], 12), np.float32)
    for place, frame in zip(*np.nonzero(hz), strict=True):
        height = magnitude[place, frame]
        beside = magnitude[place - 1, frame] + magnitude[place + 1, frame]
        if height > 0.01 * magnitude[:, frame].max() and beside < 1.8 * height:
            lower, upper_part = divmod(float(librosa.hz_to_midi(hz[place, frame])), 1.0)
            expected[frame, int(lower) % 12] += height * (1.0 - upper_part)
            expected[frame, int(lower + 1) % 12] += height * upper_part
    found = analyse(sound).chroma
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3 * float(expected.max(initial=1e-9)))


def test_spectra_are_those_of_a_periodic_hann_window() -> None:
    sound = noise(FFT_SAMPLES * 3).reshape(3, -1)
    weighted = sound.astype(np.float64) * scipy.signal.get_window("hann", FFT_SAMPLES)
    assert_near(spectra(sound), np.abs(np.fft.rfft(weighted, axis=1)))


def test_the_strongest_pitch_class_is_the_one_that_sounds() -> None:
    for midi in range(48, 84):
        chroma = analyse(sine(440.0 * 2 ** ((midi - 69) / 12), 0.5)).chroma.sum(axis=0)
        assert int(chroma.argmax()) == midi % 12


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 20000))
@example(0)
@example(1)
@example(511)
@example(512)
@example(513)
def test_frame_count_is_what_analyse_gives(samples: int) -> None:
    frames = analyse(noise(samples))
    assert frames.mel.shape == (frame_count(samples), 128)
    assert frames.chroma.shape == (frame_count(samples), 12)


@pytest.mark.parametrize("samples", [2048, 2559, 2560, 66149, 66150, 70000])
def test_frame_count_is_librosas(samples: int) -> None:
    assert frame_count(samples) == librosa.stft(noise(samples), n_fft=FFT_SAMPLES, hop_length=HOP_SAMPLES).shape[1]


def test_three_seconds_are_one_window_of_130_frames() -> None:
    assert frame_count(3 * SAMPLE_RATE_HZ) == WINDOW_FRAMES == 130


@pytest.mark.parametrize(
    ("samples", "windows"),
    [(1, 1), (22050, 1), (WINDOW_SAMPLES, 1), (WINDOW_SAMPLES + 22016, 2), (WINDOW_SAMPLES + 21000, 1), (220500, 8)],
)
def test_windows_of_has_one_window_every_43_frames_and_at_least_one(samples: int, windows: int) -> None:
    found, maxima = windows_of(noise(samples))
    assert found.shape == (windows, 130, 128)
    assert maxima.shape == (windows,)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    starts = window_starts(frame_count(max(samples, WINDOW_SAMPLES)))
    assert list(starts) == [BLOCK_FRAMES * k for k in range(windows)]


def test_a_window_is_the_log_mel_of_its_samples_divided_by_their_maximum() -> None:
    sound = phrase(4.2)
    windows, maxima = windows_of(sound)
    for k, window in enumerate(windows):
        first = k * BLOCK_FRAMES * HOP_SAMPLES
        peak = np.abs(sound[first : first + WINDOW_SAMPLES]).max()
        assert maxima[k] == peak
        frames = analyse(sound / peak).mel[k * BLOCK_FRAMES : k * BLOCK_FRAMES + WINDOW_FRAMES]
        np.testing.assert_allclose(window, np.log(frames + LOG_OFFSET), atol=5e-4)


def test_shorter_than_three_seconds_is_padded_with_silence() -> None:
    short = pluck(330.0, 1.2)
    windows, maxima = windows_of(short)
    padded_windows, padded_maxima = windows_of(np.pad(short, (0, WINDOW_SAMPLES - short.size)))
    np.testing.assert_array_equal(windows, padded_windows)
    np.testing.assert_array_equal(maxima, padded_maxima)
    np.testing.assert_allclose(windows[0, 60:], np.log(LOG_OFFSET), atol=1e-6)


def test_level_and_polarity_change_no_window() -> None:
    sound = phrase(3.5)
    windows, _ = windows_of(sound)
    np.testing.assert_array_equal(windows_of(-sound)[0], windows)
    np.testing.assert_array_equal(windows_of(sound / 8)[0], windows)
    np.testing.assert_allclose(windows_of(0.3 * sound)[0], windows, atol=5e-4)


def test_a_window_is_divided_by_no_less_than_a_thousandth_of_the_peak() -> None:
    quiet = 1e-5 * sine(440.0, 4.0)
    sound = np.concatenate([sine(440.0, 1.0, level=1.0), np.zeros(44100, np.float32), quiet])
    windows, maxima = windows_of(sound)
    peak = float(np.abs(sound).max())
    assert maxima[-1] < QUIETEST_DIVISOR * peak
    first = (len(windows) - 1) * BLOCK_FRAMES
    expected = log_mel(analyse(sound).mel[first : first + WINDOW_FRAMES], 0.001 * peak)
    np.testing.assert_allclose(windows[-1], expected, atol=1e-5)


@given(
    st.lists(st.floats(0.0, 1.0, width=32), min_size=1, max_size=8),
    st.floats(1.0, 4.0),
)
def test_divisors_are_the_maxima_but_never_below_the_floor(values: list[float], more: float) -> None:
    maxima = np.array(values, dtype=np.float32)
    peak = float(maxima.max()) * more
    divisors = divisors_of(maxima, peak)
    assert (divisors > 0.0).all()
    if peak > 0.0:
        np.testing.assert_allclose(divisors, np.maximum(maxima, np.float32(0.001 * peak)), rtol=0, atol=1e-37)


@pytest.mark.parametrize("seconds", [0.01, 3.0, 5.0])
def test_silence_is_the_log_of_the_offset_never_nan(seconds: float) -> None:
    windows, maxima = windows_of(np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32))
    np.testing.assert_allclose(windows, np.log(LOG_OFFSET), atol=1e-6)
    assert not maxima.any()
    assert (divisors_of(maxima, 0.0) == 1.0).all()


def test_a_silent_window_beside_a_loud_one_is_silence() -> None:
    windows, _ = windows_of(placed(9.0, (0.0, sine(440.0, 1.0))))
    np.testing.assert_allclose(windows[-1], np.log(LOG_OFFSET), atol=1e-6)
