"""Samples that sound in a recording as they are, found again exactly: which, where, how loud, at what transposition.

Matching pursuit (Mallat and Zhang 1993) on the whitened recording. Each round finds candidates by matched filters and
takes them greedily; then the sightings are shifted to where they explain most, sightings of one voice close together
become one where that explains as much, all gains are fitted together, and those go that add too little beside the
others. It ends when a round changes nothing or hardly anything is left unexplained.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.fft
from scipy.ndimage import uniform_filter1d

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray
from search.correlating import FAR, LEAST_LEFT_SAMPLES, NEAR, Candidate, SoundOf, Voice, scan_voices
from search.scene import Scene, Sighting, energy_of, scene_of
from search.whitening import REACH_SAMPLES

ROUNDS = 6
SOFT_ROUNDS = 1
"""At first nearly all that was taken is kept: what is wrong shows when the rest is there."""
SOFTNESS = 0.1
LEAST_SURETY = 8.0
SURETY_PER_SHARE = 40.0
"""The more of the recording stays unexplained, the surer a sighting must be: real recordings that hold none of the
samples give sightings of up to 23 standard deviations."""
LEAST_FIRST_SURETY = 45.0
"""Of the best sighting of all, beside the whole recording's mean: real recordings that hold none of 322 samples have 12
to 31, such as were made of them 60 and more."""
LEAST_PROMINENCE = 3.0
LEAST_GAIN_SHARE = 0.03
"""Of the loudest sighting's gain: -30 dB."""
LEAST_GAIN_SHARE_UNSURE = 0.1
"""-20 dB, where something else has happened to the sum: a room's echoes and a limiter's changes of level look like more
sightings, most of them softer."""
NEARLY_ALL = 0.01
"""So little is left unexplained of a sum to which nothing has happened."""
WITHIN = 0.1
"""A round takes candidates whose correlation is at least this share of the best one's."""
MOST_LOOKS = 6000
POWER_SAMPLES = 1024
NEIGHBOURS_SECONDS = 0.03
MERGE_TOLERANCE = 0.1
SHIFT_SAMPLES = 700
SHIFT_ROUNDS = 3
DONE_SHARE = 2e-4
RIDGE = 1e-7
KEPT_LOUDEST, KEPT_CLEAREST = 900, 200
"""How many of the voices scanned in the first round are looked at again."""


@dataclass(frozen=True, eq=False)
class Recovered:
    """`unexplained`: the share of the whitened energy that is left, `left` [n] what is."""

    scene: Scene
    sightings: tuple[Sighting, ...]
    left: FloatArray
    unexplained: float


def recover(
    mono: FloatArray,
    voices: Sequence[Voice],
    sound_of: SoundOf,
    may_scan: Callable[[], bool] = lambda: True,
    proceed: Callable[[], bool] = lambda: True,
) -> Recovered:
    """What of `voices` sounds in the recording [n] at 22.05 kHz, which is not silent. Voices whose turn to be scanned
    for the first time comes when `may_scan` has become false are passed over; it ends soon after `proceed` has, with
    what is sure by then."""
    scene = scene_of(mono, sound_of)
    nothing = Recovered(scene, (), scene.whitened, 1.0)
    if not voices:
        return nothing
    candidates = _scan(scene, scene.whitened, voices, may_scan)
    if not stands_out(candidates, scene.whitened):
        return nothing
    promising = _most_promising(candidates)
    found: tuple[Sighting, ...] = ()
    share = 1.0
    for number in range(ROUNDS):
        if number:
            candidates = _scan(scene, scene.residual(found), promising, proceed)
        before = _places(found)
        found = _taken(scene, scene.residual(found), found, candidates, proceed)
        if number >= SOFT_ROUNDS:
            found = _shifted(scene, found)
        found = _fitted(scene, found, SOFTNESS if number < SOFT_ROUNDS else 1.0)
        share = energy_of(scene.residual(found)) / energy_of(scene.whitened)
        if not _sure(found, share) or not proceed():
            break
        if number >= SOFT_ROUNDS and (before == _places(found) or share < DONE_SHARE):
            break
    sure = _sure(found, share)
    left = scene.residual(sure)
    return Recovered(scene, sure, left, energy_of(left) / energy_of(scene.whitened)) if sure else nothing


def stands_out(candidates: Sequence[Candidate], left: FloatArray) -> bool:
    """Whether any of the candidates found in a whitened recording explains more than chance would."""
    best = max((candidate.explained for candidate in candidates), default=0.0)
    return best >= LEAST_FIRST_SURETY**2 * energy_of(left) / left.size


