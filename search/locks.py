"""What the user has done to clips while a search goes on: a search takes it as given."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from search.arrangement import TOUCH_SECONDS, Clip

THERE_SECONDS = 0.25


@dataclass(frozen=True)
class Locks:
    """`held`: clips that the user placed, moved or changed, as they stand now; they stay so. `gone`: clips that the
    user deleted or moved away, as they stood; they do not come back. Two with the same clips are equal."""

    held: frozenset[Clip] = frozenset()
    gone: tuple[Clip, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "gone", tuple(sorted(set(self.gone))))

    def bars(self, clip: Clip) -> bool:
        """Whether a search must not add `clip`: where the user has taken a sample away, or has placed it himself, no
        clip of that sample is added that overlaps the user's and starts within 0.25 s of it, however loud, transposed
        or cut."""
        return any(
            abs(clip.start_seconds - other.start_seconds) < THERE_SECONDS - TOUCH_SECONDS
            and clip.start_seconds < other.end_seconds - TOUCH_SECONDS
            and clip.end_seconds > other.start_seconds + TOUCH_SECONDS
            for other in self._by_sample.get(clip.sample, ())
        )

    def samples_around(self, seconds: float, reach_seconds: float) -> frozenset[str]:
        """Of which some clips are barred that start about then: paths of samples."""
        return frozenset(
            path
            for path, clips in self._by_sample.items()
            if any(abs(clip.start_seconds - seconds) < reach_seconds for clip in clips)
        )

    @cached_property
    def _by_sample(self) -> dict[str, list[Clip]]:
        clips: dict[str, list[Clip]] = defaultdict(list)
        for clip in (*self.held, *self.gone):
            clips[clip.sample].append(clip)
        return dict(clips)


NO_LOCKS = Locks()
