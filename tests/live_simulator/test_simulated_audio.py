"""What the audio engine renders, against a mixer in float64 that is written here and knows no resampler.

The sources are sums of sines, so the mixer below evaluates them at the very instants that are heard. It shares no code
with the product: levels are in dB, positions in seconds. Compared are all samples 20 ms or more away from clips' edges.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from live_simulator.engine_client import EngineClient
from live_simulator.simulator import Simulator
from live_simulator.snapshot import mix

Wave = npt.NDArray[np.float64]

AS_GOOD_AS_EQUAL_DB = -90.0
PLAINLY_OFF_DB = -60.0
AWAY_FROM_EDGES_SECONDS = 0.02
START_BEATS, SECONDS = 2.0, 3.5


@dataclass(frozen=True)
class Source:
    """Per channel (frequency in Hz, amplitude, phase in radians) of each sine; how the file is sampled."""

    name: str
    channels: tuple[tuple[tuple[float, float, float], ...], ...]
    rate_hz: int
    seconds: float

    def at(self, seconds: Wave) -> Wave:
        """[2, n]: what sounds at those instants of the file; mono on both sides."""
        sides = [sum(a * np.sin(2 * np.pi * f * seconds + p) for f, a, p in sines) for sines in self.channels]
        return np.stack(sides * (3 - len(sides)))


@dataclass(frozen=True)
class Placed:
    """`file_start_seconds` and `file_seconds` are the stretch of the file that sounds."""

    source: Source
    start_beats: float
    file_start_seconds: float
    file_seconds: float
    gain_db: float
    semitones: float


@dataclass(frozen=True)
class Line:
    volume_db: float
    pan: float
    clips: tuple[Placed, ...]
    mute: bool = False


@dataclass(frozen=True)
class Piece:
    tempo_bpm: float
    master_db: float
    lines: tuple[Line, ...]


LOW = Source("low mono", (((110.0, 0.3, 0.1), (331.3, 0.2, 1.0), (1234.5, 0.1, 2.0)),), 44100, 2.5)
HIGH = Source(
    "high ♪ stereo", (((523.25, 0.3, 0.0), (4186.0, 0.1, 0.5)), ((659.3, 0.25, 0.3), (2093.0, 0.1, 0.7))), 48000, 2.0
)
PIECE = Piece(
    tempo_bpm=97.3,
    master_db=-1.5,
    lines=(
        Line(-4.0, -0.3, (Placed(LOW, 1.0, 0.0, 2.5, 3.0, 0.0), Placed(HIGH, 5.5, 0.25, 1.25, -2.5, 7.25))),
        Line(2.0, 0.6, (Placed(HIGH, 2.75, 0.0, 2.0, 0.0, -5.0), Placed(LOW, 7.2, 0.5, 0.75, 5.0, 12.0))),
        Line(0.0, 0.0, (Placed(LOW, 3.3, 0.0, 1.5, -7.0, 0.13),)),
        Line(0.0, 0.0, (Placed(HIGH, 0.0, 0.0, 2.0, 6.0, 0.0),), mute=True),
    ),
)


def mixed(piece: Piece, rate_hz: int) -> tuple[Wave, list[Wave]]:
    """(the main output, the lines after their faders), [2, n] each."""
    lines = [mixed_line(line, piece.tempo_bpm, rate_hz) for line in piece.lines]
    return sum(lines) * 10 ** (piece.master_db / 20), lines


def mixed_line(line: Line, tempo_bpm: float, rate_hz: int) -> Wave:
    out = np.zeros((2, round(SECONDS * rate_hz)))
    for clip in () if line.mute else line.clips:
        speed = 2.0 ** (clip.semitones / 12.0)
        first = round((clip.start_beats - START_BEATS) * 60.0 / tempo_bpm * rate_hz)
        count = round(clip.file_seconds / speed * rate_hz)
        wave = clip.source.at(clip.file_start_seconds + np.arange(count) * speed / rate_hz)
        begin, end = max(0, first), min(out.shape[1], first + count)
        out[:, begin:end] += wave[:, begin - first : end - first] * 10 ** (clip.gain_db / 20)
    turn = (line.pan + 1.0) * np.pi / 4.0
    sides = np.array([[np.cos(turn)], [np.sin(turn)]]) * np.sqrt(2.0)
    return out * sides * 10 ** (line.volume_db / 20)


def away_from_edges(piece: Piece, rate_hz: int) -> npt.NDArray[np.bool_]:
    """[n]: which samples are compared."""
    compared = np.ones(round(SECONDS * rate_hz), dtype=bool)
    for clip in (clip for line in piece.lines for clip in line.clips):
        start = (clip.start_beats - START_BEATS) * 60.0 / piece.tempo_bpm
        for edge in (start, start + clip.file_seconds / 2.0 ** (clip.semitones / 12.0)):
            near = (edge - AWAY_FROM_EDGES_SECONDS) * rate_hz, (edge + AWAY_FROM_EDGES_SECONDS) * rate_hz
            compared[max(0, round(near[0])) : max(0, round(near[1]))] = False
    assert compared.mean() > 0.8
    return compared


def difference_db(heard: Wave, expected: Wave, compared: npt.NDArray[np.bool_]) -> float:
    """The largest difference of any compared sample, in dBFS."""
    return float(20 * np.log10(np.abs(heard - expected)[:, compared].max() + 1e-12))


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineClient]:
    client = EngineClient(sys.executable)
    yield client
    client.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    for source in (LOW, HIGH):
        instants = np.arange(round(source.seconds * source.rate_hz)) / source.rate_hz
        samples = source.at(instants)[: len(source.channels)].T
        soundfile.write(folder / f"{source.name}.wav", samples, source.rate_hz, subtype="FLOAT")
    return folder


def built(piece: Piece, folder: Path, engine: EngineClient) -> Simulator:
    """A set with that piece on new tracks, made by Live's API alone."""
    live = Simulator((12, 3, 6), engine.probe, [].append)
    song: Any = live.binding.wrap(live.song)
    song.tempo = piece.tempo_bpm
    song.master_track.mixer_device.volume.value = fader(piece.master_db)
    for line in piece.lines:
        track = song.create_audio_track(-1)
        track.mixer_device.volume.value = fader(line.volume_db)
        track.mixer_device.panning.value = line.pan
        track.mute = line.mute
        for placed in line.clips:
            clip = track.create_audio_clip(str(folder / f"{placed.source.name}.wav"), placed.start_beats)
            clip.warping = False
            live.tick()
            clip.gain = 0.4 + placed.gain_db / 40.0 if placed.gain_db >= 0 else gain_below_unity(placed.gain_db)
            clip.pitch_coarse = round(placed.semitones)
            clip.pitch_fine = (placed.semitones - round(placed.semitones)) * 100.0
            clip.loop_start = placed.file_start_seconds
            clip.loop_end = placed.file_start_seconds + placed.file_seconds
            live.tick()
    assert not [clip for track in song.tracks[4:] for clip in track.arrangement_clips if clip.warping]
    return live


