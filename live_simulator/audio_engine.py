"""The audio engine's process: JSON lines in on stdin, answers out on stdout, one each; ends when stdin does.

{"id": 1, "do": "probe", "path": "..."}  ->  {"id": 1, "ok": {"frames", "sample_rate_hz", "channels",
                                                     "opened_since": [12, 1, 0]}}
{"id": 2, "do": "render", "folder": "...", "sample_rate_hz": 44100, "start_beats": 0.0, "skip_seconds": 0.0,
 "seconds": 1.0, "mix": {...}}           ->  {"id": 2, "ok": {"tracks": [4, 5], "returns": [0]}}
{"id": 3, "do": "record", "file": "...", "sample_rate_hz": 44100, "first": 0, "count": 44100, "orders": [...]}
                                        ->  {"id": 3, "ok": {"unheard": ["one line"]}}
or {"id": ..., "error": "one line"}; the id is null where a line is no request

A render plays from `start_beats` on and writes `seconds` of it, those behind the first `skip_seconds` (0 where it is
left out): the very samples that a longer render has there.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import soundfile
from embedding.errors import JacqueesError
from embedding.kernels import FloatArray

from live_simulator import recording
from live_simulator.audio_files import opened_since
from live_simulator.errors import SimulatorError
from live_simulator.mix import Mix, from_json
from live_simulator.mixdown import Mixdown, Samples
from live_simulator.sounds import Sounds

BLOCK_SAMPLES = 2**15
MOST_WAV_BYTES = 2**32 - 2**16
"""What a wav can hold; RF64 can hold more."""
PARENT = os.getppid()

Request = dict[str, Any]


class BadLine(SimulatorError):
    """A line that is no request."""


class Orphaned(SimulatorError):
    """Nobody is left who could read the answer."""


def probe(sounds: Sounds, request: Request) -> dict[str, Any]:
    path = _wanted(request, "path", str)
    audio = sounds.decoded(sounds.open(path))
    channels, frames = audio.samples.shape
    since = opened_since(path)
    return {"frames": frames, "sample_rate_hz": audio.sample_rate_hz, "channels": channels, "opened_since": since}


def render(sounds: Sounds, request: Request) -> dict[str, Any]:
    """Writes main.wav, track-NN.wav of each track that plays clips or is a group, return-NN.wav of each fed return."""
    mix = _mix(request)
    rate_hz = _wanted(request, "sample_rate_hz", int)
    first = round(_wanted(request, "skip_seconds", float, 0.0) * rate_hz)
    count = round(_wanted(request, "seconds", float) * rate_hz)
    folder = Path(_wanted(request, "folder", str))
    mixdown = Mixdown(mix, rate_hz, _wanted(request, "start_beats", float), sounds)
    mixdown.require(first, count)
    tracks = [index for index, track in enumerate(mix.tracks) if track.has_stem]
    returns = mixdown.fed_returns
    as_format = "WAV" if count * 8 < MOST_WAV_BYTES else "RF64"
    with ExitStack() as files:

        def opened(name: str) -> Any:
            file = soundfile.SoundFile(folder / name, "w", rate_hz, 2, "FLOAT", format=as_format)
            return files.enter_context(file)

        main = opened("main.wav")
        track_files = {index: opened(f"track-{index:02d}.wav") for index in tracks}
        return_files = {index: opened(f"return-{index:02d}.wav") for index in returns}
        for begin in range(first, first + count, BLOCK_SAMPLES):
            _stop_if_orphaned()
            block = mixdown.block(begin, min(BLOCK_SAMPLES, first + count - begin))
            silence = np.zeros_like(block.main)
            main.write(_interleaved(block.main))
            for found, stems in ((block.tracks, track_files), (block.returns, return_files)):
                for index, stem in stems.items():
                    stem.write(_interleaved(found.get(index, silence)))
    return {"tracks": tracks, "returns": returns}


def record(sounds: Sounds, request: Request) -> dict[str, Any]:
    """Writes what live_simulator.sound_log noted."""
    first, count = _wanted(request, "first", int), _wanted(request, "count", int)
    rate_hz = _wanted(request, "sample_rate_hz", int)
    file, orders = Path(_wanted(request, "file", str)), _wanted(request, "orders", list)
    try:
        lines = recording.record(file, orders, rate_hz, range(first, first + count), sounds, _stop_if_orphaned)
    except (KeyError, TypeError) as why:
        raise BadLine(f"orders: not those of live_simulator.sound_log ({type(why).__name__}: {why})") from why
    return {"unheard": lines}


ACTIONS: dict[str, Callable[[Sounds, Request], dict[str, Any]]] = {"probe": probe, "render": render, "record": record}


def _interleaved(samples: Samples) -> FloatArray:
    return np.ascontiguousarray(samples.T, dtype=np.float32)


def answer(sounds: Sounds, line: bytes) -> dict[str, Any]:
    request_id = None
    try:
        request = _request(line)
        request_id = request.get("id")
        action = ACTIONS.get(_wanted(request, "do", str))
        if action is None:
            raise BadLine(f"do: {request['do']!r}; known are {', '.join(ACTIONS)}")
        return {"id": request_id, "ok": action(sounds, request)}
    except Orphaned:
        raise
    except (JacqueesError, SimulatorError, OSError, soundfile.SoundFileError) as why:
        return {"id": request_id, "error": str(why)}
    except Exception as why:  # a defect, or values that no set has: the next request is served all the same
        traceback.print_exc()
        return {"id": request_id, "error": f"{type(why).__name__}: {why}"}


def serve(lines: Iterable[bytes], answers: TextIO, sounds: Sounds) -> None:
    for line in lines:
        answers.write(json.dumps(answer(sounds, line)) + "\n")
        answers.flush()


def _request(line: bytes) -> Request:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as why:
        raise BadLine(f"{line[:80]!r}: no JSON ({why}); a request is one JSON object on one line") from why
    if not isinstance(request, dict):
        raise BadLine(f"{line[:80]!r}: no JSON object; a request is one on one line")
    return request


def _wanted(request: Request, name: str, kind: type, default: Any = None) -> Any:
    """The request's value of that name; ints are taken for floats. BadLine."""
    value: Any = request.get(name, default)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise BadLine(f"{name}: {value!r}; a {kind.__name__} is wanted (left out?)")
    if isinstance(value, (int, float)) and not 0 <= value < float("inf"):
        raise BadLine(f"{name}: {value!r}; it must be 0 or more")
    return value


def _mix(request: Request) -> Mix:
    try:
        return from_json(_wanted(request, "mix", dict))
    except (KeyError, TypeError) as why:
        raise BadLine(f"mix: not one that live_simulator.snapshot made ({type(why).__name__}: {why})") from why


def _stop_if_orphaned() -> None:
    """Where the system tells: on Windows the process ends at its next answer instead."""
    if os.getppid() != PARENT:
        raise Orphaned("the process that asked has ended")


def main() -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the host decides when to end
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a decoder prints is no answer
    try:
        serve(sys.stdin.buffer, answers, Sounds())
    except (Orphaned, BrokenPipeError):
        os._exit(0)  # nobody reads any more: what is not written yet cannot be
    return 0


if __name__ == "__main__":
    sys.exit(main())
