"""Audio in and out of files. Decoding is libsndfile's: wav, aiff, flac, ogg and mp3 at any rate."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from embedding.errors import BadAudio
from embedding.kernels import FloatArray, resample
from embedding.truncation import decoder_kept_quiet, is_cut_off

AUDIO_SUFFIXES = frozenset({".wav", ".aif", ".aiff", ".flac", ".ogg", ".oga", ".mp3"})
ALLOWED = "a wav, aiff, flac, ogg or mp3 file"
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 1000, 1_000_000
"""Other rates are those of damaged headers; at 1 Hz a song's samples last for days."""
LOUDEST = 1e6
"""The largest sample, 120 dB above full scale: squares of its spectrum are far from overflowing."""
HEADER_BYTES = 64
"""Of a float wav that libsndfile wrote, up to and with the time in its PEAK chunk."""


@dataclass(frozen=True, eq=False)
class Audio:
    """float32 `samples` [channels, n], nominally in [-1, 1], at `sample_rate_hz`."""

    samples: FloatArray
    sample_rate_hz: int

    @property
    def seconds(self) -> float:
        return float(self.samples.shape[1] / self.sample_rate_hz)

    def mono(self) -> FloatArray:
        """[n]: the mean of the channels, which is what ears hear. BadAudio where NaN, infinity or samples above 1e7 are
        in it: nothing that is worked out from them would be a number."""
        alone = self.samples.shape[0] == 1
        mono: FloatArray = self.samples[0] if alone else self.samples.mean(axis=0, dtype=np.float32)
        _refuse_immeasurable(mono, "the recording", 10.0 * LOUDEST)  # a resampled peak may be higher than in the file
        return mono

    def at_rate(self, sample_rate_hz: int) -> Audio:
        return Audio(resample(self.samples, self.sample_rate_hz, sample_rate_hz), sample_rate_hz)


def read_audio(path: str | os.PathLike[str]) -> Audio:
    """The whole file, decoded.

    Raises BadAudio where it is missing, a folder, not audio or truncated, where its rate is below 1 kHz or above 1 MHz,
    and where it holds NaN, infinity or samples above 1e6.
    A silent or very short file is no error here: see `require_sound`.
    """
    file = Path(path)
    if not file.exists():
        raise BadAudio(f"{file}: no such file; give {ALLOWED} (is the path spelled right?)")
    if file.is_dir():
        raise BadAudio(f"{file}: is a folder; give {ALLOWED} (one recording, not a library?)")
    if file.stat().st_size == 0:
        raise BadAudio(f"{file}: is empty (0 bytes); give {ALLOWED} (is it still being written?)")
    try:
        with (
            decoder_kept_quiet() if file.suffix.lower() == ".mp3" else nullcontext(),
            soundfile.SoundFile(file) as sound,
        ):
            promised, log, sample_rate_hz = sound.frames, sound.extra_info, sound.samplerate
            if not LOWEST_RATE_HZ <= sample_rate_hz <= HIGHEST_RATE_HZ:
                raise BadAudio(
                    f"{file}: has a sample rate of {sample_rate_hz} Hz; it must be {LOWEST_RATE_HZ} to "
                    f"{HIGHEST_RATE_HZ} (a damaged header?)"
                )
            samples = sound.read(dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError, OSError) as why:
        raise BadAudio(
            f"{file}: cannot be decoded ({_reason(why)}); give {ALLOWED} (damaged or another format?)"
        ) from why
    if samples.shape[1] == 0 or samples.shape[0] == 0:
        raise BadAudio(f"{file}: holds no samples; give {ALLOWED} with sound in it (truncated?)")
    if is_cut_off(file, log, promised, samples.shape[0]):
        raise BadAudio(f"{file}: is truncated, it holds less than it promises; give {ALLOWED} (still being copied?)")
    _refuse_immeasurable(samples, file, LOUDEST)
    return Audio(np.ascontiguousarray(samples.T), int(sample_rate_hz))


def require_sound(audio: Audio, path: str | os.PathLike[str], least_samples: int = 2) -> Audio:
    """`audio` itself; BadAudio where it is silent throughout (peak below -90 dBFS) or shorter than `least_samples`."""
    if audio.samples.shape[1] < least_samples:
        count = audio.samples.shape[1]
        raise BadAudio(f"{path}: is {count} sample(s) long; at least {least_samples} are needed (truncated?)")
    if float(np.abs(audio.samples).max()) < 10 ** (-90 / 20):
        raise BadAudio(f"{path}: is silent; a recording needs sound above -90 dBFS (wrong channel or take?)")
    return audio


def write_wav(path: str | os.PathLike[str], audio: Audio) -> None:
    """A float32 wav of `audio`, never normalised. The same audio makes the same file, byte for byte."""
    file = Path(path)
    soundfile.write(file, audio.samples.T, audio.sample_rate_hz, format="WAV", subtype="FLOAT")
    _forget_time_of_writing(file)


def _refuse_immeasurable(samples: FloatArray, name: object, most: float) -> None:
    loudest = float(np.abs(samples).max(initial=0.0))
    if not np.isfinite(loudest):
        raise BadAudio(f"{name}: holds NaN or infinite samples; all must be finite (a broken export?)")
    if loudest > most:
        raise BadAudio(
            f"{name}: holds samples up to {loudest:.0g}; full scale is 1, at most {most:.0g} can be heard "
            "(integers written as floats?)"
        )


def _forget_time_of_writing(wav: Path) -> None:
    """libsndfile notes it in the PEAK chunk of a float wav: name, size, version, seconds since 1970."""
    with wav.open("r+b") as stream:
        at = stream.read(HEADER_BYTES).find(b"PEAK")
        if at >= 0:
            stream.seek(at + 12)
            stream.write(bytes(4))


def _reason(why: BaseException) -> str:
    reason = str(getattr(why, "error_string", why)).strip().rstrip(".")
    return "no audio found in it" if reason.startswith("File does not exist") else reason
