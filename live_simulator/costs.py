"""How long calls keep the real Live's main thread busy, and which of them a script began late in a tick."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator

from live_simulator.clock import Clock

CREATE_CLIP_MS = 23.0
DELETE_CLIP_MS = 12.0
STRUCTURE_MS = 30.0
"""Assumed: nobody has reported what tracks and scenes cost."""

COSTS_MS: dict[tuple[str, str], float] = {
    ("Track", "duplicate_clip_to_arrangement"): CREATE_CLIP_MS,
    ("Track", "create_audio_clip"): CREATE_CLIP_MS,
    ("ClipSlot", "create_audio_clip"): CREATE_CLIP_MS,
    ("TakeLane", "create_audio_clip"): CREATE_CLIP_MS,
    ("Track", "delete_clip"): DELETE_CLIP_MS,
    ("ClipSlot", "delete_clip"): DELETE_CLIP_MS,
    ("Song", "create_audio_track"): STRUCTURE_MS,
    ("Song", "create_midi_track"): STRUCTURE_MS,
    ("Song", "create_return_track"): STRUCTURE_MS,
    ("Song", "create_scene"): STRUCTURE_MS,
    ("Song", "capture_and_insert_scene"): STRUCTURE_MS,
    ("Song", "duplicate_track"): STRUCTURE_MS,
    ("Song", "duplicate_scene"): STRUCTURE_MS,
    ("Song", "delete_track"): STRUCTURE_MS,
    ("Song", "delete_return_track"): STRUCTURE_MS,
    ("Song", "delete_scene"): STRUCTURE_MS,
}
"""(class, method) -> ms. Copying and deleting were measured in Live 12.4; creating is taken to cost like copying."""

LATEST_BEGIN_MS = 10.0
"""A costly call that begins later in its tick, and is not the tick's first, keeps Live's screen waiting."""


class Costs:
    """What was called, in all; `late_calls` are those that began too late."""

    def __init__(self, clock: Clock) -> None:
        self.calls: dict[str, int] = {}
        self.late_calls = 0
        self._clock = clock
        self._made_in_tick = 0
        self._counts = True

    def start_tick(self) -> None:
        self._made_in_tick = 0

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """Calls inside it are not a script's: they are neither charged nor counted."""
        self._counts = False
        try:
            yield
        finally:
            self._counts = True

    @contextmanager
    def of(self, class_name: str, method: str) -> Iterator[None]:
        """Around such a call. One that raises is a refusal: it costs nothing."""
        cost_ms = COSTS_MS.get((class_name, method))
        if cost_ms is None or not self._counts:
            yield
            return
        is_late = self._made_in_tick > 0 and self._clock.ms_into_tick > LATEST_BEGIN_MS
        yield
        name = f"{class_name}.{method}"
        self.calls[name] = self.calls.get(name, 0) + 1
        self._made_in_tick += 1
        self.late_calls += is_late
        self._clock.charge(cost_ms)
