"""Faults while a capture runs, and that each fault has a mend wherever it is met."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from controller.capture.faults import FaultName, System, fault
from controller.capture.watch import Schedule, schedule, stopped, unheard
from controller.capture.worker import Heard
from tests.capture.played import RATE_HZ, audio, recorded, tune

LATE_SECONDS = 0.75
GOOD = Heard(
    told_seconds=102.1,
    frames=2 * RATE_HZ,
    dropped_frames=0,
    sounding_frame=0,
    silent_frames=0,
    seconds_since_block=0.05,
    longest_pause_seconds=0.2,
    active=True,
    started_seconds=100.0,
    is_full=False,
    status_flags=["input overflow"],
)


@pytest.mark.parametrize("system", get_args(System))
@pytest.mark.parametrize("name", get_args(FaultName))
def test_every_fault_has_a_mend_on_every_system(name: FaultName, system: System) -> None:
    found = fault(name, "something", system)
    assert found.mend[-1] in ".?)"
    assert str(found) == f"{name.replace('_', ' ')}: something. {found.mend}"


@pytest.mark.parametrize("name", ["sample_rate", "filtered"])
def test_what_another_rate_does_to_the_sound_names_the_rate(name: FaultName) -> None:
    assert "stage.sample_rate_hz" in fault(name, "something").mend


def test_a_recording_that_goes_on_has_no_fault() -> None:
    assert stopped(GOOD, RATE_HZ, 2.1) is None
    first = replace(GOOD, frames=0, longest_pause_seconds=0.0, seconds_since_block=2.0)
    assert stopped(first, RATE_HZ, 2.0) is None  # an idle output may sleep for so long


@pytest.mark.parametrize(
    ("heard", "waited_seconds", "name"),
    [
        (replace(GOOD, active=False), 2.1, "unplugged"),
        (replace(GOOD, longest_pause_seconds=1.1, seconds_since_block=1.1), 3.0, "frozen"),
        (replace(GOOD, longest_pause_seconds=1.5), 3.5, "frozen"),
        (replace(GOOD, frames=0, longest_pause_seconds=0.0), 2.6, "frozen"),
        (GOOD, 7.0, "frozen"),
    ],
)
def test_a_recording_that_does_not_go_on(heard: Heard, waited_seconds: float, name: str) -> None:
    found = stopped(heard, RATE_HZ, waited_seconds)
    assert found is not None
    assert found.name == name


@pytest.fixture
def plan() -> Schedule:
    """Silence of 1 s, sound of 2 s, silence of 3 s, sound of 2 s, begun after 0.5 s of the recording."""
    one = recorded(tune(1, 2.0), RATE_HZ, 0)
    return schedule(audio(np.concatenate([one, recorded(tune(2, 2.0), 3 * RATE_HZ, 0)], axis=1)), 24000, LATE_SECONDS)


def zeros(at_seconds: float, silent_seconds: float) -> Heard:
    """How it stands `at_seconds` after the sound began."""
    frames = 24000 + round(at_seconds * RATE_HZ)
    return replace(GOOD, frames=frames, silent_frames=min(frames, round(silent_seconds * RATE_HZ)))


def test_zeros_are_no_fault_where_there_is_no_sound_yet_or_any_more(plan: Schedule) -> None:
    assert unheard(zeros(1.7, 9.0), plan) is None  # the sound may come so late
    assert unheard(zeros(5.9, 2.8), plan) is None  # the long pause
    assert unheard(zeros(8.7, 0.7), plan) is None  # after the end


def test_zeros_where_there_should_be_sound_are_told_within_a_second(plan: Schedule) -> None:
    assert unheard(zeros(2.0, 9.0), plan) is not None
    assert unheard(zeros(2.6, 1.0), plan) is not None
    assert unheard(zeros(7.0, 4.9), plan) is not None
