"""The process that records: JSON lines in on stdin, JSON lines out on stdout; ends when stdin or its parent does.

On start it tells that it runs, and what devices there are:
                                        {"started": true}
                                        {"inputs": [{"index", "name", "host_api", "channels", "rate_hz"}],
                                         "outputs": ["name (host API)"]}
{"do": "open", "index": 3, "rate_hz": 48000, "channels": 2, "latency_seconds": 0.1, "source": ""}
                                     -> {"opened": {"latency_seconds": 0.1}}
{"do": "record", "most_frames": 480000}
                                     -> every 50 ms {"heard": {...}} with the fields of `Heard`
{"do": "until", "frames": 96000, "at_seconds": 0.0, "file": "/tmp/..."}
                                     -> when so many are there, not before that time.monotonic(), or no more find room,
                                        {"taken": {...}}: they are in the file, float32, frame by frame; it goes on
{"do": "drop"}                       -> {"dropped": true}: the recording has ended
or {"failed": "one line"}. The stream stays open between recordings, until the next "open". What is heard then is
dropped.

It is a process of its own as PortAudio can hang for minutes, e.g. when JACK's server is killed; no line within a second
means that it does. The samples come by a callback into memory that was made before. Nothing relies on PortAudio's own
flags and clocks: they say nothing of many a fault.
"""

from __future__ import annotations

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
SOON_SECONDS = 0.005
LOOK_FOR_PARENT_SECONDS = 0.25
CLOSING_SECONDS = 1.0
BYTES_PER_SAMPLE = 4
PIECE_BYTES = 2**22

Request = dict[str, Any]


@dataclass(frozen=True)
class Heard:
    """How a recording stands at `told_seconds`, by time.monotonic()."""

    told_seconds: float
    frames: int
    dropped_frames: int
    """Of these, the first ones: zeros that found no room. What is sent begins behind them."""
    sounding_frame: int | None
    """The first one that is not zeros."""
    silent_frames: int
    """Of exact zeros, up to the last one."""
    seconds_since_block: float
    longest_pause_seconds: float
    """Between two blocks, and since the last one, once there is one."""
    active: bool
    """The stream has not ended by itself."""
    started_seconds: float
    """time.monotonic() at which frame 0 arrived at the latest, by the block that came soonest."""
    is_full: bool
    status_flags: list[str]


@dataclass
class Tape:
    """Memory for a recording, which the callback fills. Silence before the first sound makes room for what follows: a
    server may run ahead of time by minutes before it plays."""

    most_frames: int
    frame_bytes: int
    rate_hz: int
    samples: bytearray = field(init=False)
    frames: int = 0
    dropped_frames: int = 0
    sounding_frame: int | None = None
    started_seconds: float = float("inf")
    last_block_seconds: float = field(default_factory=time.monotonic)
    longest_pause_seconds: float = 0.0
    status_flags: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.samples = bytearray(self.most_frames * self.frame_bytes)
        self.samples[::4096] = bytes(len(range(0, len(self.samples), 4096)))  # now, so that the callback need not

    @property
    def is_full(self) -> bool:
        return self.frames - self.dropped_frames >= self.most_frames

    def take(self, block: memoryview, frames: int, flags: str, now_seconds: float) -> None:
        """Called by the device's thread."""
        if self.frames:
            self.longest_pause_seconds = max(self.longest_pause_seconds, now_seconds - self.last_block_seconds)
        self.last_block_seconds = now_seconds
        if flags:
            self.status_flags[flags] = None
        if self.sounding_frame is None:
            self._listen(block, frames)
        at = self.frames - self.dropped_frames
        frames = min(frames, self.most_frames - at)
        self.samples[at * self.frame_bytes : (at + frames) * self.frame_bytes] = block[: frames * self.frame_bytes]
        self.frames += frames
        self.started_seconds = min(self.started_seconds, now_seconds - self.frames / self.rate_hz)

    def _listen(self, block: memoryview, frames: int) -> None:
        import numpy as np

        sounding = np.frombuffer(block, dtype=np.float32)
        if sounding.any():
            self.sounding_frame = self.frames + int(np.flatnonzero(sounding)[0]) * BYTES_PER_SAMPLE // self.frame_bytes
        if self.frames - self.dropped_frames + frames > self.most_frames:
            self.dropped_frames = self.frames


