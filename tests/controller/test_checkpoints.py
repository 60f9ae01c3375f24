"""Checkpoints of a search: which arrangements are heard, which part of them, and what comes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.audition import Heard, Span
from controller.calibration import calibrated
from controller.capture.take import Take
from controller.checkpoints import RANGE_SECONDS, Checkpoints, span_to_hear
from embedding.audio import Audio
from embedding.errors import CaptureFailed
from search.arrangement import Arrangement, Clip, Track
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
    """Hears what it is asked to, one at a time, when a test lets it."""

    gain: float = 1.0
    heard: list[Arrangement] = field(default_factory=list)
    began: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    may_end: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    failure: Exception | None = None

    def hear(self, what: Arrangement, span: Span, proceed: Callable[[], None]) -> Heard:
        self.heard.append(what)
        self.began.release()
        while not self.may_end.acquire(timeout=0.01):
            proceed()
        if self.failure is not None:
            raise self.failure
        return heard_as(self.gain * PLAYED.samples)

    def await_begin(self) -> None:
        assert self.began.acquire(timeout=PATIENCE_SECONDS)


def test_the_first_is_heard_at_once_and_others_when_there_is_enough_new() -> None:
    live, told = Live(gain=0.5), list[str]()
    with Checkpoints(live.hear, 3, told.append, pytest.fail) as checkpoints:
        assert checkpoints.response == FLAT
        checkpoints.offer(arrangement(0.0))
        live.await_begin()
        for count in range(2, 6):  # while the first one is heard
            checkpoints.offer(arrangement(*range(count)))
        live.may_end.release()
        live.await_begin()
        live.may_end.release()
        checkpoints.offer(arrangement(*range(6)))
        checkpoints.offer(arrangement(*range(7)))
        assert not live.began.acquire(timeout=0.2)
        checkpoints.offer(arrangement(*range(8)))
        live.await_begin()
        assert 20.0 * np.log10(np.abs(checkpoints.response.kernel).max()) == pytest.approx(-6.02, abs=0.1)
    assert [one.clip_count for one in live.heard] == [1, 5, 8]
    assert len(told) == 2
    assert all("-6.0 dB" in line for line in told)


def test_the_same_one_again_is_not_heard_again() -> None:
    live = Live()
    with Checkpoints(live.hear, 1, print, pytest.fail) as checkpoints:
        checkpoints.offer(arrangement(0.0))
        live.await_begin()
        checkpoints.offer(arrangement(0.0))
        live.may_end.release()
        assert not live.began.acquire(timeout=0.2)
        checkpoints.offer(arrangement(0.0, 1.0))
        live.await_begin()


def test_the_end_of_the_search_ends_what_is_being_heard() -> None:
    live = Live()
    with Checkpoints(live.hear, 1, print, pytest.fail) as checkpoints:
        checkpoints.offer(arrangement(0.0))
        live.await_begin()
    assert len(live.heard) == 1


def test_faults_are_told_and_in_the_end_end_the_hearing_not_the_search() -> None:
    live, told = Live(failure=CaptureFailed("silent", "silent: every sample is 0. Unmute it.")), list[str]()
    with Checkpoints(live.hear, 1, pytest.fail, told.append) as checkpoints:
        for count in range(2):
            checkpoints.offer(arrangement(*range(count + 1)))
            live.await_begin()
            live.may_end.release()
        checkpoints.offer(arrangement(*range(3)))
        assert not live.began.acquire(timeout=0.2)
        assert checkpoints.response == FLAT
    why = "silent: every sample is 0. Unmute it."
    assert told == [f"heard later: {why}", f"nothing more is heard of Live during this search: {why}"]


def test_a_defect_comes_out_where_the_search_ends() -> None:
    live = Live(failure=ZeroDivisionError("x"))
    live.may_end.release()

    def search() -> None:
        with Checkpoints(live.hear, 1, print, pytest.fail) as checkpoints:
            checkpoints.offer(arrangement(0.0))
            live.await_begin()

    with pytest.raises(ZeroDivisionError):
        search()


def test_what_is_not_stable_changes_nothing() -> None:
    moving = np.linspace(0.1, 1.0, PLAYED.samples.shape[1])
    heard, told = threading.Semaphore(0), list[str]()

    def hear(_what: Arrangement, _span: Span, _proceed: Callable[[], None]) -> Heard:
        heard.release()
        return heard_as(moving * PLAYED.samples)

    with Checkpoints(hear, 1, told.append, pytest.fail) as checkpoints:
        for count in (1, 2):
            checkpoints.offer(arrangement(*range(count)))
            assert heard.acquire(timeout=PATIENCE_SECONDS)
        assert checkpoints.response == FLAT
    assert all("not taken into account" in line for line in told)


def test_a_part_that_is_silent_tells_nothing() -> None:
    done = threading.Event()

    def silence(_what: Arrangement, _span: Span, _proceed: Callable[[], None]) -> None:
        done.set()

    with Checkpoints(silence, 1, pytest.fail, pytest.fail) as checkpoints:
        checkpoints.offer(arrangement(0.0))
        assert done.wait(PATIENCE_SECONDS)


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
