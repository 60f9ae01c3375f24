"""A small data set of the same layout as IRMAS: two instruments, made, with the quirks of the real archives' names."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.conftest import RATE_HZ, tone, write

RECORDINGS = 8
"""Per class; of each three excerpts."""


def flute(hz: float, seconds: float) -> np.ndarray:
    """[n] nearly a sine."""
    return (0.4 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


def trumpet(hz: float, seconds: float) -> np.ndarray:
    """[n] with every harmonic up to 9 kHz."""
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (0.06 * sum(np.sin(2 * np.pi * hz * k * at + k) for k in range(1, int(9000 / hz)))).astype(np.float32)


def stereo(mono: np.ndarray) -> np.ndarray:
    return np.stack([mono, 0.8 * mono], axis=1)


def write_training_part(folder: Path) -> Path:
    for code, play, first in (("flu", flute, 401), ("tru", trumpet, 1801)):
        for recording in range(first, first + RECORDINGS):
            prefix = f"{recording % 100:03}__" if recording % 2 else ""
            tags = f"[{code}][nod][cla]" if recording % 2 else f"[{code}][jaz_blu]"
            for part in (1, 2, 3):
                hz = 220.0 * 2 ** (((recording - first) + part / 4) / RECORDINGS)
                write(folder / code / f"{prefix}{tags}{recording:04}__{part}.wav", stereo(play(hz, 3.0)))
    return folder


def write_test_part(folder: Path) -> Path:
    """Three excerpts in the three parts: a flute, a trumpet, and one after the other."""
    one = write(folder / "IRMAS-TestingData-Part1" / "Part1" / "(02) don't wait-1.wav", stereo(flute(300.0, 5.0)))
    one.with_suffix(".txt").write_text("flu\t\n", encoding="utf-8")
    two = write(folder / "IRMAS-TestingData-Part2" / "IRTestingData-Part2" / "Ümit-3.wav", stereo(trumpet(300.0, 6.0)))
    two.with_suffix(".txt").write_text("tru\t\r\n\r\n", encoding="utf-8")
    both = np.concatenate([flute(260.0, 4.0), trumpet(260.0, 4.0)])
    three = write(folder / "IRMAS-TestingData-Part3" / "Part3" / "both-11.wav", stereo(both))
    three.with_suffix(".txt").write_text("tru\t\nflu\t\n", encoding="utf-8")
    return folder


def write_irmas(folder: Path) -> Path:
    write_training_part(folder / "IRMAS-TrainingData")
    (folder / "IRMAS-TrainingData" / "README.txt").write_text("about", encoding="utf-8")
    return write_test_part(folder)


def write_quirks(folder: Path) -> None:
    """What cannot be used, beside what can: damaged, silent, unlabelled, of unknown instruments, not of the data."""
    flutes, tests = folder / "IRMAS-TrainingData" / "flu", folder / "IRMAS-TestingData-Part1" / "Part1"
    (flutes / "[flu][cla]0499__1.wav").write_bytes(b"RIFF")
    (flutes / "._[flu][cla]0402__1.wav").write_bytes(b"from a Mac")
    write(flutes / "[flu][cla]0498__1.wav", np.zeros(3 * RATE_HZ))
    write(tests / "no labels-1.wav", tone(200.0, 5.0))
    write(tests / "unknown-1.wav", tone(200.0, 5.0)).with_suffix(".txt").write_text("bas\t\n", encoding="utf-8")
    (tests / "damaged-1.wav").write_bytes(b"RIFF")
    (tests / "damaged-1.txt").write_text("flu\t\n", encoding="utf-8")
    write(folder / "IRMAS-TrainingData" / "kaz" / "[kaz][cla]0001__1.wav", tone(200.0, 3.0))
