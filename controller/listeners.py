"""Two ways to hear what Live plays: over a loopback device, and by a track in Live that records the main output."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from controller.capture.faults import FaultFound, FaultName, fault
from controller.capture.recorded import take_of_file
from controller.capture.suspicions import Tolerance
from controller.capture.take import Take
from controller.capture.taking import Capture
from controller.stage import Stage
from controller.stage_values import Recording
from embedding.audio import Audio
from embedding.errors import CaptureFailed, StageLost, StageRefused

POLL_SECONDS = 1.0
"""Between looks at Live during a capture. The script takes a controller that is silent for 3 s for gone."""

REFUSALS: dict[str, FaultName] = {"no_audio": "live_no_audio", "interrupted": "live_stopped"}
"""Of the script's errors those that are faults of a capture."""
Proceed = Callable[[], None]
"""Called several times a second while Live plays; what it raises ends that, and comes out."""


class ListeningStopped(Exception):
    """What was to be heard is not wanted any more."""


@dataclass(frozen=True)
class Passage:
    """A part of the arrangement as Live plays it, in beats of the set."""

    from_beats: float
    to_beats: float
    keeps: bool
    """Whether a track that is made to record it stays in the set, as the user's."""


class Listener(Protocol):
    """How a passage is heard. A context manager."""

    @property
    def source(self) -> str:
        """As `--score` names it."""

    @property
    def tracks(self) -> int:
        """How many of Live's it needs for itself."""

    def hear(self, expected: Audio, passage: Passage, tolerance: Tolerance, proceed: Proceed) -> Take:
        """What Live plays in the passage, of which `expected` is a rendering; the set is left as the user had it.
        CaptureFailed where that was not without fault; StageError."""

    def close(self) -> None: ...


@dataclass(frozen=True, eq=False)
class LoopbackListener:
    """`capture` hears the device that Live plays on."""

    stage: Stage
    capture: Capture
    source: str = "loopback"
    tracks: int = 0

    def hear(self, expected: Audio, passage: Passage, tolerance: Tolerance, proceed: Proceed) -> Take:
        watch = _Watch(self.stage, proceed)
        playing = partial(watch.playing, passage.from_beats)
        return self.capture.take(expected, playing, tolerance, meanwhile=watch.look)

    def close(self) -> None:
        self.capture.close()


@dataclass(frozen=True, eq=False)
class ResamplingListener:
    """A track of the script's records, and goes again."""

    stage: Stage
    source: str = "resampling"
    tracks: int = 1

    def hear(self, expected: Audio, passage: Passage, tolerance: Tolerance, proceed: Proceed) -> Take:
        recording = self._recording(passage, proceed)
        try:
            return take_of_file(recording.file, recording.start_seconds, expected, tolerance)
        finally:
            if not passage.keeps:
                with suppress(OSError):  # Windows keeps a file that Live has open; it is Live's own then
                    recording.file.unlink()

    def _recording(self, passage: Passage, proceed: Proceed) -> Recording:
        """The set is as it was by then; the file stays."""
        keeps = False
        self.stage.prepare(passage.from_beats)
        try:
            with _then(self.stage.restore), _then(lambda: self.stage.forget_recording(keeps)), _named_refusals():
                recording = self.stage.record(passage.from_beats, passage.to_beats, proceed)
                keeps = passage.keeps
                return recording
        except FaultFound as why:
            raise CaptureFailed(why.fault.name, str(why)) from why

    def close(self) -> None:
        """There is nothing that stays open."""


@contextmanager
def _then(tidy: Callable[[], object]) -> Iterator[None]:
    """`tidy` at the end, whatever happens, but for a Live that does not answer any more: nothing more is waited for
    then, as the script does the same by itself."""
    is_lost = False
    try:
        yield
    except StageLost:
        is_lost = True
        raise
    finally:
        if not is_lost:
            tidy()


@contextmanager
def _named_refusals() -> Iterator[None]:
    """FaultFound where Live does not play."""
    try:
        yield
    except StageRefused as why:
        if why.code not in REFUSALS:
            raise
        raise FaultFound(fault(REFUSALS[why.code], str(why))) from why


@dataclass(eq=False)
class _Watch:
    """Looks, while Live plays, whether it still does; that also tells the script that we are there."""

    stage: Stage
    proceed: Proceed
    _due_seconds: float = field(init=False, default=float("inf"))
    """By time.monotonic(), when to look again."""
    _position_beats: float = field(init=False, default=float("-inf"))

    @contextmanager
    def playing(self, from_beats: float) -> Iterator[None]:
        """All is borrowed for it anew: while a take is compared, the script may have taken us for gone."""
        self.stage.prepare(from_beats)
        with _then(self.stage.restore):
            with _named_refusals():
                self._position_beats = self.stage.play(from_beats)
            self._due_seconds = time.monotonic() + POLL_SECONDS
            try:
                yield
            finally:
                self._due_seconds = float("inf")

    def look(self) -> None:
        self.proceed()
        if time.monotonic() < self._due_seconds:
            return
        status = self.stage.status()
        if not status["playing"]:
            raise FaultFound(fault("live_stopped", f"the transport stands at beat {status['position_beats']:.2f}"))
        if status["position_beats"] <= self._position_beats:
            words = f"Live plays, but stays at beat {status['position_beats']:.2f}"
            raise FaultFound(fault("live_no_audio", words))
        self._position_beats = status["position_beats"]
        self._due_seconds = time.monotonic() + POLL_SECONDS
