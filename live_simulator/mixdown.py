"""The output of a set as it plays from a beat on, any block of it: blocks that follow each other are the whole, sample
for sample. Sums are float64."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from embedding.kernels import FloatArray, db_to_gain, pan_gains

from live_simulator.curves import clip_gain_db, mixer_volume_db, send_level_db
from live_simulator.errors import CannotRender
from live_simulator.mix import Clip, Mix
from live_simulator.signal_flow import flow_of
from live_simulator.sounds import File, Sounds
from live_simulator.voices import Voice, extent, voices

Samples = npt.NDArray[np.float64]


class Block(NamedTuple):
    """[2, n] each. `tracks` and `returns` are after their faders, by index, without those that are silent.

    main = the master's fader times the sum of the returns and of the tracks that lie in no group.
    """

    main: Samples
    tracks: dict[int, Samples]
    returns: dict[int, Samples]


class Mixdown:
    """Sample 0 is heard at `start_beats`. What Session clips play is in the mix already."""

    def __init__(self, mix: Mix, rate_hz: int, start_beats: float, sounds: Sounds) -> None:
        self._mix = mix
        self._rate_hz = rate_hz
        self._origin_seconds = start_beats * 60.0 / mix.tempo_bpm
        self._sounds = sounds
        self._files: dict[str, File] = {}
        self._flow = flow_of(mix)
        self._extents = [
            [(*extent(clip, mix.tempo_bpm, rate_hz, self._origin_seconds), clip) for clip in track.clips]
            for track in mix.tracks
        ]
        self._faders = [_fader(track.volume, track.pan) for track in mix.tracks]
        self._return_faders = [_fader(track.volume, track.pan) for track in mix.returns]
        self._master = _fader(mix.master_volume, mix.master_pan)

    @property
    def fed_returns(self) -> list[int]:
        """Those to which a send is turned up."""
        count = len(self._mix.returns)
        return [number for number in range(count) if any(track.sends[number] > 0.0 for track in self._mix.tracks)]

    def require(self, first: int, count: int) -> None:
        """CannotRender where something that may be heard there cannot be rendered; nothing is decoded."""
        if self._mix.refusal:
            raise CannotRender(f"the master track: {self._mix.refusal}")
        tracks = [track for track, sounds in zip(self._mix.tracks, self._flow.sounds, strict=True) if sounds]
        for track in (*tracks, *(self._mix.returns[number] for number in self.fed_returns)):
            if track.refusal:
                raise CannotRender(f"track {track.name!r}: {track.refusal}")
        span = range(first, first + count)
        for index in range(len(self._mix.tracks)):
            for clip in self._shown(index, span):
                next(self._voices(clip, span), None)

    def prepare(self, first: int, count: int) -> None:
        """Decodes and resamples what is heard there, as far as it is kept, so that its blocks take next to no time.
        BadAudio, CannotRender."""
        self.require(first, count)
        span = range(first, first + count)
        for index in range(len(self._mix.tracks)):
            for clip in self._shown(index, span):
                for voice in self._voices(clip, span):
                    self._sound(clip, voice)

    def block(self, first: int, count: int) -> Block:
        """Samples `first` (0 or more) to `first + count`. BadAudio, CannotRender."""
        span = range(first, first + count)
        main = np.zeros((2, count))
        sent = {number: np.zeros((2, count)) for number in self.fed_returns}
        groups: dict[int, Samples] = {}
        tracks: dict[int, Samples] = {}
        for index in reversed(range(len(self._mix.tracks))):  # what lies in a group comes behind it
            samples = self._track(index, groups.pop(index, None), span)
            if samples is None:
                continue
            tracks[index] = samples
            track = self._mix.tracks[index]
            for number, bus in sent.items():
                if track.sends[number] > 0.0:
                    bus += samples * db_to_gain(send_level_db(track.sends[number]))
            if not self._flow.reaches[index]:
                continue
            if track.group is None:
                main += samples
            else:
                groups[track.group] = groups[track.group] + samples if track.group in groups else samples
        returns = {}
        for number, bus in sent.items():
            if self._flow.returns_reach[number]:
                returns[number] = bus * self._return_faders[number]
                main += returns[number]
        return Block(main * self._master, tracks, returns)

    def _track(self, index: int, grouped: Samples | None, span: range) -> Samples | None:
        """After its fader; None where it is silent."""
        samples = None if grouped is None else grouped * self._faders[index]
        for clip in self._shown(index, span):
            for voice in self._voices(clip, span):
                if samples is None:
                    samples = np.zeros((2, len(span)))
                self._add(samples, clip, voice, self._faders[index], span)
        return samples

    def _shown(self, index: int, span: range) -> list[Clip]:
        """The clips of a track that lie there, if it sounds at all."""
        if not self._flow.sounds[index]:
            return []
        return [clip for first, behind, clip in self._extents[index] if first < span.stop and behind > span.start]

    def _voices(self, clip: Clip, span: range) -> Iterator[Voice]:
        """CannotRender at the first."""
        return voices(clip, self._mix.tempo_bpm, self._rate_hz, self._origin_seconds, span)

    def _add(self, samples: Samples, clip: Clip, voice: Voice, fader: Samples, span: range) -> None:
        sound = self._sound(clip, voice)
        begin = max(voice.first, span.start)
        end = min(voice.first + min(voice.length_samples, sound.shape[1]), span.stop)
        if begin < end:
            part = sound[:2, begin - voice.first : end - voice.first]
            factors = fader * db_to_gain(clip_gain_db(clip.gain))
            samples[:, begin - span.start : end - span.start] += part * factors

    def _sound(self, clip: Clip, voice: Voice) -> FloatArray:
        return self._sounds.played(
            self._file(clip), voice.from_seconds, self._rate_hz, voice.semitones, voice.length_samples / self._rate_hz
        )

    def _file(self, clip: Clip) -> File:
        """As it was when it was first heard. CannotRender where it is not the one that the clip was made of."""
        file = self._files.get(clip.file_path)
        if file is None:
            file = self._sounds.open(clip.file_path)
            audio = self._sounds.decoded(file)
            found, made_of = (audio.samples.shape[1], audio.sample_rate_hz), (clip.file_frames, clip.file_rate_hz)
            if found != made_of:
                raise CannotRender(
                    f"{clip.file_path}: has {found[0]} frames at {found[1]} Hz, had {made_of[0]} at {made_of[1]} Hz "
                    f"when clip {clip.name!r} was made of it (was it replaced?)"
                )
            self._files[clip.file_path] = file
        return file


def _fader(volume: float, pan: float) -> Samples:
    """[2, 1]: the factors of both sides."""
    return np.array(pan_gains(pan))[:, np.newaxis] * db_to_gain(mixer_volume_db(volume))
