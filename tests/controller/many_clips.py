"""Arrangements of many clips, made from a few short sounds: butting and apart, whole and cut, transposed and not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from search.arrangement import Arrangement, Clip, Track

RATE_HZ = 44100
SLOT_SECONDS = 0.25
"""From one clip of a track to the next."""
SEMITONES = (0.0, 3.0, -2.37, 12.0, -12.0)
OFFSETS_SECONDS = (0.0, 0.05, 0.0, 0.1234567)


def short_sounds(folder: Path, count: int = 4) -> list[str]:
    """Noise of 0.6 s and more."""
    noise = np.random.default_rng(count)
    paths = []
    for number in range(count):
        path = folder / f"söund {number} 🥁.wav"
        samples = noise.uniform(-0.2, 0.2, int((0.6 + 0.2 * number) * RATE_HZ))
        soundfile.write(path, samples, RATE_HZ, subtype="PCM_16")
        paths.append(str(path))
    return paths


def many_clips(sounds: list[str], clips: int, tracks: int, tempo_bpm: float = 97.31) -> Arrangement:
    """As many on each track as on any other, or one more."""
    return Arrangement(
        tempo_bpm,
        tuple(
            Track(
                f"track {track}",
                f"#{(0x12AB + 977 * track) % 0xFFFF:04x}40",
                volume_db=-2.0 - 0.5 * (track % 8),
                pan=(track % 9 - 4) / 4.0,
                clips=tuple(_clip(sounds, track, place) for place in range(len(range(track, clips, tracks)))),
            )
            for track in range(tracks)
        ),
    )


def _clip(sounds: list[str], track: int, place: int) -> Clip:
    apart_seconds = 0.0 if place % 5 else 0.01
    return Clip(
        start_seconds=SLOT_SECONDS * place + apart_seconds,
        sample=sounds[(track + place) % len(sounds)],
        offset_seconds=OFFSETS_SECONDS[place % len(OFFSETS_SECONDS)],
        length_seconds=(SLOT_SECONDS if place % 3 else 0.6 * SLOT_SECONDS) - apart_seconds,
        gain_db=-0.5 * (place % 20),
        transpose_semitones=SEMITONES[(track + place) % len(SEMITONES)],
    )
