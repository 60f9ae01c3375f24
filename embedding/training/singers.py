"""Sung notes out of spoken words: recordings of single singers are rare, recordings of single words are not.

A word is taken apart by the WORLD vocoder (Morise, Yokomori and Ozawa 2016; PyPI's pyworld) into pitch, spectral
envelope and aperiodicity. Its longest voiced stretch is drawn out to the length of a note, its pitch becomes its, with
a scoop, drift and vibrato; the envelope, which is the speaker's voice, stays.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.audio import AUDIO_SUFFIXES, read_audio
from embedding.errors import BadAudio
from embedding.pitch import hz_to_midi, midi_to_hz
from embedding.training.soundfonts import write_note

FEWEST_WORDS = 8
NOTES_PER_SPEAKER = 36
LONGEST_WORD_SECONDS = 3.0
SHORTEST_VOICED_SECONDS = 0.08
FRAME_SECONDS = 0.005
LOWEST_MIDI, HIGHEST_MIDI = 40, 86

Array = npt.NDArray[np.float64]


def gather_singers(speech_folder: Path, out_folder: Path, rng: np.random.Generator) -> Iterator[Path]:
    """Write notes `out_folder/voice/<speaker>__<key>-<n>.flac` from every folder below `speech_folder` that holds at
    least 8 recordings of words: a folder is a speaker. Yields what was written."""
    target = out_folder / "voice"
    target.mkdir(parents=True, exist_ok=True)
    for folder in sorted({file.parent for file in speech_folder.rglob("*") if file.suffix.lower() in AUDIO_SUFFIXES}):
        words = sorted(file for file in folder.iterdir() if file.suffix.lower() in AUDIO_SUFFIXES)
        speaker = "sung-" + "-".join(folder.relative_to(speech_folder).parts[-3:]).replace("_", "-")
        if len(words) < FEWEST_WORDS or any(target.glob(f"{speaker}__*.flac")):
            continue
        for number, place in enumerate(rng.permutation(len(words))[:NOTES_PER_SPEAKER]):
            sung = sung_note(words[int(place)], rng)
            if sung is not None:
                sound, key = sung
                yield write_note(target / f"{speaker}__{key:03d}-{number:02d}.flac", sound, SAMPLE_RATE_HZ)


def sung_note(word: Path, rng: np.random.Generator) -> tuple[npt.NDArray[np.float32], int] | None:
    """(sound [n] at 22.05 kHz with a peak of 0.9, MIDI key) of `word`; None where it has no voiced stretch."""
    pyworld = _vocoder()
    try:
        spoken = read_audio(word).at_rate(SAMPLE_RATE_HZ).mono()
    except BadAudio:
        return None
    spoken = spoken[: int(LONGEST_WORD_SECONDS * SAMPLE_RATE_HZ)].astype(np.float64)
    rough, at_seconds = pyworld.dio(spoken, SAMPLE_RATE_HZ, frame_period=1000 * FRAME_SECONDS)
    f0_hz = pyworld.stonemask(spoken, rough, at_seconds, SAMPLE_RATE_HZ)
    first, last = longest_run(f0_hz > 0.0)
    if (last - first) * FRAME_SECONDS < SHORTEST_VOICED_SECONDS:
        return None
    envelope = pyworld.cheaptrick(spoken, f0_hz, at_seconds, SAMPLE_RATE_HZ)
    noise = pyworld.d4c(spoken, f0_hz, at_seconds, SAMPLE_RATE_HZ)
    key = round(hz_to_midi(float(np.median(f0_hz[first:last]))) + rng.uniform(-5.0, 14.0))
    key = int(np.clip(key, LOWEST_MIDI, HIGHEST_MIDI))
    frames = drawn_out(first, last, f0_hz.size, rng)
    nearest = np.round(frames).astype(int).clip(0, f0_hz.size - 1)
    sung_hz = np.where(f0_hz[nearest] > 0.0, melody_hz(key, nearest.size, rng), 0.0)
    sound = pyworld.synthesize(
        sung_hz,
        np.ascontiguousarray(envelope[nearest]),
        np.ascontiguousarray(noise[nearest]),
        SAMPLE_RATE_HZ,
        1000 * FRAME_SECONDS,
    )
    peak = float(np.abs(sound).max(initial=0.0))
    return ((sound / peak * 0.9).astype(np.float32), key) if peak > 1e-4 else None


@cache
def _vocoder() -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
        import pyworld
    return pyworld


def longest_run(voiced: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """(first, end) of the longest run of True; (0, 0) where there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], voiced.astype(np.int8), [0]])))
    starts, ends = edges[::2], edges[1::2]
    if starts.size == 0:
        return 0, 0
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest])


def drawn_out(first: int, last: int, frames: int, rng: np.random.Generator) -> Array:
    """Which frame of the word sounds when: up to 0.15 s before the voiced stretch and 0.1 s behind it as spoken, the
    stretch itself over 0.25 to 3 s, wandering to and fro in its middle."""
    before = np.arange(max(0, first - round(rng.uniform(0.0, 0.15) / FRAME_SECONDS)), first)
    behind = np.arange(last, min(frames, last + round(0.1 / FRAME_SECONDS)))
    wanted = int(np.exp(rng.uniform(np.log(0.25), np.log(3.0))) / FRAME_SECONDS)
    run = last - first
    if wanted <= run:
        held = np.linspace(first, last - 1, wanted)
    else:
        edge = run // 4
        middle = np.linspace(0.0, 1.0, wanted - 2 * edge)
        wander = 0.5 - 0.5 * np.cos(np.pi * middle * (2 * rng.integers(0, 3) + 1))
        held = np.concatenate(
            [np.arange(first, first + edge), first + edge + wander * (run - 2 * edge - 1), np.arange(last - edge, last)]
        )
    return np.concatenate([before, held, behind])


def melody_hz(key: int, frames: int, rng: np.random.Generator) -> Array:
    """[frames] of pitch: a scoop of up to 2 semitones into the note, drift, and in most notes a vibrato."""
    seconds = np.arange(frames) * FRAME_SECONDS
    scoop = -rng.uniform(0.0, 2.0) * np.exp(-seconds / rng.uniform(0.02, 0.12))
    knots = rng.normal(0.0, 0.12, max(2, int(seconds[-1] / 0.15) + 2))
    drift = np.interp(seconds, np.linspace(0.0, max(float(seconds[-1]), 0.15), knots.size), knots)
    depth = rng.uniform(0.1, 1.0) if rng.random() < 0.7 else 0.0
    vibrato = depth * (1 - np.exp(-seconds / 0.4)) * np.sin(2 * np.pi * rng.uniform(4.5, 7.0) * seconds)
    return np.asarray(midi_to_hz(key) * 2.0 ** ((scoop + drift + vibrato) / 12.0))
