"""Files as the audio engine has them: decoded, and resampled as they are played. Those used last are kept."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from embedding.audio import Audio, read_audio
from embedding.kernels import FloatArray, resample, semitones_to_ratio

from live_simulator.errors import CannotRender

MOST_BYTES = 512 * 2**20
"""Of float32 samples, decoded and resampled together. One sound that is larger is kept as long as it is in use."""
LONG_SECONDS = 16.0
MARGIN_SECONDS = 0.05
"""What is resampled beyond the end that is heard, so that nothing is heard of where the file was cut."""


class File(NamedTuple):
    """A file as it was when it was opened: one that was changed is another."""

    path: str
    changed_ns: int
    size_bytes: int


class Sounds:
    """Threads may share one; what two of them want at once is worked out twice."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[tuple[Any, ...], Audio] = OrderedDict()
        self._kept_bytes = 0
        self._lock = Lock()

    @property
    def kept_bytes(self) -> int:
        return self._kept_bytes

    def open(self, path: str) -> File:
        """BadAudio where it is not there or no audio."""
        file = _identity(path)
        self.decoded(file)
        return file

    def decoded(self, file: File) -> Audio:
        """BadAudio; CannotRender where the file is no longer the one that was opened."""
        return self._found((file,)) or self._keep((file,), _read(file))

    def played(
        self, file: File, from_seconds: float, rate_hz: int, semitones: float, heard_seconds: float
    ) -> FloatArray:
        """[channels, n] at `rate_hz` of the file from there on, repitched: at least `heard_seconds` of it, or up to its
        end. Of a long file not the whole is resampled; how much depends on the arguments alone."""
        reach_seconds = _reach_seconds(heard_seconds)
        key = (file, from_seconds, reach_seconds, rate_hz, semitones)
        kept = self._found(key)
        if kept is not None:
            return kept.samples
        audio = self.decoded(file)
        ratio = semitones_to_ratio(semitones)
        first = round(from_seconds * audio.sample_rate_hz)
        if audio.sample_rate_hz * ratio == rate_hz:
            return audio.samples[:, first:]
        part = audio.samples[:, first : first + round(reach_seconds * ratio * audio.sample_rate_hz)]
        return self._keep(key, Audio(resample(part, audio.sample_rate_hz, rate_hz, semitones), rate_hz)).samples

    def _found(self, key: tuple[Any, ...]) -> Audio | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: tuple[Any, ...], audio: Audio) -> Audio:
        with self._lock:
            if key in self._kept:
                return self._kept[key]
            self._kept[key] = audio
            self._kept_bytes += audio.samples.nbytes
            while self._kept_bytes > self._most_bytes and len(self._kept) > 1:
                self._kept_bytes -= self._kept.popitem(last=False)[1].samples.nbytes
            return audio


def _reach_seconds(heard_seconds: float) -> float:
    """How much of a sound is resampled, as heard: 16 s, 32 s and so on."""
    reach_seconds = LONG_SECONDS
    while reach_seconds < heard_seconds + MARGIN_SECONDS:
        reach_seconds *= 2.0
    return reach_seconds


def _read(file: File) -> Audio:
    audio = read_audio(file.path)
    if _identity(file.path) != file:
        raise CannotRender(f"{file.path}: was changed while it was used (is it still being written?)")
    return audio


def _identity(path: str) -> File:
    """A missing file is for read_audio to tell."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return File(path, 0, 0)
    return File(path, status.st_mtime_ns, status.st_size)
