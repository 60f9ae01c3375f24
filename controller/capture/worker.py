"""The process that records: JSON lines in on stdin, JSON lines out on stdout; ends when stdin or its parent does.

On start it tells that it runs, and what devices there are:
                                        {"started": true}
                                        {"inputs": [{"index", "name", "host_api", "channels", "rate_hz"}],
                                         "outputs": ["name (host API)"]}
{"do": "open", "index": 3, "rate_hz": 48000, "channels": 2, "latency_seconds": 0.1, "source": ""}
                                     -> {"opened": {"latency_seconds": 0.1}}
{"do": "record", "most_frames": 480000}
                                     -> every 50 ms {"heard": {...}} with the fields of `Heard`
{"do": "until", "frames": 96000}     -> when so many are there {"taken": {...}, "samples": "..."}: float32, frame by
                                        frame, as base64
or {"failed": "one line"}. The stream stays open between recordings. What is heard then is dropped.

It is a process of its own as PortAudio can hang for minutes, e.g. when JACK's server is killed; no line within a second
means that it does. The samples come by a callback into memory that was made before. Nothing relies on PortAudio's own
flags and clocks: they say nothing of many a fault.
"""

from __future__ import annotations

import base64
import json
import os
import queue
import signal
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

REPORT_SECONDS = 0.05
LOOK_FOR_PARENT_SECONDS = 0.25
CLOSING_SECONDS = 1.0
BYTES_PER_SAMPLE = 4

Request = dict[str, Any]


@dataclass(frozen=True)
class Heard:
    """How a recording stands."""

    frames: int
    silent_frames: int
    """Of exact zeros, up to the last one."""
    seconds_since_block: float
    longest_pause_seconds: float
    """Between two blocks, and since the last one, once there is one."""
    active: bool
    """The stream has not ended by itself."""
    started_seconds: float
    """time.monotonic() at which frame 0 arrived at the latest, by the block that came soonest."""
    status_flags: list[str]


@dataclass
class Tape:
    """Memory for a recording, which the callback fills."""

    most_frames: int
    frame_bytes: int
    rate_hz: int
    samples: bytearray = field(init=False)
    frames: int = 0
    started_seconds: float = float("inf")
    last_block_seconds: float = field(default_factory=time.monotonic)
    longest_pause_seconds: float = 0.0
    status_flags: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.samples = bytearray(self.most_frames * self.frame_bytes)
        self.samples[::4096] = bytes(len(range(0, len(self.samples), 4096)))  # now, so that the callback need not

    def take(self, block: memoryview, frames: int, flags: str, now_seconds: float) -> None:
        """Called by the device's thread."""
        if self.frames:
            self.longest_pause_seconds = max(self.longest_pause_seconds, now_seconds - self.last_block_seconds)
        self.last_block_seconds = now_seconds
        if flags:
            self.status_flags[flags] = None
        frames = min(frames, self.most_frames - self.frames)
        at = self.frames * self.frame_bytes
        self.samples[at : at + frames * self.frame_bytes] = block[: frames * self.frame_bytes]
        self.frames += frames
        self.started_seconds = min(self.started_seconds, now_seconds - self.frames / self.rate_hz)


