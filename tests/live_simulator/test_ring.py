"""The samples between whoever makes them and the device: order, what happens without any, how long the device waits."""

from __future__ import annotations

import threading
import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from live_simulator.ring import Ring

RATE_HZ = 48000


def samples(first: int, count: int) -> np.ndarray:
    """[count, 2], each with a number of its own."""
    return np.stack([np.arange(first, first + count), -np.arange(first, first + count)], axis=1).astype(np.float32)


def taken(ring: Ring, count: int) -> np.ndarray:
    out = np.full((count, 2), np.nan, dtype=np.float32)
    ring.take(out, False)
    return out


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=60))
def test_what_is_written_is_read_in_its_order(steps: list[tuple[int, int]]) -> None:
    ring = Ring(64, RATE_HZ, lambda: 0.0)
    for written, read in steps:
        first = ring.written
        ring.append(samples(first, min(written, ring.free)))
        first, there = ring.read, min(read, ring.written - ring.read)
        assert np.array_equal(taken(ring, there), samples(first, there))
    assert ring.underflows == 0


def test_what_is_missing_is_silence_and_comes_later() -> None:
    ring = Ring(64, RATE_HZ, lambda: 0.0)
    ring.append(samples(0, 10))
    assert np.array_equal(taken(ring, 16), np.concatenate([samples(0, 10), np.zeros((6, 2))]))
    ring.append(samples(10, 10))
    assert np.array_equal(taken(ring, 10), samples(10, 10))
    assert (ring.underflows, ring.read) == (1, 20)


def test_what_is_not_read_yet_can_be_replaced() -> None:
    ring = Ring(64, RATE_HZ, lambda: 0.0)
    ring.append(samples(0, 30))
    taken(ring, 10)
    assert not ring.replace(9, samples(100, 5))
    assert ring.replace(12, samples(100, 5))
    assert np.array_equal(taken(ring, 7), np.concatenate([samples(10, 2), samples(100, 5)]))


def test_a_device_that_is_ahead_of_the_clock_waits_for_its_samples() -> None:
    """A JACK server that freewheels asks for a minute at once."""
    ring = Ring(RATE_HZ, RATE_HZ, lambda: 0.0)
    for _ in range(60):
        ring.append(samples(ring.written, RATE_HZ))
        taken(ring, RATE_HZ)

    def write_late() -> None:
        time.sleep(0.2)
        ring.append(samples(ring.written, 100))

    writer = threading.Thread(target=write_late)
    writer.start()
    first = ring.read
    assert np.array_equal(taken(ring, 100), samples(first, 100))
    writer.join()
    assert ring.underflows == 0
