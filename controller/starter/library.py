"""The starter library: which samples it has, and how they get into a folder."""

from __future__ import annotations

import shutil
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from controller.starter import basses, drums, keys, pads, plucks
from controller.starter.files import finished, write_pcm
from controller.starter.synthesis import Signal, note_hz
from embedding.errors import BadLibrary

VERSION = 1
"""Raised whenever a sample changes, so that libraries written earlier are written anew."""
MARKER_PREFIX = ".jacqueesbot-starter-"
MARKER = f"{MARKER_PREFIX}{VERSION}"

DRUM_PEAK_DB = -1.0
PITCHED_PEAK_DB = -3.0


Voice = Callable[[np.random.Generator], Signal]
PitchedVoice = Callable[[np.random.Generator, float], Signal]


@dataclass(frozen=True)
class StarterSample:
    folder: str
    name: str
    peak_db: float
    note: str | None
    """Scientific pitch notation ("A4" = 440 Hz); None for drums."""
    voice: Voice

    @property
    def path(self) -> str:
        """Where it lies in the library, e.g. plucks/pluck-bright-C3.wav."""
        return f"{self.folder}/{self.name}-{self.note}.wav" if self.note else f"{self.folder}/{self.name}.wav"

    def render(self) -> Signal:
        """[n] or [2, n] at 44.1 kHz; the same every time, whatever else the library holds."""
        return finished(self.voice(np.random.default_rng(zlib.crc32(self.path.encode()))), self.peak_db)


DRUMS: dict[str, Voice] = {
    "kick-deep": partial(drums.kick, seconds=0.6, start_hz=130, end_hz=44, sweep_seconds=0.045, drive=1.2, click=0.12),
    "kick-punch": partial(drums.kick, seconds=0.42, start_hz=260, end_hz=54, sweep_seconds=0.022, drive=2.2, click=0.3),
    "kick-tight": partial(drums.kick, seconds=0.3, start_hz=340, end_hz=68, sweep_seconds=0.013, drive=3.0, click=0.5),
    "snare-crisp": partial(drums.snare, seconds=0.32, head_hz=205, head=0.5, wires_low_hz=2200, wires_t60_seconds=0.22),
    "snare-fat": partial(drums.snare, seconds=0.42, head_hz=158, head=0.9, wires_low_hz=900, wires_t60_seconds=0.32),
    "snare-brush": partial(
        drums.snare,
        seconds=0.34,
        head_hz=180,
        head=0.12,
        wires_low_hz=1500,
        wires_t60_seconds=0.3,
        strike_seconds=0.025,
    ),
    "clap": drums.clap,
    "rim": drums.rim,
    "hat-closed": partial(drums.cymbal, seconds=0.12, base_hz=562, t60_seconds=0.11, low_hz=6800),
    "hat-soft": partial(drums.cymbal, seconds=0.09, base_hz=610, t60_seconds=0.08, low_hz=8500, metal=0.15),
    "hat-open": partial(drums.cymbal, seconds=0.6, base_hz=562, t60_seconds=0.75, low_hz=6400),
    "shaker": drums.shaker,
    "tom-low": partial(drums.tom, seconds=0.65, end_hz=82),
    "tom-mid": partial(drums.tom, seconds=0.55, end_hz=118),
    "tom-high": partial(drums.tom, seconds=0.45, end_hz=165),
    "crash": drums.crash,
    "ride": drums.ride,
}

# Notes lie a fourth or a tritone apart, so that three semitones of repitch reach all between them.
PITCHED: tuple[tuple[str, str, PitchedVoice, str], ...] = (
    ("bass", "bass-sub", basses.sub, "E1 A1 D2"),
    ("bass", "bass-saw", basses.saw, "E1 A1 D2"),
    ("bass", "bass-fm", basses.fm, "E1 A1 D2"),
    ("bass", "bass-picked", basses.picked, "E1 A1 D2"),
    ("plucks", "pluck-bright", plucks.bright, "C3 F3 B3 E4"),
    ("plucks", "pluck-nylon", plucks.nylon, "G2 C3 F3"),
    ("plucks", "pluck-glass", plucks.glass, "B3 E4 A4"),
    ("plucks", "marimba", plucks.marimba, "F3 B3 E4"),
    ("keys", "piano", keys.piano, "G2 C3 F3 B3 E4"),
    ("keys", "electric-piano", keys.electric_piano, "C3 F3 B3 E4"),
    ("keys", "organ", keys.organ, "C3 F3 B3"),
    ("keys", "bell", keys.bell, "A4 D5"),
    ("pads", "pad-warm", pads.warm, "C3 F3 B3"),
    ("pads", "strings", pads.strings, "F3 B3 E4"),
    ("pads", "choir", pads.choir, "F3 B3"),
)


def starter_samples() -> tuple[StarterSample, ...]:
    """All samples of the library, drums first."""
    unpitched = [StarterSample("drums", name, DRUM_PEAK_DB, None, voice) for name, voice in DRUMS.items()]
    pitched = [
        StarterSample(folder, name, PITCHED_PEAK_DB, note, _at_pitch(voice, note_hz(note)))
        for folder, name, voice, notes in PITCHED
        for note in notes.split()
    ]
    return (*unpitched, *pitched)


def _at_pitch(voice: PitchedVoice, frequency_hz: float) -> Voice:
    return lambda rng: voice(rng, frequency_hz)


def write_starter_library(folder: Path) -> Path:
    """`folder` itself, holding the whole library of this version; written only where that is not so already.

    It is written beside and renamed, so that `folder` is never half a library. An earlier or damaged starter library in
    its place is replaced whole. Raises BadLibrary where `folder` is a file, or holds files but no starter library.
    """
    if _is_complete(folder):
        return folder
    _require_replaceable(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
        fresh = Path(beside) / "fresh"
        for sample in starter_samples():
            target = fresh / sample.path
            target.parent.mkdir(parents=True, exist_ok=True)
            write_pcm(target, sample.render())
        (fresh / MARKER).write_text(_manifest(fresh), encoding="utf-8")
        _put_in_place(fresh, folder, Path(beside) / "replaced")
    return folder


def _put_in_place(fresh: Path, folder: Path, replaced: Path) -> None:
    if folder.exists():
        folder.rename(replaced)
    try:
        fresh.rename(folder)
    except OSError:
        # another process may have been quicker; its library is as good as ours
        if not _is_complete(folder):
            raise
    shutil.rmtree(replaced, ignore_errors=True)


def _manifest(folder: Path) -> str:
    """One line "bytes path" for each sample."""
    return "".join(f"{(folder / s.path).stat().st_size} {s.path}\n" for s in starter_samples())


def _is_complete(folder: Path) -> bool:
    """Whether `folder` has this version's marker and every sample at the size that the marker notes."""
    try:
        return (folder / MARKER).read_text(encoding="utf-8") == _manifest(folder)
    except OSError:
        return False


def _require_replaceable(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise BadLibrary(f"{folder}: is a file; the starter library needs a folder (is the path spelled right?)")
    if folder.is_dir() and any(folder.iterdir()) and not any(folder.glob(f"{MARKER_PREFIX}*")):
        raise BadLibrary(
            f"{folder}: holds files that are no starter library; give an empty or a new folder (your own samples?)"
        )
