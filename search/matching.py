"""Proposals: for a moment of the target, a ranked list of clips that would explain what the arrangement leaves
unexplained.

With T the target's, C the arrangement's and A an atom's band magnitudes from the moment on, and weights W = 1 / (T +
e), an atom of gain g changes sum W (T - C - g A)^2 by -d^2 / n at the best g = d / n, d = sum W (T - C) A, n = sum W
A^2. The weights make it near to the Kullback-Leibler divergence, which hears quiet bands too. The sums run up to each
of several cuts, so that a clip may end early.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from embedding.analysis import HOP_SAMPLES, SAMPLE_RATE_HZ
from embedding.kernels import FloatArray, gain_to_db, semitones_to_ratio
from search.arrangement import Arrangement, Clip, Track
from search.atoms import Atoms
from search.bands import BANDS, FINE_HOP_SAMPLES, PATCH_FRAMES, POOL_FRAMES, bands_of, pooled
from search.rendering import VoiceBank, mono_gain, render_mono

CUT_STEPS = (4, 8, 12, 16, 22, 30, 40, 53)
"""Time steps after which a clip may end: .09, .19, .37, .56, 1.1, 1.9, 2.8 and 4 s."""
CUT_SECONDS = tuple(float(POOL_FRAMES[:cut].sum()) * HOP_SAMPLES / SAMPLE_RATE_HZ for cut in CUT_STEPS)
QUIETEST = 10.0 ** (-50.0 / 20.0)
"""e, relative to the target's loudest band."""
LOWEST_GAIN_DB, HIGHEST_GAIN_DB = -30.0, 12.0
SHORTEST_SECONDS = 0.05
ZERO_CROSSING_REACH_SAMPLES = 66
NORMS_KEPT_BYTES = 2**27
QUERIES_AT_ONCE = 64
MARGIN_SAMPLES = 2 * HOP_SAMPLES
SHARED_FROM = 6
"""From so many moments of one arrangement on, frames of 4 s each overlap enough to be found once on the fine grid."""


class Query(NamedTuple):
    """At which moment, and beside what, clips are looked for, and how many."""

    arrangement: Arrangement
    moment: int
    most: int
    without: tuple[Track, Clip] | None = None
    """A clip of the arrangement that is thought away: what could stand in its place?"""


@dataclass(frozen=True, order=True)
class Proposal:
    """`explained` is by how much the clip lowers the weighted squared error, in the same unit for all moments."""

    explained: float
    moment: int
    atom: int
    clip: Clip