class Worker:
    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests = requests
        self._answers = answers
        self._inbox: queue.Queue[Request | None] = queue.Queue()
        self._stream: Any = None
        self._channels = 0
        self._rate_hz = 0
        self._tape: Tape | None = None
        self._until: Request | None = None
        self._silent_frames = 0
        self._looked_at_frames = 0
        self._told_seconds = 0.0
        self._is_told = False

    def run(self) -> None:
        """Until stdin ends."""
        threading.Thread(target=self._read, daemon=True).start()
        self._tell({"started": True})
        self._tell(_devices())
        while True:
            try:
                request = self._inbox.get(timeout=self._patience_seconds())
            except queue.Empty:
                self._report()
                continue
            if request is None:
                break
            self._do(request)
        self._close()

    def _close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort()
            stream.close()

    def _patience_seconds(self) -> float | None:
        """Until the next report: soon where the first or the last block is awaited."""
        if self._tape is None:
            return None
        left = None if self._until is None else self._until["frames"] - self._tape.frames
        if self._tape.frames and (left is None or left > REPORT_SECONDS * self._rate_hz):
            return REPORT_SECONDS
        return SOON_SECONDS

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
        elif do == "until":
            self._until = request
        else:
            self._tape = self._until = None
            self._tell({"dropped": True})

    def _open(self, request: Request) -> dict[str, Any]:
        import numpy  # noqa: F401 - before the first report, which must not be late
        import sounddevice

        self._close()
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
        self._told_seconds, self._is_told = 0.0, False
        self._tape = Tape(most_frames, self._channels * BYTES_PER_SAMPLE, self._rate_hz)

    def _report(self) -> None:
        tape, until, now_seconds = self._tape, self._until, time.monotonic()
        if tape is None:
            return
        if until is not None and (
            tape.is_full or (tape.frames >= until["frames"] and now_seconds >= until["at_seconds"])
        ):
            self._until = None
            heard = self._heard(tape)
            last = min(until["frames"], tape.frames) - tape.dropped_frames
            self._hand_over(tape, memoryview(tape.samples)[: max(0, last) * tape.frame_bytes], until["file"])
            self._tell({"taken": asdict(heard)})
        elif now_seconds >= self._told_seconds + REPORT_SECONDS or (tape.frames and not self._is_told):
            self._told_seconds, self._is_told = now_seconds, tape.frames > 0
            self._tell({"heard": asdict(self._heard(tape))})

    def _hand_over(self, tape: Tape, samples: memoryview, file: str) -> None:
        """A long take takes its time: there are reports between its pieces, too."""
        with open(file, "wb") as out:  # noqa: PTH123 - a path as it was told
            for first in range(0, len(samples), PIECE_BYTES):
                out.write(samples[first : first + PIECE_BYTES])
                if time.monotonic() >= self._told_seconds + REPORT_SECONDS:
                    self._told_seconds = time.monotonic()
                    self._tell({"heard": asdict(self._heard(tape))})

    def _heard(self, tape: Tape) -> Heard:
        sounding_frame, frames = tape.sounding_frame, tape.frames
        is_silent = sounding_frame is None or sounding_frame >= frames
        now_seconds = time.monotonic()
        since = now_seconds - tape.last_block_seconds
        return Heard(
            told_seconds=now_seconds,
            frames=frames,
            dropped_frames=tape.dropped_frames,
            sounding_frame=sounding_frame,
            silent_frames=frames if is_silent else self._silence(tape, frames),
            seconds_since_block=since,
            longest_pause_seconds=max(since, tape.longest_pause_seconds) if frames else 0.0,
            active=bool(self._stream.active),
            started_seconds=tape.started_seconds if frames else now_seconds,
            is_full=tape.is_full,
            status_flags=list(tape.status_flags),
        )

    def _silence(self, tape: Tape, frames: int) -> int:
        """How many of the last frames are zeros, once there was sound: nothing is dropped any more."""
        import numpy as np

        first = max(self._looked_at_frames, tape.dropped_frames)
        at, passed = (first - tape.dropped_frames) * self._channels, frames - first
        new = np.frombuffer(tape.samples, dtype=np.float32, count=passed * self._channels, offset=at * BYTES_PER_SAMPLE)
        sounding = np.flatnonzero(new)
        zeros = passed - 1 - int(sounding[-1]) // self._channels if sounding.size else self._silent_frames + passed
        self._silent_frames, self._looked_at_frames = zeros, frames
        return zeros

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
