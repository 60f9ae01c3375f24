"""A library of six short sounds, held in memory, and planners for targets that are made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from hypothesis import strategies as st
from made_sounds import burst, phrase, pluck, recording, sine, tiny_ears

from embedding.analysis import SAMPLE_RATE_HZ
from embedding.hearing import hear_recording
from embedding.kernels import FloatArray, as_stereo
from embedding.loudness import loudness_of
from embedding.reward import hear_target, weights_named
from search.arrangement import Arrangement, Clip, Sample, Track
from search.atoms import make_atoms
from search.evaluator import Evaluator
from search.matching import Matcher
from search.planner import Planner, PlannerSettings, make_planner
from search.rendering import VoiceBank, render_mono
from search.rules import Rulebook, Rules

RATE_HZ = 44100
GRID_HZ = 44100
DEFAULT_RULES = Rules()


@dataclass(frozen=True)
class Library:
    """Sounds by path, and what a library knows of each; `pitches` of those that have one."""

    sounds_by_path: Mapping[str, FloatArray]
    pitches: Mapping[str, float] = field(default_factory=dict)

    @property
    def samples(self) -> list[Sample]:
        return [self._sample(path, sound) for path, sound in self.sounds_by_path.items()]

    def sounds(self, path: str) -> tuple[FloatArray, int]:
        return self.sounds_by_path[path], RATE_HZ

    def _sample(self, path: str, sound: FloatArray) -> Sample:
        return Sample(
            path=path,
            content_hash=path,
            seconds=sound.size / RATE_HZ,
            sample_rate_hz=RATE_HZ,
            channels=1,
            instrument="unpitched",
            pitch_midi=self.pitches.get(path),
            loudness_db=-20.0,
            kind="one-shot",
            embedding=np.zeros(8, np.float32),
        )


SIX = Library(
    {
        "/kick": sine(55.0, 0.3, 0.8, RATE_HZ) * np.linspace(1, 0, round(0.3 * RATE_HZ), dtype=np.float32) ** 2,
        "/hat": np.diff(burst(0.12, 0.5, 1, RATE_HZ), prepend=np.float32(0.0)),
        "/snare": burst(0.35, 0.6, 2, RATE_HZ),
        "/bass": pluck(82.4, 0.9, 0.6, RATE_HZ),
        "/pluck": pluck(440.0, 0.8, 0.5, RATE_HZ),
        "/lead": pluck(660.0, 1.2, 0.4, RATE_HZ) + pluck(663.0, 1.2, 0.2, RATE_HZ),
    },
    {"/bass": 40.0, "/pluck": 69.0, "/lead": 76.0},
)


def at_most(tracks: int) -> Rulebook:
    return Rulebook(Rules(most_tracks=tracks))


def clip(
    sample: str,
    start_seconds: float,
    length_seconds: float | None = None,
    gain_db: float = 0.0,
    transpose_semitones: float = 0.0,
    offset_seconds: float = 0.0,
) -> Clip:
    """A clip of SIX on the grid; without a length to the sample's end."""
    whole = (SIX.sounds_by_path[sample].size / RATE_HZ - offset_seconds) / 2.0 ** (transpose_semitones / 12.0)
    length = whole if length_seconds is None else min(length_seconds, whole)
    start, length = (round(seconds * GRID_HZ) / GRID_HZ for seconds in (start_seconds, length))
    return Clip(start, sample, offset_seconds, length, gain_db, transpose_semitones)


def one_clip_per_track(*clips: Clip) -> Arrangement:
    return Arrangement(120.0, tuple(Track(f"T {n}", "#000000", clips=(one,)) for n, one in enumerate(clips)))


def rendered(arrangement: Arrangement, seconds: float, library: Library = SIX) -> FloatArray:
    """[n]: the arrangement's sound at 22.05 kHz."""
    return render_mono(arrangement, VoiceBank(library.sounds), round(seconds * 22050))


def matcher_of(target_mono: FloatArray, moments_seconds: Sequence[float], library: Library = SIX) -> Matcher:
    atoms = make_atoms(library.samples, library.sounds, Rules())
    loudness = loudness_of(as_stereo(target_mono[np.newaxis]), SAMPLE_RATE_HZ)
    return Matcher(atoms, VoiceBank(library.sounds), target_mono, np.array(moments_seconds), GRID_HZ, loudness)


def planner_of(target_mono: FloatArray, library: Library = SIX, rules: Rules = DEFAULT_RULES) -> Planner:
    weights = weights_named("default")
    target = recording(target_mono)
    hearing = replace(hear_recording(target, tiny_ears()), tempo_bpm=120.0)
    return make_planner(target, library.samples, library.sounds, tiny_ears(), weights, PlannerSettings(rules), hearing)


def evaluator_of(seconds: float = 5.0) -> Evaluator:
    target = hear_target(recording(phrase(seconds)), tiny_ears())
    return Evaluator(target, VoiceBank(SIX.sounds), tiny_ears(), weights_named("default"))


def clips_within(seconds: float) -> st.SearchStrategy[Clip]:
    """Clips of SIX that start within so many seconds, of a few kinds each, so that some are drawn again."""
    return st.builds(
        clip,
        sample=st.sampled_from(list(SIX.sounds_by_path)),
        start_seconds=st.integers(0, round(seconds * 20) - 1).map(lambda step: step / 20),
        length_seconds=st.sampled_from([None, 0.1, 0.25]),
        gain_db=st.sampled_from([0.0, -6.5, 6.0, -30.0]),
        transpose_semitones=st.sampled_from([0.0, -12.0, 7.0]),
        offset_seconds=st.sampled_from([0.0, 0.0, 0.05]),
    )
