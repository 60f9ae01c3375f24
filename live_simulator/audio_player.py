"""The process that plays the simulated Live on an audio device: python -m live_simulator.audio_player DEVICE RATE_HZ

It says one JSON line when the device is open, {"opened": {...}}, or that it is not, {"refused": "one line"}, and ends
with status 2. Then it takes orders on stdin (live_simulator.orders), and says on stdout
{"heard": [run, beats, played_beats, played_seconds]}   where the song is that is heard now, whenever that changes
{"taken": n, "samples": count}   the nth order is heard from now on; so many samples later than it came
{"underflows": n, "ran_dry": n}  how often in all the device was given silence, and how often it says it had nothing
{"say": "one line"}              what a user should know
{"lost": "one line"}             the device is gone; then the process ends with status 3.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from live_simulator.feeder import Feeder
from live_simulator.orders import change_of
from live_simulator.output_device import NoDevice, OpenDevice, open_device
from live_simulator.ring import Ring
from live_simulator.sounds import Sounds

REFUSED, LOST, DEFECT = 2, 3, 1
CAPACITY_SECONDS = 8.0
REPORT_SECONDS = 0.005
PREPARE_SECONDS = 0.5
CLOSE_SECONDS = 1.0
SWITCH_SECONDS = 0.001
"""How long one thread may keep the others, the device's among them, from running."""


class Answers:
    """Lines for whoever started this; threads may share it. Once nobody reads them the process ends."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def put(self, **fields: Any) -> None:
        with self._lock:
            try:
                self._stream.write(json.dumps(fields) + "\n")
                self._stream.flush()
            except OSError:
                os._exit(0)


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the host decides when to end
    sys.setswitchinterval(SWITCH_SECONDS)
    answers = Answers(os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii"))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    name, rate_hz = arguments[0], int(arguments[1])
    ring = Ring(round(CAPACITY_SECONDS * rate_hz), rate_hz, time.perf_counter)
    sounds = Sounds()
    feeder = Feeder(ring, rate_hz, sounds, lambda line: answers.put(say=line))
    _thread(feeder.feed)
    try:
        device = open_device(name, rate_hz, ring.take)
    except NoDevice as why:
        answers.put(refused=str(why))
        return REFUSED
    answers.put(opened={"name": device.output.name, "latency_seconds": device.latency_seconds})
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    ending = threading.Event()
    reporter = _thread(lambda: _report(ring, feeder, device, rate_hz, answers, ending))
    _thread(lambda: _look_ahead(feeder))
    _thread(lambda: _obey(lines, ring, feeder, sounds, answers))
    for line in sys.stdin.buffer:  # read at once, so that the host never waits for what takes long here
        lines.put(line)
    ending.set()
    reporter.join(CLOSE_SECONDS)  # it asks the device, which must not be closed then
    return _leave(device, 0)


def _obey(lines: queue.SimpleQueue[bytes], ring: Ring, feeder: Feeder, sounds: Sounds, answers: Answers) -> None:
    number = 0
    while True:
        order = json.loads(lines.get())
        number += 1
        change, notes = change_of(order, sounds)
        for note in notes:
            feeder.say_once(note)
        came = ring.read

        def taken(first: int, number: int = number, came: int = came) -> None:
            answers.put(taken=number, samples=first - came)

        feeder.change(change, taken)


def _look_ahead(feeder: Feeder) -> None:
    while True:
        time.sleep(PREPARE_SECONDS)
        feeder.prepare()


def _report(
    ring: Ring, feeder: Feeder, device: OpenDevice, rate_hz: int, answers: Answers, ending: threading.Event
) -> None:
    latency_samples = round(device.latency_seconds * rate_hz)
    told: tuple[Any, ...] = (None, (0, 0))
    while not ending.wait(REPORT_SECONDS):
        if not device.stream.active:
            answers.put(lost=f"{device.output.name!r} is gone (was it unplugged, or its sound server ended?)")
            os._exit(LOST)  # closing the stream of a server that is gone can take minutes
        heard = max(0, ring.read - latency_samples)
        stretch = feeder.sounding_at(heard).stretch
        place = (stretch.run, *(at(heard) for at in (stretch.beats_at, stretch.played_beats_at)))
        if place != told[0]:
            answers.put(heard=[*place, stretch.played_seconds_at(heard)])
        tears = (ring.underflows, ring.ran_dry)
        if tears != told[1]:
            answers.put(underflows=tears[0], ran_dry=tears[1])
        told = (place, tears)


def _thread(work: Callable[[], None]) -> threading.Thread:
    """A thread that ends by an error ends the process: half a player would play wrong."""

    def run() -> None:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(DEFECT)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def _leave(device: OpenDevice, status: int) -> NoReturn:
    """With the device closed, if it closes in time."""

    def close() -> None:
        device.stream.abort()
        device.stream.close()

    closing = threading.Thread(target=close, daemon=True)
    closing.start()
    closing.join(CLOSE_SECONDS)
    os._exit(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
