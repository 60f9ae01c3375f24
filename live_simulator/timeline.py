"""Where the song is at each sample that goes to an audio device. Output samples count from the device's opening."""

from __future__ import annotations

from typing import NamedTuple


class Stretch(NamedTuple):
    """From the output sample `first` on the song moves evenly, or stands (`moves`).

    At `anchor`, an exact point between samples and `first` or before, it is at `anchor_beats` and has played for
    `played_beats` and `played_seconds` in all. `run` numbers what was asked for: each start, jump and stop is one.
    """

    first: int
    anchor: float
    anchor_beats: float
    played_beats: float
    played_seconds: float
    tempo_bpm: float
    rate_hz: int
    moves: bool
    run: int

    @property
    def origin(self) -> int:
        """The output sample that counts as the one at `anchor_beats`."""
        return round(self.anchor)

    @property
    def samples_per_beat(self) -> float:
        return 60.0 * self.rate_hz / self.tempo_bpm

    def passed_beats(self, sample: int) -> float:
        """Since the anchor."""
        return (sample - self.anchor) / self.samples_per_beat if self.moves else 0.0

    def beats_at(self, sample: int) -> float:
        return self.anchor_beats + self.passed_beats(sample)

    def played_beats_at(self, sample: int) -> float:
        return self.played_beats + self.passed_beats(sample)

    def played_seconds_at(self, sample: int) -> float:
        return self.played_seconds + self.passed_beats(sample) * 60.0 / self.tempo_bpm

    def point_of(self, beats: float) -> float:
        """The exact output sample at which the song is there."""
        return self.anchor + (beats - self.anchor_beats) * self.samples_per_beat

    def point_of_played(self, played_beats: float) -> float:
        return self.anchor + (played_beats - self.played_beats) * self.samples_per_beat


def standing(rate_hz: int) -> Stretch:
    """The song before it was ever started."""
    return Stretch(0, 0.0, 0.0, 0.0, 0.0, 120.0, rate_hz, moves=False, run=0)


def started(
    before: Stretch, first: int, run: int, beats: float, played: tuple[float, float], tempo_bpm: float
) -> Stretch:
    """`played`: beats and seconds in all."""
    return Stretch(first, float(first), beats, *played, tempo_bpm, before.rate_hz, moves=True, run=run)


def stopped(before: Stretch, first: int, run: int) -> Stretch:
    return _anchored(before, first, float(first))._replace(moves=False, run=run)


def with_tempo(before: Stretch, first: int, tempo_bpm: float) -> Stretch:
    """The same anchor where the tempo is the same, so that no sound moves."""
    if tempo_bpm == before.tempo_bpm:
        return before._replace(first=first)
    return _anchored(before, first, float(first))._replace(tempo_bpm=tempo_bpm)


def moved(before: Stretch, point: float, beats: float, run: int) -> Stretch:
    """From `point` on the song is elsewhere, without having stopped: at a jump, and at a loop's end."""
    return _anchored(before, round(point), point)._replace(anchor_beats=beats, run=run)


def _anchored(before: Stretch, first: int, point: float) -> Stretch:
    passed = (point - before.anchor) / before.samples_per_beat if before.moves else 0.0
    return before._replace(
        first=first,
        anchor=point,
        anchor_beats=before.anchor_beats + passed,
        played_beats=before.played_beats + passed,
        played_seconds=before.played_seconds + passed * 60.0 / before.tempo_bpm,
    )
