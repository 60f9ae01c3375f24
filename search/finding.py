"""Clips that the recording was made of, where it was made of the library: what `recovery` sights, as clips.

A recording may hold none of the samples, and libraries may be large: first the samples as they are, then, only where a
few of them at other pitches are sighted, all at all pitches that are allowed. Long recordings are looked through in
parts, and no further where the first ones hold nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.kernels import FloatArray, gain_to_db, resample
from search.arrangement import Clip, Sample
from search.correlating import KNOWN_SECONDS, SoundOf, Voice, scan_voices
from search.recovery import Recovered, recover, stands_out
from search.rendering import Sounds
from search.scene import Sighting, scene_of

PART_SECONDS = 24.0
PARTS_TRIED = 2
MOST_UNTRIED = 1500
"""A library of more samples is searched whole only where so many of it, drawn at random, give a sighting."""
PITCH_GROUPS = ((1, 5), (6, 12), (13, 48))
PITCH_TRIES = 300
"""Whether other pitches are worth a whole scan is told by so many voices of a group, in semitones up or down."""
EXPLAINED = 0.02
"""Where less than this is unexplained, other pitches are not tried."""
ORDER_SEED = 20190
STRETCH_SAMPLES = 1102
"""50 ms: how finely is found where in a sample a clip begins and ends."""
WHOLE_TOLERANCE = 0.02


@dataclass(frozen=True)
class Found:
    """`unexplained`: the share of the recording's whitened energy that is not the clips'."""

    clips: tuple[Clip, ...] = ()
    unexplained: float = 1.0


NOTHING_FOUND = Found()


def found_in(
    mono: FloatArray,
    samples: Sequence[Sample],
    sounds: Sounds,
    transpositions: Sequence[int],
    grid_hz: int,
    may_scan: Callable[[], bool],
    proceed: Callable[[], bool],
) -> Found:
    """What of `samples` sounds in the recording [n] at 22.05 kHz. No new scan is begun where `may_scan` is false, and
    it ends soon after `proceed` has become false."""
    sound_of = SoundOf(samples, sounds)
    clips: list[Clip] = []
    shares = []
    for number, (begin, first, part) in enumerate(_parts(mono)):
        if (number >= PARTS_TRIED and not clips) or not part.any() or not may_scan():
            shares.append(1.0)
            continue
        seen = _seen_in(part, len(samples), sound_of, transpositions, may_scan, proceed)
        shares.append(seen.unexplained)
        for sighting in seen.sightings:
            if begin <= first + sighting.at_samples < begin + _part_samples() or mono.size == part.size:
                clip = _clip(sighting, seen, first, samples, sounds, grid_hz)
                clips += [clip] if clip is not None else []
    return Found(tuple(clips), float(np.mean(shares))) if clips else NOTHING_FOUND


def _part_samples() -> int:
    return round(PART_SECONDS * SAMPLE_RATE_HZ)


def _parts(mono: FloatArray) -> Iterator[tuple[int, int, FloatArray]]:
    """(where its own begins, where it begins itself, sound) of each part of a recording: with what may still ring from
    before it, and what begins in it rings on."""
    margin = round(KNOWN_SECONDS * SAMPLE_RATE_HZ)
    if mono.size <= _part_samples() + margin:
        yield 0, 0, mono
        return
    for begin in range(0, mono.size, _part_samples()):
        first = max(0, begin - margin)
        yield begin, first, mono[first : begin + _part_samples() + margin]


def _seen_in(
    part: FloatArray,
    sample_count: int,
    sound_of: SoundOf,
    transpositions: Sequence[int],
    may_scan: Callable[[], bool],
    proceed: Callable[[], bool],
) -> Recovered:
    rng = np.random.default_rng(ORDER_SEED)
    plain = [Voice(number, 0.0) for number in range(sample_count)] if 0 in transpositions else []
    scene = scene_of(part, sound_of)
    seen = Recovered(scene, (), scene.whitened, 1.0)
    if len(plain) <= MOST_UNTRIED or _any_heard(seen, plain, MOST_UNTRIED, rng, may_scan):
        seen = recover(part, plain, sound_of, may_scan, proceed)
    tried = list(plain)
    for nearest, furthest in PITCH_GROUPS:
        steps = sorted((s for s in transpositions if nearest <= abs(s) <= furthest), key=lambda s: (abs(s), s))
        group = [Voice(number, float(step)) for step in steps for number in range(sample_count)]
        if seen.unexplained < EXPLAINED or not group or not may_scan():
            break
        if _any_heard(seen, group, PITCH_TRIES, rng, may_scan):
            both = recover(part, [*tried, *group], sound_of, may_scan, proceed)
            if both.unexplained < seen.unexplained:
                seen, tried = both, [*tried, *group]
    return seen


def _any_heard(
    seen: Recovered,
    voices: Sequence[Voice],
    tries: int,
    rng: np.random.Generator,
    may_scan: Callable[[], bool],
) -> bool:
    """Whether any of so many of the voices, drawn at random, stands out of what is left."""
    drawn = [voices[number] for number in np.sort(rng.choice(len(voices), min(tries, len(voices)), replace=False))]
    scene = seen.scene
    return stands_out(
        scan_voices(seen.left, scene.mono_samples, scene.whitening, drawn, scene.sound_of, may_scan), seen.left
    )


def _clip(
    sighting: Sighting,
    seen: Recovered,
    begin: int,
    samples: Sequence[Sample],
    sounds: Sounds,
    grid_hz: int,
) -> Clip | None:
    """The sighting as a clip: as much of its sample as sounds. `begin`: where the part begins in the recording."""
    voice = sighting.voice
    sample = samples[voice.sample]
    mono, rate_hz = sounds(sample.path)
    whole = resample(mono[np.newaxis], rate_hz, SAMPLE_RATE_HZ, voice.semitones)[0]
    first, behind = _sounding(seen, sighting, whole)
    ratio = 2.0 ** (voice.semitones / 12.0)
    offset_seconds = round(first / SAMPLE_RATE_HZ * ratio * rate_hz) / rate_hz
    start = (begin + sighting.at_samples + first) / SAMPLE_RATE_HZ
    heard_seconds = min((behind - first) / SAMPLE_RATE_HZ, (mono.size / rate_hz - offset_seconds) / ratio)
    length = int(heard_seconds * grid_hz + 1e-6) / grid_hz
    if length <= 0.0 or sighting.gain <= 0.0:
        return None
    return Clip(
        start_seconds=round(start * grid_hz) / grid_hz,
        sample=sample.path,
        offset_seconds=offset_seconds,
        length_seconds=length,
        gain_db=round(gain_to_db(sighting.gain), 2),
        transpose_semitones=voice.semitones,
    )


def _sounding(seen: Recovered, sighting: Sighting, whole: FloatArray) -> tuple[int, int]:
    """(first, behind the last) sample of `whole` that sounds: the stretch in a row that explains most at the gain."""
    scene = seen.scene
    room = scene.mono_samples - int(sighting.at_samples)
    sound = whole[:room]
    first, known = scene.placed(sighting.voice, sighting.at_samples)
    begin, placed = scene.placed_sound(sound, sighting.at_samples)
    left = seen.left.copy()
    left[first : first + known.size] += np.float32(sighting.gain) * known
    heard = left[begin : begin + placed.size]
    gain = np.float32(sighting.gain)
    worth = gain * placed * (2.0 * heard - gain * placed)
    stretches = np.add.reduceat(worth, np.arange(0, worth.size, STRETCH_SAMPLES))
    sums = np.concatenate([[0.0], np.cumsum(stretches)])
    lowest = np.minimum.accumulate(sums[:-1])
    last = int(np.argmax(sums[1:] - lowest))
    start = int(np.argmin(sums[: last + 1]))
    if sums[-1] >= (1.0 - WHOLE_TOLERANCE) * (sums[last + 1] - sums[start]):
        return 0, sound.size
    skipped = int(sighting.at_samples) - begin
    return max(0, start * STRETCH_SAMPLES - skipped), min(sound.size, (last + 1) * STRETCH_SAMPLES - skipped)
