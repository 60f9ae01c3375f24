"""What all tests share: settings that touch nobody's folders, small real audio files, and the real command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

# Before numba is imported: two processes that fill one cache at the same time end in a segmentation fault.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["NUMBA_CACHE_DIR"] = str(Path(__file__).parents[1] / ".pytest_cache" / f"numba-{worker}")

import numpy as np
import pytest
import soundfile
from hypothesis import settings

from embedding.ears import Ears
from embedding.weights import load_ears

# How long an example takes says something of the machine, nothing of the program.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

RATE_HZ = 44100
Jacqueesbot = Callable[..., subprocess.CompletedProcess[str]]


def tone(frequency_hz: float, seconds: float, level: float = 0.3) -> np.ndarray:
    """[n] a decaying tone with five harmonics."""
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    waves = sum(np.sin(2 * np.pi * frequency_hz * k * at) / k for k in range(1, 6))
    return (level * np.exp(-2.0 * at / seconds) * waves).astype(np.float32)


def noise(seconds: float, level: float = 0.3, seed: int = 0) -> np.ndarray:
    """[n] a decaying burst of noise."""
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (level * np.exp(-20.0 * at) * np.random.default_rng(seed).standard_normal(at.size)).astype(np.float32)


def write(path: Path, samples: np.ndarray, rate_hz: int = RATE_HZ, **options: str) -> Path:
    """`path`, now an audio file of `samples` [n] or [n, channels]."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate_hz, **options)
    return path


@pytest.fixture(scope="session")
def ears() -> Ears:
    """The package's own."""
    return load_ears()


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """A config.yaml whose cache and token lie below the test's own folder."""
    file = tmp_path / "config.yaml"
    file.write_text(
        f"library: {{cache_folder: '{tmp_path / 'cache'}'}}\nosc: {{token_file: '{tmp_path / 'token'}'}}\n",
        encoding="utf-8",
    )
    return file


@pytest.fixture
def jacqueesbot(tmp_path: Path, config_file: Path) -> Jacqueesbot:
    """Runs the real command line in a process of its own, in an empty folder; output is no terminal."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def run(*arguments: object, timeout: float = 300.0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "controller", "--config", config_file, *arguments]
        return subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=elsewhere,
            timeout=timeout,
        )

    return run


@pytest.fixture
def small_library(tmp_path: Path) -> Path:
    """Six samples in two folders: three notes, two drums, one loop; names with a space and an umlaut."""
    folder = tmp_path / "samples"
    write(folder / "tönal" / "pluck A3.wav", tone(220.0, 1.0))
    write(folder / "tönal" / "pluck E4.flac", tone(329.63, 1.0))
    write(folder / "tönal" / "bass A1.wav", np.stack([tone(55.0, 1.2)] * 2, axis=1))
    write(folder / "drums" / "hat.wav", noise(0.2))
    write(folder / "drums" / "kick.aiff", tone(50.0, 0.3) + noise(0.3, 0.1, seed=1))
    write(folder / "drums" / "beat.wav", np.tile(noise(0.5, seed=2), 6))
    return folder
