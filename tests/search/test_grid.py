"""The grid: found again where music was played on one, and what a search does with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_sounds import burst, phrase, placed, recording, tiny_ears
from planner_case import SIX, Library, clip, one_clip_per_track, planner_of, rendered

from embedding.hearing import Hearing, hear_recording
from search.contract import Limit
from search.grid import Grid, Lines, fitted_lines
from search.rules import Rules


def heard(seconds: float, starts: np.ndarray) -> Hearing:
    sounds = [(float(at), burst(0.08, seed=3)) for at in starts]
    return hear_recording(recording(placed(seconds, *sounds)), tiny_ears())


@pytest.mark.parametrize("bpm", [97.3, 120.0, 128.5])
@pytest.mark.parametrize("first_seconds", [0.0, 0.07])
@pytest.mark.parametrize("jitter_seconds", [0.0, 0.008])
def test_the_lines_of_what_was_played_on_lines_are_found(
    bpm: float, first_seconds: float, jitter_seconds: float
) -> None:
    seconds, sixteenth = 12.0, 15.0 / bpm
    rng = np.random.default_rng(1)
    steps = np.flatnonzero(rng.random(int((seconds - 0.3) / sixteenth)) < 0.6)
    true = first_seconds + sixteenth * steps
    hearing = heard(seconds, np.maximum(0.0, true + rng.normal(0.0, jitter_seconds, steps.size)))
    lines, tempo = fitted_lines(replace(hearing, tempo_bpm=bpm * 1.006), Grid(16))
    assert tempo == pytest.approx(bpm, rel=2e-3)
    assert max(abs(lines.nearest(at) - at) for at in true) < 0.012
    if first_seconds == 0.0:
        assert lines.first_seconds == pytest.approx(0.0, abs=1e-9)


def test_a_coarse_grid_lies_on_the_stronger_beats() -> None:
    beats = np.arange(0.2, 11.0, 0.5)
    off = beats[:-1] + 0.25
    sound = placed(12.0, *((at, burst(0.1, 0.9, 2)) for at in beats), *((at, burst(0.05, 0.05, 3)) for at in off))
    hearing = replace(hear_recording(recording(sound), tiny_ears()), tempo_bpm=120.4)
    lines, tempo = fitted_lines(hearing, Grid(4))
    assert tempo == 120.0
    assert max(abs(lines.nearest(at) - at) for at in beats) < 0.01


def test_without_onsets_lines_begin_at_zero_at_the_tempo() -> None:
    silence = hear_recording(recording(np.zeros(22050 * 4, np.float32)), tiny_ears())
    assert fitted_lines(silence, Grid(8, 0.5)) == (Lines(0.0, 0.25, 0.5), 120.0)


@given(st.floats(0.0, 60.0), st.floats(0.0, 0.5), st.floats(0.01, 2.0), st.floats(0.0, 1.0))
def test_what_is_moved_comes_nearer_and_never_before_zero(
    seconds: float, first: float, apart: float, strength: float
) -> None:
    lines = Lines(first % apart, apart, strength)
    moved = lines.moved(seconds)
    assert moved >= 0.0
    assert abs(lines.nearest(seconds) - moved) <= abs(lines.nearest(seconds) - seconds) + 1e-9
    assert abs(moved - seconds) <= strength * apart + 1e-9
    assert lines.nearest(lines.nearest(seconds)) == pytest.approx(lines.nearest(seconds), abs=1e-9)


@pytest.mark.parametrize("strength", [1.0, 0.5])
def test_a_search_moves_sounds_to_the_grid(strength: float) -> None:
    rng = np.random.default_rng(2)
    true = np.maximum(0.0, 0.25 * np.arange(15) + rng.uniform(-0.03, 0.03, 15))
    hits = [clip("/kick" if number % 2 else "/hat", at, 0.1) for number, at in enumerate(true)]
    drums = Library({path: SIX.sounds_by_path[path] for path in ("/kick", "/hat")})
    planner = planner_of(rendered(one_clip_per_track(*hits), 4.0), drums, Rules(grid=Grid(8, strength)))
    lines, atoms = planner.matcher.book.lines, planner.matcher.atoms
    assert lines is not None
    attacks = {
        (atoms.samples[index].path, semitones): attack
        for index, semitones, attack in zip(atoms.sample_index, atoms.semitones, atoms.attack_seconds, strict=True)
    }
    found = planner.search("mcts", Limit(simulations=100), 0, lambda better: None).arrangement
    sounding = [one.start_seconds + attacks[one.sample, one.transpose_semitones] for _, one in found.clips()]
    apart = [abs(lines.nearest(at) - at) for at in sounding if at > 0.05]
    assert len(apart) > 5
    if strength == 1.0:
        assert max(apart) < 1e-4
    else:
        assert 0.002 < float(np.median(apart)) < 0.02


def test_without_a_grid_nothing_is_moved() -> None:
    assert planner_of(phrase(3.0)).matcher.book.moved(1.2345) == 1.2345
