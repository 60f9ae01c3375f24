"""What happens to a sound on its way into a recording: amplifier, room, microphone, tone, tape, noise, overload, lossy
coding; random, from `rng`."""

from __future__ import annotations

import io

import numpy as np
import scipy.fft
import soundfile
import soxr

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray, db_to_gain, semitones_to_ratio

MP3_DELAY_SAMPLES = 1105
"""What an encoder and a decoder put before the sound."""
EQ_HZ = (40.0, 120.0, 300.0, 800.0, 2000.0, 5000.0, 11025.0)


def repitched(sound: FloatArray, semitones: float) -> FloatArray:
    """`sound` [n] played faster or slower."""
    if abs(semitones) < 0.01 or sound.size < 64:
        return sound
    played_hz = SAMPLE_RATE_HZ * semitones_to_ratio(semitones)
    return np.asarray(soxr.resample(sound, played_hz, SAMPLE_RATE_HZ, quality="LQ"), dtype=np.float32)


def warped(sound: FloatArray, semitones: FloatArray | float, rate_hz: float) -> FloatArray:
    """`sound` [n] with a vibrato of so many semitones (one number or [n]), `rate_hz` times a second."""
    seconds = np.arange(sound.size, dtype=np.float32) / np.float32(SAMPLE_RATE_HZ)
    # A pitch deviation of d semitones at the rate f comes from reading d ln 2 / 12 / (2 pi f) seconds to and fro.
    apart_seconds = np.asarray(semitones, np.float32) * np.float32(np.log(2.0) / 12.0 / (2 * np.pi * rate_hz))
    swaying = np.sin(np.float32(2 * np.pi * rate_hz) * seconds)
    places = np.arange(sound.size) + apart_seconds * swaying * SAMPLE_RATE_HZ
    return np.asarray(np.interp(places, np.arange(sound.size), sound), dtype=np.float32)


def bent(sound: FloatArray, rng: np.random.Generator) -> FloatArray:
    """`sound` [n] with its pitch pulled to and fro as by a finger: slides and bends of up to two semitones, then
    held with a vibrato."""
    knots = np.cumsum(rng.uniform(0.15, 0.8, 24)) * SAMPLE_RATE_HZ
    targets = rng.choice((-2.0, -1.0, 0.0, 0.0, 0.0, 1.0, 2.0), knots.size)
    seconds = np.arange(sound.size) / SAMPLE_RATE_HZ
    semitones = np.interp(np.arange(sound.size), np.repeat(knots, 2)[1:], np.repeat(targets, 2)[:-1])
    semitones += rng.uniform(0.0, 0.4) * np.sin(2 * np.pi * rng.uniform(4.0, 6.5) * seconds)
    places = np.cumsum(2.0 ** (semitones / 12.0))
    return np.asarray(np.interp(places, np.arange(sound.size), sound), dtype=np.float32)


def amplified(sound: FloatArray, rng: np.random.Generator) -> FloatArray:
    """`sound` [n], its peak 1, through a guitar amplifier: a tone control, valves driven by 0 to 45 dB, a loudspeaker
    that ends at 3 to 7 kHz; at times doubled by a delay or a chorus. The peak is 1 again."""
    drive_db = float(rng.choice((rng.uniform(0.0, 12.0), rng.uniform(12.0, 30.0), rng.uniform(30.0, 45.0))))
    before = np.fft.rfft(sound)
    bins_hz = np.fft.rfftfreq(sound.size, 1 / SAMPLE_RATE_HZ)
    before *= 1.0 / np.sqrt(1.0 + (rng.uniform(60.0, 350.0) / np.maximum(bins_hz, 1.0)) ** 2)
    driven = np.fft.irfft(before, sound.size) * db_to_gain(drive_db)
    bias = rng.uniform(0.0, 0.3)
    driven = np.tanh(driven + bias) - np.tanh(bias)
    speaker = np.fft.rfft(driven)
    speaker *= 1.0 / np.sqrt(1.0 + (bins_hz / rng.uniform(3000.0, 7000.0)) ** 8)
    for _ in range(3):
        centre_hz, width = np.exp(rng.uniform(np.log(90.0), np.log(4000.0))), rng.uniform(0.3, 1.0)
        octaves = np.log2(np.maximum(bins_hz, 1.0) / centre_hz)
        speaker *= 10.0 ** (rng.uniform(-6.0, 8.0) / 20.0 * np.exp(-np.square(octaves / width)))
    made = np.fft.irfft(speaker, sound.size).astype(np.float32)
    if rng.random() < 0.2:
        delay = int(rng.uniform(0.08, 0.5) * SAMPLE_RATE_HZ)
        made[delay:] += np.float32(rng.uniform(0.2, 0.5)) * made[:-delay].copy()
    if rng.random() < 0.3:
        made = made + warped(made, float(rng.uniform(0.05, 0.3)), float(rng.uniform(0.3, 3.0)))
    return made / np.float32(max(float(np.abs(made).max()), 1e-6))