@dataclass(frozen=True, eq=False)
class Matcher:
    """What is matched: a target's moments against atoms. `grid_hz` is what starts and lengths are whole numbers of."""

    atoms: Atoms
    bank: VoiceBank
    target_mono: FloatArray
    moments_seconds: npt.NDArray[np.float64]
    grid_hz: int
    target_fine: FloatArray = field(init=False)
    """[n, 60] on the grid of 5.8 ms, padded by 4 s."""
    noise: float = field(init=False)
    _patches: dict[tuple[str, float, float, int], FloatArray] = field(init=False, default_factory=dict, repr=False)
    _norms: OrderedDict[int, FloatArray] = field(init=False, default_factory=OrderedDict)

    def __post_init__(self) -> None:
        frames = self.target_mono.size // FINE_HOP_SAMPLES + 4 * PATCH_FRAMES + 1
        fine = bands_of(self.target_mono, 0, frames, FINE_HOP_SAMPLES)
        object.__setattr__(self, "target_fine", fine)
        object.__setattr__(self, "noise", max(float(fine.max()) * QUIETEST, 1e-9))

    @property
    def target_seconds(self) -> float:
        return self.target_mono.size / SAMPLE_RATE_HZ

    def propose(self, queries: Sequence[Query]) -> list[list[Proposal]]:
        """For each of the queries the best clips at its moment, best first; none that explains nothing."""
        if not self.atoms.count:
            return [[] for _ in queries]
        chunks = [queries[first : first + QUERIES_AT_ONCE] for first in range(0, len(queries), QUERIES_AT_ONCE)]
        return [ranked for chunk in chunks for ranked in self._propose_at_once(chunk)]

    def _propose_at_once(self, queries: Sequence[Query]) -> list[list[Proposal]]:
        moments = [query.moment for query in queries]
        target = np.stack([self._target_patch(moment) for moment in moments])
        weights = POOL_FRAMES[:, np.newaxis].astype(np.float32) / (target + np.float32(self.noise))
        weighted = ((target - self._cover_patches(queries)) * weights).reshape(len(moments), -1)
        norms = self._norms_of(moments, weights.reshape(len(moments), -1))
        best_gain = np.zeros((len(moments), self.atoms.count), np.float32)
        best_explained = np.zeros_like(best_gain)
        best_cut = np.zeros(best_gain.shape, np.int8)
        dots = np.zeros_like(best_gain)
        begin = 0
        for number, cut in enumerate(CUT_STEPS):
            rows = slice(begin * BANDS, cut * BANDS)
            dots += weighted[:, rows] @ self.atoms.magnitudes[rows]
            begin = cut
            gain = np.maximum(dots, 0.0) / norms[:, number]
            explained = np.maximum(dots, 0.0) * gain
            better = explained > best_explained
            best_explained[better] = explained[better]
            best_gain[better] = gain[better]
            best_cut[better] = number
        return [
            self._ranked(query, best_explained[row], best_gain[row], best_cut[row]) for row, query in enumerate(queries)
        ]

    def _ranked(
        self, query: Query, explained: FloatArray, gain: FloatArray, cut: npt.NDArray[np.int8]
    ) -> list[Proposal]:
        moment, wide = query.moment, min(query.most, explained.size)
        order = np.argpartition(explained, -wide)[-wide:]
        order = order[np.lexsort((order, -explained[order]))]
        proposals = []
        for atom in order:
            if explained[atom] <= 0.0:
                break
            clip = self._clip(moment, int(atom), float(gain[atom]), CUT_SECONDS[int(cut[atom])])
            if clip is not None:
                proposals.append(Proposal(float(explained[atom]), moment, int(atom), clip))
        return proposals

    def _clip(self, moment: int, atom: int, gain: float, cut_seconds: float) -> Clip | None:
        atoms = self.atoms
        attack = float(atoms.attack_seconds[atom])
        start = self.on_grid(max(0.0, float(self.moments_seconds[moment]) - attack))
        natural, left = float(atoms.heard_seconds[atom]), self.target_seconds - start
        wanted = attack + cut_seconds
        level_db = float(np.clip(gain_to_db(gain), LOWEST_GAIN_DB, HIGHEST_GAIN_DB))
        clip = Clip(
            start_seconds=start,
            sample=atoms.samples[int(atoms.sample_index[atom])].path,
            offset_seconds=float(atoms.offset_seconds[atom]),
            length_seconds=self.on_grid_below(min(natural, left)),
            gain_db=round(level_db, 2),
            transpose_semitones=float(atoms.semitones[atom]),
        )
        if clip.length_seconds <= 0.0:
            return None
        return clip if wanted >= clip.length_seconds else self.shortened(clip, wanted)

    def longest(self, clip: Clip) -> Clip:
        """The clip with its sample played to the end, or to the target's."""
        mono, rate_hz = self.bank.sounds(clip.sample)
        natural = (mono.size / rate_hz - clip.offset_seconds) / semitones_to_ratio(clip.transpose_semitones)
        left = self.target_seconds - clip.start_seconds
        return replace(clip, length_seconds=self.on_grid_below(min(natural, left)))

    def shortened(self, clip: Clip, length_seconds: float) -> Clip | None:
        """The clip ending at a zero crossing near `length_seconds`, so that it does not click; None if it gets
        too short."""
        sound = self.bank.sound_of(clip)
        near = round(length_seconds * SAMPLE_RATE_HZ)
        begin = max(1, near - ZERO_CROSSING_REACH_SAMPLES)
        part = sound[begin - 1 : near + ZERO_CROSSING_REACH_SAMPLES]
        crossings = np.flatnonzero(np.signbit(part[1:]) != np.signbit(part[:-1])) + begin
        end = int(crossings[np.argmin(np.abs(crossings - near))]) if crossings.size else near
        length = self.on_grid(min(end / SAMPLE_RATE_HZ, clip.length_seconds))
        if length < SHORTEST_SECONDS:
            return None
        return replace(clip, length_seconds=length)

    def on_grid(self, seconds: float) -> float:
        return round(seconds * self.grid_hz) / self.grid_hz

    def on_grid_below(self, seconds: float) -> float:
        return int(seconds * self.grid_hz + 1e-6) / self.grid_hz

    def _target_patch(self, moment: int) -> FloatArray:
        first = self._fine_frame(moment)
        return pooled(self.target_fine[first : first + 4 * PATCH_FRAMES : 4])

    def _cover_patches(self, queries: Sequence[Query]) -> FloatArray:
        """[n, 53, 60]: what the arrangements sound like at the moments; moments of one arrangement share their
        frames."""
        patches = np.zeros((len(queries), len(POOL_FRAMES), BANDS), np.float32)
        groups: dict[int, list[int]] = {}
        for row, query in enumerate(queries):
            if query.arrangement.clip_count:
                groups.setdefault(id(query.arrangement), []).append(row)
        for rows in groups.values():
            arrangement = queries[rows[0]].arrangement
            firsts = [self._fine_frame(queries[row].moment) for row in rows]
            if len(rows) < SHARED_FROM:
                for row, first in zip(rows, firsts, strict=True):
                    patches[row] = self._cover_patch(arrangement, first)
                continue
            low, high = min(firsts), max(firsts) + 4 * PATCH_FRAMES
            samples = (high - low) * FINE_HOP_SAMPLES + 2 * MARGIN_SAMPLES
            mono = render_mono(arrangement, self.bank, samples, low * FINE_HOP_SAMPLES - MARGIN_SAMPLES)
            fine = bands_of(mono, MARGIN_SAMPLES, high - low, FINE_HOP_SAMPLES)
            for row, first in zip(rows, firsts, strict=True):
                patches[row] = pooled(fine[first - low : first - low + 4 * PATCH_FRAMES : 4])
        for row, query in enumerate(queries):
            if query.without is not None:
                patches[row] = np.maximum(patches[row] - self._clip_patch(*query.without, query.moment), 0.0)
        return patches

    def _clip_patch(self, track: Track, clip: Clip, moment: int) -> FloatArray:
        """[53, 60]: what one clip adds from the moment on, as if magnitudes added up."""
        bands = self.clip_bands(clip)
        first = round((float(self.moments_seconds[moment]) - clip.start_seconds) * SAMPLE_RATE_HZ / HOP_SAMPLES)
        patch = np.zeros((PATCH_FRAMES, BANDS), np.float32)
        begin, end = max(0, -first), min(PATCH_FRAMES, len(bands) - first)
        if begin < end:
            patch[begin:end] = bands[first + begin : first + end]
        return pooled(patch) * np.float32(mono_gain(track, clip))

    def clip_bands(self, clip: Clip) -> FloatArray:
        """[frames, 60]: band magnitudes of the clip before its gain, on the grid of 512 samples from its start."""
        sound = self.bank.sound_of(clip)
        key = (clip.sample, clip.offset_seconds, clip.transpose_semitones, sound.size)
        bands = self._patches.get(key)
        if bands is None:
            bands = self._patches[key] = bands_of(sound, 0, sound.size // HOP_SAMPLES + 2, HOP_SAMPLES)
        return bands

    def _fine_frame(self, moment: int) -> int:
        return round(float(self.moments_seconds[moment]) * SAMPLE_RATE_HZ / FINE_HOP_SAMPLES)

    def _cover_patch(self, arrangement: Arrangement, first: int) -> FloatArray:
        samples = PATCH_FRAMES * HOP_SAMPLES + 2 * MARGIN_SAMPLES
        mono = render_mono(arrangement, self.bank, samples, first * FINE_HOP_SAMPLES - MARGIN_SAMPLES)
        return pooled(bands_of(mono, MARGIN_SAMPLES, PATCH_FRAMES, HOP_SAMPLES))

    def _norms_of(self, moments: Sequence[int], weights: FloatArray) -> FloatArray:
        """[moments, cuts, atoms]; those of the moments asked for last are kept."""
        missing = [row for row, moment in enumerate(moments) if moment not in self._norms]
        if missing:
            norms = np.zeros((len(missing), len(CUT_STEPS), self.atoms.count), np.float32)
            begin = 0
            for number, cut in enumerate(CUT_STEPS):
                rows = slice(begin * BANDS, cut * BANDS)
                norms[:, number] = weights[missing][:, rows] @ self.atoms.squares[rows]
                begin = cut
            np.cumsum(norms, axis=1, out=norms)
            for place, row in enumerate(missing):
                self._norms[moments[row]] = np.maximum(norms[place], np.float32(1e-12))
        found = np.stack([self._norms[moment] for moment in moments])
        for moment in moments:
            self._norms.move_to_end(moment)
        kept = max(len(moments), NORMS_KEPT_BYTES // found[0].nbytes)
        while len(self._norms) > kept:
            self._norms.popitem(last=False)
        return found
