"""Recovery cases: recordings made of a library's samples, with the truth of what sounds when.

    sources = sources_of("B", seed, files_in(library), [])
    write_samples(sources, folder)
    case = made_case("B", seed, files_in(folder))

The same tier, seed and library give the same case. All sounds are mono at 44.1 kHz; a target's peak is at 0.5.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import numpy as np
import soundfile

from embedding.audio import Audio
from embedding.kernels import FloatArray, db_to_gain, gain_to_db, resample
from tests.benchmarks.case_sounds import RATE_HZ, at_peak, centroid_hz, in_a_room, limited, prepared

LEAST_HEARD_SECONDS = 0.25
"""Clips away from a grid start so long before the target's end, at the latest."""
FLAM_SECONDS = (0.04, 0.15)
MASKING_DB = (-3.0, 0.0)
MASKED_DB = (-15.0, -9.0)
MASKED_SECONDS = (0.0, 0.05)
SIMILAR = 10
"""A masked sample is one of so many of the nearest spectral centroid."""


@dataclass(frozen=True, order=True)
class Placed:
    """The library's file at `path` sounds from `start_seconds` on, `gain_db` louder than the file, repitched."""

    start_seconds: float
    path: Path
    gain_db: float
    semitones: int


Draw = Callable[["Tier", np.random.Generator, Sequence[Path]], Iterator[Placed]]


@dataclass(frozen=True)
class Tier:
    """`draw` gives as many clips as are asked for; `treated` is done to their sum."""

    seconds: float
    clips: int
    draw: Draw
    gains_db: tuple[float, float] = (-12.0, 0.0)
    grid_seconds: float | None = None
    most_semitones: int = 0
    library: int | None = None
    """How many samples of the first source; None for all."""
    whole: int = 0
    """How many samples in all, the rest from the second source."""
    mp3: bool = False
    treated: Callable[[FloatArray, np.random.Generator], FloatArray] | None = None


@dataclass(frozen=True, eq=False)
class Case:
    """`encoded` is the target as a file's bytes, of which `suffix` names the format. In `truth`, starts are those in
    the decoded target and gains hold its normalisation."""

    encoded: bytes
    suffix: str
    samples: tuple[Path, ...]
    truth: tuple[Placed, ...]

    @property
    def audio(self) -> Audio:
        samples, rate_hz = soundfile.read(BytesIO(self.encoded), dtype="float32", always_2d=True)
        return Audio(np.ascontiguousarray(samples.T), rate_hz)


def scattered(tier: Tier, rng: np.random.Generator, files: Sequence[Path]) -> Iterator[Placed]:
    """Any sample at any moment, or at any of the grid's."""
    while True:
        if tier.grid_seconds is None:
            start_seconds = rng.uniform(0.0, tier.seconds - LEAST_HEARD_SECONDS)
        else:
            start_seconds = tier.grid_seconds * rng.integers(round(tier.seconds / tier.grid_seconds))
        semitones = int(rng.integers(-tier.most_semitones, tier.most_semitones + 1))
        yield _placed(start_seconds, files[rng.integers(len(files))], rng.uniform(*tier.gains_db), semitones)


def doubled(tier: Tier, rng: np.random.Generator, files: Sequence[Path]) -> Iterator[Placed]:
    """Hits in pairs: by turns the same sample again within 150 ms, or another one at the same moment."""
    for number, first in enumerate(scattered(tier, rng, files)):
        yield first
        gain_db = rng.uniform(*tier.gains_db)
        if number % 2 == 0:
            yield _placed(first.start_seconds + rng.uniform(*FLAM_SECONDS), first.path, gain_db, 0)
        else:
            yield _placed(first.start_seconds, files[rng.integers(len(files))], gain_db, 0)


