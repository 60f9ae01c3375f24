"""What an audio device plays, sample by sample: how the song moves and what sounds of it; values, without threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import isinf

import numpy as np
from embedding.kernels import FloatArray

from live_simulator.faults import PLAYING_ERRORS, ClipPlace, faulty_clips, without_clips
from live_simulator.mix import Mix, Track
from live_simulator.mixdown import Mixdown, Samples
from live_simulator.plan import Plan
from live_simulator.sounds import Sounds
from live_simulator.timeline import Stretch, moved, standing, with_tempo

FADE_SECONDS = 0.005
"""From what sounded to what sounds after a change, so that nothing clicks. What begins after silence is not faded."""


@dataclass(frozen=True, eq=False)
class Sounding:
    """`plan` and `mixdown` are None where the song stands."""

    stretch: Stretch
    plan: Plan | None
    mixdown: Mixdown | None

    def samples(self, first: int, count: int) -> Samples:
        """[2, count]. BadAudio, CannotRender."""
        if self.mixdown is None:
            return np.zeros((2, count))
        return self.mixdown.block(first - self.stretch.origin, count).main

    def faulty(self, first: int, count: int, sounds: Sounds) -> dict[ClipPlace, str]:
        """The clips that cannot be played there, each with a line; all others are decoded and resampled."""
        if self.plan is None:
            return {}
        stretch = self.stretch
        span = range(first - stretch.origin, first - stretch.origin + count)
        return faulty_clips(_placed(self.plan.mix, stretch), stretch.rate_hz, stretch.anchor_beats, span, sounds)

    @property
    def edge(self) -> int | None:
        """The output sample from which on the song goes on elsewhere or with other sounds, by its plan."""
        return min((point for point, _ in self._events()), default=None)

    def behind_edge(self, sounds: Sounds) -> Sounding:
        """What sounds from its `edge` on."""
        return min(self._events(), key=lambda event: event[0])[1](sounds)

    def _events(self) -> Iterator[tuple[int, Callable[[Sounds], Sounding]]]:
        stretch, plan = self.stretch, self.plan
        if plan is None:
            return
        if plan.loop is not None and stretch.beats_at(stretch.first) < plan.loop[1] - 1e-9:
            start_beats, end_beats = plan.loop
            end = stretch.point_of(end_beats)
            looped = moved(stretch, end, start_beats, stretch.run)
            yield round(end), lambda sounds: self._elsewhere(looped, sounds)
        if plan.expected:
            expected, rest = plan.expected[0], replace(plan, expected=plan.expected[1:])
            point = stretch.point_of_played(expected.at_played_beats)
            first = max(stretch.first, round(point))

            def come(sounds: Sounds) -> Sounding:
                after = rest if expected.mix is None else replace(rest, mix=expected.mix)
                there = stretch
                if expected.jump_to_beats is not None:  # late, it is as if it had been in time
                    there = moved(stretch, point, expected.jump_to_beats, stretch.run)
                return sounding(with_tempo(there, first, after.mix.tempo_bpm), after, sounds)

            yield first, come

    def _elsewhere(self, stretch: Stretch, sounds: Sounds) -> Sounding:
        """Where no clip of the Session view plays, a loop sounds each time the same."""
        assert self.plan is not None
        if stretch.anchor_beats == self.stretch.anchor_beats and not any(map(_in_session, self.plan.mix.tracks)):
            return replace(self, stretch=stretch)
        return sounding(stretch, self.plan, sounds)


def sounding(stretch: Stretch, plan: Plan, sounds: Sounds) -> Sounding:
    mixdown = Mixdown(_placed(plan.mix, stretch), stretch.rate_hz, stretch.anchor_beats, sounds)
    return Sounding(stretch, plan, mixdown)


def silence(stretch: Stretch) -> Sounding:
    return Sounding(stretch, None, None)


@dataclass(frozen=True, eq=False)
class Fade:
    """From `before` to what sounds now, from the output sample `first` on."""

    before: Sounding
    first: int
    length_samples: int

    def faded(self, samples: Samples, first: int) -> Samples:
        """[2, n] of what sounds now from `first` on, with what fades."""
        count = min(samples.shape[1], self.first + self.length_samples - first)
        if count <= 0:
            return samples
        rising = (np.arange(first - self.first, first - self.first + count) + 0.5) / self.length_samples
        head = self.before.samples(first, count) * (1.0 - rising) + samples[:, :count] * rising
        return np.concatenate([head, samples[:, count:]], axis=1)


@dataclass(frozen=True, eq=False)
class Program:
    """`soundings` in order of time; the last one is that of the samples that are made next."""

    soundings: tuple[Sounding, ...]
    fade: Fade | None = None

    def ready(self, first: int, sounds: Sounds) -> Program:
        """With what sounds at the output sample `first`, up to which samples were made."""
        soundings = self.soundings
        while True:
            edge = soundings[-1].edge
            if edge is None or edge > first:
                return self if soundings is self.soundings else replace(self, soundings=soundings)
            soundings = (*soundings, soundings[-1].behind_edge(sounds))

    def made(self, first: int, count: int) -> Samples:
        """[2, n] from the output sample `first` on, for which it is `ready`; fewer than `count` where something else
        begins to sound. BadAudio, CannotRender."""
        now = self.soundings[-1]
        samples = now.samples(first, count if now.edge is None else min(count, now.edge - first))
        return samples if self.fade is None else self.fade.faded(samples, first)

    def healed(self, first: int, count: int, sounds: Sounds) -> tuple[Program, list[str]]:
        """Without the clips of which `made` raises there, and a line for each."""
        now = self.soundings[-1]
        if now.plan is None:
            return replace(self, fade=None), []
        faulty = now.faulty(first, count, sounds)
        plan = replace(now.plan, mix=without_clips(now.plan.mix, faulty))
        return Program((*self.soundings[:-1], sounding(now.stretch, plan, sounds))), list(faulty.values())

    def at(self, sample: int) -> Sounding:
        """What sounds there."""
        return next((one for one in reversed(self.soundings) if one.stretch.first <= sample), self.soundings[0])

    def changed(self, first: int, make: Callable[[Sounding], Sounding]) -> Program:
        """From the output sample `first` on it is what `make` makes of what sounds there."""
        before = self.at(first)
        after = make(before)
        kept = tuple(one for one in self.soundings if one.stretch.first < first)
        if before.mixdown is None:
            return Program((*kept, after))
        return Program((*kept, after), Fade(before, first, fade_samples(before.stretch.rate_hz)))

    def heard_up_to(self, sample: int) -> Program:
        """Without what was over before."""
        begun = sum(one.stretch.first <= sample for one in self.soundings)
        return replace(self, soundings=self.soundings[begun - 1 :]) if begun > 1 else self


def made_through(
    program: Program, first: int, count: int, sounds: Sounds, say: Callable[[str], None]
) -> tuple[FloatArray, Program]:
    """[count, 2] from the output sample `first` on, up to which samples were made, and the program that goes on behind
    them. What cannot be played is silent, and told to `say`."""
    parts: list[FloatArray] = []
    at = first
    while at < first + count:
        program = program.ready(at, sounds)
        try:
            part = program.made(at, first + count - at)
        except PLAYING_ERRORS as why:
            had_fade = program.fade is not None
            program, lines = program.healed(at, first + count - at, sounds)
            if not lines and not had_fade:
                raise
            for line in lines or [f"what sounded before a change was not faded out: {why}"]:
                say(line)
            continue
        parts.append(part.T.astype(np.float32))
        at += len(parts[-1])
    return np.concatenate(parts), program


def fade_samples(rate_hz: int) -> int:
    return round(FADE_SECONDS * rate_hz)


def beginning(rate_hz: int) -> Program:
    """Silence."""
    return Program((silence(standing(rate_hz)),))


def _in_session(track: Track) -> bool:
    return any(isinf(clip.end_beats) for clip in track.clips)


def _placed(mix: Mix, stretch: Stretch) -> Mix:
    """With the clips of the Session view in song time, each on the very sample on which it would begin whatever the
    song's jumps and loops are."""

    def placed(track: Track) -> Track:
        if not _in_session(track):
            return track
        clips = [
            replace(clip, start_beats=_song_beats(stretch, clip.start_beats)) if isinf(clip.end_beats) else clip
            for clip in track.clips
        ]
        return replace(track, clips=tuple(clips))

    return replace(mix, tracks=tuple(placed(track) for track in mix.tracks))


def _song_beats(stretch: Stretch, played_beats: float) -> float:
    first = round(stretch.point_of_played(played_beats))
    return stretch.anchor_beats + (first - stretch.origin) / stretch.samples_per_beat
