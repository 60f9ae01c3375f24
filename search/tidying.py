"""Tidying: fewer and longer clips that are at least as good, as a producer cleans up a set.

The exact score alone would take away what is quiet between loud sounds, as it hardly hears it. So what a clip is worth
is also by how much nearer it brings the mix's mel bands to the target's, in dB.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from embedding.analysis import FFT_SAMPLES, HOP_SAMPLES, SAMPLE_RATE_HZ
from search.arrangement import Arrangement, Clip
from search.bands import MEL_BANDS, bands_of
from search.editing import exchange
from search.evaluator import Evaluation, Evaluator
from search.matching import Matcher
from search.rendering import render_mono

LEAST_WORTH = 0.005
WORTH_OF_A_DB = 0.1
"""A second whose mel bands are a dB nearer on the mean is worth as much as so many seconds of perfect score."""
LEAST_DETAIL_WORTH = 0.02
"""A clip whose mel bands alone are worth more stays: its exact score is not asked for."""
GROUP_SECONDS = 4.0
AT_ONCE = 16
LEAST_CHANGE_SECONDS = 0.05
BREATH_SECONDS = 0.03
"""A lengthened clip ends near so long before the next one on its track."""
DB_PER_NEPER = 20.0 / math.log(10.0)

Place = tuple[int, Clip]
"""The number of a track and a clip on it."""


def tidied(
    evaluation: Evaluation,
    evaluator: Evaluator,
    matcher: Matcher,
    least_worth: float = LEAST_WORTH,
    stop: Callable[[], bool] = lambda: False,
) -> Evaluation:
    """The arrangement with its clips lengthened where that does no harm, and without those that are worth less than
    `least_worth`, in seconds of perfect score. Its total is no less than before; held clips stay as they are."""
    tidier = Tidier(evaluator, matcher, evaluation.value, stop)
    return tidier.thinned(tidier.lengthened(evaluation), least_worth)


@dataclass(frozen=True, eq=False)
class Tidier:
    """Takes no change that brings the exact score below `least_value` and, once `stop` says so, none at all."""

    evaluator: Evaluator
    matcher: Matcher
    least_value: float
    stop: Callable[[], bool]

    def lengthened(self, evaluation: Evaluation) -> Evaluation:
        """Each clip as long as its sample goes on, or until the next one on its track."""
        for number, track in enumerate(evaluation.arrangement.tracks):
            for clip in track.clips:
                longer = self._longer(evaluation.arrangement, number, clip)
                if longer is not None and not self.stop():
                    after = exchange(evaluation.arrangement, number, clip, longer, self.matcher.book)
                    evaluation = self._taken(evaluation, after, [clip, longer], 0.0) or evaluation
        return evaluation

    def thinned(self, evaluation: Evaluation, least_worth: float) -> Evaluation:
        """Without the clips that are worth too little: those of a few seconds all at once where they are worth no more
        together, else each half of them for itself, beginning with what is worth least."""
        worth = self._worth_of_clips(evaluation)
        for group in _by_time([place for place in worth if worth[place] < least_worth]):
            waiting = [sorted(group, key=lambda place: worth[place])]
            while waiting and not self.stop():
                places = waiting.pop()
                after = _without(evaluation.arrangement, places)
                clips = [clip for _, clip in places]
                taken = self._taken(evaluation, after, clips, -least_worth * len(places))
                if taken is not None:
                    evaluation = taken
                elif len(places) > 1:
                    half = len(places) // 2
                    waiting += [places[half:], places[:half]]
        return evaluation

    def _taken(
        self, before: Evaluation, arrangement: Arrangement | None, changed: Sequence[Clip], least_gain: float
    ) -> Evaluation | None:
        """The evaluation of `arrangement`, which differs from the one before only while `changed` sound; None where it
        is not allowed or gains too little."""
        if arrangement is None:
            return None
        (after,) = self.evaluator.after([(before, arrangement)])
        gain = self._seconds(after) - self._seconds(before)
        gain += self._detail(arrangement, changed) - self._detail(before.arrangement, changed)
        return after if gain >= least_gain and after.value >= self.least_value else None

    def _worth_of_clips(self, evaluation: Evaluation) -> dict[Place, float]:
        """What each clip is worth that may be removed, but for those that are worth much by their mel bands alone."""
        arrangement = evaluation.arrangement
        worth: dict[Place, float] = {}
        for number, track in enumerate(arrangement.tracks):
            for clip in track.clips:
                if clip not in self.matcher.book.held and not self.stop():
                    without = _without(arrangement, [(number, clip)])
                    detail = self._detail(arrangement, [clip]) - self._detail(without, [clip])
                    if detail < LEAST_DETAIL_WORTH:
                        worth[number, clip] = detail
        places = list(worth)
        for first in range(0, len(places), AT_ONCE):
            some = places[first : first + AT_ONCE]
            if self.stop():
                return {place: worth[place] for place in places[:first]}
            rest = self.evaluator.after([(evaluation, _without(arrangement, [place])) for place in some])
            for place, after in zip(some, rest, strict=True):
                worth[place] += self._seconds(evaluation) - self._seconds(after)
        return worth

    def _longer(self, arrangement: Arrangement, number: int, clip: Clip) -> Clip | None:
        """None where it is as long as it may be already."""
        longest = self.matcher.longest(clip)
        begins = [other.start_seconds for other in arrangement.tracks[number].clips if other > clip]
        room_seconds = min(begins, default=float("inf")) - clip.start_seconds
        if longest.length_seconds > room_seconds:
            cut = self.matcher.cut(longest, room_seconds - BREATH_SECONDS)
            if cut is None:
                return None
            longest = cut
        return longest if longest.length_seconds > clip.length_seconds + LEAST_CHANGE_SECONDS else None

    def _seconds(self, evaluation: Evaluation) -> float:
        """The score in seconds of perfect score."""
        return evaluation.value * self.matcher.target_seconds

    def _detail(self, arrangement: Arrangement, clips: Sequence[Clip]) -> float:
        """How near the mel bands are to the target's while the clips sound, from 0 downwards, in the same unit."""
        begin, end = min(clip.start_seconds for clip in clips), max(clip.end_seconds for clip in clips)
        target = self.matcher.target_fine[::4][: self.matcher.target_mono.size // HOP_SAMPLES, :MEL_BANDS]
        first = max(0, int((begin * SAMPLE_RATE_HZ - FFT_SAMPLES / 2) / HOP_SAMPLES))
        target = target[first : int((end * SAMPLE_RATE_HZ + FFT_SAMPLES / 2) / HOP_SAMPLES) + 1]
        if not len(target):
            return 0.0
        samples = len(target) * HOP_SAMPLES + 2 * FFT_SAMPLES
        mono = render_mono(arrangement, self.evaluator.bank, samples, first * HOP_SAMPLES - FFT_SAMPLES)
        mix = bands_of(mono, FFT_SAMPLES, len(target), HOP_SAMPLES)[:, :MEL_BANDS]
        apart = np.abs(np.log((mix + self.matcher.noise) / (target + self.matcher.noise))).mean(axis=1)
        return -WORTH_OF_A_DB * DB_PER_NEPER * float(apart.sum()) * HOP_SAMPLES / SAMPLE_RATE_HZ


def _without(arrangement: Arrangement, places: Collection[Place]) -> Arrangement:
    tracks = list(arrangement.tracks)
    for number in {number for number, _ in places}:
        left = tuple(clip for clip in tracks[number].clips if (number, clip) not in places)
        tracks[number] = replace(tracks[number], clips=left)
    return replace(arrangement, tracks=tuple(tracks))


def _by_time(places: Sequence[Place]) -> Iterator[list[Place]]:
    """In time order, those that start within a few seconds together."""
    group: list[Place] = []
    for place in sorted(places, key=lambda place: place[1]):
        if group and place[1].start_seconds > group[0][1].start_seconds + GROUP_SECONDS:
            yield group
            group = []
        group.append(place)
    if group:
        yield group
