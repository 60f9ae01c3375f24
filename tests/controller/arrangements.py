"""Arrangements to build, made from a few short sounds: clips butting and apart, whole and cut, transposed and not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from search.arrangement import Arrangement, Clip, Track

RATE_HZ = 44100
SOUND_SECONDS = (0.75, 1.0, 2.0, 4.0)
SLOT_SECONDS = 0.25
"""From one clip of a track to the next."""
SEMITONES = (0.0, 3.0, -2.37, 12.0, -12.0)
OFFSETS_SECONDS = (0.0, 0.05, 0.0, 0.1234567)


def made_sounds(folder: Path) -> list[str]:
    """Files of noise, as long as SOUND_SECONDS; their names are not plain ASCII."""
    noise = np.random.default_rng(2)
    paths = []
    for seconds in SOUND_SECONDS:
        path = folder / f"söund of {seconds} s 🥁.wav"
        soundfile.write(path, noise.uniform(-0.2, 0.2, int(seconds * RATE_HZ)), RATE_HZ, subtype="PCM_16")
        paths.append(str(path))
    return paths


def song(sounds: list[str], clips: int = 36, tracks: int = 3, tempo_bpm: float = 97.31) -> Arrangement:
    """As many clips on each track as on any other, or one more. More clips are the same ones and others behind."""
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


def assert_same(found: Arrangement, wanted: Arrangement) -> None:
    """But for the rounding of Live's units."""
    assert found.tempo_bpm == pytest.approx(wanted.tempo_bpm)
    assert [(track.name, track.color) for track in found.tracks] == [
        (track.name, track.color) for track in wanted.tracks
    ]
    for one, other in zip(found.tracks, wanted.tracks, strict=True):
        assert one.volume_db == pytest.approx(other.volume_db, abs=1e-4)
        assert one.pan == pytest.approx(other.pan, abs=1e-6)
        assert [(clip.sample, clip.offset_seconds) for clip in one.clips] == [
            (clip.sample, clip.offset_seconds) for clip in other.clips
        ]
        for name in ("start_seconds", "length_seconds", "gain_db", "transpose_semitones"):
            values = [getattr(clip, name) for clip in one.clips]
            assert values == pytest.approx([getattr(clip, name) for clip in other.clips], abs=1e-5), name