def _sure(sightings: Sequence[Sighting], unexplained: float) -> tuple[Sighting, ...]:
    needed = LEAST_SURETY + SURETY_PER_SHARE * unexplained
    share = LEAST_GAIN_SHARE if unexplained < NEARLY_ALL else LEAST_GAIN_SHARE_UNSURE
    least_gain = share * max((sighting.gain for sighting in sightings), default=0.0)
    return tuple(sighting for sighting in sightings if sighting.surety >= needed and sighting.gain >= least_gain)


def _places(sightings: Sequence[Sighting]) -> set[tuple[Voice, int]]:
    return {(sighting.voice, round(sighting.at_samples)) for sighting in sightings}


def _scan(scene: Scene, left: FloatArray, voices: Sequence[Voice], proceed: Callable[[], bool]) -> list[Candidate]:
    return scan_voices(left, scene.mono_samples, scene.whitening, voices, scene.sound_of, proceed)


def _most_promising(candidates: Sequence[Candidate]) -> list[Voice]:
    """The voices that explain most anywhere, and those that stand out most where they lie."""
    loudest: dict[Voice, float] = {}
    clearest: dict[Voice, float] = {}
    for candidate in candidates:
        loudest[candidate.voice] = max(loudest.get(candidate.voice, 0.0), candidate.explained)
        clearest[candidate.voice] = max(clearest.get(candidate.voice, 0.0), candidate.surety)
    kept = [
        voice
        for best, count in ((loudest, KEPT_LOUDEST), (clearest, KEPT_CLEAREST))
        for voice in sorted(best, key=lambda voice: (-best[voice], voice))[:count]
    ]
    return sorted(set(kept))


def _taken(
    scene: Scene,
    left: FloatArray,
    found: tuple[Sighting, ...],
    candidates: Sequence[Candidate],
    proceed: Callable[[], bool],
) -> tuple[Sighting, ...]:
    """`found` and, from the best on, the candidates that still explain as much when their turn comes."""
    left = left.copy()
    filtered = scene.filtered(left)
    least = WITHIN**2 * max((candidate.explained for candidate in candidates), default=0.0)
    heap = [(-c.explained, c.voice, c.at_samples, c.energy) for c in candidates if c.explained >= least]
    heapq.heapify(heap)
    power = _power(left)
    taken = list(found)
    for _ in range(MOST_LOOKS):
        if not heap or not proceed():
            break
        before, voice, at, energy = heapq.heappop(heap)
        sound = scene.sound(voice)[: scene.mono_samples - int(at)]
        product = _product(filtered, sound, at)
        if product <= 0.0:
            continue
        explained = product * product / energy
        under = power[int(at) : int(at) + sound.size]
        chance = float(np.square(sound[: under.size]) @ under) / max(energy_of(sound), 1e-12)
        if explained < max(least, LEAST_SURETY**2 * chance):
            continue
        if explained < -0.98 * before and heap and explained < -heap[0][0]:
            heapq.heappush(heap, (-explained, voice, at, energy))
            continue
        best = scene.best_near(left, voice, at)
        if best is not None:
            _, sighting = best
            first, placed = scene.placed(voice, sighting.at_samples)
            taken_away = np.float32(sighting.gain) * placed
            left[first : first + placed.size] -= taken_away
            ringing_first, ringing = first - REACH_SAMPLES, scene.rung(taken_away)
            begin = max(0, -ringing_first)
            ringing = ringing[begin : begin + filtered.size - max(0, ringing_first)]
            filtered[ringing_first + begin : ringing_first + begin + ringing.size] -= ringing
            taken.append(sighting)
    return tuple(taken)


def _product(filtered: FloatArray, sound: FloatArray, at_samples: float) -> float:
    """Of the recording, whitened twice, with a sound as it is: what both have in common when whitened once."""
    whole = int(at_samples)
    if at_samples == whole:
        return float(filtered[whole : whole + sound.size] @ sound)
    around = np.pad(filtered[max(0, whole - 1) : whole + 2 + sound.size], (max(0, 1 - whole), 4))
    far, near, next_near, next_far = (float(around[n : n + sound.size] @ sound) for n in range(4))
    return NEAR * (near + next_near) + FAR * (far + next_far)


def _shifted(scene: Scene, sightings: tuple[Sighting, ...]) -> tuple[Sighting, ...]:
    """Each where it explains most of what the others leave; neighbours of one voice become one where that does."""
    current = list(sightings)
    left = scene.residual(current)
    for _ in range(SHIFT_ROUNDS):
        gone: set[int] = set()
        for number in sorted(range(len(current)), key=lambda n: -current[n].gain):
            if number in gone:
                continue
            one = current[number]
            group = [number] + [
                other
                for other, sighting in enumerate(current)
                if other != number
                and other not in gone
                and sighting.voice == one.voice
                and abs(sighting.at_samples - one.at_samples) < NEIGHBOURS_SECONDS * SAMPLE_RATE_HZ
            ]
            without = left.copy()
            for member in group:
                first, sound = scene.placed(current[member].voice, current[member].at_samples)
                without[first : first + sound.size] += np.float32(current[member].gain) * sound
            best = _best_within_reach(scene, without, one)
            explained = energy_of(without) - energy_of(left)
            if best is None or best[0] < explained * (1.0 if len(group) == 1 else 1.0 - MERGE_TOLERANCE):
                continue
            current[number] = best[1]
            gone.update(group[1:])
            first, sound = scene.placed(one.voice, best[1].at_samples)
            without[first : first + sound.size] -= np.float32(best[1].gain) * sound
            left = without
        current = [sighting for number, sighting in enumerate(current) if number not in gone]
    return tuple(current)


