"""Checkpoints of a search: which arrangements are heard, which part of them, and what comes of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.audition import Heard
from controller.calibration import calibrated
from controller.capture.take import Take
from controller.checkpoints import MOST_FAILURES, MOST_LOST, Checkpoints, Known, Visit
from controller.progress import QuietProgress
from controller.stage_built import Standing
from controller.visiting import RANGE_SECONDS, span_to_hear
from embedding.audio import Audio
from embedding.errors import CaptureFailed, StageError, StageLost, StageRefused
from search.arrangement import Arrangement, Clip, Track
from search.layout import levels_in_clips
from search.locks import NO_LOCKS, Locks
from search.response import FLAT
from tests.conftest import RATE_HZ

PATIENCE_SECONDS = 30.0


def arrangement(*starts_seconds: float, length_seconds: float = 1.0) -> Arrangement:
    """A clip on each track."""
    clips = [Clip(start, "a.wav", 0.0, length_seconds, 0.0, 0.0) for start in starts_seconds]
    return Arrangement(120.0, tuple(Track("One", "#000000", 0.0, 0.0, (clip,)) for clip in clips))


PLAYED = Audio(np.random.default_rng(0).normal(0.0, 0.1, (2, 6 * RATE_HZ)).astype(np.float32), RATE_HZ)


def heard_as(made: np.ndarray) -> Heard:
    """Live makes `made` of what is played."""
    audio = Audio(made.astype(np.float32), RATE_HZ)
    return Heard(
        0.0, "loopback", Take(audio, 0.1, 0.0, 0.0, (), coloured=False, status_flags=()), calibrated(PLAYED, audio, 0.0)
    )


@dataclass
class Live:
    """A set that is visited when a test lets it, one visit at a time."""

    gain: float | None = None
    visited: list[Arrangement] = field(default_factory=list)
    edited: list[Standing] = field(default_factory=list)
    began: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    may_end: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    failure: Exception | None = None

    def visit(self, what: Arrangement, proceed: Callable[[], None]) -> Visit:
        self.visited.append(what)
        self.began.release()
        while not self.may_end.acquire(timeout=0.01):
            proceed()
        if self.failure is not None:
            raise self.failure
        heard = None if self.gain is None else heard_as(self.gain * PLAYED.samples)
        return Visit(Standing(what, frozenset(), ()), heard)

    def look(self) -> Standing | None:
        return self.edited.pop() if self.edited else None

    def await_begin(self) -> None:
        assert self.began.acquire(timeout=PATIENCE_SECONDS)


class Told(QuietProgress):
    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []
        self.warnings: list[str] = []

    def note(self, line: str) -> None:
        self.notes.append(line)

    def warn(self, line: str) -> None:
        self.warnings.append(line)


def checkpoints_of(live: Live, every: int, told: Told | None = None) -> Checkpoints:
    return Checkpoints(live, every, told or Told(), calm_seconds=0.0, most_seconds=float("inf"))


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds()


def test_the_first_is_built_at_once_and_others_when_there_is_enough_new() -> None:
    live, told = Live(gain=0.5), Told()
    with checkpoints_of(live, 3, told) as checkpoints:
        assert checkpoints.known == Known()
        checkpoints.offer(arrangement(0.0))
        live.await_begin()
        for count in range(2, 6):  # while the first one is built and heard
            checkpoints.offer(arrangement(*range(count)))
        live.may_end.release()
        live.await_begin()
        live.may_end.release()
        checkpoints.offer(arrangement(*range(6)))
        checkpoints.offer(arrangement(*range(7)))
        assert not live.began.acquire(timeout=0.2)
        checkpoints.offer(arrangement(*range(8)))
        live.await_begin()
        assert 20.0 * np.log10(np.abs(checkpoints.known.response.kernel).max()) == pytest.approx(-6.02, abs=0.1)
    assert [one.clip_count for one in live.visited] == [1, 5, 8]
    assert len(told.notes) == 2
    assert all("-6.0 dB" in line for line in told.notes)


def test_the_same_one_again_is_not_visited_again() -> None:
    live = Live()
    with checkpoints_of(live, 1) as checkpoints:
        checkpoints.offer(arrangement(0.0))
        live.await_begin()
        checkpoints.offer(arrangement(0.0))
        live.may_end.release()
        assert not live.began.acquire(timeout=0.2)
        checkpoints.offer(arrangement(0.0, 1.0))
        live.await_begin()


def test_the_end_of_the_search_ends_what_is_being_built() -> None:
    live = Live()
    with checkpoints_of(live, 1) as checkpoints:
        checkpoints.offer(arrangement(0.0))
        live.await_begin()
    assert len(live.visited) == 1


def test_edits_of_the_users_are_told_without_a_build() -> None:
    stands = arrangement(0.0, 1.0)
    louder = replace(stands, tracks=tuple(replace(track, volume_db=-2.0) for track in stands.tracks))
    held, gone = louder.tracks[1].clips[0], arrangement(2.0).tracks[0].clips[0]
    standing = Standing(louder, frozenset({held}), (gone,))
    live = Live(edited=[standing])
    with checkpoints_of(live, 1) as checkpoints:
        assert eventually(lambda: checkpoints.known.locks != NO_LOCKS)
        known = checkpoints.known
    assert known.locks == Locks(frozenset({replace(held, gain_db=-2.0)}), (gone,))
    assert known.standing == levels_in_clips(louder)
    assert not live.visited


SILENT = CaptureFailed("silent", "silent: every sample is 0. Unmute it.")


def test_what_fails_is_told_once_and_tried_again_with_the_best_that_is_known_by_then() -> None:
    live, told = Live(failure=StageRefused("occupied", "a clip lies there")), Told()
    with checkpoints_of(live, 3, told) as checkpoints:
        checkpoints.offer(arrangement(0.0))
        for _ in range(3):
            live.await_begin()
            live.may_end.release()
        live.await_begin()
        checkpoints.offer(arrangement(0.0, 1.0))
        live.may_end.release()
        live.await_begin()
        live.failure = None
        live.may_end.release()
        assert eventually(lambda: checkpoints.known.standing.clip_count == 2)
        live.edited.append(Standing(arrangement(0.0), frozenset(), ()))
        assert eventually(lambda: checkpoints.known.standing.clip_count == 1)
        assert not live.began.acquire(timeout=0.1)
    assert [one.clip_count for one in live.visited] == [1, 1, 1, 1, 2]
    assert told.warnings == ["tried again in 0 s: a clip lies there"]


def test_a_look_that_fails_is_not_the_last() -> None:
    class Changing(Live):
        looks = 0

        def look(self) -> Standing | None:
            self.looks += 1
            if self.looks == 1:
                raise StageError("the set keeps changing")
            return Standing(arrangement(0.0), frozenset(), ())

    told = Told()
    with checkpoints_of(Changing(), 1, told) as checkpoints:
        assert eventually(lambda: checkpoints.known.standing.clip_count == 1)
    assert told.warnings == ["tried again in 0 s: the set keeps changing"]


def test_many_failures_in_a_row_end_the_visits_not_the_search() -> None:
    live, told = Live(failure=SILENT), Told()
    live.may_end.release(2 * MOST_FAILURES)
    with checkpoints_of(live, 1, told) as checkpoints:
        checkpoints.offer(arrangement(0.0))
        assert eventually(lambda: len(told.warnings) == 2)
        checkpoints.offer(arrangement(0.0, 1.0))
        assert eventually(lambda: len(live.visited) == MOST_FAILURES)
        live.edited.append(Standing(arrangement(0.0), frozenset(), ()))
        assert checkpoints.known == Known()
    assert len(live.visited) == MOST_FAILURES
    assert told.warnings == [
        f"tried again in 0 s: {SILENT}",
        f"nothing more is built in Live during this search: {SILENT}",
    ]


def test_a_better_one_is_not_kept_from_the_set_for_long() -> None:
    live = Live()
    live.may_end.release(2)
    with Checkpoints(live, 100, Told(), calm_seconds=0.0, most_seconds=0.2) as checkpoints:
        checkpoints.offer(arrangement(0.0))
        live.await_begin()
        checkpoints.offer(arrangement(0.0, 1.0))
        live.await_begin()
    assert [one.clip_count for one in live.visited] == [1, 2]


@pytest.mark.parametrize(("failure", "is_lost"), [(StageLost("nobody answers"), True), (SILENT, False)])
def test_a_live_that_does_not_answer_again_and_again_is_lost(failure: Exception, is_lost: bool) -> None:
    live = Live(failure=failure)
    live.may_end.release(MOST_FAILURES)
    with checkpoints_of(live, 1) as checkpoints:
        assert not checkpoints.is_live_lost
        checkpoints.offer(arrangement(0.0))
        assert eventually(lambda: len(live.visited) > MOST_LOST)
        assert checkpoints.is_live_lost == is_lost


def test_a_defect_comes_out_where_the_search_ends() -> None:
    live = Live(failure=ZeroDivisionError("x"))
    live.may_end.release()

    def search() -> None:
        with checkpoints_of(live, 1) as checkpoints:
            checkpoints.offer(arrangement(0.0))
            live.await_begin()

    with pytest.raises(ZeroDivisionError):
        search()


def test_what_is_not_stable_changes_nothing() -> None:
    moving = np.linspace(0.1, 1.0, PLAYED.samples.shape[1])

    class Unsteady(Live):
        def visit(self, what: Arrangement, proceed: Callable[[], None]) -> Visit:
            return replace(super().visit(what, proceed), heard=heard_as(moving * PLAYED.samples))

    live, told = Unsteady(), Told()
    live.may_end.release(2)
    with checkpoints_of(live, 1, told) as checkpoints:
        for count in (1, 2):
            checkpoints.offer(arrangement(*range(count)))
            live.await_begin()
        assert eventually(lambda: len(told.notes) == 2)
        assert checkpoints.known.response == FLAT
    assert all("not taken into account" in line for line in told.notes)


def test_the_part_with_most_that_is_new_is_heard() -> None:
    old = [2.0 * n for n in range(10)]
    before = arrangement(*old)
    span = span_to_hear(before, arrangement(*old, 11.5, 12.5))
    assert span.begin_seconds <= 11.5
    assert span.begin_seconds + span.seconds >= 13.5
    assert span_to_hear(before, before) == span_to_hear(Arrangement(), before)


@given(st.lists(st.floats(0.0, 60.0), min_size=1, max_size=20), st.floats(0.05, 5.0))
def test_a_part_lies_within_the_arrangement_and_sounds(starts: list[float], length: float) -> None:
    whole = arrangement(*starts, length_seconds=length)
    span = span_to_hear(Arrangement(), whole)
    end = span.begin_seconds + span.seconds
    assert 0.0 < span.seconds <= RANGE_SECONDS
    assert 0.0 <= span.begin_seconds < end <= whole.seconds + 1e-9
    assert any(start < end and start + length > span.begin_seconds for start in starts)
