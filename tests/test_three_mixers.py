"""Three mixers make one sound of an arrangement: the planner's, the simulated Live's (built over OSC by the real
script) and a plain one that is written here.

The samples are sums of sines, so the plain mixer needs no resampler: it evaluates them at the instants that are needed.
Clips begin and end in the middle of their waves. What a resampler's filter does about such an edge reaches a few
milliseconds: EDGE_SECONDS before and after every edge only the overshoot is bounded. That a clip begins at the right
sample shows everywhere else, as a shift by one sample is far above the floor (the small edits show it).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from controller.simulated import HOST, SimulatedLive
from controller.stage import Stage, connect
from embedding.audio import read_audio
from search.arrangement import Arrangement, Clip, Track
from search.rendering import VoiceBank, render_mono

Samples = npt.NDArray[np.float64]

PLANNER_HZ = 22050
FLOOR_DB = -90.0
AUDIBLE_DB = -60.0
"""What is off by a little is this far off, or more."""
EDGE_SECONDS = 0.005
OVERSHOOT = 0.02
GRID_HZ = 150
"""Instants that are whole samples at 22.05, 44.1 and 48 kHz."""
TEMPO_BPM = 97.31
ORIGIN_BEATS = 4.0


@dataclass(frozen=True)
class Source:
    """A sample whose sound is known at every instant: for each channel its sines (Hz, amplitude, phase)."""

    name: str
    rate_hz: int
    seconds: float
    channels: tuple[tuple[tuple[float, float, float], ...], ...]

    def at(self, seconds: Samples) -> Samples:
        """[2, n]; silence before and behind the file, mono on both sides."""
        inside = (seconds >= 0.0) & (seconds < self.seconds)
        sounds = [sum(a * np.sin(2 * np.pi * f * seconds + p) for f, a, p in sines) * inside for sines in self.channels]
        return np.stack([sounds[0], sounds[-1]])


SOURCES = (
    Source("mono töne.wav", 44100, 1.5, (((220.0, 0.1, 0.3), (1234.5, 0.05, 1.0)),)),
    Source("mono 48k 🎹.wav", 48000, 2.0, (((311.1, 0.1, 2.0), (2222.2, 0.03, 0.1)),)),
    Source("stereo 48k.wav", 48000, 2.0, (((146.8, 0.1, 0.0), (987.6, 0.04, 0.5)), ((165.3, 0.08, 1.0),))),
    Source("stereo.wav", 44100, 2.0, (((440.4, 0.08, 0.2),), ((554.5, 0.06, 1.5), (1765.4, 0.04, 0.7)))),
)


@dataclass(frozen=True)
class Library:
    paths: tuple[str, ...]

    @property
    def sources(self) -> dict[str, Source]:
        return dict(zip(self.paths, SOURCES, strict=True))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("mixers") / "sämples 🥁 of sines"
    folder.mkdir()
    for source in SOURCES:
        sound = source.at(np.arange(round(source.seconds * source.rate_hz)) / source.rate_hz)
        soundfile.write(folder / source.name, sound[: len(source.channels)].T, source.rate_hz, subtype="FLOAT")
    return Library(tuple(str(folder / source.name) for source in SOURCES))


@pytest.fixture(scope="module")
def song(library: Library) -> Arrangement:
    """All that a clip and a track can have; clips that overlap on different tracks, butt and leave gaps on one."""
    mono, mono_48k, stereo_48k, stereo = library.paths
    return Arrangement(
        TEMPO_BPM,
        (
            Track(
                "Mono, left of the centre",
                "#112233",
                -3.0,
                -0.4,
                (clip(0.0, mono, 0.0, 1.0, -2.5, 0.0), clip(1.2, mono_48k, 0.2, 0.8, 1.5, 3.25)),
            ),
            Track("Stereo, 48 kHz", "#445566", 1.5, 0.0, (clip(0.4, stereo_48k, 0.0, 1.2, -4.0, -5.0),)),
            Track(
                "Stereo, right",
                "#778899",
                -1.0,
                0.6,
                (clip(1.0, stereo, 0.1, 1.4, 0.0, 0.0), clip(2.6, stereo, 0.0, 0.6, -9.0, -2.37)),
            ),
            Track(
                "Trimmed and butting, hard right",
                "#aabbcc",
                -6.0,
                1.0,
                (
                    clip(0.6, mono, 0.0, 0.3, 3.0, 0.0),
                    clip(0.9, mono, 0.0, 0.3, 3.0, 5.0),
                    clip(1.5, mono, 0.0, 0.74, 0.0, 12.0),
                ),
            ),
            Track("Off every grid", "#ddeeff", 0.0, 0.1, (clip(2.0123, mono_48k, 0.0, 1.0, -6.0, 0.0, grid_hz=None),)),
        ),
    )


def clip(
    start: float, sample: str, offset: float, length: float, gain: float, pitch: float, grid_hz: int | None = GRID_HZ
) -> Clip:
    """Seconds, dB and semitones; on the grid of instants that are whole samples at every rate."""
    if grid_hz:
        assert all(math.isclose(at * grid_hz, round(at * grid_hz), abs_tol=1e-9) for at in (start, offset, length))
    return Clip(start, sample, offset, length, gain, pitch)


def plain_mix(arrangement: Arrangement, sources: dict[str, Source], rate_hz: int) -> Samples:
    """[2, n]. A clip begins at the sample nearest to its start; 0 dB on both sides in the centre, constant power."""
    mix = np.zeros((2, round(arrangement.seconds * rate_hz)))
    for track, placed in arrangement.clips():
        first, count = round(placed.start_seconds * rate_hz), round(placed.length_seconds * rate_hz)
        speed = 2.0 ** (placed.transpose_semitones / 12.0)
        sound = sources[placed.sample].at(placed.offset_seconds + np.arange(count) / rate_hz * speed)
        angle = math.pi / 4.0 * (1.0 + track.pan)
        sides = math.sqrt(2.0) * np.array([[math.cos(angle)], [math.sin(angle)]])
        mix[:, first : first + count] += sound * sides * 10.0 ** ((placed.gain_db + track.volume_db) / 20.0)
    return mix


def difference_db(one: Samples, other: Samples, arrangement: Arrangement, rate_hz: int) -> float:
    """The greatest difference in dBFS, away from the clip edges of `arrangement`. Behind its end a mix is silent."""
    count = max(one.shape[1], other.shape[1])
    padded = [np.pad(mix, ((0, 0), (0, count - mix.shape[1]))) for mix in (one, other)]
    difference = padded[0] - padded[1]
    return 20.0 * math.log10(np.abs(difference[:, ~near_edges(arrangement, count, rate_hz)]).max() + 1e-12)


def near_edges(arrangement: Arrangement, count: int, rate_hz: int) -> npt.NDArray[np.bool_]:
    at = np.arange(count) / rate_hz
    near = np.zeros(count, dtype=bool)
    for _, placed in arrangement.clips():
        for edge in (placed.start_seconds, placed.end_seconds):
            near |= np.abs(at - edge) < EDGE_SECONDS
    return near


def raised(track: int, name: str, by: float) -> Callable[[Arrangement], Arrangement]:
    """The edit that raises a field of that track, or of its last clip, by so much."""

    def edit(arrangement: Arrangement) -> Arrangement:
        tracks = list(arrangement.tracks)
        found = tracks[track]
        if hasattr(found, name):
            tracks[track] = replace(found, **{name: getattr(found, name) + by})
        else:
            last = replace(found.clips[-1], **{name: getattr(found.clips[-1], name) + by})
            tracks[track] = replace(found, clips=(*found.clips[:-1], last))
        return replace(arrangement, tracks=tuple(tracks))

    return edit


SMALL_EDITS = {
    "gain": raised(0, "gain_db", 0.5),
    "volume": raised(1, "volume_db", -0.5),
    "pitch": raised(1, "transpose_semitones", 0.1),
    "offset": raised(0, "offset_seconds", 1 / GRID_HZ),
    "length": raised(2, "length_seconds", -3 / GRID_HZ),
    "start, by one sample": raised(4, "start_seconds", 1 / 44100),
}


def mono_of(mix: Samples) -> Samples:
    return mix.mean(axis=0, keepdims=True)


def planned(arrangement: Arrangement) -> Samples:
    def sounds(path: str) -> tuple[npt.NDArray[np.float32], int]:
        audio = read_audio(path)
        return audio.mono(), audio.sample_rate_hz

    mix = render_mono(arrangement, VoiceBank(sounds), round(arrangement.seconds * PLANNER_HZ))
    return mix[np.newaxis].astype(np.float64)


@pytest.fixture(scope="module")
def song_for_mono(song: Arrangement) -> Arrangement:
    """The planner hears a stereo sample's mean; panned, its sides would reach the mean unequally."""
    tracks = [replace(track, pan=0.0) if track.name.startswith("Stereo") else track for track in song.tracks]
    return replace(song, tracks=tuple(tracks))