def fader(level_db: float) -> float:
    """The position of a volume fader, as measured in Live above -18 dB."""
    return (level_db + 34.0) / 40.0


def gain_below_unity(level_db: float) -> float:
    """The position of a clip's gain below 0 dB, by Live's curve: dB = 42 x - 200 x^2, x = gain - 0.4."""
    return 0.4 + (42.0 - np.sqrt(42.0**2 - 800.0 * level_db)) / 400.0


def rendered(live: Simulator, engine: EngineClient, rate_hz: int, folder: Path) -> tuple[Wave, dict[int, Wave]]:
    reply = asked(live, engine, rate_hz, folder)
    assert "error" not in reply, reply
    stems = {index: read(folder / f"track-{index:02d}.wav", rate_hz) for index in reply["ok"]["tracks"]}
    return read(folder / "main.wav", rate_hz), stems


def asked(live: Simulator, engine: EngineClient, rate_hz: int, folder: Path) -> dict[str, Any]:
    request = {"do": "render", "folder": str(folder), "sample_rate_hz": rate_hz, "start_beats": START_BEATS}
    replies: list[dict[str, Any]] = []
    engine.ask({**request, "seconds": SECONDS, "mix": mix(live.song, START_BEATS)}, replies.append)
    while not replies:
        engine.poll()
    return replies[0]


def read(path: Path, rate_hz: int) -> Wave:
    samples, found_hz = soundfile.read(path, always_2d=True)
    assert (found_hz, samples.shape) == (rate_hz, (round(SECONDS * rate_hz), 2))
    assert soundfile.info(path).subtype == "FLOAT"
    return samples.T


@pytest.mark.parametrize("rate_hz", [44100, 48000])
def test_the_engine_and_a_plain_mixer_agree(rate_hz: int, folder: Path, engine: EngineClient, tmp_path: Path) -> None:
    main, stems = rendered(built(PIECE, folder, engine), engine, rate_hz, tmp_path)
    expected_main, expected_lines = mixed(PIECE, rate_hz)
    compared = away_from_edges(PIECE, rate_hz)
    assert np.abs(expected_main).max() > 0.3
    assert list(stems) == [4, 5, 6, 7]
    assert difference_db(main, expected_main, compared) < AS_GOOD_AS_EQUAL_DB
    for stem, expected in zip(stems.values(), expected_lines, strict=True):
        assert difference_db(stem, expected, compared) < AS_GOOD_AS_EQUAL_DB
    assert not stems[7].any(), "it is muted"