def rotated(sound: FloatArray, rng: np.random.Generator) -> FloatArray:
    """`sound` [n] through a rotating loudspeaker: slow or fast, in pitch and level."""
    rate_hz = float(rng.choice((rng.uniform(0.6, 0.9), rng.uniform(5.5, 7.2))))
    seconds = np.arange(sound.size, dtype=np.float32) / np.float32(SAMPLE_RATE_HZ)
    level = 1.0 - np.float32(rng.uniform(0.1, 0.5)) * (0.5 + 0.5 * np.sin(np.float32(2 * np.pi * rate_hz) * seconds))
    return np.asarray(warped(sound, float(rng.uniform(0.05, 0.25)), rate_hz) * level, dtype=np.float32)


def taped(sound: FloatArray, rng: np.random.Generator) -> FloatArray:
    """`sound` [n] off a tape: wow and flutter of up to a fifth of a semitone."""
    slow = warped(sound, float(rng.uniform(0.0, 0.2)), float(rng.uniform(0.4, 1.2)))
    return warped(slow, float(rng.uniform(0.0, 0.06)), float(rng.uniform(5.0, 12.0)))


def lossy(sound: FloatArray, rng: np.random.Generator) -> FloatArray:
    """`sound` [n], its peak at most 1, coded as MP3 or Vorbis and decoded again."""
    coded = io.BytesIO()
    kind, subtype = (("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS"))[int(rng.random() < 0.3)]
    with soundfile.SoundFile(
        coded, "w", SAMPLE_RATE_HZ, 1, subtype, format=kind, compression_level=float(rng.uniform(0.3, 0.95))
    ) as file:
        file.write(sound * np.float32(0.9))
    coded.seek(0)
    heard = soundfile.read(coded, dtype="float32")[0]
    late = MP3_DELAY_SAMPLES if kind == "MP3" and heard.size >= sound.size + MP3_DELAY_SAMPLES else 0
    kept = heard[late : late + sound.size]
    return np.pad(kept, (0, sound.size - kept.size))


