"""The planner's own mix: mono, 22.05 kHz, block by block, from nothing but an Arrangement and the samples' sound."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from embedding.analysis import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from embedding.blocks import SPAN_SAMPLES, Block, analyse_spans, span_start
from embedding.kernels import FloatArray, db_to_gain, pan_gains, resample, semitones_to_ratio
from search.arrangement import Arrangement, Clip, Track

Sounds = Callable[[str], tuple[FloatArray, int]]
"""Of a sample's path: its mono sound [n] and sample rate in Hz."""
VoiceKey = tuple[str, float, float, float]
MOST_BYTES = 2**28


@dataclass(eq=False)
class VoiceBank:
    """Repitched samples at 22.05 kHz; those used last are kept, up to 256 MiB."""

    sounds: Sounds
    _voices: OrderedDict[VoiceKey, FloatArray] = field(default_factory=OrderedDict, repr=False)
    _kept_bytes: int = 0

    def sound_of(self, clip: Clip) -> FloatArray:
        """[n]: the clip as heard, before its gain; at most its length, less where the sample ends before."""
        whole = clip.offset_seconds == 0.0
        key = (clip.sample, clip.offset_seconds, clip.transpose_semitones, 0.0 if whole else clip.length_seconds)
        voice = self._voices.get(key)
        if voice is not None:
            self._voices.move_to_end(key)
        else:
            mono, rate_hz = self.sounds(clip.sample)
            if not whole:
                mono = cut_for(clip, mono, rate_hz)
            voice = resample(mono[np.newaxis], rate_hz, SAMPLE_RATE_HZ, clip.transpose_semitones)[0]
            self._keep(key, voice)
        return voice[: round(clip.length_seconds * SAMPLE_RATE_HZ)]

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
    arrangement: Arrangement, bank: VoiceBank, target_samples: int, numbers: Iterable[int]
) -> list[Block]:
    """The blocks of those numbers; sound behind the target's end is cut, as the reward cuts it."""
    spans = []
    for number in numbers:
        first = span_start(number)
        span = render_mono(arrangement, bank, SPAN_SAMPLES, first)
        span[max(0, target_samples - first) :] = 0.0
        spans.append(span)
    return analyse_spans(np.stack(spans)) if spans else []


def touched_blocks(before: Arrangement, after: Arrangement, block_count: int) -> list[int]:
    """Numbers of the blocks that sound different because clips, volumes or pans differ."""
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
            touched.update(_blocks_of(clip, block_count))
    for was in old.values():
        for clip in was.clips:
            touched.update(_blocks_of(clip, block_count))
    return sorted(touched)


def _blocks_of(clip: Clip, block_count: int) -> range:
    first = round(clip.start_seconds * SAMPLE_RATE_HZ)
    behind = first + round(clip.length_seconds * SAMPLE_RATE_HZ)
    seen_before = -span_start(0)
    seen_behind = SPAN_SAMPLES - BLOCK_SAMPLES - seen_before
    return range(
        max(0, (first - seen_behind) // BLOCK_SAMPLES),
        min(block_count, (behind + seen_before - 1) // BLOCK_SAMPLES + 1),
    )
