"""What the planner renders of an arrangement is what the simulated Live plays of it, at every sample within -120 dBFS.

The set is made through Live's API, out of the files that are placed in Live; what is rendered is read from the set's
own values. Mono sounds, or stereo ones in the centre: the planner hears the mean of both sides.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.placement import placed_file
from embedding.audio import read_audio
from live_simulator.curves import clip_gain_db
from live_simulator.mix import from_json
from live_simulator.mixdown import Mixdown
from live_simulator.nodes.node import AudioFile
from live_simulator.simulator import Simulator
from live_simulator.snapshot import mix
from live_simulator.sounds import Sounds
from search.arrangement import Arrangement, Clip, Track
from search.rendering import VoiceBank, render_mono

PLANNER_HZ = 22050
SAME = 10.0 ** (-120.0 / 20.0)
AT_CUT_EDGES_SECONDS = 0.01
SOUNDS = {"mono": (44100, 1, 2.5), "stereo": (48000, 2, 2.0), "low rate": (22050, 1, 20.0)}
"""Name -> rate in Hz, channels, seconds."""
ORIGIN_BEATS = 3.0

Wave = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sounds")
    rng = np.random.default_rng(0)
    for name, (rate_hz, channels, seconds) in SOUNDS.items():
        samples = rng.uniform(-0.2, 0.2, (round(seconds * rate_hz), channels)).astype(np.float32)
        soundfile.write(folder / f"{name}.wav", samples, rate_hz, subtype="FLOAT")
    return folder


@pytest.fixture(scope="module")
def sounds() -> Sounds:
    return Sounds()


def probed(sounds: Sounds, path: str) -> AudioFile:
    audio = sounds.decoded(sounds.open(path))
    return AudioFile(path, audio.samples.shape[1], audio.sample_rate_hz, audio.samples.shape[0])


def planned(arrangement: Arrangement, samples: int) -> Wave:
    def sound_of(path: str) -> tuple[npt.NDArray[np.float32], int]:
        audio = read_audio(path)
        return audio.mono(), audio.sample_rate_hz

    return render_mono(arrangement, VoiceBank(sound_of), samples).astype(np.float64)


def played(live: Simulator, sounds: Sounds, samples: int, origin_beats: float) -> Wave:
    """The mean of both sides of the main output."""
    mixdown = Mixdown(from_json(mix(live.song, origin_beats)), PLANNER_HZ, origin_beats, sounds)
    mono: Wave = mixdown.block(0, samples).main.mean(axis=0)
    return mono


def gain_position(gain_db: float) -> float:
    """Of a clip's gain, by Live's curve: 40 dB a unit above 0 dB at 0.4, below it 42 x - 200 x^2."""
    return 0.4 + (gain_db / 40.0 if gain_db >= 0.0 else (42.0 - np.sqrt(42.0**2 - 800.0 * gain_db)) / 400.0)


def place(live: Simulator, track: Any, path: str, start_beats: float, clip: Clip, end_seconds: float) -> None:
    placed = track.create_audio_clip(path, start_beats)
    placed.warping = False
    live.tick()
    placed.gain = gain_position(clip.gain_db)
    coarse = math.floor(clip.transpose_semitones + 0.5)
    placed.pitch_coarse = coarse
    placed.pitch_fine = 100.0 * (clip.transpose_semitones - coarse)
    placed.loop_end = end_seconds
    live.tick()


def new_track(live: Simulator, track: Track) -> Any:
    made = live.binding.wrap(live.song).create_audio_track(-1)
    made.mixer_device.volume.value = (track.volume_db + 34.0) / 40.0
    made.mixer_device.panning.value = track.pan
    return made


@st.composite
def instants(draw: st.DrawFn, least_seconds: float, most_seconds: float) -> float:
    """Seconds that no rounding error takes to another sample, nor their differences: on the sample and beside it."""
    sample = draw(st.integers(round(least_seconds * PLANNER_HZ), round(most_seconds * PLANNER_HZ)))
    return (sample + draw(st.sampled_from([0.0, 0.1, 0.2, -0.2]))) / PLANNER_HZ


semitones = st.integers(-48, 48).map(lambda quarters: quarters / 4)
gains_db = st.floats(-30.0, 6.0)


@st.composite
def arrangements(draw: st.DrawFn) -> Arrangement:
    """Of samples by name; `sample` is no path yet."""

    def track(number: int) -> Track:
        clips: list[Clip] = []
        free_seconds = 0.0
        name = draw(st.sampled_from(sorted(SOUNDS)))
        for _ in range(draw(st.integers(0, 3))):
            offset = draw(st.sampled_from([0.0, 0.0, 0.25, 0.7]))
            pitch = draw(semitones)
            natural = (SOUNDS[name][2] - offset) / 2.0 ** (pitch / 12.0)
            start = free_seconds + draw(st.sampled_from([0.0, draw(instants(0.001, 1.0))]))
            length = draw(instants(0.01, min(natural, 4.0) - 0.001))
            clips.append(Clip(start, name, offset, length, draw(gains_db), pitch))
            free_seconds = clips[-1].end_seconds
        pan = draw(st.floats(-1.0, 1.0)) if SOUNDS[name][1] == 1 else 0.0
        return Track(f"{number}", "#112233", draw(st.floats(-12.0, 3.0)), pan, tuple(clips))

    return Arrangement(draw(st.floats(60.0, 200.0)), tuple(track(number) for number in range(draw(st.integers(1, 3)))))


def with_paths(arrangement: Arrangement, folder: Path) -> Arrangement:
    def track(one: Track) -> Track:
        return replace(one, clips=tuple(replace(clip, sample=str(folder / f"{clip.sample}.wav")) for clip in one.clips))

    return replace(arrangement, tracks=tuple(track(one) for one in arrangement.tracks))


some = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@some
@given(arrangement=arrangements())
def test_an_arrangement_plays_as_planned(
    arrangement: Arrangement, folder: Path, sounds: Sounds, tmp_path_factory: pytest.TempPathFactory
) -> None:
    arrangement = with_paths(arrangement, folder)
    cuts = tmp_path_factory.mktemp("cuts")
    live = Simulator((12, 3, 6), partial(probed, sounds), list[str]().append)
    live.binding.wrap(live.song).tempo = arrangement.tempo_bpm
    for track in arrangement.tracks:
        made = new_track(live, track)
        for clip in track.clips:
            file = placed_file(clip, cuts)
            start_beats = ORIGIN_BEATS + clip.start_seconds * arrangement.tempo_bpm / 60.0
            place(live, made, file.path, start_beats, clip, file.end_seconds)
    samples = round(arrangement.seconds * PLANNER_HZ) + 100
    difference = planned(arrangement, samples) - played(live, sounds, samples, ORIGIN_BEATS)
    assert np.abs(difference).max() < SAME


@st.composite
def heaps(draw: st.DrawFn) -> list[Clip]:
    """Clips in the order in which they are put onto one track, each over what lies there."""
    clips = []
    for _ in range(draw(st.integers(2, 5))):
        pitch = draw(semitones)
        most_seconds = min(SOUNDS["mono"][2] / 2.0 ** (pitch / 12.0), 3.0) - 0.001
        clips.append(
            Clip(draw(instants(0.01, 3.0)), "mono", 0.0, draw(instants(0.1, most_seconds)), draw(gains_db), pitch)
        )
    return clips


@some
@given(clips=heaps(), version=st.sampled_from([(12, 3, 6), (12, 4, 0)]))
def test_clips_put_over_others_play_as_live_says_that_they_lie(
    clips: list[Clip], version: tuple[int, int, int], folder: Path, sounds: Sounds
) -> None:
    """The arrangement is what the set says then. Where a head was cut off, Live's clip is not the planner's cut file,
    which ends with the clip: a resampler's filter tells them apart just before that end."""
    path = str(folder / "mono.wav")
    live = Simulator(version, partial(probed, sounds), list[str]().append)
    made = new_track(live, Track("", "#112233"))
    for clip in clips:
        place(
            live,
            made,
            path,
            clip.start_seconds * 2.0,
            clip,
            clip.length_seconds * 2.0 ** (clip.transpose_semitones / 12.0),
        )
    lying = [
        Clip(
            clip.start_time / 2.0,
            path,
            clip.loop_start,
            (clip.end_time - clip.start_time) / 2.0,
            clip_gain_db(clip.gain),
            clip.pitch_coarse + clip.pitch_fine / 100.0,
        )
        for clip in made.arrangement_clips
    ]
    arrangement = Arrangement(120.0, (Track("", "#112233", clips=tuple(lying)),))
    samples = round(arrangement.seconds * PLANNER_HZ) + 100
    difference = planned(arrangement, samples) - played(live, sounds, samples, 0.0)
    for clip in lying:
        if clip.offset_seconds:
            end = round(clip.end_seconds * PLANNER_HZ)
            difference[max(0, end - round(AT_CUT_EDGES_SECONDS * PLANNER_HZ)) : end + 1] = 0.0
    assert np.abs(difference).max() < SAME
