"""The audio files that are placed in Live: the library's own where a clip begins at its start, else an exact cut.

Live cannot be told by API to begin inside a file, and it does not open all that is heard here. So such a clip gets a
file of its own, written once into the placement folder under a name made from its content, with a note beside it of
which sample it was cut from and where.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import soundfile

from controller.files import replacing
from embedding.audio import Audio, read_audio, write_wav
from embedding.errors import BadAudio, BadOption
from embedding.kernels import semitones_to_ratio
from live_simulator.audio_files import ANY_VERSION, HIGHEST_RATE_HZ, opened_since
from live_simulator.errors import CannotOpen
from search.arrangement import Clip
from search.rendering import cut_for

FORMAT = "jacqueesbot-cut"
SAMPLES_KEPT = 8
LOSSY = ("MP3", "OGG")
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class PlacedFile:
    """What Live is given for a clip: the file, played from its start to `end_seconds` (of the file)."""

    path: str
    end_seconds: float


@dataclass(frozen=True)
class Source:
    """What a placed file is cut from: `offset_seconds` into the library's `sample`."""

    sample: str
    offset_seconds: float


def placed_file(
    clip: Clip,
    folder: Path,
    decode: Callable[[str], Audio] = read_audio,
    standing: Mapping[str, str] = NOTHING,
) -> PlacedFile:
    """The file to place for `clip`, written into `folder` if it has to be and is not there yet. `standing`: files that
    the set plays already, by name, wherever they lie: no clip is made anew for its file's folder.

    A clip that goes on behind its sample's end is cut there. BadAudio, BadOption where the sample cannot be read or the
    clip begins behind its end.
    """
    file_seconds = clip.length_seconds * semitones_to_ratio(clip.transpose_semitones)
    if clip.offset_seconds == 0.0:
        info = _info_of(clip.sample)
        if info.live_plays:
            return PlacedFile(clip.sample, min(file_seconds, info.seconds))
    audio = _as_live_opens(decode(clip.sample))
    rate_hz = audio.sample_rate_hz
    start = round(clip.offset_seconds * rate_hz)
    if not 0 <= start < audio.samples.shape[1]:
        raise BadOption(
            f"{clip.sample}: a clip begins {clip.offset_seconds:g} s into it; it lasts {audio.seconds:g} s "
            "(was the file replaced since it was indexed?)"
        )
    cut = cut_for(clip, audio.samples, rate_hz)
    path = _write_cut(Audio(cut, rate_hz), Source(clip.sample, clip.offset_seconds), folder, standing)
    return PlacedFile(str(path), min(file_seconds, cut.shape[1] / rate_hz))


def caching(decode: Callable[[str], Audio] = read_audio) -> Callable[[str], Audio]:
    """`decode` that keeps the last few samples: a build cuts the same ones again and again."""
    return lru_cache(maxsize=SAMPLES_KEPT)(decode)


def source_of(path: str) -> Source:
    """The sample that a placed file was cut from; a file that we did not cut is its own."""
    note = Path(path).with_suffix(".json")
    try:
        found = json.loads(note.read_text(encoding="utf-8"))
        if found["format"] == FORMAT and found["file"] == Path(path).name:
            return Source(str(found["sample"]), float(found["offset_seconds"]))
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no note of ours beside it: a library's file, whatever may lie beside that
    return Source(path, 0.0)


def _write_cut(audio: Audio, source: Source, folder: Path, standing: Mapping[str, str]) -> Path:
    """Sample and offset are part of the name, so that each file has one source: equal sounds may come from two."""
    digest = hashlib.sha256(f"{source.sample}\n{source.offset_seconds!r}\n{audio.sample_rate_hz}\n".encode())
    digest.update(np.ascontiguousarray(audio.samples, dtype="<f4").tobytes())
    path = folder.absolute() / f"{Path(source.sample).stem[:60]}-{digest.hexdigest()[:16]}.wav"
    there = standing.get(path.name)
    if there is not None and Path(there).is_file() and source_of(there) == source:
        return Path(there)
    note = path.with_suffix(".json")
    if path.exists() and note.exists():
        return path
    told = {"format": FORMAT, "file": path.name, "sample": source.sample, "offset_seconds": source.offset_seconds}
    with replacing(note) as beside:
        beside.write_text(json.dumps(told, indent=1), encoding="utf-8")
    with replacing(path) as beside:
        write_wav(beside, audio)
    return path


def _as_live_opens(audio: Audio) -> Audio:
    """Of more than two channels their mean, which is what the planner hears."""
    samples = audio.samples if audio.samples.shape[0] <= 2 else audio.mono()[np.newaxis]
    return Audio(samples, audio.sample_rate_hz).at_rate(min(audio.sample_rate_hz, HIGHEST_RATE_HZ))


class _Info(NamedTuple):
    seconds: float
    live_plays: bool
    """By any version, and to the sample as it is heard here: how much silence comes before the sound of an mp3 or ogg
    file is up to who decodes it."""


@lru_cache(maxsize=4096)
def _info_at(path: str, changed_ns: int) -> _Info:
    try:
        info = soundfile.info(path)
        return _Info(float(info.duration), info.format not in LOSSY and opened_since(path) == ANY_VERSION)
    except CannotOpen:
        return _Info(float(soundfile.info(path).duration), False)
    except (soundfile.LibsndfileError, RuntimeError) as why:
        raise BadAudio(f"{path}: cannot be decoded; the library should hold sound files (damaged since?)") from why


def _info_of(path: str) -> _Info:
    try:
        return _info_at(path, os.stat(path).st_mtime_ns)  # noqa: PTH116
    except FileNotFoundError as why:
        raise BadAudio(f"{path}: no such file; the library should hold it (moved or renamed since?)") from why