def first_clip(change: Callable[[Placed], Placed]) -> Callable[[Piece], Piece]:
    def changed(piece: Piece) -> Piece:
        line = piece.lines[1]
        lines = (piece.lines[0], replace(line, clips=(change(line.clips[0]), *line.clips[1:])), *piece.lines[2:])
        return replace(piece, lines=lines)

    return changed


def second_line(**fields: Any) -> Callable[[Piece], Piece]:
    return lambda piece: replace(piece, lines=(piece.lines[0], replace(piece.lines[1], **fields), *piece.lines[2:]))


FAULTS: dict[str, Callable[[Piece], Piece]] = {
    "gain 0.1 dB": first_clip(lambda clip: replace(clip, gain_db=clip.gain_db + 0.1)),
    "pitch 1 cent": first_clip(lambda clip: replace(clip, semitones=clip.semitones + 0.01)),
    "offset 1 ms": first_clip(
        lambda clip: replace(clip, file_start_seconds=0.001, file_seconds=clip.file_seconds - 0.001)
    ),
    "start 1 ms": first_clip(lambda clip: replace(clip, start_beats=clip.start_beats + 0.001 * 97.3 / 60)),
    "volume 0.1 dB": second_line(volume_db=2.1),
    "pan 0.02": second_line(pan=0.62),
    "mute": second_line(mute=True),
    "master 0.1 dB": lambda piece: replace(piece, master_db=-1.6),
    "tempo 0.1 bpm": lambda piece: replace(piece, tempo_bpm=97.4),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_comparison_fails_when_something_is_off(
    fault: str, folder: Path, engine: EngineClient, tmp_path: Path
) -> None:
    """The set is built with the fault, the mixer without: so it is the engine's output that shows it."""
    main, _ = rendered(built(FAULTS[fault](PIECE), folder, engine), engine, 44100, tmp_path)
    difference = difference_db(main, mixed(PIECE, 44100)[0], away_from_edges(PIECE, 44100))
    assert difference > PLAINLY_OFF_DB


def test_stems_sum_to_the_main_output(folder: Path, engine: EngineClient, tmp_path: Path) -> None:
    main, stems = rendered(built(replace(PIECE, master_db=0.0), folder, engine), engine, 44100, tmp_path)
    assert np.abs(sum(stems.values()) - main).max() < 1e-6


def test_a_solo_silences_the_other_tracks(folder: Path, engine: EngineClient, tmp_path: Path) -> None:
    live = built(PIECE, folder, engine)
    live.binding.wrap(live.song).tracks[5].solo = True
    _, stems = rendered(live, engine, 44100, tmp_path)
    assert [bool(stem.any()) for stem in stems.values()] == [False, True, False, False]


def test_a_muted_clip_is_silent(folder: Path, engine: EngineClient, tmp_path: Path) -> None:
    live = built(PIECE, folder, engine)
    live.binding.wrap(live.song).tracks[6].arrangement_clips[0].muted = True
    assert not rendered(live, engine, 44100, tmp_path)[1][6].any()


def test_a_warped_clip_at_its_own_tempo_sounds_as_it_is_and_no_other_is_rendered(
    folder: Path, engine: EngineClient, tmp_path: Path
) -> None:
    live = built(replace(PIECE, lines=()), folder, engine)
    song: Any = live.binding.wrap(live.song)
    song.master_track.mixer_device.volume.value = 0.85
    song.tracks[2].create_audio_clip(str(folder / "low mono.wav"), START_BEATS)
    main, _ = rendered(live, engine, 44100, tmp_path)
    assert np.abs(main[:, : round(2.4 * 44100)] - LOW.at(np.arange(round(2.4 * 44100)) / 44100)).max() < 1e-6
    song.tempo = 98.0
    assert "clip 'low mono' at beat 2: is warped" in asked(live, engine, 44100, tmp_path)["error"]


def test_a_file_that_went_away_is_told(folder: Path, engine: EngineClient, tmp_path: Path) -> None:
    path = tmp_path / "short.wav"
    soundfile.write(path, np.zeros(1000), 44100)
    live = Simulator((12, 3, 6), engine.probe, [].append)
    live.binding.wrap(live.song).tracks[2].create_audio_clip(str(path), START_BEATS)
    path.unlink()
    assert "short.wav: no such file" in asked(live, engine, 44100, tmp_path)["error"]


def test_what_is_no_audio_is_not_found(folder: Path, engine: EngineClient, tmp_path: Path) -> None:
    text = tmp_path / "text.wav"
    text.write_text("this is not audio")
    for path in (text, tmp_path, tmp_path / "missing.wav"):
        assert engine.probe(str(path)) is None
    found = engine.probe(str(folder / "high ♪ stereo.wav"))
    assert found is not None
    assert (found.frames, found.sample_rate_hz, found.channels) == (96000, 48000, 2)
