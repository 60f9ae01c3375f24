"""Warp markers as a map, against the simulated Live's, and what is heard along it: when, and at which pitch."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.stage_values import WarpMarker
from controller.warped import Part, WarpMap, repitched, stretched
from embedding.audio import Audio
from embedding.errors import StageError
from embedding.kernels import FloatArray
from live_simulator import warping

RATE_HZ = 44100
TEMPO_BPM = 126.0
ONSET_SECONDS = 0.005
"""How far an onset may be from where Live puts it."""
CLOSE = {"abs": 1e-6, "rel": 1e-9}

stretches = pytest.mark.skipif(find_spec("python_stretch") is None, reason="python-stretch is not installed")

STEPS = st.floats(0.05, 20.0)
BEATS = st.floats(-200.0, 200.0)


@st.composite
def marker_rows(draw: st.DrawFn) -> list[WarpMarker]:
    """Up to eight, at 3 to 24000 bpm."""
    steps = draw(st.lists(st.tuples(STEPS, STEPS), min_size=1, max_size=7))
    seconds = accumulate((step for step, _ in steps), initial=draw(st.floats(-5.0, 5.0)))
    beats = accumulate((step for _, step in steps), initial=draw(st.floats(-16.0, 16.0)))
    return [WarpMarker(*at) for at in zip(seconds, beats, strict=True)]


@given(marker_rows(), BEATS)
def test_the_map_is_the_simulated_lives(rows: list[WarpMarker], beats: float) -> None:
    markers = tuple(warping.Marker(row.sample_seconds, row.beats) for row in rows)
    assert WarpMap(rows).to_seconds(beats) == pytest.approx(warping.to_seconds(markers, beats), **CLOSE)
    assert WarpMap(rows).to_beats(beats) == pytest.approx(warping.to_beats(markers, beats), **CLOSE)


@given(marker_rows(), BEATS)
def test_beats_to_seconds_and_back_are_the_same_beats(rows: list[WarpMarker], beats: float) -> None:
    warp = WarpMap(rows)
    assert warp.to_beats(warp.to_seconds(beats)) == pytest.approx(beats, abs=1e-6)
    assert [warp.to_seconds(row.beats) for row in rows[:-1]] == [row.sample_seconds for row in rows[:-1]]


@given(marker_rows(), BEATS, st.floats(1e-3, 50.0))
def test_later_beats_are_later_in_the_file(rows: list[WarpMarker], beats: float, more_beats: float) -> None:
    warp = WarpMap(rows)
    assert warp.to_seconds(beats) < warp.to_seconds(beats + more_beats)


@given(marker_rows(), BEATS, st.floats(0.01, 100.0))
def test_parts_follow_each_other_and_last_as_long_as_their_beats(
    rows: list[WarpMarker], begin: float, length_beats: float
) -> None:
    warp = WarpMap(rows)
    parts = warp.parts(begin, begin + length_beats, TEMPO_BPM)
    assert all(before.to_seconds == after.from_seconds for before, after in pairwise(parts))
    assert parts[0].from_seconds == pytest.approx(warp.to_seconds(begin), **CLOSE)
    assert parts[-1].to_seconds == pytest.approx(warp.to_seconds(begin + length_beats), **CLOSE)
    assert sum(part.heard_seconds for part in parts) == pytest.approx(length_beats * 60.0 / TEMPO_BPM)
    assert all(part.speed > 0.0 for part in parts)


def test_markers_of_one_tempo_are_one_part() -> None:
    rows = [WarpMarker(0.1 + beats * 0.5, float(beats)) for beats in range(9)]
    assert WarpMap(rows).parts(1.0, 7.0, 120.0) == (Part(0.6, 3.6, pytest.approx(3.0)),)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [WarpMarker(0.0, 0.0)],
        [WarpMarker(0.0, 0.0), WarpMarker(1.0, 0.0)],
        [WarpMarker(1.0, 0.0), WarpMarker(0.5, 1.0)],
        [WarpMarker(0.0, 0.0), WarpMarker(math.nan, 1.0)],
        [WarpMarker(0.0, 0.0), WarpMarker(math.inf, 1.0)],
    ],
)
def test_markers_that_cannot_be_are_refused(rows: list[WarpMarker]) -> None:
    with pytest.raises(StageError, match="warp markers"):
        WarpMap(rows)


UNEVEN = [WarpMarker(*at) for at in ((0.2, 0.0), (0.68, 1.0), (1.3, 2.0), (1.72, 3.0), (2.4, 5.0), (3.0, 6.0))]
"""At 88 to 176 bpm."""


def hits(seconds: Sequence[float], length_seconds: float) -> Audio:
    """Decaying noise in stereo that begins at each of these."""
    noise = np.random.default_rng(5)
    samples = np.zeros((2, round(length_seconds * RATE_HZ)), np.float32)
    decay = np.exp(-np.arange(2000) / 400.0)
    for at in seconds:
        begin = round(at * RATE_HZ)
        samples[:, begin : begin + 2000] += (0.3 * decay * noise.standard_normal((2, 2000)))[
            :, : samples.shape[1] - begin
        ]
    return Audio(samples, RATE_HZ)


def onset_seconds(samples: FloatArray, near_seconds: float, sample_rate_hz: int = RATE_HZ) -> float:
    """Where the level first comes to a quarter of its most, over 1 ms, within a tenth of a second of there."""
    begin = max(0, round((near_seconds - 0.1) * sample_rate_hz))
    around = np.abs(samples[:, begin : round((near_seconds + 0.1) * sample_rate_hz)]).mean(axis=0)
    level = np.convolve(around, np.ones(44) / 44.0, "same")
    return float(begin + np.argmax(level > 0.25 * level.max())) / sample_rate_hz


@stretches
@pytest.mark.parametrize("semitones", [0.0, 3.0, -5.0])
def test_what_lies_at_a_marker_is_heard_at_its_beat(semitones: float) -> None:
    recording = hits([marker.sample_seconds for marker in UNEVEN], 3.5)
    parts = WarpMap(UNEVEN).parts(-0.25, 6.5, TEMPO_BPM)
    assert len(parts) == 5
    heard = stretched(recording, parts, semitones)
    assert heard.shape == (2, math.ceil(6.75 * 60.0 / TEMPO_BPM * RATE_HZ))
    for marker in UNEVEN:
        due_seconds = (marker.beats + 0.25) * 60.0 / TEMPO_BPM
        assert onset_seconds(heard, due_seconds) == pytest.approx(due_seconds, abs=ONSET_SECONDS)


def test_repitched_parts_line_up_too() -> None:
    recording = hits([marker.sample_seconds for marker in UNEVEN], 3.5)
    heard = repitched(recording, WarpMap(UNEVEN).parts(-0.25, 6.5, TEMPO_BPM))
    for marker in UNEVEN:
        due_seconds = (marker.beats + 0.25) * 60.0 / TEMPO_BPM
        assert onset_seconds(heard, due_seconds) == pytest.approx(due_seconds, abs=0.001)


@stretches
@pytest.mark.parametrize("speed", [0.5, 0.75, 0.95, 1.0, 1.08, 1.5, 2.0])
def test_onsets_far_from_any_marker_line_up(speed: float) -> None:
    seconds = np.arange(0.3, 12.0, 0.61).tolist()
    heard = stretched(hits(seconds, 12.5), [Part(0.0, 12.5, 12.5 / speed)], 0.0)
    errors = [onset_seconds(heard, at / speed) - at / speed for at in seconds]
    assert max(map(abs, errors)) < ONSET_SECONDS


def tone(hertz: float, length_seconds: float) -> Audio:
    wave = 0.3 * np.sin(2.0 * np.pi * hertz * np.arange(round(length_seconds * RATE_HZ)) / RATE_HZ)
    return Audio(wave[np.newaxis].astype(np.float32), RATE_HZ)


def cents_above(samples: FloatArray, hertz: float) -> float:
    """Of the strongest partial, to about a cent."""
    middle = samples[0, samples.shape[1] // 4 : -samples.shape[1] // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 16 * len(middle)))
    return 1200.0 * math.log2(np.argmax(spectrum) * RATE_HZ / (16 * len(middle)) / hertz)


@stretches
@pytest.mark.parametrize("speed", [0.7, 1.0, 1.3])
@pytest.mark.parametrize("semitones", [0.0, 4.37, -7.0])
def test_the_pitch_is_the_transpositions_whatever_the_speed(speed: float, semitones: float) -> None:
    heard = stretched(tone(440.0, 4.0), [Part(0.0, 4.0, 4.0 / speed)], semitones)
    assert cents_above(heard, 440.0) == pytest.approx(100.0 * semitones, abs=3.0)


def test_repitched_the_pitch_is_the_speeds() -> None:
    heard = repitched(tone(440.0, 4.0), [Part(0.0, 4.0, 4.0 / 1.5)])
    assert cents_above(heard, 440.0) == pytest.approx(1200.0 * math.log2(1.5), abs=1.0)


def test_at_its_own_tempo_a_file_is_heard_as_it_is() -> None:
    noise = Audio(np.random.default_rng(1).uniform(-0.5, 0.5, (2, RATE_HZ)).astype(np.float32), RATE_HZ)
    whole = WarpMap([WarpMarker(0.0, 0.0), WarpMarker(60.0 / 174.0, 1.0)]).parts(-1.0, 4.0, 174.0)
    beat_samples = round(60.0 / 174.0 * RATE_HZ)
    for heard in (stretched(noise, whole, 0.0), repitched(noise, whole)):
        assert not heard[:, :beat_samples].any()
        assert np.array_equal(heard[:, beat_samples : beat_samples + RATE_HZ], noise.samples)
        assert not heard[:, beat_samples + RATE_HZ :].any()


@stretches
def test_the_same_parts_sound_the_same_each_time() -> None:
    recording = hits([0.1, 0.4, 1.1], 1.5)
    parts = [Part(0.0, 1.0, 0.7), Part(1.0, 1.5, 4.0)]
    assert np.array_equal(stretched(recording, parts, 2.0), stretched(recording, parts, 2.0))


@stretches
@pytest.mark.parametrize("play", [repitched, lambda audio, parts: stretched(audio, parts, 1.0)])
@pytest.mark.parametrize(
    "part", [Part(0.5, 9e5, 2.0), Part(0.5, 0.51, 2.0), Part(7.0, 8.0, 2.0), Part(0.99, 1.0, 1e-7)]
)
def test_odd_parts_are_played(play: object, part: Part) -> None:
    """A file that rushes by, one that stands nearly still, one that is over, and less than a sample."""
    heard = play(tone(440.0, 1.0), [part])  # type: ignore[operator]
    assert heard.shape == (1, math.ceil(part.heard_seconds * RATE_HZ))
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() < 1.0


def test_where_the_stretcher_is_missing_it_says_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_stretch.Signalsmith", None)
    recording = tone(440.0, 1.0)
    with pytest.raises(StageError, match=r"pip install\s+python-stretch; or choose the warp mode Re-Pitch"):
        stretched(recording, [Part(0.0, 1.0, 0.9)], 0.0)
    assert stretched(recording, [Part(0.0, 1.0, 1.0)], 0.0).any()
