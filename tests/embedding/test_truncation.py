from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from embedding.audio import read_audio
from embedding.errors import BadAudio

RATE_HZ = 44100


def recording(path: Path, **options: str) -> Path:
    samples = np.random.default_rng(0).normal(0, 0.1, (RATE_HZ, 2)).astype(np.float32)
    soundfile.write(path, samples, RATE_HZ, **options)
    return path


@pytest.mark.parametrize("suffix", ["wav", "aiff", "flac", "ogg", "mp3"])
def test_whole_recordings_are_read(tmp_path: Path, suffix: str) -> None:
    assert read_audio(recording(tmp_path / f"a.{suffix}")).samples.shape == (2, RATE_HZ)


@pytest.mark.parametrize("suffix", ["wav", "aiff", "flac", "ogg", "mp3"])
@pytest.mark.parametrize("kept", [0.02, 0.5, 0.9])
def test_cut_off_recordings_are_refused(tmp_path: Path, suffix: str, kept: float) -> None:
    file = recording(tmp_path / f"a.{suffix}")
    whole = file.read_bytes()
    file.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(BadAudio, match=r"truncated|cannot be decoded|holds no samples"):
        read_audio(file)


@pytest.mark.parametrize("length", [0xFFFFFFFF, 0x7FFFFFFF])
def test_a_length_that_was_never_known_is_no_promise(tmp_path: Path, length: int) -> None:
    file = recording(tmp_path / "a.wav", subtype="PCM_16")
    content = bytearray(file.read_bytes())
    at = content.index(b"data") + 4
    content[at : at + 4] = length.to_bytes(4, "little")
    file.write_bytes(content)
    assert read_audio(file).samples.shape == (2, RATE_HZ)


def test_what_follows_the_sound_is_no_harm(tmp_path: Path) -> None:
    file = recording(tmp_path / "a.wav")
    file.write_bytes(file.read_bytes() + b"LIST\x04\x00\x00\x00abcd")
    assert read_audio(file).samples.shape == (2, RATE_HZ)


def test_the_decoder_says_nothing_by_itself(tmp_path: Path) -> None:
    file = recording(tmp_path / "a.mp3")
    file.write_bytes(file.read_bytes()[:9000])
    program = (
        "import sys; from embedding.audio import read_audio; from embedding.errors import BadAudio\n"
        "try: read_audio(sys.argv[1])\nexcept BadAudio: print('refused', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=True)
    assert done.stderr == "refused\n"