class Worker:
    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests = requests
        self._answers = answers
        self._inbox: queue.Queue[Request | None] = queue.Queue()
        self._stream: Any = None
        self._channels = 0
        self._rate_hz = 0
        self._tape: Tape | None = None
        self._until: int | None = None
        self._silent_frames = 0
        self._looked_at_frames = 0

    def run(self) -> None:
        """Until stdin ends."""
        threading.Thread(target=self._read, daemon=True).start()
        self._tell({"started": True})
        self._tell(_devices())
        while True:
            try:
                request = self._inbox.get(timeout=REPORT_SECONDS if self._tape else None)
            except queue.Empty:
                self._report()
                continue
            if request is None:
                break
            self._do(request)
        if self._stream is not None:
            self._stream.abort()
            self._stream.close()

    def _read(self) -> None:
        for line in self._requests:
            self._inbox.put(json.loads(line))
        self._inbox.put(None)
        time.sleep(CLOSING_SECONDS)  # PortAudio may hang for minutes when it closes a stream
        os._exit(0)

    def _do(self, request: Request) -> None:
        do = request["do"]
        if do == "open":
            self._tell(self._open(request))
        elif do == "record":
            self._record(request["most_frames"])
        else:
            self._until = request["frames"]

    def _open(self, request: Request) -> dict[str, Any]:
        import numpy  # noqa: F401 - before the first report, which must not be late
        import sounddevice

        if request["source"]:
            os.environ["PULSE_SOURCE"] = request["source"]
        self._channels, self._rate_hz = request["channels"], request["rate_hz"]
        try:
            self._stream = sounddevice.RawInputStream(
                samplerate=self._rate_hz,
                device=request["index"],
                channels=self._channels,
                dtype="float32",
                latency=request["latency_seconds"],
                callback=self._callback,
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as why:
            return {"failed": " ".join(str(why).split())}
        return {"opened": {"latency_seconds": self._stream.latency}}

    def _callback(self, block: Any, frames: int, _time: Any, status: Any) -> None:
        tape = self._tape
        if tape is not None:
            tape.take(memoryview(block), frames, str(status) if status else "", time.monotonic())

    def _record(self, most_frames: int) -> None:
        self._until, self._silent_frames, self._looked_at_frames = None, 0, 0
        self._tape = Tape(most_frames, self._channels * BYTES_PER_SAMPLE, self._rate_hz)

    def _report(self) -> None:
        tape = self._tape
        if tape is None:
            return
        heard = self._heard(tape)
        if self._until is not None and tape.frames >= self._until:
            self._tape = None
            taken = memoryview(tape.samples)[: self._until * tape.frame_bytes]
            self._tell({"taken": asdict(heard), "samples": base64.b64encode(taken).decode("ascii")})
        else:
            self._tell({"heard": asdict(heard)})

    def _heard(self, tape: Tape) -> Heard:
        import numpy as np

        frames = tape.frames
        new = np.frombuffer(tape.samples, dtype=np.float32, count=frames * self._channels)
        sounding = np.flatnonzero(new[self._looked_at_frames * self._channels :])
        passed = frames - self._looked_at_frames
        self._silent_frames = (
            passed - 1 - int(sounding[-1]) // self._channels if sounding.size else self._silent_frames + passed
        )
        self._looked_at_frames = frames
        since = time.monotonic() - tape.last_block_seconds
        return Heard(
            frames=frames,
            silent_frames=self._silent_frames,
            seconds_since_block=since,
            longest_pause_seconds=max(since, tape.longest_pause_seconds) if frames else 0.0,
            active=bool(self._stream.active),
            started_seconds=tape.started_seconds if frames else time.monotonic(),
            status_flags=list(tape.status_flags),
        )

    def _tell(self, answer: dict[str, Any]) -> None:
        self._answers.write(json.dumps(answer).encode("ascii") + b"\n")
        self._answers.flush()


def _devices() -> dict[str, Any]:
    try:
        import sounddevice
    except (ImportError, OSError) as why:
        return {"failed": " ".join(str(why).split())}
    host_apis = [str(one["name"]) for one in sounddevice.query_hostapis()]
    found = list(sounddevice.query_devices())
    inputs = [
        {
            "index": int(one["index"]),
            "name": str(one["name"]),
            "host_api": host_apis[one["hostapi"]],
            "channels": int(one["max_input_channels"]),
            "rate_hz": round(one["default_samplerate"]),
        }
        for one in found
        if one["max_input_channels"] > 0
    ]
    outputs = [f"{one['name']} ({host_apis[one['hostapi']]})" for one in found if one["max_output_channels"] > 0]
    return {"inputs": inputs, "outputs": outputs}


def _end_with(parent_id: int) -> None:
    """Where the system tells that the parent has ended, as another process may hold stdin open: not on Windows."""
    while os.getppid() == parent_id:
        time.sleep(LOOK_FOR_PARENT_SECONDS)
    os._exit(0)


def main(parent_id: int) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    if os.name == "posix":
        threading.Thread(target=_end_with, args=(parent_id,), daemon=True).start()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    quiet = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):  # what ALSA and JACK print is no answer
        os.dup2(quiet, stream.fileno())
    try:
        Worker(sys.stdin.buffer, answers).run()
    except BrokenPipeError:
        os._exit(0)  # nobody reads any more
    except Exception as why:  # a defect: told, as nobody sees stderr
        answers.write(json.dumps({"failed": f"{type(why).__name__}: {why}"}).encode("ascii") + b"\n")
        answers.flush()
        raise
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