def test_the_planner_mixes_as_the_plain_mixer(song_for_mono: Arrangement, library: Library) -> None:
    expected = mono_of(plain_mix(song_for_mono, library.sources, PLANNER_HZ))
    mix = planned(song_for_mono)
    assert mix.shape == expected.shape
    assert difference_db(mix, expected, song_for_mono, PLANNER_HZ) < FLOOR_DB
    assert np.abs(mix - expected).max() < OVERSHOOT


@pytest.mark.parametrize("name", [*SMALL_EDITS, "pan"])
def test_a_planner_that_is_off_by_a_little_would_be_noticed(
    name: str, song_for_mono: Arrangement, library: Library
) -> None:
    own = {"pan": raised(0, "pan", -0.1), "start, by one sample": raised(4, "start_seconds", 1 / PLANNER_HZ)}
    off = planned({**SMALL_EDITS, **own}[name](song_for_mono))
    expected = mono_of(plain_mix(song_for_mono, library.sources, PLANNER_HZ))
    assert difference_db(off, expected, song_for_mono, PLANNER_HZ) > AUDIBLE_DB


def test_the_planner_counts_in_seconds_whatever_the_tempo(song: Arrangement) -> None:
    assert np.array_equal(planned(song), planned(replace(song, tempo_bpm=60.0)))


