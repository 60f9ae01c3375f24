"""The recording process as its parent sees it. Whatever it does not answer in time is a fault with a name."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from controller.capture.devices import InputDevice, devices, pulse_sources
from controller.capture.faults import Fault, FaultFound, fault
from controller.capture.worker import Heard
from embedding.kernels import FloatArray
from live_simulator.child_process import ChildEnded, ChildProcess

START_SECONDS = 30.0
"""Python itself, on a busy computer."""
ANSWER_SECONDS = 2.2
"""PortAudio and the sound server."""
SILENCE_SECONDS = 1.0
"""Of a worker that should report twenty times a second."""
CHANNELS = 2


@dataclass(frozen=True, eq=False)
class Taken:
    """[channels, n] float32 as recorded, and how it came."""

    samples: FloatArray
    heard: Heard


class Recorder:
    """A context manager. Every method but `close` may raise FaultFound; of no use then but to be closed."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="jacqueesbot-take-", ignore_cleanup_errors=True)
        self._file = Path(self._folder.name, "samples")
        self._process = ChildProcess(sys.executable, "controller.capture.worker", [str(os.getpid())])
        try:
            self._answer("started", START_SECONDS)
            found = self._answer("inputs", ANSWER_SECONDS)
        except BaseException:
            self.kill()
            raise
        self.pulse = pulse_sources()
        """None where no PulseAudio, or PipeWire in its stead, answers."""
        self.inputs: list[InputDevice] = devices(found["inputs"], self.pulse)
        self.outputs: list[str] = found["outputs"]

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def process_id(self) -> int:
        return self._process.process_id

    def close(self) -> None:
        """Within a few seconds; a process that hangs by then is killed."""
        self._process.close()
        self._folder.cleanup()

    def kill(self) -> None:
        self._process.kill()
        self._folder.cleanup()

    def open(self, device: InputDevice, rate_hz: int, latency_seconds: float) -> None:
        request = {"index": device.index, "source": device.source, "rate_hz": rate_hz, "channels": CHANNELS}
        self._send({"do": "open", "latency_seconds": latency_seconds, **request})
        answer = self._answer("opened", ANSWER_SECONDS)
        if "failed" in answer:
            asked = f"{device.label} at {rate_hz} Hz with {CHANNELS} channels"
            raise FaultFound(fault("device_refused", f"{asked}: {answer['failed']}"))

    def record(self, most_frames: int) -> None:
        """From the next block on, at most so much from the first sound on; `next` tells how it stands."""
        self._send({"do": "record", "most_frames": most_frames})

    def until(self, frames: int, at_seconds: float = 0.0) -> None:
        """`next` gives the samples when so many frames are there, by time.monotonic() not before `at_seconds`, or when
        there is no more room. The recording goes on."""
        self._send({"do": "until", "frames": frames, "at_seconds": at_seconds, "file": str(self._file)})

    def drop(self) -> None:
        """Ends the recording, if there is one."""
        self._send({"do": "drop"})
        while "dropped" not in self._answer("report", SILENCE_SECONDS):
            pass

    def next(self) -> Heard | Taken:
        """How the recording stands, about twenty times a second, and what was recorded once it was asked for."""
        answer = self._answer("report", SILENCE_SECONDS)
        if "heard" in answer:
            return Heard(**answer["heard"])
        samples = np.fromfile(self._file, dtype=np.float32)
        return Taken(np.ascontiguousarray(samples.reshape(-1, CHANNELS).T), Heard(**answer["taken"]))

    def _send(self, request: dict[str, Any]) -> None:
        try:
            self._process.send(request)
        except ChildEnded as why:
            raise FaultFound(_ended(why)) from why

    def _answer(self, what: str, patience_seconds: float) -> dict[str, Any]:
        try:
            answer = self._process.next_line(patience_seconds)
        except ChildEnded as why:
            raise FaultFound(_ended(why)) from why
        if answer is None:
            self.kill()
            words = f"no answer within {patience_seconds:.1f} s ({what})"
            raise FaultFound(fault("frozen", words))
        if "failed" in answer and what != "opened":
            raise FaultFound(fault("no_portaudio", answer["failed"]))
        return answer


def _ended(why: ChildEnded) -> Fault:
    return fault("server_gone", f"the recording process {why}: PortAudio or the sound server took it along")
