"""The sounds that recovery cases are made of: a library's samples as all cases have them, and what is done to a sum."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import soundfile
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import fftconvolve

from embedding.audio import AUDIO_SUFFIXES, read_audio
from embedding.kernels import FloatArray, resample

RATE_HZ = 44100
LONGEST_SECONDS = 4.0
PEAK = 0.5
TWIN_SEMITONES = 0.25
REVERB_SECONDS = 0.8
"""Until it has decayed by 60 dB."""
REVERB_DB = -8.0
"""Energy of the reverberation of a click, against the click."""
DRIVE_DB = 10.0
LOOKAHEAD_SAMPLES = 220


def files_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in AUDIO_SUFFIXES)


def prepared(file: Path) -> FloatArray:
    """[n] mono at 44.1 kHz: the first 4 s, its peak at 0.5. Of what was prepared before the same again."""
    audio = read_audio(file)
    return cut(resample(audio.mono()[np.newaxis], audio.sample_rate_hz, RATE_HZ)[0])


def cut(sound: FloatArray) -> FloatArray:
    return at_peak(sound[: round(LONGEST_SECONDS * RATE_HZ)])


def at_peak(sound: FloatArray) -> FloatArray:
    """`sound` with its peak at 0.5; itself where it is silent."""
    peak = float(np.abs(sound).max(initial=0.0))
    return sound if peak == 0.0 else np.asarray(sound * (PEAK / peak), dtype=np.float32)


def write_samples(sources: Iterable[Path], folder: Path) -> None:
    """`sources` prepared, as wav files beside each other; silent ones are left out. What is there already stays."""
    taken: dict[str, int] = {}
    folder.mkdir(parents=True, exist_ok=True)
    for source in sources:
        number = taken[source.stem] = taken.get(source.stem, 0) + 1
        file = folder / (f"{source.stem}.wav" if number == 1 else f"{source.stem} ({number}).wav")
        if not file.exists() and (sound := prepared(source)).any():
            soundfile.write(file, sound, RATE_HZ, subtype="PCM_16")


def write_twins(folder: Path) -> None:
    """Beside every sample one that is nearly the same: by turns a quarter of a semitone higher, or in a room, which
    leaves a correlation of some .93."""
    for number, file in enumerate(files_in(folder)):
        twin = file.with_name(f"{file.stem} twin.wav")
        if file.stem.endswith(" twin") or twin.exists():
            continue
        sound = prepared(file)
        if number % 2 == 0:
            changed = resample(sound[np.newaxis], RATE_HZ, RATE_HZ, TWIN_SEMITONES)[0]
        else:
            changed = in_a_room(sound, np.random.default_rng(number))
        soundfile.write(twin, at_peak(changed), RATE_HZ, subtype="PCM_16")


def centroid_hz(sound: FloatArray) -> float:
    power = np.abs(np.fft.rfft(sound)) ** 2
    return float((power * np.fft.rfftfreq(sound.size, 1 / RATE_HZ)).sum() / max(float(power.sum()), 1e-12))


def in_a_room(sound: FloatArray, rng: np.random.Generator) -> FloatArray:
    """With reverberation: noise that decays exponentially, after the direct sound."""
    at_seconds = np.arange(round(REVERB_SECONDS * RATE_HZ)) / RATE_HZ
    tail = rng.standard_normal(at_seconds.size) * 10.0 ** (-3.0 * at_seconds / REVERB_SECONDS)
    response = tail * (10.0 ** (REVERB_DB / 20.0) / np.linalg.norm(tail))
    response[0] = 1.0
    return np.asarray(fftconvolve(sound, response)[: sound.size], dtype=np.float32)


def limited(sound: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Driven 10 dB into a limiter that looks 5 ms ahead."""
    loud = at_peak(sound) * 10.0 ** (DRIVE_DB / 20.0)
    highest = maximum_filter1d(np.abs(loud), 2 * LOOKAHEAD_SAMPLES + 1)
    envelope = uniform_filter1d(highest, LOOKAHEAD_SAMPLES)
    return np.asarray(loud * np.minimum(1.0, PEAK / np.maximum(envelope, 1e-9)), dtype=np.float32)