@dataclass(frozen=True)
class Booth:
    live: SimulatedLive
    stage: Stage
    rate_hz: int

    def played(self, arrangement: Arrangement) -> tuple[Samples, list[Samples]]:
        """(the main output, the tracks') of what the set puts out once `arrangement` stands in it."""
        applied = self.stage.apply(arrangement, ORIGIN_BEATS)
        assert applied.tempo_bpm == pytest.approx(arrangement.tempo_bpm)
        main, stems = self.live.render(ORIGIN_BEATS, arrangement.seconds)
        assert {main.sample_rate_hz, *(stem.sample_rate_hz for stem in stems.values())} == {self.rate_hz}
        return main.samples.astype(np.float64), [stem.samples.astype(np.float64) for stem in stems.values()]


@pytest.fixture(scope="module", params=[44100, 48000])
def booth(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Booth]:
    placed = tmp_path_factory.mktemp("placed")
    with SimulatedLive(request.param) as live, connect(HOST, live.script_port, placed, live.token) as stage:
        yield Booth(live, stage, request.param)


def test_live_mixes_as_the_plain_mixer_and_its_stems_are_its_mix(
    song: Arrangement, library: Library, booth: Booth
) -> None:
    expected = plain_mix(song, library.sources, booth.rate_hz)
    main, stems = booth.played(song)
    assert main.shape == expected.shape
    assert difference_db(main, expected, song, booth.rate_hz) < FLOOR_DB
    assert np.abs(main - expected).max() < OVERSHOOT
    assert len(stems) == len(song.tracks)
    assert np.abs(sum(stems) - main).max() < 10.0 ** (FLOOR_DB / 20.0)
    for track, stem in zip(song.tracks, stems, strict=True):
        alone = replace(song, tracks=(track,))
        assert difference_db(stem, plain_mix(alone, library.sources, booth.rate_hz), alone, booth.rate_hz) < FLOOR_DB


@pytest.mark.parametrize("name", [*SMALL_EDITS, "pan"])
def test_a_live_that_is_off_by_a_little_would_be_noticed(
    name: str, song: Arrangement, library: Library, booth: Booth
) -> None:
    """And it follows: the edited song sounds like the edited song."""
    off = {**SMALL_EDITS, "pan": raised(2, "pan", 0.05)}[name](song)
    mix_of = partial(plain_mix, sources=library.sources, rate_hz=booth.rate_hz)
    main, _ = booth.played(off)
    assert difference_db(main, mix_of(song), song, booth.rate_hz) > AUDIBLE_DB
    assert difference_db(main, mix_of(off), off, booth.rate_hz) < FLOOR_DB


def test_a_set_at_another_tempo_would_be_noticed(song: Arrangement, library: Library, booth: Booth) -> None:
    booth.played(song)
    expected = plain_mix(song, library.sources, booth.rate_hz)
    booth.live.act_as_user("user_set_tempo", TEMPO_BPM + 0.1)
    main, _ = booth.live.render(ORIGIN_BEATS, song.seconds)
    assert difference_db(main.samples.astype(np.float64), expected, song, booth.rate_hz) > AUDIBLE_DB
    again, _ = booth.played(song)
    assert difference_db(again, expected, song, booth.rate_hz) < FLOOR_DB
