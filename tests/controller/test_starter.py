"""The starter library and the demo recording, judged as audio files by arithmetic that the voices do not use."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import scipy.signal
import soundfile

from controller.starter import library
from controller.starter.demo import write_demo_recording
from controller.starter.files import write_pcm
from controller.starter.library import MARKER, StarterSample, starter_samples, write_starter_library
from embedding.errors import BadLibrary

RATE_HZ = 44100
PITCHED = re.compile(r"(?P<instrument>[a-z-]+)-(?P<note>[A-G])(?P<octave>\d)\.wav")
Samples = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_starter_library(tmp_path_factory.mktemp("starter") / "library")


@pytest.fixture(scope="module")
def sounds(folder: Path) -> dict[str, Samples]:
    """[n, channels] by path within the library."""
    return {s.path: soundfile.read(folder / s.path, always_2d=True)[0] for s in starter_samples()}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo_recording(tmp_path_factory.mktemp("demo") / "demo.wav")


def pitched(sounds: dict[str, Samples]) -> Iterator[tuple[str, str, int, Samples]]:
    """(path, instrument, MIDI note by the file's name, mono) of all that is not in drums/."""
    for path, sound in sounds.items():
        if not path.startswith("drums/"):
            named = PITCHED.fullmatch(path.split("/")[1])
            assert named, path
            semitone = (9, 11, 0, 2, 4, 5, 7)["ABCDEFG".index(named["note"])]
            yield path, named["instrument"], 12 * (int(named["octave"]) + 1) + semitone, sound.mean(axis=1)


def cents_off(mono: Samples, expected_hz: float) -> float:
    """How far the partial nearest to `expected_hz` is from it: the turning of its phase, loud moments counting most."""
    n = np.arange(mono.size)
    window = np.hanning(round(RATE_HZ * max(0.08, 5.0 / expected_hz)))
    shifted = mono * np.exp(-2j * np.pi * expected_hz * n / RATE_HZ)
    slow = scipy.signal.oaconvolve(shifted, window, mode="valid")
    turning_hz = np.angle(np.sum(slow[1:] * np.conj(slow[:-1]))) * RATE_HZ / (2.0 * np.pi)
    return float(1200.0 * np.log2(1.0 + turning_hz / expected_hz))


def period_hz(mono: Samples, around_hz: float) -> float:
    """1 / the lag of the highest autocorrelation from two thirds of to two and a half times `around_hz`."""
    size = 2 ** (int(mono.size).bit_length() + 1)
    correlation = np.fft.irfft(np.abs(np.fft.rfft(mono, size)) ** 2)
    shortest, longest = round(RATE_HZ / around_hz / 2.5), round(RATE_HZ / around_hz * 1.5)
    return float(RATE_HZ / (shortest + np.argmax(correlation[shortest:longest])))


def centroid_hz(mono: Samples) -> float:
    power = np.abs(np.fft.rfft(mono)) ** 2
    return float(np.sum(power * np.fft.rfftfreq(mono.size, 1.0 / RATE_HZ)) / np.sum(power))


def hz_of(midi: float) -> float:
    return float(440.0 * 2.0 ** ((midi - 69) / 12.0))


def loudest_hiss(mono: Samples) -> float:
    """The peak above 17 kHz between the attack and the end, where no voice has anything but a trace of noise."""
    sections = scipy.signal.butter(6, 17000.0, "highpass", fs=RATE_HZ, output="sos")
    return float(np.abs(scipy.signal.sosfilt(sections, mono)[RATE_HZ // 10 :]).max())


def test_holds_a_few_dozen_sounds_of_every_kind(folder: Path) -> None:
    files = sorted(folder.rglob("*.wav"))
    assert sorted(str(f.relative_to(folder).as_posix()) for f in files) == sorted(s.path for s in starter_samples())
    assert 48 <= len(files) <= 64
    assert {f.parent.name for f in files} == {"drums", "bass", "plucks", "keys", "pads"}
    assert sum(f.stat().st_size for f in files) < 30e6
    for file in files:
        info = soundfile.info(file)
        assert (info.samplerate, info.subtype, info.format) == (RATE_HZ, "PCM_24", "WAV")
        assert info.channels in (1, 2)


def test_levels_are_even(sounds: dict[str, Samples]) -> None:
    for path, sound in sounds.items():
        wanted_db = -1.0 if path.startswith("drums/") else -3.0
        assert 20 * np.log10(np.abs(sound).max()) == pytest.approx(wanted_db, abs=0.01), path
        assert np.all(np.abs(sound.mean(axis=0)) < 1e-3), path


def test_begins_and_ends_without_clicks(sounds: dict[str, Samples]) -> None:
    for path, sound in sounds.items():
        assert np.abs(sound[0]).max() < 1e-4, path
        assert np.abs(sound[-44:]).max() < 1e-3, path
        assert np.abs(sound[-1]).max() < 1e-6, path
    for path, _, _, mono in pitched(sounds):
        assert loudest_hiss(mono) < 0.0015, path
    clicked = sounds["keys/organ-C3.wav"].mean(axis=1)
    clicked[RATE_HZ:] += 0.03
    assert loudest_hiss(clicked) > 0.003


def test_lengths_are_natural(sounds: dict[str, Samples]) -> None:
    ranges_seconds = {
        "drums/kick": (0.3, 0.6),
        "drums/hat-closed": (0.05, 0.15),
        "drums/hat-open": (0.4, 0.8),
        "drums/crash": (1.5, 3.0),
        "bass/": (1.0, 2.0),
        "plucks/": (1.0, 2.0),
        "keys/": (2.0, 3.0),
        "pads/": (3.0, 4.0),
    }
    for prefix, (least, most) in ranges_seconds.items():
        found = [sound.shape[0] / RATE_HZ for path, sound in sounds.items() if path.startswith(prefix)]
        assert found, prefix
        assert min(found) >= least, prefix
        assert max(found) <= most, prefix


def test_is_tuned_to_a_440_as_its_names_say(sounds: dict[str, Samples]) -> None:
    for path, instrument, midi, mono in pitched(sounds):
        assert abs(cents_off(mono, hz_of(midi))) < 5.0, path
        if instrument != "bell":  # its partials are no harmonic series, so it repeats only roughly
            assert 1200 * np.log2(period_hz(mono, hz_of(midi)) / hz_of(midi)) == pytest.approx(0.0, abs=15.0), path
    piano = sounds["keys/piano-C3.wav"].mean(axis=1)
    assert abs(cents_off(piano, hz_of(48) * 2 ** (8 / 1200))) > 5.0


def test_three_semitones_of_repitch_reach_every_note_between(sounds: dict[str, Samples]) -> None:
    notes = defaultdict(list)
    for _, instrument, midi, _ in pitched(sounds):
        notes[instrument].append(midi)
    for instrument, midis in notes.items():
        gaps = np.diff(sorted(midis))
        assert gaps.size, instrument
        assert gaps.max() <= 6, instrument
    everything = {midi + shift for midis in notes.values() for midi in midis for shift in range(-3, 4)}
    assert everything >= set(range(28, 77))  # E1 to E5


def test_drums_are_in_their_registers(sounds: dict[str, Samples]) -> None:
    def centroids(prefix: str) -> list[float]:
        return [centroid_hz(s.mean(axis=1)) for path, s in sounds.items() if path.startswith(f"drums/{prefix}")]

    assert max(centroids("kick")) < 400.0
    assert max(centroids("kick")) < min(centroids("snare"))
    assert max(centroids("snare")) < min(centroids("hat"))
    assert centroids("tom-low") < centroids("tom-mid") < centroids("tom-high")


def test_no_two_sounds_are_nearly_the_same(sounds: dict[str, Samples]) -> None:
    size = 2**16
    spectra = {}
    for path, sound in sounds.items():
        start = sound.mean(axis=1)[: size // 2]
        spectra[path] = np.fft.rfft(start / np.linalg.norm(start), size)
    for one, other in itertools.combinations(spectra, 2):
        likeness = np.abs(np.fft.irfft(spectra[one] * np.conj(spectra[other]))).max()
        assert likeness < 0.9, (one, other)


def test_rendering_again_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for sample in starter_samples()[::3]:
        again = tmp_path / "again.wav"
        write_pcm(again, sample.render())
        assert again.read_bytes() == (folder / sample.path).read_bytes(), sample.path


@pytest.fixture
def short_catalogue(monkeypatch: pytest.MonkeyPatch) -> tuple[StarterSample, ...]:
    """The library's first four drums only, where it is the writing that is tested."""
    few = starter_samples()[:4]
    monkeypatch.setattr(library, "starter_samples", lambda: few)
    return few


@pytest.mark.usefixtures("short_catalogue")
def test_a_complete_library_is_left_alone(tmp_path: Path) -> None:
    folder = write_starter_library(tmp_path / "new folder" / "Sämples 🥁")
    before = {f: f.stat().st_mtime_ns for f in folder.rglob("*")}
    assert write_starter_library(folder) == folder
    assert {f: f.stat().st_mtime_ns for f in folder.rglob("*")} == before
    assert list(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize("damage", ["missing", "truncated", "older"])
def test_a_damaged_or_older_library_is_replaced(
    tmp_path: Path, damage: str, short_catalogue: tuple[StarterSample, ...]
) -> None:
    folder = write_starter_library(tmp_path / "library")
    victim = folder / short_catalogue[1].path
    whole = victim.read_bytes()
    if damage == "missing":
        victim.unlink()
    elif damage == "truncated":
        victim.write_bytes(whole[:1000])
    else:
        (folder / MARKER).rename(folder / ".jacqueesbot-starter-0")
        victim.write_bytes(b"an older sound")
    write_starter_library(folder)
    assert victim.read_bytes() == whole
    assert [f.name for f in folder.glob(".*")] == [MARKER]
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_of_someone_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.wav").write_bytes(b"my sound")
    with pytest.raises(BadLibrary, match="no starter library"):
        write_starter_library(tmp_path)
    with pytest.raises(BadLibrary, match="is a file"):
        write_starter_library(tmp_path / "mine.wav")
    assert [f.name for f in tmp_path.iterdir()] == ["mine.wav"]


def test_a_failure_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short_catalogue: tuple[StarterSample, ...]
) -> None:
    def fails(rng: np.random.Generator) -> Samples:
        raise KeyboardInterrupt

    broken = StarterSample("drums", "broken", -1.0, None, fails)
    monkeypatch.setattr(library, "starter_samples", lambda: (*short_catalogue, broken))
    with pytest.raises(KeyboardInterrupt):
        write_starter_library(tmp_path / "library")
    assert list(tmp_path.iterdir()) == []


def test_demo_is_a_short_stereo_recording(demo: Path, tmp_path: Path) -> None:
    sound, rate_hz = soundfile.read(demo, always_2d=True)
    assert rate_hz == RATE_HZ
    assert sound.shape[1] == 2
    assert 12.0 <= sound.shape[0] / RATE_HZ <= 16.0
    assert 20 * np.log10(np.abs(sound).max()) == pytest.approx(-1.5, abs=0.01)
    assert np.abs(sound[-44:]).max() < 1e-3
    assert np.corrcoef(sound.T)[0, 1] < 0.995, "left and right differ"
    assert write_demo_recording(tmp_path / "again.wav").read_bytes() == demo.read_bytes()
    assert [f.name for f in tmp_path.iterdir()] == ["again.wav"]


def test_demo_is_music_in_c_at_100_bpm(demo: Path) -> None:
    mono = soundfile.read(demo)[0].mean(axis=1)
    power = np.abs(np.fft.rfft(mono)) ** 2
    hz = np.fft.rfftfreq(mono.size, 1.0 / RATE_HZ)
    heard = (hz > 100.0) & (hz < 1500.0)
    classes = np.round(12 * np.log2(hz[heard] / hz_of(60))).astype(int) % 12
    by_class = np.bincount(classes, power[heard], 12) / power[heard].sum()
    assert by_class[[0, 2, 4, 5, 7, 9, 11]].sum() > 0.9

    hop = 441
    level = np.abs(scipy.signal.stft(mono, RATE_HZ, nperseg=1024, noverlap=1024 - hop)[2])
    onsets = np.maximum(np.diff(np.log1p(100 * level), axis=1), 0).sum(axis=0)
    onsets -= onsets.mean()
    correlation = np.correlate(onsets, onsets, "full")[onsets.size - 1 :]
    lags = np.arange(45, 80)  # 75 to 133 bpm
    assert 6000.0 / lags[np.argmax(correlation[lags])] == pytest.approx(100.0, abs=2.0)


def test_demo_is_not_made_of_the_library(demo: Path, sounds: dict[str, Samples]) -> None:
    """No sample's first 0.2 s is found in the recording: slid along it, none explains 80 % of the energy under it."""
    mono = soundfile.read(demo)[0].mean(axis=1)
    span = RATE_HZ // 5
    energy = scipy.signal.oaconvolve(mono**2, np.ones(span), mode="valid")
    audible = energy > 0.01 * energy.max()
    for path, sound in sounds.items():
        probe = np.zeros(span)
        start = sound.mean(axis=1)[:span]
        probe[: start.size] = start / np.linalg.norm(start)
        match = scipy.signal.oaconvolve(mono, probe[::-1], mode="valid") ** 2
        assert (match / np.maximum(energy, 1e-12))[audible].max() < 0.8, path
