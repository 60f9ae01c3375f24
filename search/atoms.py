"""Atoms: what can be placed. Each sample at each transposition it may have, as a patch of pooled bands from its
attack on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from embedding.analysis import HOP_SAMPLES, SAMPLE_RATE_HZ
from embedding.kernels import FloatArray, resample, semitones_to_ratio
from embedding.onsets import onsets_seconds
from search.arrangement import Sample
from search.bands import BANDS, MEL_BANDS, PATCH_FRAMES, STEPS, band_filters, framed, pooling_at
from search.rendering import Sounds
from search.roles import role_of
from search.rules import Rules

UNPITCHED_SEMITONES = (-4, -2, 0, 2, 4)
PREFERENCE = {"Texture": 0.5, "Loops": 0.5}
"""By role, 1 for all others. Long broad-band sounds fit anything loosely: at par sketches of six recordings of 20 s
held 33 s of them on the mean, at half 1 s. Neither the score nor other measures tell the difference; pictures do."""
LEAST_OFFSET_SECONDS = 0.05
MOST_OFFSETS = 16
OFFSET_REACH_SAMPLES = 220
LONGEST_SECONDS = PATCH_FRAMES * HOP_SAMPLES / SAMPLE_RATE_HZ


@dataclass(frozen=True, eq=False)
class Atoms:
    """`magnitudes` [n, 53 * 60] and, of each of the n atoms: index of its sample, semitones, seconds from the sample's
    beginning to its attack and to its end, both as heard after the repitch, and the offset into the sample."""

    samples: tuple[Sample, ...]
    magnitudes: FloatArray
    squares: FloatArray
    sample_index: npt.NDArray[np.intp]
    semitones: FloatArray
    offset_seconds: FloatArray
    attack_seconds: FloatArray
    heard_seconds: FloatArray
    roles: tuple[str, ...]
    """One per sample; `samples` are those that may be used."""
    preference: FloatArray
    """[n], 0 to 1."""
    barred: frozenset[str]
    """Paths of the samples that must not be used."""

    @property
    def roles_by_path(self) -> dict[str, str]:
        return {sample.path: role for sample, role in zip(self.samples, self.roles, strict=True)}

    @property
    def count(self) -> int:
        return int(self.magnitudes.shape[0])

    def of_samples(self, wanted: Sequence[bool]) -> Atoms:
        """Only the atoms of the samples that are `wanted`."""
        kept = np.flatnonzero(np.asarray(wanted, dtype=bool)[self.sample_index])
        arrays = {
            one.name: getattr(self, one.name)[kept]
            for one in fields(self)
            if isinstance(getattr(self, one.name), np.ndarray)
        }
        return replace(self, **arrays)


MakesAtoms = Callable[[Sequence[Sample], Sounds, Rules], Atoms]
"""`make_atoms`, or one that remembers."""


def make_atoms(samples: Sequence[Sample], sounds: Sounds, rules: Rules) -> Atoms:
    """Atoms of the samples that sound and that the rules allow; pitched ones at every transposition that is allowed,
    others at a few."""
    barred = {sample.path for sample in samples if not rules.may_allow_path(sample.path)}
    samples = [sample for sample in samples if sample.path not in barred]
    columns: list[FloatArray] = []
    used: list[Sample] = []
    roles: list[str] = []
    rows: list[tuple[int, float, float, float, float]] = []
    with ThreadPoolExecutor() as pool:
        loading = [pool.submit(_start_of, sample, sounds) for sample in samples]
    for sample, loaded in zip(samples, loading, strict=True):
        sound = loaded.result()
        if not sound.any():
            continue
        attack = attack_samples(sound)
        semitones = semitones_of(sample, rules.transpositions)
        spectrum = _spectrum(sound, attack, max(semitones))
        role = role_of(sample, _mel_magnitudes(spectrum))
        if not rules.allows_sample(sample.path, sample.instrument, role):
            barred.add(sample.path)
            continue
        index = len(used)
        used.append(sample)
        roles.append(role)
        for step in semitones:
            ratio = semitones_to_ratio(step)
            if sample.seconds / ratio >= rules.shortest_seconds:
                columns.append(_patch(spectrum, ratio))
                rows.append((index, step, 0.0, attack / SAMPLE_RATE_HZ / ratio, sample.seconds / ratio))
        for offset_seconds in offsets_seconds(sample, sound) if 0 in rules.transpositions else []:
            if sample.seconds - offset_seconds >= rules.shortest_seconds:
                columns.append(_patch(_spectrum(sound, round(offset_seconds * SAMPLE_RATE_HZ), 0), 1.0))
                rows.append((index, 0, offset_seconds, 0.0, sample.seconds - offset_seconds))
    table = np.array(rows, dtype=np.float64).reshape(-1, 5)
    magnitudes = np.stack(columns) if columns else np.zeros((0, STEPS * BANDS), np.float32)
    return Atoms(
        samples=tuple(used),
        magnitudes=magnitudes,
        squares=np.square(magnitudes),
        sample_index=table[:, 0].astype(np.intp),
        semitones=table[:, 1].astype(np.float32),
        offset_seconds=table[:, 2].astype(np.float32),
        attack_seconds=table[:, 3].astype(np.float32),
        heard_seconds=table[:, 4].astype(np.float32),
        roles=tuple(roles),
        preference=np.array([PREFERENCE.get(roles[int(row[0])], 1.0) for row in rows], dtype=np.float32),
        barred=frozenset(barred),
    )


def roles_of(samples: Sequence[Sample], sounds: Sounds, rules: Rules) -> dict[str, str]:
    """By path, of those of the samples, which all sound, that the rules allow."""
    roles = {sample: heard_role(sample, _start_of(sample, sounds)) for sample in samples}
    return {s.path: role for s, role in roles.items() if rules.allows_sample(s.path, s.instrument, role)}


def semitones_of(sample: Sample, allowed: Sequence[int]) -> tuple[int, ...]:
    """Those of the transpositions that are allowed at which a sample is worth trying."""
    if sample.pitch_midi is not None:
        return tuple(allowed)
    return tuple(step for step in UNPITCHED_SEMITONES if step in allowed) or (min(allowed, key=abs),)


def heard_role(sample: Sample, sound: FloatArray) -> str:
    """Of a sample whose beginning `sound` [n] at 22.05 kHz is not silent."""
    return role_of(sample, _mel_magnitudes(_spectrum(sound, attack_samples(sound), 0)))


def _mel_magnitudes(spectrum: FloatArray) -> FloatArray:
    return np.asarray((spectrum @ band_filters(1.0))[:, :MEL_BANDS], dtype=np.float32)


def _start_of(sample: Sample, sounds: Sounds) -> FloatArray:
    """[n] at 22.05 kHz: as much of the sample as 4 s need when played fastest."""
    mono, rate_hz = sounds(sample.path)
    start = mono[np.newaxis, : round(2.1 * LONGEST_SECONDS * rate_hz)]
    sound: FloatArray = resample(start, rate_hz, SAMPLE_RATE_HZ)[0]
    return sound


def offsets_seconds(sample: Sample, sound: FloatArray) -> list[float]:
    """Where a clip may begin inside a sample: at the onsets of a loop, whose hits can then be had one by one."""
    if sample.kind != "loop":
        return []
    inside = [float(onset) for onset in onsets_seconds(sound) if LEAST_OFFSET_SECONDS < onset < sample.seconds]
    quiet = [_crossing_before(sound, round(onset * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ for onset in inside[:MOST_OFFSETS]]
    return [round(offset * sample.sample_rate_hz) / sample.sample_rate_hz for offset in quiet]


def _crossing_before(sound: FloatArray, at: int) -> int:
    """The last zero crossing within 10 ms before sample number `at`, so that a clip does not begin with a click."""
    signs = np.signbit(sound[max(0, at - OFFSET_REACH_SAMPLES) : at + 1])
    crossings = np.flatnonzero(signs[1:] != signs[:-1])
    return at - (signs.size - 1 - int(crossings[-1])) + 1 if crossings.size else at


def attack_samples(sound: FloatArray) -> int:
    """Where a sample begins to sound: its first sample within 26 dB of its peak."""
    level = np.abs(sound)
    return int(np.argmax(level >= 0.05 * level.max()))


def _spectrum(sound: FloatArray, first_sample: int, most_semitones: float) -> FloatArray:
    """[frames, 1025] from `first_sample` on: as many frames as 4 s need when played fastest, or as there are."""
    wanted = int(np.ceil(PATCH_FRAMES * semitones_to_ratio(most_semitones)))
    frames = min(wanted, (sound.size - first_sample) // HOP_SAMPLES + 2)
    return framed(sound, first_sample, frames + 1, HOP_SAMPLES)


def _patch(spectrum: FloatArray, ratio: float) -> FloatArray:
    """[53 * 60]: `spectrum` [frames, 1025] as heard `ratio` times as fast, pooled, silence behind its end."""
    pooling = pooling_at(ratio)
    heard = min(pooling.shape[1], len(spectrum))
    return np.asarray(pooling[:, :heard] @ (spectrum[:heard] @ band_filters(ratio)), dtype=np.float32).ravel()
