"""The planner's own mix: mono, 22.05 kHz, block by block, from nothing but an Arrangement and the samples' sound."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from embedding.analysis import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from embedding.blocks import SPAN_SAMPLES, Block, analyse_spans, span_start
from embedding.errors import BadAudio
from embedding.kernels import FloatArray, db_to_gain, pan_gains, resample, semitones_to_ratio
from search.arrangement import Arrangement, Clip, Track
from search.response import FLAT, Response

LOG = logging.getLogger(__name__)
Sounds = Callable[[str], tuple[FloatArray, int]]
"""Of a sample's path: its mono sound [n] and sample rate in Hz. BadAudio where it cannot be read."""
VoiceKey = tuple[str, float, float, float]
MOST_BYTES = 2**28
LONG_SECONDS = 16.0
MARGIN_SECONDS = 0.05
"""Beyond a clip's end, so that nothing is heard of where its sound was cut."""


@dataclass(eq=False)
class VoiceBank:
    """Repitched samples at 22.05 kHz; those used last are kept, up to 256 MiB, and as much of samples as read. A sample
    that cannot be read, as may be one that the user has put into the set, is silent; a warning says so."""

    sounds: Sounds
    _voices: OrderedDict[VoiceKey, FloatArray] = field(default_factory=OrderedDict, repr=False)
    _kept_bytes: int = 0
    _read: OrderedDict[str, tuple[FloatArray, int]] = field(default_factory=OrderedDict, repr=False)
    _read_bytes: int = 0
    _lasting_seconds: dict[str, float] = field(default_factory=dict, repr=False)

    def seconds_of(self, path: str) -> float:
        """How long the sample lasts as it is."""
        seconds = self._lasting_seconds.get(path)
        if seconds is None:
            mono, rate_hz = self._sample(path)
            seconds = self._lasting_seconds[path] = mono.size / rate_hz
        return seconds

    def __reduce__(self) -> tuple[type[VoiceBank], tuple[Sounds]]:
        """What is kept is not taken along into another process."""
        return VoiceBank, (self.sounds,)

    def sound_of(self, clip: Clip) -> FloatArray:
        """[n]: the clip as heard, before its gain; at most its length, less where the sample ends before."""
        reach_seconds = self._reach_seconds(clip)
        key = (clip.sample, clip.offset_seconds, clip.transpose_semitones, reach_seconds)
        voice = self._voices.get(key)
        if voice is not None:
            self._voices.move_to_end(key)
        else:
            mono, rate_hz = self._sample(clip.sample)
            if reach_seconds:
                mono = cut_for(replace(clip, length_seconds=reach_seconds), mono, rate_hz)
            voice = resample(mono[np.newaxis], rate_hz, SAMPLE_RATE_HZ, clip.transpose_semitones)[0]
            self._keep(key, voice)
        return voice[: round(clip.length_seconds * SAMPLE_RATE_HZ)]

    def _sample(self, path: str) -> tuple[FloatArray, int]:
        found = self._read.get(path)
        if found is not None:
            self._read.move_to_end(path)
            return found
        try:
            found = self.sounds(path)
        except BadAudio as why:
            LOG.warning("a clip in the set is not heard by the search: %s", why)
            found = np.zeros(0, np.float32), SAMPLE_RATE_HZ
        self._read[path] = found
        self._read_bytes += found[0].nbytes
        while self._read_bytes > MOST_BYTES and len(self._read) > 1:
            self._read_bytes -= self._read.popitem(last=False)[1][0].nbytes
        return found

    def _reach_seconds(self, clip: Clip) -> float:
        """How much of its sample is repitched for a clip, as heard; 0: all of it. A clip from the sample's beginning is
        cut from what longer ones are cut from, too, but of a long sample not from the whole."""
        if clip.offset_seconds:
            return clip.length_seconds
        reach_seconds = LONG_SECONDS
        while reach_seconds < clip.length_seconds + MARGIN_SECONDS:
            reach_seconds *= 2.0
        natural = self.seconds_of(clip.sample) / semitones_to_ratio(clip.transpose_semitones)
        return reach_seconds if reach_seconds < natural else 0.0

    def _keep(self, key: VoiceKey, voice: FloatArray) -> None:
        self._voices[key] = voice
        self._kept_bytes += voice.nbytes
        while self._kept_bytes > MOST_BYTES and len(self._voices) > 1:
            self._kept_bytes -= self._voices.popitem(last=False)[1].nbytes


