"""Proposals: for a moment of the target, a ranked list of clips that would explain what the arrangement leaves
unexplained.

With T the target's, C the arrangement's and A an atom's band magnitudes from the moment on, and weights W = 1 / (T +
e), an atom of gain g changes sum W (T - C - g A)^2 by -d^2 / n at the best g = d / n, d = sum W (T - C) A, n = sum W
A^2. The weights make it near to the Kullback-Leibler divergence, which hears quiet bands too. The sums run up to each
of several cuts, so that a clip may end early.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from embedding.analysis import HOP_SAMPLES, SAMPLE_RATE_HZ
from embedding.kernels import FloatArray, gain_to_db, semitones_to_ratio
from embedding.loudness import Loudness
from search.arrangement import Arrangement, Clip, Track
from search.atoms import Atoms
from search.bands import BANDS, FINE_HOP_SAMPLES, PATCH_FRAMES, POOL_FRAMES, bands_of, pooled
from search.rendering import VoiceBank, mono_gain, render_mono
from search.rules import Rulebook
from search.scanning import CUT_SECONDS, Scan, best_of, norms_of, scan

QUIETEST = 10.0 ** (-50.0 / 20.0)
"""e, relative to the target's loudest band."""
LOWEST_GAIN_DB, HIGHEST_GAIN_DB = -42.0, 12.0
SHORTEST_SECONDS = 0.05
ZERO_CROSSING_REACH_SAMPLES = 551
"""25 ms: half a wave of the lowest basses."""
NORMS_KEPT_BYTES = 2**27
QUERIES_AT_ONCE = 64
LISTED = 200
LIST_USES = 24
MARGIN_SAMPLES = 2 * HOP_SAMPLES
SPARE = 64
"""So many of the next best are looked at where rules forbid the best,"""
LOCK_REACH_SECONDS = 1.0
"""and besides as many as there are of the samples that the user has locked so near."""
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
    """`explained` is by how much the clip lowers the weighted squared error, in the same unit for all moments, times
    the atom's preference."""

    explained: float
    moment: int
    atom: int
    clip: Clip


@dataclass(frozen=True, eq=False)
class Shortlist:
    """The atoms that explained most at a moment, and their norms [cuts, n]; to be made anew when no uses are left."""

    atoms: npt.NDArray[np.intp]
    norms: FloatArray
    uses_left: int


NEVER_LISTED = Shortlist(np.zeros(0, np.intp), np.zeros((0, 0), np.float32), 0)


