"""The sample library: a folder of audio files, heard once and remembered. The folder itself is never written to."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from controller.features import kind_of, measure
from controller.files import replacing
from controller.library_files import FileStamp, content_hash, find_audio
from controller.library_index import Facts, LibraryIndex, open_index
from controller.progress import Progress
from embedding.analysis import SAMPLE_RATE_HZ
from embedding.audio import ALLOWED, Audio, read_audio, require_sound
from embedding.cores import usable_cores
from embedding.errors import BadAudio, BadLibrary, JacqueesError
from embedding.kernels import FloatArray
from search.arrangement import Sample

FILES_AT_ONCE = 32
UNPITCHED = "unpitched"
DECODED_FORMAT = 1
ONE_AT_A_TIME = Lock()
"""numpy reads a file's head with Python's parser, which in CPython 3.11 may fail where threads take turns in it."""


class Heard(Protocol):
    @property
    def embeddings(self) -> FloatArray: ...
    @property
    def probabilities(self) -> FloatArray: ...


class Listens(Protocol):
    """What the library needs of the ears, asked from several threads at once."""

    @property
    def card(self) -> Mapping[str, Any]: ...
    def hear(self, windows: FloatArray) -> Heard: ...


@dataclass(frozen=True)
class DecodedAudio:
    """Decoded files by content hash, kept in the cache folder as float32 [channels, n] and memory-mapped."""

    folder: Path

    def file_of(self, content: str) -> Path:
        return self.folder / f"decoded-{DECODED_FORMAT}" / content[:2] / f"{content}.npy"

    def keep(self, content: str, audio: Audio) -> None:
        with replacing(self.file_of(content)) as temporary, temporary.open("wb") as stream:
            np.save(stream, audio.samples)

    def read(self, sample: Sample) -> Audio:
        """From the cache, else from the file itself."""
        try:
            with ONE_AT_A_TIME:
                samples = np.load(self.file_of(sample.content_hash), mmap_mode="r")
            return Audio(samples, sample.sample_rate_hz)
        except (OSError, ValueError):
            audio = read_audio(sample.path)
            self.keep(sample.content_hash, audio)
            return audio


@dataclass(frozen=True, eq=False)
class Library:
    """`samples` sorted by path, one for each content; `unreadable`: (path, reason) of files that were left out."""

    folder: Path
    samples: tuple[Sample, ...]
    unreadable: tuple[tuple[str, str], ...]
    decoded: DecodedAudio = field(repr=False)

    @cached_property
    def by_path(self) -> dict[str, Sample]:
        return {sample.path: sample for sample in self.samples}

    def audio(self, sample: Sample) -> Audio:
        """As decoded: all channels, the file's own rate. Memory-mapped: do not write to it."""
        return self.decoded.read(sample)

    def mono(self, sample: Sample) -> FloatArray:
        """[n] at 22.05 kHz."""
        return self.audio(sample).at_rate(SAMPLE_RATE_HZ).mono()

    def sounds(self, path: str) -> tuple[FloatArray, int]:
        """(mono [n], sample rate in Hz) of the sample at `path`."""
        sample = self.by_path.get(path)
        audio = read_audio(path) if sample is None else self.audio(sample)  # of another library: it stood in the set
        return audio.mono(), audio.sample_rate_hz


def index_library(folder: Path, ears: Listens, cache_folder: Path, progress: Progress) -> Library:
    """The samples in and below `folder`. Only what is new since the last time is decoded and heard.

    Files that cannot be used are left out with a warning. BadLibrary where the folder is missing or none is usable,
    JacqueesError where what was heard cannot be kept in the cache.
    """
    try:
        return _indexed(folder, ears, cache_folder, progress)
    except (OSError, sqlite3.OperationalError) as why:
        raise JacqueesError(
            f"{folder}: its samples could not be indexed: {why} (is the disk full, or another JacqueesBot at work in "
            f"{cache_folder}?)"
        ) from why


