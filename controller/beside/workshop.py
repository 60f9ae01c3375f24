"""What jobs need and what takes long to get ready: ears, library, and a simulated Live to render in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import numpy as np

from controller.beside.libraries import Libraries
from controller.chosen_ears import chosen_ears, judging_ears
from controller.config import Settings
from controller.exports import TargetFacts
from controller.progress import Progress
from controller.request import cover_request
from controller.session import Studio, Task, made
from controller.stage import Stage
from controller.venue import Rehearsing, Venue, rehearsing
from embedding.analysis import SAMPLE_RATE_HZ
from embedding.audio import Audio, write_wav
from embedding.cores import usable_cores
from embedding.parallel import parallel
from search.arrangement import Sample
from search.atoms import Atoms, make_atoms
from search.rendering import Sounds
from search.rules import Rules

WARM_SECONDS = 6.0
WARM_SIMULATIONS = 20


class Workshop:
    """A context manager. JacqueesError where something of it cannot be had."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ears = parallel(chosen_ears(settings.embedding), usable_cores())
        self._judge = judging_ears(settings.reward, lambda: self._ears)
        self.libraries = Libraries(settings.library.folders, self._ears.ears, settings.cache_folder)
        self._atoms = RememberedAtoms()
        self._open = ExitStack()
        self._rehearsing: Rehearsing | None = None

    def __enter__(self) -> Workshop:
        self._open.enter_context(self.libraries)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def studio(self, live: Stage | None, progress: Progress) -> Studio:
        """With the library as it is now, and a venue of which `live` is the stage."""
        library = self.libraries.library(progress)
        if self._rehearsing is None or not self._rehearsing.simulated.alive:
            self._rehearsing = self._open.enter_context(rehearsing(self._settings, self._settings.library.folders))
        venue = Venue(self._rehearsing.simulated, self._rehearsing.stage, live, None)
        return Studio(self._settings, self._ears, self._judge, library, venue, self._atoms)

    def warm_up(self, progress: Progress) -> None:
        """Makes a short cover of a sound of our own that goes nowhere: it takes longer than those that follow."""
        with TemporaryDirectory(prefix="jacqueesbot-warm-") as name:
            folder, file = Path(name), Path(name, "sound.wav")
            write_wav(file, _sound())
            studio = self.studio(None, progress)
            request = cover_request(
                file,
                studio.library.folder,
                folder,
                self._settings,
                simulations=WARM_SIMULATIONS,
                policy="greedy",  # in this process alone
            )
            made(Task(request, _sound(), TargetFacts(file, WARM_SECONDS), None, None), studio, folder, progress)


def _sound() -> Audio:
    """Bursts of noise, two in a second."""
    count = round(WARM_SECONDS * SAMPLE_RATE_HZ)
    decay = np.exp(-np.arange(count) % (SAMPLE_RATE_HZ // 2) / (0.1 * SAMPLE_RATE_HZ))
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, count)
    return Audio((decay * noise).astype(np.float32)[np.newaxis], SAMPLE_RATE_HZ)


class RememberedAtoms:
    """`make_atoms` that knows what it made last: for the same samples and rules it need not look at them again."""

    def __init__(self) -> None:
        self._key: tuple[tuple[str, ...], Rules] | None = None
        self._atoms: Atoms | None = None

    def __call__(self, samples: Sequence[Sample], sounds: Sounds, rules: Rules) -> Atoms:
        key = tuple(sample.content_hash + sample.path for sample in samples), rules
        if self._atoms is None or key != self._key:
            self._key, self._atoms = key, make_atoms(samples, sounds, rules)
        return replace(self._atoms)