@dataclass(eq=False)
class Matcher:
    """What is matched: a target's moments against atoms. `grid_hz` is what starts and lengths are whole numbers of."""

    atoms: Atoms
    bank: VoiceBank
    target_mono: FloatArray
    moments_seconds: npt.NDArray[np.float64]
    grid_hz: int
    target_loudness: Loudness
    """Of the recording as it is, on both sides."""
    tail_seconds: float = 0.0
    """How far clips may go on behind the target's end."""
    book: Rulebook = field(default_factory=Rulebook)
    target_fine: FloatArray = field(init=False)
    """[n, 60] on the grid of 5.8 ms, padded by 4 s."""
    noise: float = field(init=False)
    _patches: dict[tuple[str, float, float, int], FloatArray] = field(init=False, default_factory=dict, repr=False)
    _norms: OrderedDict[int, FloatArray] = field(init=False, default_factory=OrderedDict)
    _shortlists: dict[int, Shortlist] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        frames = self.target_mono.size // FINE_HOP_SAMPLES + 4 * PATCH_FRAMES + 1
        fine = bands_of(self.target_mono, 0, frames, FINE_HOP_SAMPLES)
        self.target_fine = fine
        self.noise = max(float(fine.max()) * QUIETEST, 1e-9)

    def with_book(self, book: Rulebook) -> Matcher:
        """This matcher under other rules of the same kind (only `kept` and `locks` differ); what it remembers is
        shared."""
        matcher = copy.copy(self)
        matcher.book = book
        return matcher

    @property
    def target_seconds(self) -> float:
        return self.target_mono.size / SAMPLE_RATE_HZ

    @property
    def shortest_seconds(self) -> float:
        """Of a clip that is cut; a sample may be shorter, unless a rule says otherwise."""
        return max(SHORTEST_SECONDS, self.book.rules.shortest_seconds)

    def propose(self, queries: Sequence[Query]) -> list[list[Proposal]]:
        """For each of the queries the best clips at its moment, best first; none that explains nothing, none that the
        rules do not allow."""
        if not self.atoms.count:
            return [[] for _ in queries]
        chunks = [queries[first : first + QUERIES_AT_ONCE] for first in range(0, len(queries), QUERIES_AT_ONCE)]
        return [ranked for chunk in chunks for ranked in self._propose_at_once(chunk)]

    def propose_soon(self, queries: Sequence[Query]) -> list[list[Proposal]]:
        """As `propose`, but only of the atoms that were best when all were last compared at that moment; where that was
        never, or many times ago, all are compared first."""
        if not self.atoms.count:
            return [[] for _ in queries]
        stale = [query for query in queries if self._shortlists.get(query.moment, NEVER_LISTED).uses_left == 0]
        if stale:
            self.propose(stale)
        patches = self._cover_patches(queries)
        ranked = []
        for query, cover in zip(queries, patches, strict=True):
            listed = self._shortlists.get(query.moment, NEVER_LISTED)
            self._shortlists[query.moment] = replace(listed, uses_left=max(0, listed.uses_left - 1))
            weighted = self._weighted(self._target_patch(query.moment)[np.newaxis], cover[np.newaxis])
            found = scan(
                weighted,
                listed.norms[np.newaxis],
                self.atoms.magnitudes[listed.atoms],
                self.atoms.preference[listed.atoms],
                self._first_cut,
            )
            ranked.append(self._ranked(query, listed.atoms, Scan(*(one[0] for one in found))))
        return ranked

    def forget_shortlists(self) -> None:
        """At each moment all atoms are compared anew when it is next asked for."""
        self._shortlists.clear()

    def _propose_at_once(self, queries: Sequence[Query]) -> list[list[Proposal]]:
        target = np.stack([self._target_patch(query.moment) for query in queries])
        norms = self._norms_of([query.moment for query in queries], target)
        weighted = self._weighted(target, self._cover_patches(queries))
        found = scan(weighted, norms, self.atoms.magnitudes, self.atoms.preference, self._first_cut)
        everything = np.arange(self.atoms.count)
        for row, query in enumerate(queries):
            best = best_of(found.explained[row], LISTED)
            self._shortlists[query.moment] = Shortlist(best, norms[row][:, best], LIST_USES)
        return [
            self._ranked(query, everything, Scan(*(one[row] for one in found))) for row, query in enumerate(queries)
        ]

    def _weights(self, target: FloatArray) -> FloatArray:
        """W of target patches [q, 53, 60]; a time step counts as its frames."""
        return POOL_FRAMES[:, np.newaxis].astype(np.float32) / (target + np.float32(self.noise))

    def _weighted(self, target: FloatArray, cover: FloatArray) -> FloatArray:
        return ((target - cover) * self._weights(target)).reshape(len(target), -1)

    @property
    def _first_cut(self) -> int:
        long_enough = [cut for cut, seconds in enumerate(CUT_SECONDS) if seconds >= self.book.rules.shortest_seconds]
        return long_enough[0] if long_enough else len(CUT_SECONDS) - 1

    def _ranked(self, query: Query, atoms: npt.NDArray[np.intp], found: Scan) -> list[Proposal]:
        proposals: list[Proposal] = []
        old = query.without[1] if query.without is not None else None
        used_up = self.book.used_up(query.arrangement, old)
        usable = found.explained * self._is_of_others(used_up)[atoms] if used_up else found.explained
        around = self.book.locks.samples_around(float(self.moments_seconds[query.moment]), LOCK_REACH_SECONDS)
        barred = int(np.count_nonzero(~self._is_of_others(around)[atoms])) if around else 0
        for place in best_of(usable, query.most + SPARE + barred):
            explained = float(usable[place])
            if explained <= 0.0 or len(proposals) == query.most:
                break
            atom = int(atoms[place])
            clip = self._clip(query.moment, atom, float(found.gain[place]), CUT_SECONDS[int(found.cut[place])])
            clip = self._fitted(clip, query.arrangement, old) if clip is not None else None
            if clip is not None:
                proposals.append(Proposal(explained, query.moment, atom, clip))
        return proposals

    def _is_of_others(self, paths: frozenset[str]) -> npt.NDArray[np.bool_]:
        """[atoms]: whether an atom is of none of these samples."""
        others = np.array([sample.path not in paths for sample in self.atoms.samples])
        return np.asarray(others[self.atoms.sample_index])

    def _fitted(self, clip: Clip, arrangement: Arrangement, old: Clip | None) -> Clip | None:
        """The clip, shorter where it has to make room; None where the rules do not allow it."""
        room = self.book.room_seconds(arrangement, clip, old)
        fitted = self.cut(clip, room) if room < clip.length_seconds else clip
        if fitted is None or self.book.is_too_quiet(fitted) or not self.book.allows(arrangement, fitted, old):
            return None
        return fitted

    def _clip(self, moment: int, atom: int, gain: float, cut_seconds: float) -> Clip | None:
        atoms = self.atoms
        attack = float(atoms.attack_seconds[atom])
        start = self.on_grid(max(0.0, self.book.moved(float(self.moments_seconds[moment])) - attack))
        natural, left = float(atoms.heard_seconds[atom]), self.target_seconds + self.tail_seconds - start
        wanted = max(attack + cut_seconds, self.book.rules.shortest_seconds)
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
        left_of_it = self.bank.seconds_of(clip.sample) - clip.offset_seconds
        natural = left_of_it / semitones_to_ratio(clip.transpose_semitones)
        left = self.target_seconds + self.tail_seconds - clip.start_seconds
        return replace(clip, length_seconds=self.on_grid_below(min(natural, left)))

    def shortened(self, clip: Clip, length_seconds: float) -> Clip | None:
        """The clip ending at a zero crossing near `length_seconds`, so that it does not click; None if it gets
        too short."""
        near = round(length_seconds * SAMPLE_RATE_HZ)
        heard_seconds = (near + ZERO_CROSSING_REACH_SAMPLES) / SAMPLE_RATE_HZ
        sound = self.bank.sound_of(replace(clip, length_seconds=min(clip.length_seconds, heard_seconds)))
        begin = max(1, near - ZERO_CROSSING_REACH_SAMPLES)
        part = sound[begin - 1 : near + ZERO_CROSSING_REACH_SAMPLES]
        crossings = np.flatnonzero(np.signbit(part[1:]) != np.signbit(part[:-1])) + begin
        if crossings.size:
            end = int(crossings[np.argmin(np.abs(crossings - near))])
        else:
            end = begin - 1 + int(np.argmin(np.abs(part))) if part.size else near
        length = self.on_grid(min(end / SAMPLE_RATE_HZ, clip.length_seconds))
        if length < self.shortest_seconds:
            return None
        return replace(clip, length_seconds=length)

    def to_grid(self, clip: Clip) -> Clip:
        """The clip moved so that its sample's attack lies nearer to the producer's grid, if there is one, and ending
        where clips have to."""
        start = clip.start_seconds
        if self.book.lines is not None:
            ratio = semitones_to_ratio(clip.transpose_semitones)
            attack = self._attacks.get(clip.sample, 0.0) / ratio if clip.offset_seconds == 0.0 else 0.0
            start = self.on_grid(max(0.0, self.book.moved(start + attack) - attack))
        left = self.on_grid_below(self.target_seconds + self.tail_seconds - start)
        return replace(clip, start_seconds=start, length_seconds=max(0.0, min(clip.length_seconds, left)))

    @cached_property
    def _attacks(self) -> dict[str, float]:
        """By path, seconds from a sample's beginning to its attack."""
        atoms = self.atoms
        whole = np.flatnonzero(atoms.offset_seconds == 0.0)
        return {
            atoms.samples[int(atoms.sample_index[atom])].path: float(atoms.attack_seconds[atom])
            * semitones_to_ratio(float(atoms.semitones[atom]))
            for atom in whole
        }

    def cut(self, clip: Clip, most_seconds: float) -> Clip | None:
        """The clip shortened to at most that; None if it gets too short."""
        end_seconds = self.on_grid_below(most_seconds)
        return self.shortened(replace(clip, length_seconds=end_seconds), end_seconds)

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

    def _norms_of(self, moments: Sequence[int], target: FloatArray) -> FloatArray:
        """[moments, cuts, atoms]; those of the moments asked for last are kept."""
        missing = [row for row, moment in enumerate(moments) if moment not in self._norms]
        if missing:
            weights = self._weights(target[missing]).reshape(len(missing), -1)
            for row, norms in zip(missing, norms_of(weights, self.atoms.squares), strict=True):
                self._norms[moments[row]] = norms
        found = np.stack([self._norms[moment] for moment in moments])
        for moment in moments:
            self._norms.move_to_end(moment)
        kept = max(len(moments), NORMS_KEPT_BYTES // found[0].nbytes)
        while len(self._norms) > kept:
            self._norms.popitem(last=False)
        return found