def _best_within_reach(scene: Scene, left: FloatArray, one: Sighting) -> tuple[float, Sighting] | None:
    low = max(0, int(one.at_samples) - SHIFT_SAMPLES)
    first, sound = scene.placed(one.voice, low)
    part = left[first : first + sound.size + 2 * SHIFT_SAMPLES]
    size = int(scipy.fft.next_fast_len(part.size + sound.size, real=True))
    spectrum = scipy.fft.rfft(part, size) * np.conj(scipy.fft.rfft(sound, size))
    twice = scipy.fft.irfft(np.concatenate([spectrum, np.zeros(size // 2, np.complex64)]), 2 * size)
    reach = min(2 * SHIFT_SAMPLES, scene.mono_samples - LEAST_LEFT_SAMPLES - low)
    if reach <= 0:
        return None
    return scene.best_near(left, one.voice, low + float(np.argmax(twice[: 2 * reach])) / 2.0)


def _fitted(scene: Scene, sightings: tuple[Sighting, ...], strictness: float) -> tuple[Sighting, ...]:
    """Their gains fitted together (least squares); one by one those go that add too little: by what would be lost
    without it beside chance, beside what sounds there, and beside the loudest gain."""
    placed = [scene.placed(sighting.voice, sighting.at_samples) for sighting in sightings]
    gram, products = _gram(scene.whitened, placed)
    left_power, whole_power = _power(scene.residual(sightings)), _power(scene.whitened)
    energies = np.maximum(np.diag(gram), 1e-12)
    chance = np.array([_mean_power(left_power, one) for one in placed])
    around = np.array([_mean_power(whole_power, one) for one in placed])
    alive = np.arange(len(sightings))
    gains, lost = np.zeros(0), np.zeros(0)
    while alive.size:
        part = gram[np.ix_(alive, alive)] + RIDGE * np.diag(energies[alive])
        inverse = np.linalg.inv(part)
        gains = inverse @ products[alive]
        lost = np.where(gains > 0.0, np.square(gains) / np.diag(inverse), 0.0)
        standing = np.min(
            [
                np.sqrt(lost / chance[alive]) / LEAST_SURETY,
                np.sqrt(lost / around[alive]) / LEAST_PROMINENCE,
                np.sqrt(lost / energies[alive]) / max(float(gains.max()), 1e-12) / LEAST_GAIN_SHARE,
            ],
            axis=0,
        )
        worst = int(np.argmin(standing))
        if standing[worst] >= strictness:
            break
        alive = np.delete(alive, worst)
    fitted = tuple(sightings[n]._replace(gain=float(gain)) for n, gain in zip(alive, gains, strict=True))
    power = _power(scene.residual(fitted))
    return tuple(
        sighting._replace(surety=float(np.sqrt(loss / max(_mean_power(power, placed[n]), 1e-20))))
        for sighting, n, loss in zip(fitted, alive, lost, strict=True)
    )


def _gram(
    whitened: FloatArray, placed: Sequence[tuple[int, FloatArray]]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Products of the placed sounds [n, n] with each other and [n] with the recording."""
    gram = np.zeros((len(placed), len(placed)))
    products = np.zeros(len(placed))
    for row, (first, sound) in enumerate(placed):
        products[row] = float(whitened[first : first + sound.size] @ sound)
        for column in range(row, len(placed)):
            other_first, other = placed[column]
            begin, end = max(first, other_first), min(first + sound.size, other_first + other.size)
            if begin < end:
                product = sound[begin - first : end - first] @ other[begin - other_first : end - other_first]
                gram[row, column] = gram[column, row] = float(product)
    return gram, products


def _power(signal: FloatArray) -> FloatArray:
    smooth = uniform_filter1d(np.square(signal), POWER_SAMPLES)
    return np.asarray(np.maximum(smooth, np.float32(1e-12)), dtype=np.float32)


def _mean_power(power: FloatArray, placed: tuple[int, FloatArray]) -> float:
    """Mean of `power` under a sound, where the sound is."""
    first, sound = placed
    return float(np.square(sound) @ power[first : first + sound.size]) / max(energy_of(sound), 1e-12)