def _indexed(folder: Path, ears: Listens, cache_folder: Path, progress: Progress) -> Library:
    stamps, unreadable = find_audio(folder)
    decoded = DecodedAudio(cache_folder)
    with open_index(cache_folder, ears_key(ears)) as index:
        known, facts = index.contents(), index.facts()
        new = [stamp for stamp in stamps if known.get(stamp.key) not in facts]
        for first in range(0, len(new), FILES_AT_ONCE):
            progress.show("indexing", first / len(new))
            unreadable += _index_batch(new[first : first + FILES_AT_ONCE], ears, index, decoded)
        if new:
            progress.show("indexing", 1.0)
            known, facts = index.contents(), index.facts()
    unreadable.sort()
    for path, reason in unreadable:
        progress.warn(f"left out: {reason if path in reason else f'{path}: {reason}'}")
    samples = tuple(_samples(folder, stamps, known, facts))
    if not samples:
        raise BadLibrary(f"{folder}: none of its {len(stamps)} audio files can be used; give a folder with {ALLOWED}")
    return Library(folder, samples, tuple(unreadable), decoded)


def ears_key(ears: Listens) -> str:
    """Other ears, other facts: the card holds the weights' checksum."""
    return hashlib.sha256(json.dumps(dict(ears.card), sort_keys=True, default=str).encode()).hexdigest()


def _index_batch(
    stamps: list[FileStamp], ears: Listens, index: LibraryIndex, decoded: DecodedAudio
) -> list[tuple[str, str]]:
    """Decodes, hears and remembers the files; returns those that cannot be used."""

    def load(stamp: FileStamp) -> tuple[str, Facts] | BadAudio:
        try:
            audio = require_sound(read_audio(stamp.path), stamp.path)
            content = _content_of(stamp.path)
        except BadAudio as why:
            return why
        decoded.keep(content, audio)
        return content, _facts(audio, ears)

    # files side by side, each on one thread: linear algebra on threads of its own would only be in the way
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(usable_cores()) as pool:
        loaded = list(zip(stamps, pool.map(load, stamps), strict=True))
    usable = [(stamp, *result) for stamp, result in loaded if not isinstance(result, BadAudio)]
    index.add(
        [(stamp, content) for stamp, content, _ in usable],
        [(content, facts) for _, content, facts in usable],
    )
    return [(str(stamp.path), str(result)) for stamp, result in loaded if isinstance(result, BadAudio)]


def _content_of(file: Path) -> str:
    try:
        return content_hash(file)
    except OSError as why:
        raise BadAudio(f"{file}: cannot be read ({why.strerror}; removed meanwhile?)") from why


def _facts(audio: Audio, ears: Listens) -> Facts:
    from embedding.classify import predominant

    measured = measure(audio)
    heard = ears.hear(measured.windows)
    probabilities = heard.probabilities.mean(axis=0)
    return Facts(
        seconds=measured.seconds,
        sample_rate_hz=measured.sample_rate_hz,
        channels=measured.channels,
        pitch_midi=measured.pitch_midi,
        loudness_db=measured.loudness_db,
        onset_count=measured.onset_count,
        instrument=predominant(probabilities) or UNPITCHED,
        embedding=heard.embeddings.mean(axis=0),
    )


def _samples(
    folder: Path, stamps: list[FileStamp], known: dict[tuple[bytes, int, int], str], facts: dict[str, Facts]
) -> Iterator[Sample]:
    taken: set[str] = set()
    for stamp in stamps:
        content = known.get(stamp.key)
        if content is None or content not in facts or content in taken:
            continue
        taken.add(content)
        fact = facts[content]
        yield Sample(
            path=str(stamp.path),
            content_hash=content,
            seconds=fact.seconds,
            sample_rate_hz=fact.sample_rate_hz,
            channels=fact.channels,
            instrument=fact.instrument,
            pitch_midi=fact.pitch_midi,
            loudness_db=fact.loudness_db,
            kind=kind_of(stamp.path.relative_to(folder.absolute()), fact.seconds, fact.onset_count),
            embedding=fact.embedding,
        )