def masked(tier: Tier, rng: np.random.Generator, files: Sequence[Path]) -> Iterator[Placed]:
    """Pairs of a loud sample and a soft one of about the same spectral centroid within 50 ms of it."""
    order = [files[place] for place in np.argsort([centroid_hz(prepared(file)) for file in files], kind="stable")]
    for drawn in scattered(tier, rng, files):
        loud = replace(drawn, gain_db=rng.uniform(*MASKING_DB))
        yield loud
        around = max(0, order.index(loud.path) - SIMILAR // 2)
        near = [file for file in order[around : around + SIMILAR + 1] if file != loud.path]
        later_seconds = loud.start_seconds + rng.uniform(*MASKED_SECONDS)
        yield _placed(later_seconds, near[rng.integers(len(near))], rng.uniform(*MASKED_DB), 0)


TIERS = {
    "A": Tier(12.0, 40, scattered, gains_db=(0.0, 0.0), grid_seconds=0.125, library=128),
    "B": Tier(20.0, 80, scattered),
    "C": Tier(20.0, 80, scattered, most_semitones=5, mp3=True),
    "D": Tier(20.0, 80, scattered, whole=5000),
    "doubled": Tier(20.0, 80, doubled),
    "masked": Tier(20.0, 80, masked),
    "duplicates": Tier(20.0, 80, scattered),
    "reverb": Tier(20.0, 80, scattered, treated=in_a_room),
    "limiter": Tier(20.0, 80, scattered, treated=limited),
}


def sources_of(tier: str, seed: int, library: Sequence[Path], more: Sequence[Path]) -> list[Path]:
    """What a case's library is made of. Only tier A's differs between seeds, so that the others are indexed once."""
    wanted = TIERS[tier]
    chosen = _chosen(library, wanted.library, _random(tier, seed, 1))
    return chosen + _chosen(more, max(0, wanted.whole - len(chosen)), np.random.default_rng(0))


def made_case(tier: str, seed: int, files: Sequence[Path]) -> Case:
    """A target made of the samples `files`, which `write_samples` wrote."""
    wanted, rng = TIERS[tier], _random(tier, seed)
    drawn: dict[tuple[Path, float], Placed] = {}
    for placed in wanted.draw(wanted, rng, files):
        if placed.start_seconds < wanted.seconds - LEAST_HEARD_SECONDS / 2:
            drawn.setdefault((placed.path, placed.start_seconds), placed)
        if len(drawn) == wanted.clips:
            break
    mix = mixed(list(drawn.values()), wanted.seconds)
    if wanted.treated is not None:
        mix = wanted.treated(mix, rng)
    target = at_peak(mix)
    added_db = gain_to_db(float(np.abs(target).max()) / float(np.abs(mix).max()))
    encoded = _encoded(target, wanted.mp3)
    decoded, _ = soundfile.read(BytesIO(encoded), dtype="float32")
    late_seconds = delay_samples(target, decoded) / RATE_HZ if wanted.mp3 else 0.0
    truth = (
        replace(one, gain_db=one.gain_db + added_db, start_seconds=one.start_seconds + late_seconds)
        for one in drawn.values()
    )
    return Case(encoded, ".mp3" if wanted.mp3 else ".wav", tuple(files), tuple(sorted(truth)))


def mixed(clips: Sequence[Placed], seconds: float) -> FloatArray:
    """[n] the sum; what sounds behind the end is cut."""
    mix = np.zeros(round(seconds * RATE_HZ), np.float32)
    for clip in clips:
        voice = resample(prepared(clip.path)[np.newaxis], RATE_HZ, RATE_HZ, clip.semitones)[0]
        first = round(clip.start_seconds * RATE_HZ)
        mix[first : first + voice.size] += np.float32(db_to_gain(clip.gain_db)) * voice[: mix.size - first]
    return mix


def delay_samples(original: FloatArray, later: FloatArray) -> int:
    """By how much `later` lags, from the greatest cross-correlation: an encoder's padding, where the decoder does not
    take it off (libsndfile's does, by the file's LAME tag)."""
    size = 2 ** int(np.ceil(np.log2(original.size + later.size)))
    products = np.fft.irfft(np.fft.rfft(later, size) * np.conj(np.fft.rfft(original, size)), size)
    lag = int(products.argmax())
    return lag if lag < size // 2 else lag - size


def _placed(start_seconds: float, path: Path, gain_db: float, semitones: int) -> Placed:
    return Placed(round(start_seconds * RATE_HZ) / RATE_HZ, path, float(gain_db), semitones)


def _chosen(files: Sequence[Path], count: int | None, rng: np.random.Generator) -> list[Path]:
    if count is None or count >= len(files):
        return list(files)
    return [files[place] for place in sorted(rng.choice(len(files), count, replace=False))]


def _random(tier: str, seed: int, use: int = 0) -> np.random.Generator:
    return np.random.default_rng([zlib.crc32(tier.encode()), seed, use])


def _encoded(target: FloatArray, mp3: bool) -> bytes:
    stream = BytesIO()
    if mp3:
        soundfile.write(stream, target, RATE_HZ, format="MP3", subtype="MPEG_LAYER_III")
    else:
        soundfile.write(stream, target, RATE_HZ, format="WAV", subtype="PCM_24")
    return stream.getvalue()
