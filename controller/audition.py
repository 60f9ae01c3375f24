"""An audition: a part of what was built is played in Live, heard, and compared with our own rendering of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from controller.calibration import Calibration, calibrated
from controller.capture.archive import archive
from controller.capture.suspicions import Tolerance
from controller.capture.take import Take
from controller.listeners import Listener, Passage, Proceed
from controller.stage import Stage
from embedding.audio import Audio

Tell = Callable[[str], None]
COLOURED = Tolerance.coloured()
EXACT = Tolerance()
LIVES_OWN = Tolerance(residual_db=-30.0)
"""A real Live resamples in its own way, and by a preference fades clips in and out over 4 ms: some -37 dB of a take."""


@dataclass(frozen=True)
class Metre:
    """Where the arrangement's seconds lie in Live's set."""

    tempo_bpm: float
    origin_beats: float

    def beats(self, seconds: float) -> float:
        return self.origin_beats + seconds * self.tempo_bpm / 60.0


@dataclass(frozen=True)
class Span:
    """A part of an arrangement."""

    begin_seconds: float
    seconds: float


@dataclass(frozen=True, eq=False)
class Heard:
    """What Live played from `begin_seconds` of the arrangement on."""

    begin_seconds: float
    source: str
    take: Take
    calibration: Calibration

    @property
    def audio(self) -> Audio:
        return self.take.audio

    def as_dict(self) -> dict[str, object]:
        """For arrangement.json."""
        return {
            "source": self.source,
            "latency_seconds": round(self.take.latency_seconds, 6),
            "drift_ppm": round(self.take.drift_ppm, 3),
            **self.calibration.as_dict(),
        }


@dataclass(eq=False)
class Audition:
    """`live` is what is heard, by `listener`. `folder`: where the captures are kept, None for nowhere. `tell` hears,
    once, what colours the sound in the user's set."""

    live: Stage
    listener: Listener
    folder: Path | None
    tell: Tell
    _told: str = field(init=False, default="")

    def heard_whole(self, expected: Audio, metre: Metre, proceed: Proceed) -> Heard | None:
        """What Live plays of the whole arrangement; see `heard_part`. What Live recorded of it stays in the set where
        captures are kept."""
        return self._heard(expected, 0.0, metre, self.folder is not None, proceed)

    def heard_part(self, expected: Audio, begin_seconds: float, metre: Metre, proceed: Proceed) -> Heard | None:
        """What Live plays of the part of the arrangement of which `expected` is our rendering; None
        where that is silent. CaptureFailed, StageError."""
        return self._heard(expected, begin_seconds, metre, False, proceed)

    def _heard(
        self, expected: Audio, begin_seconds: float, metre: Metre, keeps: bool, proceed: Proceed
    ) -> Heard | None:
        if not expected.samples.any():
            return None
        colours = self.live.output().colours
        if colours and colours != self._told:
            self.tell(f"your set colours what is heard: {colours}; that is scored, too")
        self._told = colours
        passage = Passage(metre.beats(begin_seconds), metre.beats(begin_seconds + expected.seconds), keeps)
        plain = EXACT if self.live.is_simulated else LIVES_OWN
        take = self.listener.hear(expected, passage, COLOURED if colours else plain, proceed)
        self._keep(take, begin_seconds)
        return Heard(begin_seconds, self.listener.source, take, calibrated(expected, take.audio, begin_seconds))

    def _keep(self, take: Take, begin_seconds: float) -> None:
        if self.folder is None:
            return
        try:
            self.folder.mkdir(exist_ok=True)
            number = len(list(self.folder.iterdir())) + 1
            archive(take.audio, self.folder / f"{number:02d}-from-{begin_seconds:.2f}s.flac")
        except OSError as why:  # what was heard counts all the same
            self.tell(f"a capture could not be kept in {self.folder}: {why.strerror}")