def recorded(dry: FloatArray, rng: np.random.Generator) -> FloatArray:
    """`dry` [n] in a random room, before a random microphone and equaliser, cut to the same length."""
    size = scipy.fft.next_fast_len(dry.size + SAMPLE_RATE_HZ // 2, real=True)
    spectrum = scipy.fft.rfft(dry, size)
    if rng.random() < 0.75:
        spectrum *= scipy.fft.rfft(room(rng), size)
    spectrum *= tone_curve(spectrum.size, rng)
    return np.asarray(scipy.fft.irfft(spectrum, size)[: dry.size], dtype=np.float32)


def room(rng: np.random.Generator) -> FloatArray:
    """An impulse response: the direct sound, a few early echoes, and noise, bright to dull, that decays by 60 dB in 0.1
    to 2 s; the reverberant energy lies 3 to 25 dB below the direct."""
    reverberation_seconds = float(np.exp(rng.uniform(np.log(0.1), np.log(2.0))))
    size = min(SAMPLE_RATE_HZ, int(reverberation_seconds * SAMPLE_RATE_HZ))
    seconds = np.arange(size, dtype=np.float32) / SAMPLE_RATE_HZ
    decay = np.exp(np.float32(-6.9 / reverberation_seconds) * seconds)
    grains = rng.standard_normal(size, dtype=np.float32) * decay
    tail = grains + np.float32(rng.uniform(0.0, 0.15)) * np.cumsum(grains) * decay
    tail[: int(rng.uniform(0.002, 0.03) * SAMPLE_RATE_HZ)] = 0.0
    for _ in range(int(rng.integers(0, 6))):
        tail[int(rng.integers(min(30, size - 1), min(size, 1500)))] += np.float32(rng.uniform(-1.0, 1.0) * 3.0)
    energy = float(np.sqrt(np.sum(np.square(tail)))) or 1.0
    response = tail * np.float32(db_to_gain(-float(rng.uniform(3.0, 25.0))) / energy)
    response[0] = 1.0
    return np.asarray(response, dtype=np.float32)


def tone_curve(bins: int, rng: np.random.Generator) -> FloatArray:
    """Gains [bins] from 0 Hz to 11.025 kHz: a smooth random equaliser of some 5 dB, at times a narrow band (an old or
    small loudspeaker, a lossy codec)."""
    levels_db = rng.normal(0.0, 3.5, len(EQ_HZ)) + rng.normal(0.0, 3.0) * np.linspace(-1.0, 1.0, len(EQ_HZ))
    if rng.random() < 0.15:
        levels_db[0] -= rng.uniform(10.0, 40.0)
    if rng.random() < 0.25:
        levels_db[-1] -= rng.uniform(10.0, 50.0)
    # 512 points are smooth enough, and a hundred times faster than a logarithm of each bin.
    coarse_hz = np.linspace(0.0, EQ_HZ[-1], 512)
    coarse_db = np.interp(np.log(np.maximum(coarse_hz, 1.0)), np.log(EQ_HZ), levels_db)
    return np.interp(np.linspace(0.0, EQ_HZ[-1], bins), coarse_hz, 10.0 ** (coarse_db / 20.0)).astype(np.float32)


def noise(size: int, rng: np.random.Generator) -> FloatArray:
    """[size] of noise with an RMS of 1: from white to brown, or mains hum with harmonics."""
    if rng.random() < 0.15:
        phase = np.arange(size, dtype=np.float32) * np.float32(2 * np.pi * rng.choice((50.0, 60.0)) / SAMPLE_RATE_HZ)
        made = np.sin(phase) + sum(np.float32(rng.uniform(0.0, 1.0) / k) * np.sin(k * phase) for k in (2, 3, 5))
    else:
        grain = scipy.fft.next_fast_len(size, real=True)
        spectrum = rng.standard_normal((2, grain // 2 + 1), dtype=np.float32)
        slope = rng.uniform(0.0, 1.0)
        weights = np.arange(1, grain // 2 + 2, dtype=np.float32) ** np.float32(-slope)
        made = scipy.fft.irfft((spectrum[0] + 1j * spectrum[1]) * weights, grain)[:size]
    level = float(np.sqrt(np.mean(np.square(made)))) or 1.0
    return np.asarray(made / level, dtype=np.float32)


def percussion(size: int, rng: np.random.Generator) -> FloatArray:
    """[size] of drums on a grid, its peak 1: one to three voices, each a burst of noise, a falling tone, or of both."""
    mixed = np.zeros(size, np.float32)
    step = int(rng.uniform(0.1, 0.35) * SAMPLE_RATE_HZ)
    for _ in range(int(rng.integers(1, 4))):
        hit = drum_hit(rng) * np.float32(rng.uniform(0.2, 1.0))
        every, offset = int(rng.integers(1, 5)), int(rng.integers(0, 4))
        for start in range(offset * step, size, every * step):
            kept = hit[: size - start]
            mixed[start : start + kept.size] += kept * np.float32(rng.uniform(0.5, 1.0))
    return mixed / np.float32(max(float(np.abs(mixed).max()), 1e-6))


def drum_hit(rng: np.random.Generator) -> FloatArray:
    """[n] of 0.4 s, its peak about 1: noise, rough or smooth, over a tone that falls by up to two octaves."""
    seconds = np.arange(int(0.4 * SAMPLE_RATE_HZ), dtype=np.float32) / SAMPLE_RATE_HZ
    high_hz, low_hz = float(np.exp(rng.uniform(np.log(60.0), np.log(400.0)))), float(np.exp(rng.uniform(3.7, 5.0)))
    sweep_hz = low_hz + (high_hz - low_hz) * np.exp(-seconds / 0.03)
    tone = np.sin(2 * np.pi * np.cumsum(sweep_hz) / SAMPLE_RATE_HZ) * np.exp(-seconds / rng.uniform(0.03, 0.15))
    grains = rng.standard_normal(seconds.size, dtype=np.float32) * np.exp(-seconds / rng.uniform(0.005, 0.12))
    if rng.random() < 0.6:
        grains = np.diff(grains, prepend=np.float32(0.0))  # brighter: 6 dB per octave
    mixture = rng.uniform(0.0, 1.0)
    return np.asarray(mixture * tone + (1.0 - mixture) * 0.4 * grains, dtype=np.float32)


def overloaded(sound: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Soft clipping (tanh) of `sound`, whose peak is 1, driven by 0 to 15 dB."""
    drive = np.float32(db_to_gain(float(rng.uniform(0.0, 15.0))))
    return np.asarray(np.tanh(drive * sound), dtype=np.float32)