def cut_for(clip: Clip, samples: FloatArray, sample_rate_hz: int) -> FloatArray:
    """The part of `samples` [..., n] that a clip with an offset is made of: what is written as a derived file
    for Live."""
    first = round(clip.offset_seconds * sample_rate_hz)
    count = int(np.ceil(clip.length_seconds * semitones_to_ratio(clip.transpose_semitones) * sample_rate_hz - 1e-6))
    return samples[..., first : first + count]


def mono_gain(track: Track, clip: Clip) -> float:
    """Linear factor with which a clip reaches the mono mix: the mean of both sides."""
    left, right = pan_gains(track.pan)
    return db_to_gain(clip.gain_db + track.volume_db) * (left + right) / 2.0


def render_mono(arrangement: Arrangement, bank: VoiceBank, samples: int, first_sample: int = 0) -> FloatArray:
    """[samples] from `first_sample` (may be negative) on of the mix at 22.05 kHz."""
    mix = np.zeros(samples, dtype=np.float32)
    for track in arrangement.tracks:
        for clip in track.clips:
            start = round(clip.start_seconds * SAMPLE_RATE_HZ) - first_sample
            if start >= samples or start + clip.length_seconds * SAMPLE_RATE_HZ < -1:
                continue
            voice = bank.sound_of(clip)
            begin, end = max(0, start), min(samples, start + voice.size)
            if begin < end:
                mix[begin:end] += np.float32(mono_gain(track, clip)) * voice[begin - start : end - start]
    return mix


def render_blocks(
    arrangement: Arrangement,
    bank: VoiceBank,
    target_samples: int,
    numbers: Iterable[int],
    response: Response = FLAT,
) -> list[Block]:
    """The blocks of those numbers, as heard; sound behind the target's end is cut, as the reward cuts it."""
    spans = []
    before = response.reach_samples
    for number in numbers:
        first = span_start(number)
        span = response.heard(render_mono(arrangement, bank, SPAN_SAMPLES + before, first - before))
        span[max(0, target_samples - first) :] = 0.0
        spans.append(span)
    return analyse_spans(np.stack(spans)) if spans else []


def touched_blocks(before: Arrangement, after: Arrangement, block_count: int, response: Response = FLAT) -> list[int]:
    """Numbers of the blocks that are heard to differ because clips, volumes or pans do."""
    if before is after:
        return []
    touched: set[int] = set()
    old = dict(enumerate(before.tracks))
    for number, track in enumerate(after.tracks):
        was = old.pop(number, None)
        if was is track:
            continue
        same_mix = was is not None and (was.volume_db, was.pan) == (track.volume_db, track.pan)
        changed = set(track.clips) ^ set(was.clips) if was and same_mix else (*track.clips, *(was.clips if was else ()))
        for clip in changed:
            touched.update(_blocks_of(clip, block_count, response.reach_samples))
    for was in old.values():
        for clip in was.clips:
            touched.update(_blocks_of(clip, block_count, response.reach_samples))
    return sorted(touched)


def _blocks_of(clip: Clip, block_count: int, reach_samples: int) -> range:
    first = round(clip.start_seconds * SAMPLE_RATE_HZ)
    behind = first + round(clip.length_seconds * SAMPLE_RATE_HZ) + reach_samples
    seen_before = -span_start(0)
    seen_behind = SPAN_SAMPLES - BLOCK_SAMPLES - seen_before
    return range(
        max(0, (first - seen_behind) // BLOCK_SAMPLES),
        min(block_count, (behind + seen_before - 1) // BLOCK_SAMPLES + 1),
    )
